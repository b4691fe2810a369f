// Everything one does in the editor, act by act: the updates that each sends. One JSON object for each act.
import * as Y from "yjs";
import { PointChanges, OwnUndo, difference, held, hex, pointsOf, readPoints, seeded } from "./editor.mjs";

const random = seeded(20);

class Page {
  constructor(client) {
    this.doc = new Y.Doc();
    this.doc.clientID = client;
    this.points = pointsOf(this.doc);
    this.changes = new PointChanges(this.points, random);
    this.undo = new OwnUndo(this.points, () => null, () => {});
    this.sent = [];
    this.doc.on("update", (update, origin) => {
      if (origin !== "net") this.sent.push(update);
    });
  }
  text(id) {
    return this.points.get(id).get("text");
  }
  type(id, at, deleted, inserted) {
    const before = this.text(id).toString();
    const after = before.slice(0, at) + inserted + before.slice(at + deleted);
    this.changes.edit(id, difference(before, after, at + inserted.length));
  }
}

const log = [];
const chair = new Page(3_000_000_001);
const other = new Page(1_000_000_002);
const pages = { chair, other };

function act(name, who, work) {
  const page = pages[who];
  page.undo.step();
  const result = work(page);
  const updates = page.sent.splice(0);
  for (const update of updates) {
    for (const reader of Object.values(pages)) if (reader !== page) Y.applyUpdate(reader.doc, update, "net");
  }
  log.push({ act: name, who, updates: updates.map(hex) });
  return result;
}

/** What a page that was away does to its document, and what it then sends as its Step2. */
function away(name, who, work) {
  const page = pages[who];
  const everyone = Object.values(pages).find((one) => one !== page);
  page.undo.step();
  work(page);
  page.sent.splice(0);
  const step2 = Y.encodeStateAsUpdate(page.doc, Y.encodeStateVector(everyone.doc));
  Y.applyUpdate(everyone.doc, step2, "net");
  log.push({ act: name, who, step2: true, updates: [hex(step2)] });
}

const fresh = (text) => ({ text, kind: "point", saidBy: "" });
const [first] = act("create", "chair", (p) => p.changes.create(null, [fresh("")]));
const [filled] = act("create with text", "chair", (p) => p.changes.create(first, [fresh("Zoë goes to school")]));
const [own] = act("create with text", "other", (p) => p.changes.create(filled, [fresh("seen by the nurse")]));
act("type the first letter", "chair", (p) => p.type(first, 0, 0, "T"));
act("type on", "chair", (p) => p.type(first, 1, 0, "h"));
act("type on", "chair", (p) => p.type(first, 2, 0, "e house is warm"));
act("type inside", "chair", (p) => p.type(first, 4, 0, "old "));
act("type in front", "chair", (p) => p.type(first, 0, 0, "Now "));
act("type in someone else's text", "other", (p) => p.type(first, 8, 0, "very "));
act("backspace", "chair", (p) => p.type(first, 5, 1, ""));
act("cut", "chair", (p) => p.type(first, 0, 8, ""));
act("paste", "chair", (p) => p.type(first, 3, 0, "a pasted sentence. "));
act("clear the whole text", "chair", (p) => p.type(first, 0, p.text(first).length, ""));
act("type into a cleared text", "chair", (p) => p.type(first, 0, 0, "Nurse says: "));
act("replace a word", "chair", (p) => p.type(first, 0, 5, "Midwife"));
act("put in an emoji", "chair", (p) => p.type(first, 7, 0, " 😀"));
act("replace an emoji by its neighbour", "chair", (p) => p.type(first, 8, 2, "😁"));
act("delete an emoji", "chair", (p) => p.type(first, 8, 2, ""));
act("compose letters", "chair", (p) => {
  p.type(first, 0, 0, "n");
  p.type(first, 0, 1, "に");
  p.type(first, 0, 1, "日本");
});
act("write right to left", "chair", (p) => p.type(first, 2, 0, "שלום"));
act("write in one step as a delta", "chair", (p) =>
  p.changes.edit(first, [{ retain: 2 }, { delete: 4 }, { insert: "bonjour" }]));
const tail = act("split", "chair", (p) => p.changes.split(filled, 4));
act("undo a split", "chair", (p) => p.undo.undo());
act("redo a split", "chair", (p) => p.undo.redo());
act("join", "chair", (p) => p.changes.join(filled, tail));
act("undo a join", "chair", (p) => p.undo.undo());
act("redo a join", "chair", (p) => p.undo.redo());
act("split at the end", "chair", (p) => p.changes.split(first, p.text(first).length));
act("move", "chair", (p) => p.changes.move(own, null));
act("undo a move", "chair", (p) => p.undo.undo());
act("kind", "chair", (p) => p.changes.setKind(first, "worry"));
act("said by", "chair", (p) => p.changes.setSaidBy(first, "nurse1"));
act("strike", "chair", (p) => p.changes.strike(own, true));
act("unstrike", "other", (p) => p.changes.strike(own, false));
act("undo typing", "chair", (p) => {
  p.type(first, 0, 0, "typed in vain");
  p.undo.undo();
});
act("redo typing", "chair", (p) => p.undo.redo());
act("undo a deletion", "chair", (p) => {
  p.type(first, 0, 5, "");
  p.undo.undo();
});
const [undone] = act("create with text", "chair", (p) => p.changes.create(own, [fresh("too hasty")]));
act("type in someone else's text", "other", (p) => p.type(undone, 3, 0, " much"));
act("undo a creation in which another typed", "chair", (p) => {
  p.undo.undo();
});
act("redo a creation", "chair", (p) => p.undo.redo());
act("paste thirty lines", "chair", (p) =>
  p.changes.breakInto(first, 2, 4, Array.from({ length: 30 }, (_, i) => `line ${i}`)));
act("undo a paste", "chair", (p) => p.undo.undo());
act("redo a paste", "chair", (p) => p.undo.redo());
away("nothing while away", "chair", () => {});
away("type while away", "chair", (p) => {
  for (const letter of "while away") p.type(own, 0, 0, letter);
  p.type(own, 3, 2, "");
  p.type(own, 1, 0, "kept and then deleted");
  p.type(own, 1, 21, "");
});
away("change values while away", "chair", (p) => {
  for (const kind of ["strength", "question", "answer", "worry"]) p.changes.setKind(own, kind);
  for (let i = 0; i < 5; i += 1) p.changes.strike(own, i % 2 === 0);
});
away("create while away", "other", (p) => {
  const ids = p.changes.create(own, [fresh("made away"), fresh("")]);
  p.changes.strike(ids[0], true);
  p.changes.strike(ids[0], false);
  p.changes.setKind(ids[1], "view");
  p.undo.undo();
  p.changes.split(ids[0], 4);
  p.type(ids[0], 0, 4, "");
});
away("change values while away, with nothing kept for undo", "other", (p) => {
  p.undo.destroy();
  for (const kind of ["strength", "question", "answer", "worry"]) p.changes.setKind(own, kind);
  p.type(own, 0, 0, "gone again");
  p.type(own, 0, 10, "");
});

process.stdout.write(JSON.stringify({ log, held: held(chair.doc), shown: readPoints(chair.points).length }));
