// What an answer asks back for, as far as a picker can give it. Pure.
export interface Asked { born: boolean; due: boolean; measures: boolean }

const ASKS = /告诉我|[？?]|请说|先说|，说|看一眼/;
const BORN = /出生日期|生日|哪天生|哪天出生|几号生|年月日|哪年哪月哪日|多大|几个月|月龄/;
const DUE = /预产期/;
const MEASURES = /[“”、]?(?:公斤|厘米)|多重|多高|体重多少|身高多少|身长多少/;

/** Sentence by sentence, so that a weight that is stated beside a question for the birthday is not taken for asked. */
export function asked(text: string): Asked {
  const found = { born: false, due: false, measures: false };
  for (const sentence of text.match(/[^。！？?\n]+[。！？?]*/g) ?? []) {
    if (!ASKS.test(sentence)) continue;
    found.born ||= BORN.test(sentence);
    found.due ||= DUE.test(sentence);
    found.measures ||= MEASURES.test(sentence);
  }
  return found;
}

/** `YYYY-MM-DD` of a local day. */
export const isoDay = (day: Date) =>
  `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;

/** The days that may be picked, [first, last]: a birth of a child under eight, a due date within ten months and as much as two weeks past. */
export function days(kind: "born" | "due", today: Date): [string, string] {
  const moved = (months: number, day: number) => isoDay(new Date(today.getFullYear(), today.getMonth() + months, today.getDate() + day));
  return kind === "born" ? [moved(-96, 0), moved(0, 0)] : [moved(0, -14), moved(10, 0)];
}
