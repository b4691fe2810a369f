import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Outbox, type Outcome, type Sent, type Waiting } from "../src/reading/outbox";
import { erase } from "../src/reading/store";

class Storage {
  [name: string]: unknown;
  getItem(name: string): string | null {
    return Object.hasOwn(this, name) ? String(this[name]) : null;
  }
  setItem(name: string, value: string): void {
    this[name] = value;
  }
  removeItem(name: string): void {
    delete this[name];
  }
}

const SENT: Outcome = { kind: "sent", answer: {} };
const flag = { path: "flags", fields: { words: "It was March." }, what: "flag", point: "p1" } as const;

let tried: Waiting[];
let sent: Sent[];
let outcomes: Outcome[];
let shutOut: number;

beforeEach(() => {
  Object.assign(globalThis, { window: globalThis });
  Object.defineProperty(globalThis, "sessionStorage", { value: new Storage(), configurable: true });
  [tried, sent, outcomes, shutOut] = [[], [], [], 0];
});

function outbox(): Outbox {
  return new Outbox(
    "mine/outbox",
    async (item) => {
      tried.push(item);
      return outcomes.shift() ?? { kind: "no_signal" };
    },
    (one) => one && sent.push(one),
    () => (shutOut += 1),
  );
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

test("what was sent is told and not kept", async () => {
  outcomes = [SENT];
  const box = outbox();
  box.add(flag);
  await settled();
  assert.equal(sent.length, 1);
  assert.equal(box.unsent, 0);
  assert.equal(sessionStorage.getItem("mine/outbox"), null);
});

test("without signal it is kept, and sent later with the key it had", async () => {
  const box = outbox();
  box.add(flag);
  await settled();
  assert.equal(box.unsent, 1);
  box.stop();

  const again = outbox(); // the page was loaded again
  assert.equal(again.items[0]?.fields["words"], "It was March.");
  outcomes = [SENT];
  await again.pump();
  assert.equal(again.unsent, 0);
  assert.equal(tried[0]?.key, tried[1]?.key);
});

test("words the server would not have stay until their writer lets them go", async () => {
  outcomes = [{ kind: "refused", reason: "The meeting has stopped for now." }];
  const box = outbox();
  box.add(flag);
  await settled();
  assert.equal(box.items[0]?.refused, "The meeting has stopped for now.");
  await box.pump();
  assert.equal(tried.length, 1, "it is not sent again by itself");
  box.takeBack(box.items[0]?.key ?? "");
  assert.equal(box.items.length, 0);
});

test("things go in the order they were written", async () => {
  const box = outbox();
  box.add(flag);
  box.add({ ...flag, point: "p2" });
  await settled();
  box.stop();
  outcomes = [SENT, SENT];
  await outbox().pump();
  assert.deepEqual(
    sent.map(({ item }) => item.point),
    ["p1", "p2"],
  );
});

test("what was taken back while it was on its way is not shown as sent", async () => {
  const box = outbox();
  box.add(flag);
  box.takeBack(box.items[0]?.key ?? "");
  await settled();
  assert.equal(sent.length, 0);
});

test("what comes back to a page that has moved on is not kept in the tab again", async () => {
  outcomes = [{ kind: "refused", reason: "The record is signed." }];
  const box = outbox();
  box.add(flag);
  box.stop();
  erase("mine/"); // the next page is that of a meeting that was signed
  await settled();
  await box.pump();
  assert.equal(sessionStorage.getItem("mine/outbox"), null);
  assert.equal(tried.length, 1);
});

test("somebody shut out sends nothing more", async () => {
  outcomes = [{ kind: "shut_out" }];
  const box = outbox();
  box.add(flag);
  box.add(flag);
  await settled();
  assert.equal(shutOut, 1);
  assert.equal(tried.length, 1);
});

test("erasing leaves nothing of this person, and the others' alone", async () => {
  sessionStorage.setItem("theirs/outbox", "[]");
  sessionStorage.setItem("mine/draft", "half a sentence");
  const box = outbox();
  box.add(flag);
  await settled();
  box.erase();
  erase("mine/");
  assert.deepEqual(Object.keys(sessionStorage), ["theirs/outbox"]);
});
