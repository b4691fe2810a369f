// Plays a recording of real typing in Yjs and prints every update it makes, a line of "writer hex" each.
// Input: JSON {"txns": [{"patches": [[at, deleted, inserted]], "parents"?, "agent"?}]}. Argument: "point" plays into a
// point made for it (printed first), with ¶ for each line break; otherwise into a plain text.
import * as Y from "yjs";
import { readFileSync } from "node:fs";
import { hex, held } from "./editor.mjs";

const { txns } = JSON.parse(readFileSync(0, "utf8"));
const intoPoint = process.argv[2] === "point";
const ID = "p000000000000000000001";
const lines = [];
const writers = new Map();
let birth = null;

function textOf(doc) {
  return intoPoint ? doc.getMap("points").get(ID).get("text") : doc.getText("text");
}

function writer(agent) {
  if (!writers.has(agent)) {
    const doc = new Y.Doc();
    doc.clientID = 1000 + agent;
    if (birth !== null) Y.applyUpdate(doc, birth, "net");
    else if (intoPoint) {
      doc.transact(() => {
        const point = new Y.Map();
        point.set("text", new Y.Text());
        point.set("position", "a0");
        point.set("kind", "point");
        point.set("said_by", "");
        point.set("struck", false);
        doc.getMap("points").set(ID, point);
      });
      birth = Y.encodeStateAsUpdate(doc);
      lines.push(`${agent} ${hex(birth)}`);
    }
    const one = { agent, doc, made: null, applied: new Set() };
    doc.on("update", (update, origin) => {
      if (origin !== "net") one.made = update;
    });
    writers.set(agent, one);
  }
  return writers.get(agent);
}

const updates = [];
const authors = [];

/** A writer has seen, when it writes, exactly what its transaction's parents had seen. */
function bringUp(one, parents) {
  const missing = [];
  const stack = [...parents];
  while (stack.length > 0) {
    const index = stack.pop();
    if (one.applied.has(index)) continue;
    one.applied.add(index);
    missing.push(index);
    if (txns[index].parents) stack.push(...txns[index].parents);
  }
  missing.sort((a, b) => a - b);
  for (const index of missing) if (authors[index] !== one.agent) Y.applyUpdate(one.doc, updates[index], "net");
}

txns.forEach((txn, index) => {
  const one = writer(txn.agent ?? 0);
  if (txn.parents) bringUp(one, txn.parents);
  const text = textOf(one.doc);
  one.made = null;
  one.doc.transact(() => {
    for (const [at, deleted, inserted] of txn.patches) {
      if (deleted > 0) text.delete(at, deleted);
      if (inserted !== "") text.insert(at, intoPoint ? inserted.replaceAll("\n", "¶") : inserted);
    }
  });
  one.applied.add(index);
  authors[index] = one.agent;
  updates[index] = one.made ?? new Uint8Array([0, 0]);
  lines.push(`${one.agent} ${hex(updates[index])}`);
});

const last = new Y.Doc();
if (birth !== null) Y.applyUpdate(last, birth);
for (const update of updates) Y.applyUpdate(last, update);
process.stdout.write(lines.join("\n"));
process.stdout.write(`\n= ${JSON.stringify(intoPoint ? held(last)[ID].text : textOf(last).toString())}\n`);
