// Elements by name, properties and children. Text is only ever set as text; there is no way here to set HTML.
type Child = Node | string | false | null | undefined;
type Value = string | number | boolean | undefined | ((event: never) => void);

export function h<K extends keyof HTMLElementTagNameMap>(name: K, values: Record<string, Value> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === "function") element.addEventListener(key, value as (event: Event) => void);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...(children.filter((child) => child || child === "") as (Node | string)[]));
  return element;
}

/** Whether motion may be shown. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
