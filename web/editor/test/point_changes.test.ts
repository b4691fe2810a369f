import assert from "node:assert/strict";
import { test } from "node:test";

import * as Y from "yjs";

import { PointChanges } from "../src/point_changes";
import { type PointsMap, newPointId, pointsOf, readAllPoints, readPoints } from "../src/shape";
import { OwnUndo } from "../src/undo";

interface Page {
  doc: Y.Doc;
  points: PointsMap;
  changes: PointChanges;
  undo: OwnUndo;
}

function page(client: number, from?: Y.Doc): Page {
  const doc = new Y.Doc();
  doc.clientID = client;
  if (from !== undefined) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  const points = pointsOf(doc);
  return { doc, points, changes: new PointChanges(points), undo: new OwnUndo(points, () => null, () => undefined) };
}

function exchange(...pages: Page[]): void {
  for (const from of pages) {
    for (const to of pages) {
      if (from !== to) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)), "remote");
    }
  }
}

const texts = (page: Page): string[] => readPoints(page.points).map((point) => point.text);
const point = (text: string): { text: string; kind: "point"; saidBy: string } => ({ text, kind: "point", saidBy: "" });

test("a point's id cannot be anything but an id", () => {
  for (let i = 0; i < 100; i += 1) assert.match(newPointId(), /^p[0-9a-z]{21}$/);
});

test("a point is born struck and empty with all five keys, and only then shown", () => {
  const one = page(1);
  const born: unknown[] = [];
  one.doc.on("update", () => born.push(readAllPoints(one.points)[0]));
  const [id] = one.changes.create(null, [{ text: "Noah", kind: "worry", saidBy: "priya" }]);
  assert.equal(born.length, 2);
  const [first, second] = born as [Record<string, unknown>, Record<string, unknown>];
  assert.deepEqual({ ...first, position: "" }, { id, text: "", position: "", kind: "worry", saidBy: "priya", struck: true });
  assert.deepEqual({ ...second, position: "" }, { id, text: "Noah", position: "", kind: "worry", saidBy: "priya", struck: false });
});

test("undo of a creation hides the point, keeps the entry and what others typed in it, and redo brings it back", () => {
  const chair = page(1);
  const [id] = chair.changes.create(null, [point("Mine")]) as [string];
  const other = page(2, chair.doc);
  chair.undo.undo();
  assert.deepEqual(texts(chair), []);
  assert.ok(chair.points.has(id));
  other.changes.edit(id, [{ retain: 4 }, { insert: " and theirs" }]);
  exchange(chair, other);
  assert.deepEqual(texts(chair), [" and theirs"]);
  assert.deepEqual(texts(other), [" and theirs"]);
  chair.undo.redo();
  exchange(chair, other);
  assert.deepEqual(texts(chair), ["Mine and theirs"]);
  assert.equal(readPoints(chair.points)[0]?.struck, false);
});

test("undo never takes back what somebody else did", () => {
  const one = page(1);
  const two = page(2, one.doc);
  one.changes.create(null, [point("one")]);
  exchange(one, two);
  two.changes.create(null, [point("two")]);
  exchange(one, two);
  one.undo.undo();
  one.undo.undo();
  exchange(one, two);
  assert.deepEqual(texts(two), ["two"]);
});

test("a split keeps every letter, the kind and the person; its undo puts the text back", () => {
  const one = page(1);
  const [id] = one.changes.create(null, [{ text: "Noah missed nursery. Nobody answered.", kind: "worry", saidBy: "p1" }]) as [string];
  one.undo.step();
  const made = one.changes.split(id, 20) as string;
  const list = readPoints(one.points);
  assert.deepEqual(list.map((p) => [p.text, p.kind, p.saidBy]), [
    ["Noah missed nursery.", "worry", "p1"],
    [" Nobody answered.", "worry", "p1"],
  ]);
  assert.equal(list[1]?.id, made);
  one.undo.undo();
  assert.deepEqual(texts(one), ["Noah missed nursery. Nobody answered."]);
  one.undo.redo();
  assert.deepEqual(texts(one), ["Noah missed nursery.", " Nobody answered."]);
});

test("a split inside an emoji happens before it", () => {
  const one = page(1);
  const [id] = one.changes.create(null, [point("a😀b")]) as [string];
  one.changes.split(id, 2);
  assert.deepEqual(texts(one), ["a", "😀b"]);
});

test("a join keeps every letter and says where the second text begins", () => {
  const one = page(1);
  const [upper, lower] = one.changes.create(null, [point("First."), point(" Second.")]) as [string, string];
  one.undo.step();
  assert.equal(one.changes.join(upper, lower), 6);
  assert.deepEqual(texts(one), ["First. Second."]);
  one.undo.undo();
  assert.deepEqual(texts(one), ["First.", " Second."]);
});

test("words typed into a point that somebody joins meanwhile stay to be seen, struck", () => {
  const one = page(1);
  const [upper, lower] = one.changes.create(null, [point("First."), point("Second.")]) as [string, string];
  const two = page(2, one.doc);
  one.changes.join(upper, lower);
  two.changes.edit(lower, [{ retain: 7 }, { insert: " And more." }]);
  exchange(one, two);
  const list = readPoints(one.points);
  assert.deepEqual(list.map((p) => [p.text, p.struck]), [["First.Second.", false], [" And more.", true]]);
  assert.deepEqual(readPoints(two.points), list);
});

test("splitting and joining while somebody types there loses and doubles no letter", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    let state = seed;
    const random = (limit: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % limit;
    const one = page(1);
    one.changes.create(null, [point("The clinic is two buses away."), point("I did ring.")]);
    const two = page(2, one.doc);
    let typed = 0;
    for (let i = 0; i < 30; i += 1) {
      const list = readPoints(one.points);
      const at = random(list.length);
      const chosen = list[at];
      if (chosen === undefined) continue;
      if (random(2) === 0) one.changes.split(chosen.id, random(chosen.text.length + 1));
      else if (at > 0) one.changes.join(list[at - 1]?.id as string, chosen.id);
      const theirs = readPoints(two.points);
      const target = theirs[random(theirs.length)];
      if (target !== undefined) {
        two.changes.edit(target.id, [{ retain: random(target.text.length + 1) }, { insert: "#" }]);
        typed += 1;
      }
      if (random(3) === 0) exchange(one, two);
    }
    exchange(one, two);
    const all = readPoints(one.points).map((p) => p.text).join("");
    assert.deepEqual(readPoints(one.points), readPoints(two.points));
    assert.equal([...all].filter((letter) => letter === "#").length, typed);
    assert.equal([...all.replace(/#/g, "")].sort().join(""), [..."The clinic is two buses away.I did ring."].sort().join(""));
  }
});

test("pasted lines: the first stays in the point, the tail goes to the end of the last", () => {
  const one = page(1);
  const [id] = one.changes.create(null, [point("Before. After.")]) as [string];
  one.undo.step();
  const end = one.changes.breakInto(id, 8, 8, ["one", "two", "three"]);
  assert.deepEqual(texts(one), ["Before. one", "two", "threeAfter."]);
  assert.equal(end?.at, 5);
  one.undo.undo();
  assert.deepEqual(texts(one), ["Before. After."]);
});

test("moving a point is one value, and puts it where it was asked to go", () => {
  const one = page(1);
  const [a, b, c] = one.changes.create(null, [point("a"), point("b"), point("c")]) as [string, string, string];
  let updates = 0;
  one.doc.on("update", () => (updates += 1));
  one.changes.move(c, null);
  assert.deepEqual(texts(one), ["c", "a", "b"]);
  one.changes.move(c, a);
  assert.deepEqual(texts(one), ["a", "c", "b"]);
  one.changes.move(a, b);
  assert.deepEqual(texts(one), ["c", "b", "a"]);
  assert.equal(updates, 3);
});

test("points at one and the same position can still be followed", () => {
  const one = page(1);
  const [a, b] = one.changes.create(null, [point("a"), point("b")]) as [string, string];
  one.points.get(b)?.set("position", one.points.get(a)?.get("position"));
  const [c] = one.changes.create(a, [point("c")]) as [string];
  const order = readPoints(one.points).map((p) => p.id);
  assert.ok(order.indexOf(c) > order.indexOf(a));
});

test("nothing is written that is the same already", () => {
  const one = page(1);
  const [id] = one.changes.create(null, [point("a")]) as [string];
  let updates = 0;
  one.doc.on("update", () => (updates += 1));
  one.changes.setKind(id, "point");
  one.changes.setSaidBy(id, "");
  one.changes.strike(id, false);
  one.changes.edit(id, []);
  assert.equal(updates, 0);
});

test("text with line breaks and control characters is cleaned before it is put in", () => {
  const one = page(1);
  one.changes.create(null, [point("one\ntwo\u0000\ud800")]);
  assert.deepEqual(texts(one), ["one two"]);
});

test("after rights change there is nothing left to undo", () => {
  const one = page(1);
  one.changes.create(null, [point("with the pen")]);
  one.undo.clear();
  assert.equal(one.undo.undo(), false);
  assert.deepEqual(texts(one), ["with the pen"]);
});
