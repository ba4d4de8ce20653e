// The talk as it is seen: what was said, in order; the wait for an answer; and where it is scrolled to.
import { actionsOf, botBubble, userBubble, type Around } from "./bubble";
import type { Reply } from "./contract";
import { calm, h } from "./dom";
import { icon } from "./icons";
import { pickerFor } from "./picker";
import type { Rate } from "./rating";
import { texts } from "./texts";

const NEAR = 120; // px from the end that still count as reading the end

export class Talk {
  private list = h("ol", { id: "talk" });
  private typing = h("div", { class: "typing", hidden: true, "aria-hidden": true }, h("i"), h("i"), h("i"));
  readonly scroller = h("div", { class: "scroller", role: "log", "aria-label": texts.talk, tabindex: 0 }, this.list, this.typing);
  readonly more = h("button", { type: "button", class: "more", hidden: true, click: () => this.showNew() }, icon("download"), texts.newMessages);
  private pending = new Map<string, HTMLLIElement>();
  private firstNew: Element | null = null;
  private picker: HTMLElement | null = null;

  constructor(private around: Around, private pick: (words: string) => void) {
    this.scroller.addEventListener("scroll", () => { if (this.atEnd()) this.more.hidden = true; }, { passive: true });
  }

  /** While what was said before is filled in, nothing is read out. */
  set filling(on: boolean) { this.scroller.setAttribute("aria-busy", String(on)); }

  set waiting(on: boolean) {
    this.typing.hidden = !on;
    if (on && this.atEnd()) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  said(words: string, id = "", preview?: Node) {
    const item = userBubble(words, preview);
    this.dropPicker();
    this.list.append(item);
    if (id) this.pending.set(id, item);
    return item;
  }

  /** The first words, which stand in no history. */
  greet(words: string) { this.list.prepend(botBubble({ text: words }, this.around)); }

  /** Show what was just said, at the end. */
  toEnd() { this.scroller.scrollTop = this.scroller.scrollHeight; }

  /** Say beside a message of ours how it stands; null: it arrived. */
  mark(id: string, note: string | null) {
    const item = this.pending.get(id);
    if (!item) return;
    if (note === null) {
      delete item.dataset.note;
      this.pending.delete(id);
    } else {
      item.dataset.note = note;
    }
  }

  /** Answers, below all that is not waiting itself. Gives the first of them. */
  answered(replies: Reply[], rate: Rate | null, before: string | null = null): HTMLLIElement | null {
    const waits = [...this.pending].find(([id]) => id !== before)?.[1] ?? null;
    const items = replies.map((reply) => botBubble(reply, this.around));
    const words = replies.map(({ text }) => text ?? "").filter(Boolean).join("\n");
    if (words) items[items.length - 1].append(actionsOf(words, rate));
    for (const item of items) this.list.insertBefore(item, waits);
    this.dropPicker();
    if (items.length && !waits && (this.picker = pickerFor(words, this.pick))) {
      const last = items[items.length - 1];
      last.insertBefore(this.picker, last.querySelector(":scope > .sources, :scope > .foot"));
    }
    return items[0] ?? null;
  }

  /** Scroll so that the START of `item` is seen, with what it answers above it where there is room: a line on 120 is never above the edge. */
  reveal(item: HTMLElement | null, smooth = true) {
    if (!item) return;
    const asked = item.previousElementSibling as HTMLElement | null;
    const from = asked?.classList.contains("user") && asked.offsetHeight < this.scroller.clientHeight / 4 ? asked : item;
    this.scroller.scrollTo({ top: from.offsetTop - this.scroller.offsetTop - 8, behavior: smooth && !calm() ? "smooth" : "auto" });
  }

  /** News that nobody asked for: shown where the end is being read, else only told of. */
  news(item: HTMLElement | null, wasAtEnd: boolean) {
    if (!item) return;
    if (wasAtEnd) { this.reveal(item); return; }
    this.firstNew = item;
    this.more.hidden = false;
  }

  atEnd() { return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR; }

  private showNew() {
    this.more.hidden = true;
    this.reveal(this.firstNew as HTMLElement);
    this.scroller.focus({ preventScroll: true });
  }

  private dropPicker() { this.picker?.remove(); this.picker = null; }
}
