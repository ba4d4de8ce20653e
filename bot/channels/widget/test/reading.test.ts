import { describe, expect, test } from "vitest";
import { asked, days } from "../src/asks";
import { cited, unfolded } from "../src/sources";

const source = { title: "《甲》", clause: "第一条", as_of: "2026-11-23" };

describe("sources", () => {
  test("the last line is folded where sources come with it", () =>
    expect(unfolded("产假158天。\n依据：《甲》第一条（2026年11月23日核对）", [source])).toEqual(["产假158天。", "依据：《甲》第一条（2026年11月23日核对）"]));
  test("without sources, or where more follows, it stays", () => {
    expect(unfolded("甲\n依据：乙", undefined)[1]).toBe("");
    expect(unfolded("甲\n依据：乙\n丙", [source])[1]).toBe("");
  });
  test("each document once, with its clauses", () =>
    expect(cited([source, { ...source, clause: "第二条" }, source, { ...source, title: "《乙》" }]).map((one) => [one.title, one.clauses])).toEqual([
      ["《甲》", ["第一条", "第二条"]], ["《乙》", ["第一条"]],
    ]));
});

describe("what is asked back", () => {
  test.each([
    ["告诉我预产期或孩子的出生日期，我帮您数从哪天休到哪天。", "born due"],
    ["先告诉我是哪一天：\n· 孩子出生了，说出生日期（几年几月几日）\n· 还没生，说预产期", "born due"],
    ["体重9.5公斤（19斤），记下了。孩子量的时候多大？告诉我几个月，我按国家标准帮您比。", "born"],
    ["三岁以内的孩子不会是这个数。请再看一眼秤或尺，带上“斤”“公斤”“厘米”告诉我。", "measures"],
    ["产假一共158天。", ""],
    ["您好，我是连宝，打疫苗都可以问我。", ""],
  ])("%s", (text, found) => {
    const { born, due, measures } = asked(text);
    expect([born && "born", due && "due", measures && "measures"].filter(Boolean).join(" ")).toBe(found);
  });
  test("the days that may be picked", () => {
    expect(days("born", new Date(2026, 10, 23))).toEqual(["2018-11-23", "2026-11-23"]);
    expect(days("due", new Date(2026, 10, 23))).toEqual(["2026-11-09", "2027-09-23"]);
  });
});
