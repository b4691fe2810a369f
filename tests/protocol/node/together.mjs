// Plays a truly concurrent recording over several pages at once: each writer writes having seen what it had seen then.
//
// What each writer did is made beforehand, with documents that know exactly its parents, under a client id of its own.
// A page then sends it as soon as it holds what was seen, whatever else it holds by then.
import * as Y from "yjs";
import { MOST_UNSAVED, recording } from "./typing.mjs";

/** Every writer's updates: {update, seen (the state vector they were made on)}, and the text of all of them together. */
function prepare(pages, txns, point) {
  const birth = Y.encodeStateAsUpdate(pages[0].doc);
  const writers = pages.map((page) => {
    const doc = new Y.Doc();
    doc.clientID = page.doc.clientID ^ 1; // Yjs takes a new id for a page that is given changes under its own
    Y.applyUpdate(doc, birth);
    return { doc, applied: new Set(), sends: [] };
  });
  const updates = [];
  txns.forEach(({ agent, parents, patches }, index) => {
    const writer = writers[agent];
    const missing = [];
    const stack = [...parents];
    while (stack.length > 0) {
      const one = stack.pop();
      if (writer.applied.has(one)) continue;
      writer.applied.add(one);
      missing.push(one);
      stack.push(...txns[one].parents);
    }
    missing.sort((a, b) => a - b);
    for (const one of missing) if (txns[one].agent !== agent) Y.applyUpdate(writer.doc, updates[one], "net");
    const seen = Y.decodeStateVector(Y.encodeStateVector(writer.doc));
    const text = writer.doc.getMap("points").get(point).get("text");
    let made = new Uint8Array([0, 0]);
    const note = (update) => (made = update);
    writer.doc.on("update", note);
    writer.doc.transact(() => {
      for (const [at, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(at, deleted);
        if (inserted !== "") text.insert(at, inserted.replaceAll("\n", "¶"));
      }
    });
    writer.doc.off("update", note);
    writer.applied.add(index);
    updates[index] = made;
    writer.sends.push({ update: made, seen });
  });
  const all = new Y.Doc();
  Y.applyUpdate(all, birth);
  for (const update of updates) Y.applyUpdate(all, update);
  return { writers, text: all.getMap("points").get(point).get("text").toString() };
}

function holds(doc, seen) {
  for (const [client, clock] of seen) if (Y.getState(doc.store, client) < clock) return false;
  return true;
}

/** Play the first `most` transactions; every page but the first must know `point` already. */
export async function playTogether(pages, { file, made, most, point }) {
  const txns = recording(file, made).slice(0, most);
  const { writers, text } = prepare(pages, txns, point);
  await Promise.all(
    pages.map(async (page, agent) => {
      let sent = 0;
      for (const { update, seen } of writers[agent].sends) {
        while (page.provider.unsyncedChanges > MOST_UNSAVED || !holds(page.doc, seen)) {
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        Y.applyUpdate(page.doc, update, "typed");
        sent += 1;
        if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  return { text, writers: writers.map((writer) => writer.sends.length) };
}
