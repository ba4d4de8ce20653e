// How it looks here: dark or light as the device has it (or as the page says with `theme`), and the large plain print, which is remembered.
import { h } from "./dom";
import { keep, kept } from "./storage";
import { texts } from "./texts";

const LARGE = "lianbao-large";

export function followTheme(host: HTMLElement) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = () => { host.dataset.theme = host.getAttribute("theme") ?? (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", set);
  set();
}

export function largePrint(host: HTMLElement): HTMLButtonElement {
  const set = (on: boolean) => {
    host.toggleAttribute("data-large", on);
    button.setAttribute("aria-pressed", String(on));
  };
  const button = h("button", { type: "button", class: "top-button", click: () => {
    const on = !host.hasAttribute("data-large");
    keep(LARGE, on ? "1" : null);
    set(on);
  } }, texts.largePrint);
  set(!!kept(LARGE));
  return button;
}

/** Fill what is seen of the window, also while the on-screen keyboard covers a part of it. */
export function fillWindow(host: HTMLElement) {
  const seen = window.visualViewport;
  if (!seen) return;
  const set = () => {
    host.style.setProperty("--seen-height", `${seen.height}px`);
    host.style.setProperty("--seen-top", `${seen.offsetTop}px`);
    host.toggleAttribute("data-short", seen.height < 480);
  };
  seen.addEventListener("resize", set);
  seen.addEventListener("scroll", set);
  set();
}
