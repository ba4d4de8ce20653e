// One script tag: <script src=".../widget.js"></script> puts a button into the corner of the page; with `data-open`, or where the page has a <lian-bao>
// of its own, the chat stands in the page.
import { LianBao, serveFrom } from "./element";

const script = document.currentScript as HTMLScriptElement | null;
serveFrom(new URL(".", script?.src || location.href));

if (!customElements.get("lian-bao")) {
  customElements.define("lian-bao", LianBao);
  const place = () => {
    if (document.querySelector("lian-bao")) return;
    const element = document.createElement("lian-bao");
    if (script?.hasAttribute("data-open") && script.isConnected && script.parentNode !== document.head) {
      script.after(element);
    } else {
      element.toggleAttribute("floating", true);
      document.body.append(element);
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", place);
  else place();
}
