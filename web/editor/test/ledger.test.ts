import assert from "node:assert/strict";
import { test } from "node:test";

import * as encoding from "lib0/encoding";

import { Ledger } from "../src/ledger";

function frame(name: string, ...numbers: number[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, name);
  for (const number of numbers) encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}

const step1 = frame("d", 0, 0, 0);
const step2 = frame("d", 0, 1, 0);
const update = frame("d", 0, 2, 0);
const admitted = frame("d", 2, 2, 0);
const confirmed = frame("d", 8, 1);
const refused = frame("d", 8, 0);

function ledger(): { ledger: Ledger; settled: string[] } {
  const settled: string[] = [];
  const made = new Ledger((name) => settled.push(name));
  made.opened("d");
  return { ledger: made, settled };
}

test("a lane is stored when its Step2 and all that followed it are confirmed", () => {
  const { ledger: book, settled } = ledger();
  book.received(admitted);
  assert.ok(book.passes(step1));
  assert.ok(book.passes(step2));
  assert.ok(book.passes(update));
  book.received(confirmed);
  assert.deepEqual(settled, []);
  assert.equal(book.isSettled("d"), false);
  book.received(confirmed);
  assert.deepEqual(settled, ["d"]);
  assert.ok(book.isSettled("d"));
});

test("an update before the Step2 of this socket is held back: the Step2 carries it", () => {
  const { ledger: book } = ledger();
  assert.equal(book.passes(update), false);
  book.passes(step2);
  assert.equal(book.passes(update), true);
});

test("after the socket was lost nothing counts as stored until the next Step2 is confirmed", () => {
  const { ledger: book, settled } = ledger();
  book.received(admitted);
  book.passes(step2);
  book.received(confirmed);
  book.socketLost();
  assert.equal(book.isSettled("d"), false);
  book.received(admitted);
  book.received(confirmed);
  assert.deepEqual(settled, ["d"], "a confirmation of nothing stores nothing");
});

test("confirmations of a document that was given up do not count for the fresh one", () => {
  const { ledger: book, settled } = ledger();
  book.received(admitted);
  book.passes(step2);
  book.passes(update);
  book.opened("d");
  book.passes(step2);
  book.received(confirmed);
  book.received(confirmed);
  assert.deepEqual(settled, []);
  book.received(admitted);
  book.received(confirmed);
  assert.deepEqual(settled, ["d"]);
});

test("a refusal is no confirmation", () => {
  const { ledger: book, settled } = ledger();
  book.received(admitted);
  book.passes(step2);
  book.received(refused);
  assert.deepEqual(settled, []);
});

test("what is nobody's and what has no name goes through uncounted", () => {
  const { ledger: book } = ledger();
  assert.ok(book.passes(frame("other", 0, 2, 0)));
  assert.ok(book.passes(new Uint8Array([10])));
  book.received(new Uint8Array([9]));
  book.received(frame("other", 8, 1));
});
