// The parts of an answer: linked text, sources, cards, a file. All from the service's words, all set as text.
import type { Card, Reply, Source } from "./contract";
import { h } from "./dom";
import { icon } from "./icons";
import { linked, ownAddress } from "./links";
import { cited, lookedAt } from "./sources";
import { texts } from "./texts";

const away = { target: "_blank", rel: "noopener noreferrer" };

export const withLinks = (text: string) =>
  linked(text).map(({ text: words, href }) => (href ? h("a", { href, ...(href.startsWith("tel:") ? { class: "tel" } : away) }, words) : words));

export function sourcesOf(line: string, sources: Source[]) {
  const documents = cited(sources);
  const items = documents.map(({ title, clauses, url }) =>
    h("li", {}, title + clauses.join("、"), url && /^https?:/.test(url) && h("a", { href: url, ...away, "aria-label": texts.original + title }, texts.original)));
  const day = lookedAt(line);
  return h("details", { class: "sources" }, h("summary", {}, texts.sourcesMore(documents[0].title, documents.length - 1)), h("ul", {}, ...items), day && h("p", {}, day));
}

/** A place to go to: its telephone can be tapped, its map opened. */
export function cardOf({ title, subtitle, url, distance_km: km }: Card) {
  return h("div", { class: "card" }, h("strong", {}, title), km !== undefined && h("span", { class: "far" }, texts.kilometres(km)),
    subtitle && h("span", {}, ...withLinks(subtitle)),
    url && /^https:\/\//.test(url) && h("a", { href: url, ...away, class: "go", "aria-label": `${texts.map}：${title}` }, icon("place"), texts.map));
}

export function fileOf({ name, url }: NonNullable<Reply["file"]>, base: URL) {
  return h("a", { class: "file", href: ownAddress(url, base) || undefined, download: name }, icon("download"), `${texts.download} ${name}`);
}
