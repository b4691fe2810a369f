import assert from "node:assert/strict";
import { test } from "node:test";

import { isPosition, keysBetween } from "../src/positions";

function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
}

test("keys are in a row, between their neighbours, and in the grammar", () => {
  const random = seeded(1);
  for (let round = 0; round < 400; round += 1) {
    const list: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      const at = random(list.length + 1);
      const count = 1 + random(4);
      const keys = keysBetween(list[at - 1] ?? null, list[at] ?? null, count, random, random(2) === 0);
      list.splice(at, 0, ...keys);
    }
    list.forEach((key, i) => {
      assert.ok(isPosition(key), key);
      if (i > 0) assert.ok((list[i - 1] as string) < key, `${list[i - 1]} < ${key}`);
    });
  }
});

test("hostile and equal neighbours never throw, and what comes is still a key", () => {
  const odd = [null, "", "0", "a10", "../x", "a0", "a0", "V", "A".repeat(27), `A${"0".repeat(26)}`, "z".repeat(300), "a0V"];
  for (const lower of odd) {
    for (const upper of odd) {
      for (const key of keysBetween(lower, upper, 3, seeded(2))) assert.ok(isPosition(key), `${lower} ${upper} → ${key}`);
    }
  }
});

test("rows that two people make in one gap while apart do not mix", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const whose = (name: string, random: (limit: number) => number, gap: [string | null, string | null]): [string, string][] => {
      // Half the rows are pasted at once, half are typed with one Enter after the other.
      if (random(2) === 0) return keysBetween(...gap, 30, random).map((key) => [key, name]);
      const keys: [string, string][] = [];
      let last = gap[0];
      for (let i = 0; i < 10; i += 1) {
        const [key] = keysBetween(last, gap[1], 1, random, i > 0);
        keys.push([key as string, name]);
        last = key as string;
      }
      return keys;
    };
    const [a, b] = keysBetween(null, null, 2, seeded(seed));
    const gap = (seed % 2 === 0 ? [a, b] : [b, null]) as [string | null, string | null];
    const all = [...whose("one", seeded(seed * 2), gap), ...whose("two", seeded(seed * 2 + 1), gap)].sort((x, y) =>
      x[0] < y[0] ? -1 : 1,
    );
    const changes = all.filter(([, name], i) => i > 0 && all[i - 1]?.[1] !== name).length;
    assert.equal(changes, 1, `seed ${seed}`);
  }
});

test("keys stay short where points are added one after the other", () => {
  const random = seeded(3);
  let last: string | null = null;
  for (let i = 0; i < 2_000; i += 1) [last] = keysBetween(last, null, 1, random, i > 0) as [string];
  assert.ok((last as string).length <= 12, last as string);
});

test("a key that would be longer than the gate takes is not made", () => {
  const random = seeded(4);
  let upper: string | null = null;
  const [lower] = keysBetween(null, null, 1, random) as [string];
  for (let i = 0; i < 2_000; i += 1) {
    const [key] = keysBetween(lower, upper, 1, random) as [string];
    assert.ok(isPosition(key));
    upper = key;
  }
});
