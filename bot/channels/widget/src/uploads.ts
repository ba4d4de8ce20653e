// Photos, recordings and documents: a preview, how much is gone, and a way to try again or to let it be.
import { Api, Refused } from "./api";
import { h } from "./dom";
import { icon } from "./icons";
import { Session } from "./session";
import { texts } from "./texts";

const LARGEST = 10 * 1024 * 1024; // bytes, as bot/channels/attachments.py
const SIZE = 96; // px of a preview

/** A small picture, drawn rather than loaded, so that no page's policy on pictures matters. */
async function preview(file: File): Promise<HTMLElement | SVGElement> {
  if (!file.type.startsWith("image/")) return icon("file");
  try {
    const bitmap = await createImageBitmap(file);
    const scale = SIZE / Math.max(bitmap.width, bitmap.height, 1);
    const canvas = h("canvas", { class: "preview", width: Math.ceil(bitmap.width * scale), height: Math.ceil(bitmap.height * scale), role: "img", "aria-label": texts.picture(file.name) });
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  } catch {
    return icon("file");
  }
}

export class Uploads {
  readonly list = h("ul", { class: "uploads", "aria-label": texts.uploading, hidden: true });

  constructor(private api: Api, private session: Session, private arrived: (words: string, preview: Node) => void, private note: (words: string) => void) {}

  add(files: Iterable<File>) { for (const file of files) void this.one(file); }

  private async one(file: File) {
    const picture = await preview(file);
    const bar = h("progress", { max: 1, "aria-label": `${texts.uploadingOne} ${file.name}` });
    const state = h("span", { class: "why" });
    const item = h("li", {}, picture, h("span", { class: "name" }, file.name), bar, state);
    const gone = () => { item.remove(); this.list.hidden = !this.list.childElementCount; };
    let stop = () => {};
    const leave = h("button", { type: "button", click: () => { stop(); gone(); } }, texts.remove);
    const again = h("button", { type: "button", hidden: true, click: () => attempt() }, texts.again);
    item.append(again, leave);
    this.list.append(item);
    this.list.hidden = false;
    const attempt = async () => {
      again.hidden = true;
      bar.hidden = false;
      bar.value = 0;
      state.textContent = "";
      try {
        if (file.size > LARGEST) throw new Refused(413, texts.tooLarge);
        const sending = this.api.attach(await this.session.token(), file, (part) => { bar.value = part; });
        stop = sending.stop;
        await sending.done;
        gone();
        this.arrived(texts.attached + file.name, picture);
        this.note(texts.uploaded);
      } catch (error) {
        const why = error instanceof Refused && error.message ? error.message : texts.uploadFailed;
        bar.hidden = true;
        again.hidden = error instanceof Refused && error.forGood;
        state.textContent = why;
        if (item.isConnected) this.note(why);
      }
    };
    await attempt();
  }
}
