import { describe, expect, test } from "vitest";
import { linked, ownAddress, urgent } from "../src/links";

const telephones = (text: string) => linked(text).filter(({ href }) => href?.startsWith("tel:")).map(({ text: words }) => words);
const base = new URL("https://hotline.example/webhooks/web/");

describe("telephones", () => {
  test.each([
    ["请立刻打120：让孩子侧躺", ["120"]],
    ["孩子正有危险，先打110；受伤打120。", ["110", "120"]],
    ["可打 12345（政务服务便民热线）、12333（人社）", ["12345", "12333"]],
    ["电话0518-85521234，或 13800001111", ["0518-85521234", "13800001111"]],
    ["拨打 120", ["120"]],
    ["每天120毫升，打120毫升", []],
    ["最多休120天、110克、119元", []],
    ["第120条、苏发〔2022〕8号、LB202611-00001", []],
    ["身长120厘米，体重12345克", []],
  ])("%s", (text, found) => expect(telephones(text)).toEqual(found));

  test("nothing of the text is lost or changed", () => {
    const text = "打120或 12345，见 https://a.example/x?y=1。<b>不是标签</b> **不是粗体**";
    expect(linked(text).map((piece) => piece.text).join("")).toBe(text);
  });
  test("an address ends where Chinese goes on", () => expect(linked("见https://a.example/x，再说")[1].href).toBe("https://a.example/x"));
  test("a script is no link", () => expect(linked("javascript:alert(1) data:text/html,x")).toHaveLength(1));
});

test.each([["请立刻打120：侧躺\n别的", "120"], ["有人打孩子先打110", "110"], ["产假158天\n急事打120", ""], ["每次120毫升", ""]])("urgent: %s", (text, number) =>
  expect(urgent(text)).toBe(number));

test("only the service's own addresses are fetched", () => {
  expect(ownAddress("/webhooks/web/files/a/b.ics", base)).toBe("https://hotline.example/webhooks/web/files/a/b.ics");
  expect(ownAddress("data:image/svg+xml,x", base)).toBe("data:image/svg+xml,x");
  expect(ownAddress("https://elsewhere.example/x.png", base)).toBe("");
  expect(ownAddress("javascript:alert(1)", base)).toBe("");
});
