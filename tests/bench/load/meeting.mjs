// One conference under load: its lines, one or two of them typing, and two readers and the typists being listened to.
// Every line is connected and receives everything; only those listened to are timed, which spares the generator.

import { parseUpdateMeta } from "yjs";

import { Line } from "./line.mjs";

export const LISTENED_READERS = 2;

export class Meeting {
  /** `given`: {name, tokens}; the first `typists.length` tokens are those of the typists. */
  constructor(server, given, typists, times) {
    this.times = times;
    this.lines = given.tokens.map((token) => new Line(server, given.name, token));
    this.typists = typists.map((typed, index) => ({ ...typed, line: this.lines[index], sent: [], acknowledged: 0 }));
  }

  async open() {
    for (const line of this.lines) await line.open();
    for (const typist of this.typists) await this.bear(typist);
    for (const typist of this.typists) this.listenAsTypist(typist);
    const readers = this.lines.slice(this.typists.length, this.typists.length + LISTENED_READERS);
    this.listeners = readers.map((line) => this.listen(line, this.typists, "reader"));
  }

  /** The typist's point is made, and stored if the server tells. */
  bear({ line, birth }) {
    for (const update of birth) line.sync(2, update);
    if (!line.dialect.acknowledges) return Promise.resolve();
    return new Promise((resolve, reject) => {
      line.heard = ({ kind }) => {
        if (kind === "refused") reject(new Error("the server refused a new point"));
        if (kind === "stored" && line.unanswered === 0) resolve();
      };
    });
  }

  listenAsTypist(typist) {
    const others = this.typists.filter((other) => other !== typist);
    this.listen(typist.line, others, "typist");
    const hear = typist.line.heard;
    typist.line.heard = (event) => {
      if (event.kind === "stored") this.acknowledge(typist);
      else hear(event);
    };
  }

  acknowledge(typist) {
    const sentAt = typist.sent[typist.acknowledged];
    if (sentAt === undefined) return;
    typist.acknowledged += 1;
    this.times.stored.add(performance.now() - sentAt);
  }

  /** Note when keystrokes of `typists` arrive at `line`; a merged update brings several at once. */
  listen(line, typists, which) {
    const heard = typists.map(() => 0);
    line.heard = (event) => {
      if (event.kind !== "update") return;
      const now = performance.now();
      const { to } = parseUpdateMeta(event.update);
      typists.forEach((typist, index) => {
        const clock = to.get(typist.client);
        if (clock === undefined) return;
        let next = heard[index];
        for (; next < typist.sent.length && typist.strokes[next].clock <= clock; next += 1) {
          if (typist.strokes[next].inserts) this.times[which].add(now - typist.sent[next]);
        }
        heard[index] = next;
      });
    };
    return { line, heard };
  }

  /** Send a typist's next keystroke, and where the cursor is now if `cursors`. */
  type(typist, cursors = false) {
    const stroke = typist.strokes[typist.sent.length];
    if (stroke === undefined) throw new Error("there are not enough keystrokes prepared for so long a run");
    typist.sent.push(performance.now());
    typist.line.sync(2, stroke.update);
    if (cursors) {
      const { line } = typist;
      line.send(line.dialect.cursor(line.name, typist.client, typist.sent.length));
    }
  }

  /** What went wrong, in words; empty if nothing did. */
  faults() {
    const found = [];
    const lost = this.lines.filter((line) => line.lost).length;
    const refused = this.lines.reduce((sum, line) => sum + line.refused, 0);
    const missing = this.typists.reduce((sum, typist) => sum + (typist.sent.length - typist.acknowledged), 0);
    if (lost > 0) found.push(`${lost} connections lost`);
    if (refused > 0) found.push(`${refused} refused`);
    if (this.typists.some(({ line }) => line.dialect.acknowledges) && missing > 0) found.push(`${missing} not acknowledged`);
    for (const { heard } of this.listeners) {
      this.typists.forEach((typist, index) => {
        const last = typist.strokes.slice(0, typist.sent.length).findLastIndex((stroke) => stroke.inserts);
        if (heard[index] <= last) found.push(`${last + 1 - heard[index]} keystrokes did not reach a reader`);
      });
    }
    return found;
  }

  close() {
    for (const line of this.lines) line.close();
  }
}
