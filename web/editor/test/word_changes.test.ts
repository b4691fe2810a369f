import assert from "node:assert/strict";
import { test } from "node:test";

import { wordChanges } from "../src/reading/word_changes";

test("old words stand before the new ones", () => {
  const before = "Keeley first asked for help in May, after Dean had moved out.";
  const after = "Keeley first asked for help in March, before Dean had moved out.";
  assert.deepEqual(wordChanges(before, after), [
    { kind: "same", text: "Keeley first asked for help in " },
    { kind: "out", text: "May, after " },
    { kind: "in", text: "March, before " },
    { kind: "same", text: "Dean had moved out." },
  ]);
});

test("leaving out what came in gives the old words, and the other way round", () => {
  const words = ["a", "b", "c", "d"];
  let seed = 7;
  const next = (limit: number): number => (seed = (seed * 48271) % 2147483647) % limit;
  const some = (): string => Array.from({ length: next(9) }, () => words[next(4)]).join(" ");
  for (let round = 0; round < 2_000; round += 1) {
    const [old, now] = [some(), some()];
    const without = (kind: string): string[] =>
      wordChanges(old, now)
        .filter((one) => one.kind !== kind)
        .map((one) => one.text)
        .join("")
        .split(/\s+/)
        .filter(Boolean);
    assert.deepEqual(without("in").join(" "), old, `${old} → ${now}`);
    assert.deepEqual(without("out").join(" "), now, `${old} → ${now}`);
  }
});

test("a very long text is shown as one change, not compared word by word", () => {
  const changes = wordChanges("word ".repeat(1_000), "other ".repeat(1_000));
  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ["out", "in"],
  );
});
