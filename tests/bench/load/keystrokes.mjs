// Keystrokes as updates a page would send: one point, made as the editor makes it, and one update per keystroke.
// They are encoded before the measurement, once, and every conference types the same: the names differ, the bytes do not.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import * as Y from "yjs";

const SENTENCES = [
  "Ellie's form tutor says that she has settled since half-term and comes in smiling.",
  "Attendance was 71 per cent in the autumn and is 94 per cent now.",
  "Mum says that the mornings are the hardest, because she is on her own with both of them until the bus comes.",
  "The health visitor has seen Harper four times since September; his weight is where it should be.",
  "Grandma can have the children on Wednesdays and would like to be asked more often.",
  "The school nurse will see Ellie every fortnight and write to both parents afterwards.",
];

/** The same numbers at every run: a generator that needs to be repeatable, not good. */
function repeatable(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 0x1_0000_0000;
    return state / 0x1_0000_0000;
  };
}

/** Patches [position, deleted, inserted] of somebody typing: a slip now and then, taken back, sometimes a word later. */
function* typing(random) {
  let length = 0;
  for (;;) {
    const sentence = SENTENCES[Math.floor(random() * SENTENCES.length)];
    for (const letter of `${sentence} `) {
      if (random() < 0.06) {
        const slips = 1 + Math.floor(random() * 4);
        for (let slip = 0; slip < slips; slip += 1) {
          yield [length, 0, "etaoinsr"[Math.floor(random() * 8)]];
          length += 1;
        }
        for (let slip = 0; slip < slips; slip += 1) {
          length -= 1;
          yield [length, 1, ""];
        }
      }
      yield [length, 0, letter];
      length += 1;
    }
  }
}

/** Patches of a recording (JSON, gzipped, with `txns`), a newline as "¶" so that all of it stays in one point. */
function* recorded(file) {
  for (const { patches } of JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")).txns) {
    for (const [position, deleted, inserted] of patches) yield [position, deleted, inserted.replaceAll("\n", "¶")];
  }
}

/**
 * `count` keystrokes of one typist.
 * Returns `birth` (the updates that make the point) and `strokes`; a stroke is the update and the clock of `client` after it.
 */
export function keystrokes({ client, count, file, seed }) {
  const doc = new Y.Doc();
  doc.clientID = client;
  const updates = [];
  doc.on("update", (update) => updates.push(update));
  const random = repeatable(seed);
  const id = `p${Array.from({ length: 21 }, () => "0123456789abcdefghijklmnopqrstuvwxyz"[Math.floor(random() * 36)]).join("")}`;
  const point = new Y.Map();
  const text = new Y.Text();
  doc.transact(() => {
    point.set("text", text);
    point.set("position", `a${seed % 10}`);
    point.set("kind", "point");
    point.set("said_by", "");
    point.set("struck", true);
    doc.getMap("points").set(id, point);
  });
  doc.transact(() => point.set("struck", false));
  const birth = updates.splice(0);
  const clock = () => Y.getState(doc.store, client);
  const strokes = [];
  for (const [position, deleted, inserted] of file ? recorded(file) : typing(random)) {
    if (strokes.length === count) break;
    doc.transact(() => {
      if (deleted > 0) text.delete(position, deleted);
      if (inserted !== "") text.insert(position, inserted);
    });
    strokes.push({ update: Buffer.from(updates.pop()), clock: clock(), inserts: inserted !== "" });
  }
  return { birth: birth.map((update) => Buffer.from(update)), strokes };
}
