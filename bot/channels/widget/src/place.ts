// A location is asked of the browser only after a tap, sent once, and may be refused.
import type { Turn } from "./contract";
import { texts } from "./texts";

export function sharePlace(send: (turn: Turn, words: string) => void, note: (words: string) => void) {
  if (!navigator.geolocation) { note(texts.placeRefused); return; }
  note(texts.placeAsking);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => send({ location: { lat: coords.latitude, lon: coords.longitude } }, texts.placeSent),
    () => note(texts.placeRefused),
    { timeout: 15_000, maximumAge: 60_000 },
  );
}
