// Yjs's opinion. For each line of input {"updates": [hex]}, one line {"held", "vector", "pending"} of a new document
// that applied them in this order; {"error"} if Yjs threw.
import * as Y from "yjs";
import { createInterface } from "node:readline";
import { held, hex, unhex } from "./editor.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const doc = new Y.Doc();
  let answer;
  try {
    for (const update of JSON.parse(line).updates) Y.applyUpdate(doc, unhex(update));
    answer = {
      held: held(doc),
      vector: hex(Y.encodeStateVector(doc)),
      pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
    };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
