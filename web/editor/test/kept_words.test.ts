import assert from "node:assert/strict";
import { test } from "node:test";

import { KeptWords } from "../src/kept_words";

class Tab implements Storage {
  private readonly items = new Map<string, string>();
  [name: string]: unknown;
  get length(): number {
    return this.items.size;
  }
  clear(): void {
    this.items.clear();
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

const words = (text: string): { point: string; text: string; kind: string; saidBy: string } => ({
  point: "p1",
  text,
  kind: "point",
  saidBy: "",
});
const page = (tab: Storage): KeptWords => new KeptWords("c:me", tab, () => undefined);
const offered = (kept: KeptWords): string[] => kept.offers.map((one) => one.text);

test("what a page had not stored when it closed is offered by the next one in the same tab", () => {
  const tab = new Tab();
  page(tab).open("lane", [words("Not stored.")]);
  const next = page(tab);
  assert.deepEqual(offered(next), [], "not before the lane is there to compare with");
  next.arrived("lane", () => null);
  assert.deepEqual(offered(next), ["Not stored."]);
  assert.equal(next.offers[0]?.refused, false);
});

test("what was stored after all is not offered", () => {
  const tab = new Tab();
  page(tab).open("lane", [words("Stored.")]);
  const next = page(tab);
  next.arrived("lane", () => "Stored.");
  assert.deepEqual(offered(next), []);
  assert.equal(tab.length, 0);
});

test("once all is stored nothing lies in the tab", () => {
  const tab = new Tab();
  const kept = page(tab);
  kept.open("lane", [words("Half a sen")]);
  assert.equal(tab.length, 1);
  kept.open("lane", []);
  assert.equal(tab.length, 0);
});

test("refused words stay until the person chooses, whatever happens to the page", () => {
  const tab = new Tab();
  page(tab).refused("lane", "The part is closed.", [words("Refused.")]);
  const next = page(tab);
  next.arrived("lane", () => null);
  assert.deepEqual(offered(next), ["Refused."]);
  assert.equal(next.offers[0]?.why, "The part is closed.");
  next.letGo(next.offers[0]?.key ?? "");
  assert.deepEqual(offered(next), []);
  assert.equal(tab.length, 0);
});

test("what an earlier page left in another lane stays there until that lane is opened", () => {
  const tab = new Tab();
  page(tab).open("other", [words("Elsewhere.")]);
  const next = page(tab);
  next.open("lane", [words("Here.")]);
  next.open("lane", []);
  const third = page(tab);
  third.arrived("other", () => null);
  assert.deepEqual(offered(third), ["Elsewhere."]);
});

test("everything is erased when the meeting is signed or the person removed", () => {
  const tab = new Tab();
  const kept = page(tab);
  kept.open("lane", [words("Open.")]);
  kept.refused("lane", "No.", [words("Refused.")]);
  kept.erase();
  assert.equal(tab.length, 0);
  assert.deepEqual(offered(page(tab)), []);
});

test("words of another person in the same browser are not seen, and rubbish is nothing", () => {
  const tab = new Tab();
  page(tab).refused("lane", "No.", [words("Mine.")]);
  assert.deepEqual(offered(new KeptWords("c:you", tab, () => undefined)), []);
  tab.setItem("c:me", "{half written");
  assert.deepEqual(offered(page(tab)), []);
});

test("an offer goes when the words come to stand in the text, with more behind them or not", () => {
  const tab = new Tab();
  page(tab).open("lane", [words("She rang.")]);
  const next = page(tab);
  next.arrived("lane", () => null);
  next.compare("other lane", () => "She rang.");
  next.compare("lane", () => "She");
  assert.deepEqual(offered(next), ["She rang."]);
  next.compare("lane", () => "Yes. She rang. Twice.");
  assert.deepEqual(offered(next), []);
  assert.equal(tab.length, 0);
});

test("refused words go only when the point reads exactly so: shorter ones may be what was refused", () => {
  const tab = new Tab();
  const kept = page(tab);
  kept.refused("lane", "No.", [words("She rang.")]);
  kept.compare("lane", () => "She rang. Twice.");
  assert.deepEqual(offered(kept), ["She rang."]);
  kept.compare("lane", () => "She rang.");
  assert.deepEqual(offered(kept), []);
});
