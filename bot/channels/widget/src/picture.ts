// A picture opens large, over the page, where it can be printed alone.
import { h } from "./dom";
import { texts } from "./texts";

export class LargePicture {
  private image = h("img", { alt: "" });
  readonly dialog = h("dialog", { id: "large", "aria-label": texts.large }, this.image, h("button", { type: "button", class: "main" }, texts.closeLarge));

  constructor() { this.dialog.addEventListener("click", () => this.dialog.close()); }

  /** The small picture, as a button. */
  small(source: string, words: string) {
    const name = texts.picture(words.split("\n")[0]);
    return h("button", { type: "button", class: "picture", "aria-haspopup": "dialog", click: () => this.show(source, name) },
      h("img", { src: source, alt: name + texts.enlarge }));
  }

  private show(source: string, name: string) {
    this.image.src = source;
    this.image.alt = name;
    this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }
}
