// No browser here: what is kept is kept in the page (storage.ts), as in a private window.
import { expect, test } from "vitest";
import { newId, outbox } from "../src/outbox";

const entry = (id: string, of: string) => ({ id, of, turn: { text: id }, words: id });
const ids = (of: string) => outbox.of(of).map(({ id }) => id);

test("messages wait in order, by conversation, and those of before the first one go into it", () => {
  outbox.add(entry("a", ""));
  outbox.add(entry("b", "one"));
  outbox.add(entry("c", "two"));
  expect(ids("one")).toEqual(["a", "b"]);
  outbox.move("", "two");
  expect([ids("one"), ids("two")]).toEqual([["b"], ["a", "c"]]);
  outbox.move("one", "three");
  outbox.remove("a");
  expect([ids("two"), ids("three")]).toEqual([["c"], ["b"]]);
});

test("no two ids are the same", () => expect(new Set(Array.from({ length: 1000 }, newId)).size).toBe(1000));
