// 👍 and 👎 under an answer. 👎 counts at once; a reason may follow.
import { h } from "./dom";
import { icon } from "./icons";
import { texts } from "./texts";

export type Rate = (helpful: boolean, reason?: string) => Promise<unknown>;

/** The two buttons, and the place where what comes after them is shown. */
export function rating(rate: Rate): [HTMLButtonElement, HTMLButtonElement, HTMLElement] {
  const after = h("div", { class: "rated", role: "status" });
  const choose = async (helpful: boolean) => {
    yes.disabled = no.disabled = true;
    try {
      await rate(helpful);
      (helpful ? yes : no).setAttribute("aria-pressed", "true");
      (helpful ? no : yes).setAttribute("aria-pressed", "false");
      after.replaceChildren(helpful ? texts.thanks : texts.noted, helpful ? "" : why(rate, after));
      after.scrollIntoView({ block: "nearest" });
    } catch {
      after.replaceChildren(texts.uploadFailed);
    } finally {
      yes.disabled = no.disabled = false;
    }
  };
  const one = (helpful: boolean) =>
    h("button", { type: "button", class: "quiet", "aria-pressed": "false", "aria-label": helpful ? texts.helpful : texts.unhelpful, title: helpful ? texts.helpful : texts.unhelpful, click: () => choose(helpful) },
      icon(helpful ? "up" : "down"));
  const yes = one(true), no = one(false);
  return [yes, no, after];
}

function why(rate: Rate, after: HTMLElement) {
  const send = async (reason: string) => {
    if (!reason) return;
    try {
      await rate(false, reason);
      after.replaceChildren(texts.noted);
    } catch {
      after.prepend(texts.uploadFailed);
    }
  };
  const words = h("input", { type: "text", maxlength: 200, "aria-label": texts.why, placeholder: texts.why });
  return h("form", { class: "why", submit: (event: Event) => { event.preventDefault(); send(words.value.trim()); } },
    h("div", { class: "chips" }, ...texts.reasons.map((reason) => h("button", { type: "button", click: () => send(reason) }, reason))),
    h("div", { class: "row" }, words, h("button", {}, texts.reasonSend)));
}
