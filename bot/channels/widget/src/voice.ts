// Voice, where the browser itself writes down what is said. The words go into the field, to be read before they are sent.
import { h } from "./dom";
import { icon } from "./icons";
import { texts } from "./texts";

interface Hearing extends EventTarget {
  lang: string; interimResults: boolean; continuous: boolean; start(): void; stop(): void;
}
interface Heard extends Event { results: ArrayLike<ArrayLike<{ transcript: string }>> }

export function voiceButton(field: HTMLTextAreaElement, note: (words: string) => void): HTMLButtonElement | null {
  const found = window as unknown as Record<string, (new () => Hearing) | undefined>;
  const Recognition = found.SpeechRecognition ?? found.webkitSpeechRecognition;
  if (!Recognition) return null;
  const label = h("span", {}, texts.voice);
  let hearing: Hearing | null = null;
  const start = () => {
    const before = field.value;
    hearing = new Recognition();
    Object.assign(hearing, { lang: "zh-CN", interimResults: true, continuous: true });
    hearing.addEventListener("result", (event) => {
      field.value = before + Array.from((event as Heard).results, (result) => result[0].transcript).join("");
      field.dispatchEvent(new Event("input"));
    });
    hearing.addEventListener("error", () => note(texts.voiceFailed));
    hearing.addEventListener("end", () => { hearing = null; shown(); field.focus(); });
    hearing.start();
    note(texts.voiceHearing);
    shown();
  };
  const button = h("button", { type: "button", class: "tool", "aria-pressed": "false", click: () => (hearing ? hearing.stop() : start()) }, icon("voice"), label);
  const shown = () => {
    button.setAttribute("aria-pressed", String(!!hearing));
    label.textContent = hearing ? texts.voiceStop : texts.voice;
    if (!hearing) note("");
  };
  return button;
}
