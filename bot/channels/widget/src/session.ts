// The token that binds this browser to its conversation. A talk that WeChat handed over lasts as long as this tab; the browser's own is there again after it.
import { Api, Refused } from "./api";
import { keep, kept } from "./storage";
import { texts } from "./texts";

export const TOKEN = "lianbao-token";

export class Session {
  constructor(private api: Api) {}

  get kept(): string | null { return kept(TOKEN, true) ?? kept(TOKEN); }

  async token(): Promise<string> { return this.kept ?? this.renew(null); }

  /** A new conversation instead of the one whose token is no longer good; tabs that ask at once get the same one. */
  async renew(bad: string | null): Promise<string> {
    const make = async () => {
      if (this.kept && this.kept !== bad) return this.kept;
      const { token } = await this.api.open();
      keep(TOKEN, null, true);
      keep(TOKEN, token);
      return token;
    };
    return navigator.locks ? ((await navigator.locks.request(TOKEN, make)) as string) : make();
  }

  /** #h=… opens the talk that went on in WeChat: taken out of the address at once, so that nobody who sees or shares it can open the talk. */
  async takeOver(): Promise<string> {
    const handover = /^#h=([\w.-]+)$/.exec(location.hash)?.[1];
    if (!handover) return "";
    history.replaceState(null, "", location.pathname + location.search);
    try {
      keep(TOKEN, (await this.api.open(handover)).token, true);
      return "";
    } catch (error) {
      return error instanceof Refused && error.status === 401 ? error.message : texts.handOverFailed;
    }
  }
}
