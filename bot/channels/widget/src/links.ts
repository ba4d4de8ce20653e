// What can be tapped in a text: telephone numbers that are named as such, and addresses of pages. Pure.
export interface Piece { text: string; href?: string }

const FOUND = /https?:\/\/[^\s，。；：、（）《》“”]+|400-?\d{3}-?\d{4}|0\d{2,3}-?\d{7,8}|1[3-9]\d{9}|\d{3,6}/g;
const HOTLINE = /^(?:12[0-9]\d{2}|9[56]\d{3,4})$/;
const SHORT = /^(?:110|119|120|122)$/;
const CALL_BEFORE = /(?:打|拨|拨通|电话|热线|和|或|或者|、)[：:\s]*$/;
const UNIT_AFTER = /^\s*(?:[\d.~～%％℃°]|-\d|毫升|毫克|微克|厘米|公斤|公里|[克元块天日周岁个月年人名条件次斤米号分度页小]|ml|mL|g|kg|cm)/;
const REPEATED = /(?:110|119|120|122)/;

/** `text` in pieces; those with `href` are links (tel: or http). A number is a telephone only where the words around it say so. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(FOUND)) {
    const start = found.index, number = found[0];
    const before = text.slice(Math.max(0, start - 6), start), after = text.slice(start + number.length, start + number.length + 3);
    const href = number.startsWith("http") ? number : isTelephone(number, before, after) ? `tel:${number.replace(/-/g, "")}` : "";
    if (!href) continue;
    if (start > at) pieces.push({ text: text.slice(at, start) });
    pieces.push({ text: number, href });
    at = start + number.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function isTelephone(number: string, before: string, after: string): boolean {
  if (/[\d.\-A-Za-z〔]$/.test(before) || UNIT_AFTER.test(after)) return false;
  if (SHORT.test(number)) return CALL_BEFORE.test(before) || /^[\s（(]*急救/.test(after) || (REPEATED.test(before) && /[、或]$/.test(before));
  if (number.length <= 6) return HOTLINE.test(number) && !/[第〕号]$/.test(before);
  return true;
}

/** The number to call at once: where the first line of an answer says to call 120 or 110. */
export function urgent(text: string): string {
  return linked(text.split("\n")[0]).find(({ href }) => href === "tel:120" || href === "tel:110")?.text ?? "";
}

/** The whole of an address that the service gave, where it is the service's own or holds the thing itself; else "". Relative ones belong to the service. */
export function ownAddress(address: string, base: URL): string {
  try {
    const url = new URL(address, base);
    return url.origin === base.origin || url.protocol === "data:" ? url.href : "";
  } catch {
    return "";
  }
}
