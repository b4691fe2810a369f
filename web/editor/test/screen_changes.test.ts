import assert from "node:assert/strict";
import { test } from "node:test";

import type { Drawn } from "../src/reading/live_points";
import { ScreenChanges } from "../src/screen/changes";

function point(id: string, text: string, by = "priya"): Drawn {
  return { id, number: 1, by, name: by, label: "", kind: "", text, struck: false };
}

/** Two points that have long stood. */
function standing(): ScreenChanges {
  const changes = new ScreenChanges();
  changes.take([point("a", "First in May."), point("b", "Last.")], 0);
  changes.pass(0);
  return changes;
}

test("what stands when the screen opens is neither typed nor put right", () => {
  const changes = standing();
  assert.equal(changes.typed, "");
  assert.equal(changes.change, null);
  assert.equal(changes.pass(0), Infinity);
});

test("a new point is typed, wherever it comes, until it has been still for four seconds", () => {
  const changes = standing();
  changes.take([point("a", "First in May."), point("n", "N"), point("b", "Last.")], 1_000);
  changes.take([point("a", "First in May."), point("n", "New."), point("b", "Last.")], 2_000);
  assert.equal(changes.pass(2_000), 4_000);
  assert.equal(changes.typed, "n");
  assert.equal(changes.change, null);
  changes.pass(6_000);
  assert.equal(changes.typed, "");
});

test("other words in a point that had settled are a correction, for eight seconds after the last of them", () => {
  const changes = standing();
  changes.take([point("a", "First in Ma."), point("b", "Last.")], 1_000);
  changes.take([point("a", "First in March."), point("b", "Last.")], 5_000);
  changes.pass(12_900);
  assert.equal(changes.change?.before.text, "First in May.");
  assert.equal(changes.change?.after?.text, "First in March.");
  changes.pass(13_000);
  assert.equal(changes.change, null);
});

test("the next correction of a point is told from the words the last one left", () => {
  const changes = standing();
  changes.take([point("a", "First in March."), point("b", "Last.")], 1_000);
  changes.pass(9_000);
  changes.take([point("a", "First in April."), point("b", "Last.")], 9_001);
  assert.equal(changes.change?.before.text, "First in March.");
});

test("a point that is struck out is a correction without anything after it", () => {
  const changes = standing();
  changes.take([point("b", "Last.")], 1_000);
  assert.equal(changes.change?.before.text, "First in May.");
  assert.equal(changes.change?.after, undefined);
  changes.pass(9_000);
  assert.equal(changes.change, null);
});

test("a point that is put back at once is no change, and one put back later is not typed", () => {
  const changes = standing();
  const both = [point("a", "First in May."), point("b", "Last.")];
  changes.take([point("b", "Last.")], 1_000);
  changes.take(both, 2_000);
  assert.equal(changes.change, null);
  assert.equal(changes.typed, "");
  changes.pass(10_000);
  changes.take([point("b", "Last.")], 11_000);
  changes.pass(19_000);
  changes.take(both, 20_000);
  assert.equal(changes.typed, "");
});

test("somebody else who said it is a correction", () => {
  const changes = standing();
  changes.take([point("a", "First in May.", "keeley"), point("b", "Last.")], 1_000);
  assert.equal(changes.change?.before.by, "priya");
  assert.equal(changes.change?.after?.by, "keeley");
});

test("whom a point is put down for while it is typed is none", () => {
  const changes = standing();
  changes.take([point("a", "First in May."), point("b", "Last."), point("n", "New.")], 1_000);
  changes.take([point("a", "First in May."), point("b", "Last."), point("n", "New.", "keeley")], 2_000);
  assert.equal(changes.typed, "n");
  assert.equal(changes.change, null);
});

test("a point that joins the one above is not struck out, and one that was only begun goes as it came", () => {
  const changes = new ScreenChanges();
  changes.take([point("a", "First."), point("b", "Second."), point("c", "Last.")], 0);
  changes.take([point("a", "First. Second."), point("c", "Last.")], 1_000);
  assert.equal(changes.change?.before.id, "a");
  const others = standing();
  others.take([point("a", "First in May."), point("b", "Last."), point("n", "N")], 1_000);
  others.take([point("a", "First in May."), point("b", "Last.")], 2_000);
  others.pass(2_000);
  assert.equal(others.change, null);
  assert.equal(others.typed, "");
});
