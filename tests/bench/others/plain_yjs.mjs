// What y-websocket's server does, and no more: a document per address, every update applied and sent on. Nothing is
// stored and nothing acknowledged. node plain_yjs.mjs PORT
import { createServer } from "node:http";

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocketServer } from "ws";
import * as awarenessProtocol from "y-protocols/awareness";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";

const SYNC = 0;
const AWARENESS = 1;
const rooms = new Map();

function room(name) {
  let found = rooms.get(name);
  if (found === undefined) {
    const doc = new Y.Doc({ gc: true });
    found = { doc, people: new Set(), awareness: new awarenessProtocol.Awareness(doc) };
    rooms.set(name, found);
    doc.on("update", (update) => {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, SYNC);
      sync.writeUpdate(encoder, update);
      const frame = encoding.toUint8Array(encoder);
      for (const person of found.people) person.send(frame);
    });
    found.awareness.setLocalState(null);
    found.awareness.on("update", ({ added, updated, removed }) => {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, AWARENESS);
      const changed = [...added, ...updated, ...removed];
      encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(found.awareness, changed));
      const frame = encoding.toUint8Array(encoder);
      for (const person of found.people) person.send(frame);
    });
  }
  return found;
}

const http = createServer();
new WebSocketServer({ server: http, perMessageDeflate: false }).on("connection", (person, request) => {
  person.binaryType = "arraybuffer";
  const { doc, people, awareness } = room(request.url.slice(1));
  people.add(person);
  person.on("close", () => people.delete(person));
  person.on("message", (data) => {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    const kind = decoding.readVarUint(decoder);
    if (kind === AWARENESS) {
      awarenessProtocol.applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), person);
    }
    if (kind !== SYNC) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    sync.readSyncMessage(decoder, encoder, doc, person);
    if (encoding.length(encoder) > 1) person.send(encoding.toUint8Array(encoder));
  });
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  sync.writeSyncStep1(encoder, doc);
  person.send(encoding.toUint8Array(encoder));
});
http.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));
