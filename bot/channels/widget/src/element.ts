// <lian-bao>: the chat as one element. `page` fills the window, `floating` is a button that opens a panel; without either it stands where it is put.
import { Api } from "./api";
import { Chat, type State } from "./chat";
import { Composer } from "./composer";
import type { Turn } from "./contract";
import { fillWindow, followTheme, largePrint } from "./display";
import { h } from "./dom";
import frame from "./frame.css?inline";
import { icon, mark } from "./icons";
import { withLinks } from "./parts";
import { LargePicture } from "./picture";
import { Session } from "./session";
import talkStyle from "./talk.css?inline";
import { Talk } from "./talk";
import { texts } from "./texts";
import tokens from "./tokens.css?inline";
import { Uploads } from "./uploads";

let base: URL;
export const serveFrom = (address: URL) => { base = address; };

// Sheets that are made by script are allowed where a page's policy forbids inline style. Browsers without them show the same, unstyled.
function style(root: ShadowRoot) {
  if (!("adoptedStyleSheets" in root)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(tokens + frame + talkStyle);
  root.adoptedStyleSheets = [sheet];
}

export class LianBao extends HTMLElement {
  private state = h("p", { id: "state", role: "status" });
  private panel: HTMLElement | null = null;
  private composer!: Composer;
  private chat!: Chat;
  private started = false;

  connectedCallback() {
    if (this.panel) return;
    const root = this.attachShadow({ mode: "open" });
    style(root);
    followTheme(this);
    const floating = this.hasAttribute("floating");
    const api = new Api(base), session = new Session(api), large = new LargePicture();
    const say = (turn: Turn, words: string) => this.chat.say(turn, words);
    const talk = new Talk({ base, large, tap: ({ title, payload }) => say({ payload }, title) }, (words) => say({ text: words }, words));
    this.chat = new Chat(api, session, talk, (state, words) => this.tell(state, words));
    const note = (words: string) => this.note(words);
    const uploads = new Uploads(api, session, (words, preview) => { talk.said(words, "", preview); talk.toEnd(); }, note);
    this.composer = new Composer(say, (files) => uploads.add(files), note);
    const page = this.hasAttribute("page");
    const close = floating && h("button", { type: "button", class: "top-button", "aria-label": texts.close, click: () => this.close() }, icon("close"));
    const header = h("header", {}, mark(), h("div", { class: "name" }, h(page ? "h1" : "h2", {}, texts.name), h("p", {}, page && h("span", { class: "about" }, texts.about), h("b", {}, ...withLinks(texts.danger)))),
      h("div", { class: "top" }, largePrint(this), close));
    const body = h(page ? "main" : "div", { class: "body" }, talk.scroller, talk.more, this.state, uploads.list, this.composer.form);
    this.panel = floating
      ? h("dialog", { class: "frame", "aria-label": texts.name, close: () => this.closed() }, header, body)
      : h(page ? "div" : "section", { class: "frame", "aria-label": page ? undefined : texts.name }, header, body);
    root.append(this.panel, large.dialog);
    if (floating) root.append(h("button", { type: "button", class: "launch", "aria-haspopup": "dialog", click: () => this.open() }, mark(), texts.open));
    if (page || floating) fillWindow(this);
    if (!floating) void this.start();
  }

  /** Open the panel; its talk begins with the first time. */
  open() {
    const panel = this.panel as HTMLDialogElement;
    // A phone's whole screen is covered: what lies under it must not be reached. On a desk both are used side by side.
    if (matchMedia("(max-width: 640px)").matches) panel.showModal();
    else panel.show();
    this.toggleAttribute("data-open", true);
    this.composer.field.focus();
    void this.start();
  }

  close() { (this.panel as HTMLDialogElement).close(); }

  private closed() {
    this.toggleAttribute("data-open", false);
    this.shadowRoot?.querySelector<HTMLElement>(".launch")?.focus();
  }

  private async start() {
    if (this.started) return;
    this.started = true;
    if (this.hasAttribute("page")) {
      addEventListener("hashchange", () => { if (location.hash.startsWith("#h=")) location.reload(); });
      this.note(await this.chat.session.takeOver());
    }
    if (await this.chat.start()) this.composer.showTopics(true);
    this.dataset.ready = "";
    performance.mark("lianbao-ready");
  }

  private tell(state: State, words: string) {
    this.dataset.state = state;
    this.note(words);
    if (state === "down" || state === "retrying") this.state.append(" ", h("button", { type: "button", click: () => this.chat.hurry() }, texts.again));
  }

  private note(words: string) { this.state.replaceChildren(...withLinks(words)); }
}
