// Types numbered words into points of one's own, on and on, online or not, and remembers which the server said it stored:
// on a page's socket as the page itself knows it; a bare provider's own count is too early after a reconnect, and is
// not taken.
import { MOST_UNSAVED } from "./typing.mjs";

const WORDS_IN_A_POINT = 250;

export class Counter {
  constructor(page) {
    this.page = page;
    this.typed = 0;
    this.stored = 0;
    this.waitingSince = null;
    this.waited = null;
    this.point = null;
    this.length = 0;
  }

  /** The server has confirmed everything that was sent, which is everything typed. */
  settled() {
    this.stored = this.typed;
    this.waitingSince = null;
  }

  /** The server says that something is not stored: how long had the oldest of it waited, the first time? */
  notStored() {
    if (this.waitingSince !== null) this.waited ??= performance.now() - this.waitingSince;
  }

  start(pace) {
    this.timer = setInterval(() => this.type(), pace);
  }

  stop() {
    clearInterval(this.timer);
  }

  type() {
    const { changes, provider } = this.page;
    if (provider.unsyncedChanges > MOST_UNSAVED) return;
    if (this.point === null || this.typed % WORDS_IN_A_POINT === 0) {
      this.point = changes.create(this.point, [{ text: "", kind: "point", saidBy: "" }])[0];
      this.length = 0;
    }
    const word = `${this.typed} `;
    changes.edit(this.point, [...(this.length > 0 ? [{ retain: this.length }] : []), { insert: word }]);
    this.length += word.length;
    this.typed += 1;
    this.waitingSince ??= performance.now();
  }

  tell() {
    return { typed: this.typed, stored: this.stored, waited: this.waited };
  }
}
