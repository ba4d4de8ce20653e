// The calls of the web channel. A call that the service refused throws Refused; one that did not get through throws whatever the browser says.
import type { Reply, Said, Turn } from "./contract";

const PATIENCE = 30_000; // ms; a repeat is safe, see outbox.ts

export class Refused extends Error {
  constructor(readonly status: number, message: string) { super(message); }
  /** The same message would be refused again. */
  get forGood() { return this.status < 500 && ![401, 408, 429].includes(this.status); }
}

export class Api {
  constructor(readonly base: URL) {}

  private async call<T>(path: string, token: string | null, body?: unknown): Promise<T> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(new URL(path, this.base), {
        method: body ? "POST" : "GET",
        headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body: body ? JSON.stringify(body) : undefined,
        signal: stop.signal,
        credentials: "omit",
      });
      const answer = await response.json();
      if (!response.ok) throw new Refused(response.status, answer.error.message);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  open(handover?: string) { return this.call<{ token: string }>("sessions", null, handover ? { handover } : {}); }
  say(token: string, turn: Turn, id: string) { return this.call<{ messages: Reply[] }>("messages", token, { ...turn, client_message_id: id }); }
  history(token: string, after: number) { return this.call<{ turns: Said[] }>(`history?after=${after}`, token); }
  rate(token: string, id: string, helpful: boolean, reason?: string) {
    return this.call("feedback", token, { client_message_id: id, helpful, ...(reason ? { reason } : {}) });
  }

  /** Send a file, telling how much of it is gone (0 to 1). XMLHttpRequest, because fetch does not tell. */
  attach(token: string, file: File, gone: (part: number) => void): { done: Promise<void>; stop: () => void } {
    const request = new XMLHttpRequest();
    const done = new Promise<void>((resolve, reject) => {
      request.open("POST", new URL("attachments", this.base));
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.responseType = "json";
      request.upload.onprogress = (event) => event.lengthComputable && gone(event.loaded / event.total);
      request.onload = () => (request.status === 201 ? resolve() : reject(new Refused(request.status, request.response?.error?.message ?? "")));
      request.onerror = request.onabort = () => reject(new Error("not sent"));
      const form = new FormData();
      form.append("file", file);
      request.send(form);
    });
    return { done, stop: () => request.abort() };
  }
}
