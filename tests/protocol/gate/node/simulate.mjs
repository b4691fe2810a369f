// Several honest pages type at once over a network that delays, cuts and repeats. Prints what reached the server, in
// the order in which it arrived. Arguments: seed, steps, pages.
import * as Y from "yjs";
import { PointChanges, OwnUndo, difference, held, hex, pointsOf, seeded } from "./editor.mjs";

const [seed, steps, count] = process.argv.slice(2).map(Number);
const random = seeded(seed);
const server = new Y.Doc();
const arrived = [];
const WORDS = ["a", "b", "school ", "😀", "é", "ש", "safe", "x", "and so on "];
const KINDS = ["point", "strength", "worry", "view", "question", "answer", "action"];

class Page {
  constructor(number) {
    this.number = number;
    this.own = number === 0 ? new Set() : null; // the first one may change only what they started
    this.open(new Y.Doc());
  }
  open(doc) {
    this.doc = doc;
    this.doc.clientID = random(0xffffffff);
    this.points = pointsOf(doc);
    this.changes = new PointChanges(this.points, random);
    this.undo = new OwnUndo(this.points, () => null, () => {});
    this.outgoing = [];
    this.incoming = [];
    this.online = true;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), "net");
    doc.on("update", (update, origin) => {
      if (origin !== "net" && this.online) this.outgoing.push({ update, step2: false });
    });
  }
  reopen() {
    while (this.outgoing.length > 0) this.send();
    if (this.online) this.open(new Y.Doc());
  }
  send() {
    const message = this.outgoing.shift();
    if (message === undefined) return;
    arrived.push({ page: this.number, step2: message.step2, update: hex(message.update) });
    if (random(40) === 0) arrived.push({ page: this.number, step2: message.step2, update: hex(message.update) });
    Y.applyUpdate(server, message.update);
    for (const page of pages) if (page !== this && page.online) page.incoming.push(message.update);
  }
  receive() {
    const update = this.incoming.shift();
    if (update !== undefined) Y.applyUpdate(this.doc, update, "net");
  }
  cut() {
    this.online = false;
    this.lost = random(2) === 0 ? this.outgoing : [];
    this.outgoing = [];
    this.incoming = [];
  }
  comeBack() {
    this.online = true;
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(server, Y.encodeStateVector(this.doc)), "net");
    // What was waiting when the line went is sent again, and the Step2 holds it as well.
    this.outgoing = this.lost;
    const step2 = Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(server));
    this.outgoing.push({ update: step2, step2: true });
  }
  act() {
    const ids = [...this.points.keys()].filter((id) => this.own === null || this.own.has(id));
    const choice = ids.length === 0 ? 0 : random(24);
    const id = ids[random(Math.max(ids.length, 1))];
    if (choice === 0) {
      const made = this.changes.create(ids.length === 0 ? null : id, [
        { text: random(2) === 0 ? "" : WORDS[random(WORDS.length)], kind: KINDS[random(7)], saidBy: "" },
      ]);
      if (this.own !== null) made.forEach((one) => this.own.add(one));
      return;
    }
    const text = this.points.get(id).get("text");
    const whole = text.toString();
    if (choice <= 10) {
      const at = random(whole.length + 1);
      const word = WORDS[random(WORDS.length)];
      this.replace(id, whole, at, 0, word);
    } else if (choice <= 14) this.replace(id, whole, random(whole.length + 1), random(6), random(2) ? "w" : "");
    else if (choice === 15) {
      const made = this.changes.split(id, random(whole.length + 1));
      if (this.own !== null && made !== null) this.own.add(made);
    } else if (choice === 16) this.changes.join(id, ids[random(ids.length)] === id ? id : ids[random(ids.length)]);
    else if (choice === 17) this.changes.move(id, null);
    else if (choice === 18) this.changes.setKind(id, KINDS[random(7)]);
    else if (choice === 19) this.changes.strike(id, random(2) === 0);
    else if (choice <= 21) this.undo.undo();
    else this.undo.redo();
  }
  replace(id, whole, at, deleted, inserted) {
    const after = whole.slice(0, at) + inserted + whole.slice(at + deleted);
    this.changes.edit(id, difference(whole, after.toWellFormed() === after ? after : whole, at + inserted.length));
  }
}

const pages = [];
for (let number = 0; number < count; number += 1) pages.push(new Page(number));
for (let step = 0; step < steps; step += 1) {
  const page = pages[random(count)];
  const what = random(100);
  if (what < 45) page.act();
  else if (what < 70) page.online && page.send();
  else if (what < 95) page.online && page.receive();
  else if (what < 98) page.online ? page.cut() : page.comeBack();
  else if (what < 99) page.online && page.reopen();
  else if (page.undo !== null) page.undo.step();
}
for (const page of pages) {
  if (!page.online) page.comeBack();
  while (page.outgoing.length > 0) page.send();
}
process.stdout.write(JSON.stringify({ arrived, held: held(server) }));
