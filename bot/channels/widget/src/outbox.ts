// What was said and is not answered yet. Kept in the browser, so that neither a lost connection nor a reload loses it; each message has an id, under
// which the service does it once however often it is sent.
import type { Turn } from "./contract";
import { keep, kept } from "./storage";

export interface Waiting { id: string; of: string; turn: Turn; words: string }

const KEY = "lianbao-outbox";

/** The part of a token that tells conversations apart; "" before there is one. */
export const conversationOf = (token: string | null) => token?.slice(-16) ?? "";

/** An id nobody else has; also where the page is not served by https. */
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const all = (): Waiting[] => {
  try {
    const saved = JSON.parse(kept(KEY) ?? "[]");
    return Array.isArray(saved) ? saved : [];
  } catch {
    return [];
  }
};

export const outbox = {
  add(entry: Waiting) { keep(KEY, JSON.stringify([...all(), entry])); },
  remove(id: string) {
    const left = all().filter((entry) => entry.id !== id);
    keep(KEY, left.length ? JSON.stringify(left) : null);
  },
  /** Those of a conversation, oldest first; what was said before there was any belongs to the one that comes. */
  of(conversation: string) { return all().filter((entry) => entry.of === conversation || !entry.of); },
  /** A conversation has ended (its token is no longer good): what waits in it goes into the next one. */
  move(from: string, to: string) { keep(KEY, JSON.stringify(all().map((entry) => (entry.of === from ? { ...entry, of: to } : entry)))); },
};
