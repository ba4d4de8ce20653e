// One thing said, as an item of the talk.
import type { Button, Reply } from "./contract";
import { h } from "./dom";
import { icon } from "./icons";
import { ownAddress, urgent } from "./links";
import { cardOf, fileOf, sourcesOf, withLinks } from "./parts";
import type { LargePicture } from "./picture";
import { rating, type Rate } from "./rating";
import { canShare, copy, share } from "./share";
import { unfolded } from "./sources";
import { texts } from "./texts";

export interface Around { base: URL; large: LargePicture; tap: (button: Button) => void }

/** What the parent said. `note` (not sent yet) is shown beside it by the style and read out with it. */
export const userBubble = (words: string, preview?: Node) =>
  h("li", { class: "user", "data-who": texts.you }, preview ?? null, words);

export function botBubble(reply: Reply, around: Around): HTMLLIElement {
  const [text, line] = unfolded(reply.text ?? "", reply.sources);
  const item = h("li", { class: "bot", "data-who": texts.bot });
  const number = urgent(text);
  if (number) {
    const [first, ...rest] = text.split("\n");
    item.classList.add("urgent");
    item.append(h("strong", { class: "first" }, ...withLinks(first)), h("a", { class: "call", href: `tel:${number}` }, icon("call"), texts.call(number)), ...withLinks(rest.join("\n")));
  } else {
    item.append(...withLinks(text));
  }
  if (reply.cards?.length) item.append(h("div", { class: "cards" }, ...reply.cards.map(cardOf)));
  const image = reply.image && ownAddress(reply.image, around.base);
  if (image) item.append(around.large.small(image, text));
  if (reply.file) item.append(fileOf(reply.file, around.base));
  if (reply.buttons?.length) {
    item.append(h("div", { class: "steps" }, ...reply.buttons.map((button) => h("button", { type: "button", click: () => around.tap(button) }, button.title))));
  }
  if (line && reply.sources) item.append(sourcesOf(line, reply.sources));
  return item;
}

/** Copy, pass on and, where it answers words, say whether it helped. */
export function actionsOf(words: string, rate: Rate | null): HTMLElement {
  const said = h("span", { class: "rated", role: "status" });
  const quiet = (name: string, sign: "copy" | "share", does: () => void) =>
    h("button", { type: "button", class: "quiet", "aria-label": name, title: name, click: does }, icon(sign));
  const [yes, no, after] = rate ? rating(rate) : [null, null, null];
  const bar = h("div", { class: "actions", role: "group", "aria-label": texts.actions },
    quiet(texts.copy, "copy", async () => { if (await copy(words, bar)) said.textContent = texts.copied; }),
    canShare() && quiet(texts.share, "share", () => share(words)), yes, no, said);
  return h("div", { class: "foot" }, bar, after);
}
