// The sources under an answer: its last line says them already (依据：…), and is folded where the same sources come beside it. Pure.
import type { Source } from "./contract";

export interface Cited { title: string; clauses: string[]; asOf: string; url?: string }

/** The text without its last 依据 line, and that line; "" where there is nothing to fold. */
export function unfolded(text: string, sources: Source[] | undefined): [string, string] {
  const at = text.lastIndexOf("\n依据：");
  return sources?.length && at >= 0 && !text.slice(at + 1).includes("\n") ? [text.slice(0, at), text.slice(at + 1)] : [text, ""];
}

/** Each document once, with its clauses. */
export function cited(sources: Source[]): Cited[] {
  const documents = new Map<string, Cited>();
  for (const { title, clause, as_of, url } of sources) {
    const one = documents.get(title) ?? { title, clauses: [], asOf: as_of, url };
    if (clause && !one.clauses.includes(clause)) one.clauses.push(clause);
    documents.set(title, one);
  }
  return [...documents.values()];
}

/** （2026年11月23日核对）: the day on which the sources were last looked at, as the line ends with it. */
export const lookedAt = (line: string) => /（[^（）]*核对）$/.exec(line)?.[0] ?? "";
