// An answer, copied or passed on.
import { h } from "./dom";

export async function copy(text: string, near: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // not https, or not allowed: the old way
    const area = h("textarea", { class: "hidden", "aria-hidden": true });
    area.value = text;
    near.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export const canShare = () => typeof navigator.share === "function";

/** Through the phone's own sheet; closing it is no error. */
export const share = (text: string) => navigator.share({ text }).catch(() => undefined);
