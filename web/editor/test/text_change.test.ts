import assert from "node:assert/strict";
import { test } from "node:test";

import { after, applyChange, cleanText, difference, linesOf, placeAfter } from "../src/text_change";

const cases: [string, string][] = [
  ["", "a"],
  ["a", ""],
  ["Keeley", "Keeley Marsh"],
  ["aa", "aaa"],
  ["abcabc", "abc"],
  ["one two three", "one 2 three"],
  ["😀", "😁"],
  ["a😀b", "a😁b"],
  ["😀", "😀😀"],
  ["😀😁", "😁"],
];

test("a difference turns the old text into the new one", () => {
  for (const [before, now] of cases) {
    for (let caret = 0; caret <= now.length; caret += 1) {
      assert.equal(applyChange(before, difference(before, now, caret)), now, `${before} → ${now} at ${caret}`);
    }
  }
});

test("a difference never cuts an emoji in two", () => {
  for (const [before, now] of cases) {
    for (const op of difference(before, now)) {
      if ("insert" in op) assert.ok(op.insert.isWellFormed(), `${before} → ${now}: ${JSON.stringify(op)}`);
    }
  }
  assert.deepEqual(difference("😀", "😁"), [{ delete: 2 }, { insert: "😁" }]);
});

test("a letter typed among its like goes in where the caret stands", () => {
  assert.deepEqual(difference("aaa", "aaaa", 2), [{ retain: 1 }, { insert: "a" }]);
  assert.deepEqual(difference("aaa", "aaaa", 4), [{ retain: 3 }, { insert: "a" }]);
});

test("the clean text of a point has no line break, no control character and no half of a pair", () => {
  assert.equal(cleanText("one\ntwo\r\n\tthree\u2028four\u0085five"), "one two three four five");
  assert.equal(cleanText("a\u0000b\u001bc\u007fd\u009fe"), "abcde");
  assert.equal(cleanText("\ud83d x \ude00 😀"), " x  😀");
});

test("pasted lines become points, and empty ones do not", () => {
  assert.deepEqual(linesOf("  first \n\n\r\nsecond\u2029third"), ["first", "second", "third"]);
});

test("a place moves with what is put in before it and stays before what is put in at it", () => {
  assert.equal(placeAfter(3, [{ insert: "ab" }]), 5);
  assert.equal(placeAfter(3, [{ retain: 3 }, { insert: "ab" }]), 3);
  assert.equal(placeAfter(3, [{ retain: 1 }, { delete: 4 }]), 1);
  assert.equal(placeAfter(3, [{ delete: 1 }]), 2);
  assert.equal(placeAfter(0, [{ insert: "ab" }]), 0);
});

test("two changes to one text give the same text in both orders, but for what both insert in one place", () => {
  let seed = 7;
  const random = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) % 0x7fffffff;
    return seed % limit;
  };
  const text = "abcdefghij";
  const change = (letter: string): ReturnType<typeof difference> => {
    const from = random(text.length + 1);
    const to = from + random(text.length + 1 - from);
    return difference(text, text.slice(0, from) + letter.repeat(random(3)) + text.slice(to));
  };
  for (let i = 0; i < 5_000; i += 1) {
    const mine = change("X");
    const theirs = change("Y");
    const a = applyChange(applyChange(text, theirs), after(mine, theirs));
    const b = applyChange(applyChange(text, mine), after(theirs, mine));
    assert.equal(a.replace(/[XY]/g, ""), b.replace(/[XY]/g, ""));
    assert.equal([...a].sort().join(""), [...b].sort().join(""), "no letter is lost or doubled");
  }
});

test("what someone else has just put in is never deleted by a deletion around it", () => {
  const mine = difference("abcdef", "af");
  const theirs = difference("abcdef", "abcNEWdef");
  assert.equal(applyChange("abcNEWdef", after(mine, theirs)), "aNEWf");
});
