// Where a parent writes: the field, what else can be sent, and the topics to begin with.
import type { Turn } from "./contract";
import { h } from "./dom";
import { icon } from "./icons";
import { sharePlace } from "./place";
import { texts } from "./texts";
import { voiceButton } from "./voice";

type Say = (turn: Turn, words: string) => void;

export class Composer {
  readonly field = h("textarea", { id: "text", rows: 1, maxlength: 5000, placeholder: texts.example, "aria-label": texts.ask, enterkeyhint: "send", autocomplete: "off" });
  readonly starts = h("div", { class: "starts", id: "starts", hidden: true, role: "group", "aria-label": texts.topics });
  private topics = h("button", { type: "button", class: "tool", "aria-expanded": "false", "aria-controls": "starts", click: () => this.showTopics(this.starts.hidden) },
    icon("topics"), h("span", {}, texts.topics));
  readonly form: HTMLFormElement;

  constructor(private say: Say, files: (files: FileList) => void, note: (words: string) => void) {
    for (const [title, words] of texts.starts) {
      this.starts.append(h("button", { type: "button", click: () => { this.showTopics(false); say({ text: words }, words); this.field.focus({ preventScroll: true }); } }, title));
    }
    const file = h("input", { type: "file", class: "hidden", multiple: true, accept: "image/*,audio/*,application/pdf", change: () => { if (file.files) files(file.files); file.value = ""; } });
    const tools = h("div", { class: "tools" }, this.topics,
      h("button", { type: "button", class: "tool", "aria-label": texts.place, click: () => sharePlace(say, note) }, icon("place"), h("span", {}, texts.placeShort)),
      h("label", { class: "tool" }, icon("file"), h("span", {}, texts.file), file), voiceButton(this.field, note));
    this.form = h("form", { id: "say", submit: (event: Event) => { event.preventDefault(); this.send(); } }, this.starts, tools,
      h("div", { class: "row" }, this.field, h("button", { type: "submit", class: "send main", "aria-label": texts.send }, icon("send"), h("span", {}, texts.send))));
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
  }

  showTopics(on: boolean) {
    this.starts.hidden = !on;
    this.topics.setAttribute("aria-expanded", String(on));
  }

  private send() {
    const words = this.field.value.trim();
    if (!words) return;
    this.field.value = "";
    this.fit();
    this.showTopics(false);
    this.say({ text: words }, words);
  }

  /** As high as what is written, up to what the style allows. */
  private fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }
}
