// A date or a measure, picked instead of typed, under the question that asks for it.
import { asked, days } from "./asks";
import { h } from "./dom";
import { texts } from "./texts";

type Use = (words: string) => void;

export function pickerFor(text: string, use: Use): HTMLElement | null {
  const { born, due, measures } = asked(text);
  const parts = [born || due ? dates(born, due, use) : null, measures ? measured(use) : null].filter((part): part is HTMLFormElement => !!part);
  return parts.length ? h("div", { class: "pickers", role: "group", "aria-label": texts.picker }, ...parts) : null;
}

function dates(born: boolean, due: boolean, use: Use) {
  const input = h("input", { type: "date", required: true, "aria-label": due && !born ? texts.due : texts.born });
  let kind: "born" | "due" = born ? "born" : "due";
  const pick = (chosen: "born" | "due") => {
    kind = chosen;
    [input.min, input.max] = days(kind, new Date());
    input.setAttribute("aria-label", texts[kind]);
  };
  pick(kind);
  const name = `kind-${Math.random()}`;
  const choice = (one: "born" | "due") =>
    h("label", {}, h("input", { type: "radio", name, checked: one === kind, change: () => pick(one) }), texts[one]);
  return h("form", { class: "row", submit: (event: Event) => {
    event.preventDefault();
    const [year, month, date] = input.value.split("-").map(Number);
    use(texts[`${kind}Words`](texts.day(year, month, date)));
  } }, born && due ? h("span", { class: "choices" }, choice("born"), choice("due")) : h("span", {}, texts[kind]), input, h("button", {}, texts.use));
}

function measured(use: Use) {
  const number = (name: string, max: number) =>
    h("input", { type: "number", inputmode: "decimal", min: 0.5, max, step: 0.1, "aria-label": name, class: "number" });
  const weight = number(texts.weight, 60), height = number(texts.height, 130);
  const unit = h("select", { "aria-label": `${texts.weight}：${texts.jin}、${texts.kilogram}` }, h("option", {}, texts.jin), h("option", {}, texts.kilogram));
  return h("form", { class: "row", submit: (event: Event) => {
    event.preventDefault();
    const words = [weight.value && texts.weightWords(weight.value, unit.value), height.value && texts.heightWords(height.value)].filter(Boolean);
    if (words.length) use(words.join(texts.comma));
  } }, h("span", { class: "measure" }, texts.weight, weight, unit), h("span", { class: "measure" }, texts.height, height, texts.centimetre), h("button", {}, texts.use));
}
