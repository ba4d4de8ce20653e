// The conversation: says what waits in the outbox one after another, again and again until it is answered, and looks for what nobody asked for.
import { Api, Refused } from "./api";
import type { Reply, Said, Turn } from "./contract";
import { conversationOf, newId, outbox, type Waiting } from "./outbox";
import { Session, TOKEN } from "./session";
import { keep } from "./storage";
import { texts } from "./texts";
import type { Talk } from "./talk";

export type State = "idle" | "sending" | "retrying" | "down";
const OFTEN = 3_000, SELDOM = 20_000, LONGEST_PAUSE = 15_000; // ms
const SIGNAL = "lianbao-said";

export class Chat {
  private of = "";
  private after = 0;
  private numbers = new Set<number>();
  private titles = new Map<string, string>();
  private state: State = "idle";
  private staffed = false;
  private shown = new Set<string>();
  private done = new Set<string>();
  private running = false;
  private wake = () => {};
  private timer = 0;

  constructor(private api: Api, readonly session: Session, private talk: Talk, private told: (state: State, words: string) => void) {}

  /** Show what was said, send what still waits, and go on looking. Whether nothing was said yet. */
  async start(): Promise<boolean> {
    this.talk.filling = true;
    let last: HTMLElement | null = null, trouble = false;
    try {
      const turns = await this.news();
      for (const turn of turns) last = this.show(turn) ?? last;
    } catch {
      trouble = true;
    }
    const empty = !last;
    if (empty) this.talk.greet(texts.hello);
    this.talk.filling = false;
    this.talk.reveal(last, false);
    for (const waiting of outbox.of(conversationOf(this.session.kept))) this.bring(waiting);
    if (trouble) this.tell("down", texts.down);
    addEventListener("online", () => this.hurry());
    addEventListener("storage", ({ key }) => { if (key === SIGNAL || key === TOKEN) this.look(); });
    document.addEventListener("visibilitychange", () => this.look());
    this.later(this.staffed || trouble);
    void this.run();
    return empty;
  }

  say(turn: Turn, words: string) {
    const waiting = { id: newId(), of: conversationOf(this.session.kept), turn, words };
    outbox.add(waiting);
    this.bring(waiting);
    this.talk.toEnd();
    void this.run();
  }

  /** Try at once what is waiting for its next attempt. */
  hurry() { this.wake(); this.look(); }

  rate = (id: string) => async (helpful: boolean, reason?: string) => this.api.rate(await this.session.token(), id, helpful, reason);

  private bring({ id, words }: Waiting) {
    if (this.shown.has(id)) return;
    this.shown.add(id);
    this.talk.said(words, id);
  }

  private async run() {
    if (this.running) return;
    this.running = true;
    let failed = 0;
    for (let next; (next = outbox.of(conversationOf(this.session.kept)).find(({ id }) => this.shown.has(id))); ) {
      if (!failed) this.tell("sending", texts.answering);
      this.talk.waiting = true;
      try {
        await this.send(next);
        failed = 0;
      } catch (error) {
        failed += 1;
        if (error instanceof Refused && error.forGood) {
          this.refused(next, error.message);
          failed = 0;
        } else {
          this.talk.waiting = false;
          this.talk.mark(next.id, texts.waiting);
          this.tell(failed < 3 ? "retrying" : "down", failed < 3 ? texts.retrying : texts.down);
          await this.pause(Math.min(LONGEST_PAUSE, 500 * 2 ** failed));
        }
      }
    }
    this.talk.waiting = false;
    this.running = false;
  }

  private async send(waiting: Waiting, renewed = false): Promise<void> {
    const { id, turn } = waiting;
    const token = await this.session.token();
    outbox.move("", conversationOf(token));
    try {
      const { messages } = await this.api.say(token, turn, id);
      this.answer(id, turn, messages);
      keep(SIGNAL, id); // other tabs look
      this.later(!messages.length);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || renewed) throw error;
      outbox.move(conversationOf(token), conversationOf(await this.session.renew(token)));
      await this.send(waiting, true);
    }
  }

  /** Answered here or, for what another tab or an earlier visit sent, found in the history: once. */
  private answer(id: string, turn: Turn, replies: Reply[]) {
    outbox.remove(id);
    if (this.done.has(id)) return;
    this.done.add(id);
    const first = this.replied(replies, turn, id);
    this.talk.mark(id, null);
    this.talk.waiting = false;
    this.talk.reveal(first);
    this.tell("idle", replies.length ? "" : texts.staff);
  }

  private replied(replies: Reply[], turn: Turn, id = "") {
    for (const { title, payload } of replies.flatMap(({ buttons }) => buttons ?? [])) this.titles.set(payload, title);
    return this.talk.answered(replies, id && turn.text && replies.length ? this.rate(id) : null, id);
  }

  private tell(state: State, words: string) {
    this.state = state;
    this.told(state, words);
  }

  private refused({ id }: Waiting, why: string) {
    outbox.remove(id);
    this.talk.mark(id, texts.notSent + why);
    this.tell("idle", why);
  }

  private async news(): Promise<Said[]> {
    const token = this.session.kept;
    if (!token) return [];
    if (this.of !== token) { // begun anew, here or in another tab
      this.of = token;
      this.after = 0;
      this.numbers.clear();
    }
    try {
      const turns = (await this.api.history(token, this.after)).turns.filter(({ number }) => token === this.of && !this.numbers.has(number));
      for (const { number } of turns) this.numbers.add(number);
      this.after = Math.max(this.after, ...turns.map(({ number }) => number));
      if (turns.length) this.staffed = turns[turns.length - 1].topic === "handoff";
      return turns;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return []; // over: the next message begins another
      throw error;
    }
  }

  /** A turn of the history, unless it is here already; where it begins. */
  private show({ user, replies, client_message_id: id }: Said): HTMLElement | null {
    if (id && this.shown.has(id)) {
      this.answer(id, user, replies);
      return null;
    }
    if (id) {
      this.shown.add(id);
      this.done.add(id);
      outbox.remove(id);
    }
    const words = user.text || (user.location ? texts.placeSent : this.titles.get(user.payload ?? "") ?? texts.tapped);
    const asked = Object.keys(user).length ? this.talk.said(words) : null;
    const told = this.replied(replies, user, id);
    return asked ?? told;
  }

  // What a department did, and what a clerk says, is a turn that nobody asked for: looked for while the page is in view, often while a person has to
  // do with the conversation.
  private later(soon: boolean) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(), soon ? OFTEN : SELDOM);
  }

  private look = async () => {
    try {
      if (document.hidden) return;
      const atEnd = this.talk.atEnd();
      const shown = (await this.news()).map((turn) => this.show(turn));
      this.talk.news(shown.find((item) => item) ?? null, atEnd);
      if (this.state === "down" && !this.running) this.tell("idle", "");
    } catch {
      this.tell("down", texts.down);
    } finally {
      this.later(this.staffed || this.state === "down");
    }
  };

  private pause(time: number) {
    return new Promise<void>((resume) => {
      const timer = setTimeout(resume, time);
      this.wake = () => { clearTimeout(timer); resume(); };
    });
  }
}
