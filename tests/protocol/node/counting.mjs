// Types numbered words into points of one's own, on and on, online or not, and remembers which the server said it stored:
// on a page's socket by the page's own ledger; a bare provider's own count is too early after a reconnect, and is not
// taken.
import { Ledger } from "../gate/node/editor.mjs";
import { MOST_UNSAVED } from "./typing.mjs";

/**
 * A page's ledger that also notes how far each document had counted when a frame went out. On a slow disk there may be no
 * moment at which everything is confirmed while somebody types on; but what is, is known.
 */
export class NotingLedger extends Ledger {
  /** `stored(name, words)` is called whenever so many words of a document are stored; `typed(name)` says how many there are. */
  constructor(typed, stored) {
    super((name) => stored(name, typed(name)));
    Object.assign(this, { typed, stored, sent: new Map() });
  }

  opened(name) {
    super.opened(name);
    this.sent.set(name, []);
  }

  passes(frame) {
    const found = this.read(frame);
    const before = found?.account.awaiting;
    const may = super.passes(frame);
    if (found && found.account.awaiting > before) this.sent.get(found.name).push(this.typed(found.name));
    return may;
  }

  received(frame) {
    const found = this.read(frame);
    const before = found?.account.awaiting;
    super.received(frame);
    if (found && found.account.awaiting < before) this.stored(found.name, this.sent.get(found.name).shift());
  }
}

const WORDS_IN_A_POINT = 250;

export class Counter {
  constructor(page) {
    this.page = page;
    this.typed = 0;
    this.stored = 0;
    this.point = null;
    this.length = 0;
  }

  /** The server has confirmed so many words, or more. */
  confirmed(words) {
    this.stored = Math.max(this.stored, words);
  }

  /** Type a word every `pace` milliseconds, while no more than `most` changes are unsaved. */
  start(pace, most = MOST_UNSAVED) {
    this.most = most;
    this.timer = setInterval(() => this.type(), pace);
  }

  stop() {
    clearInterval(this.timer);
  }

  type() {
    const { changes, provider } = this.page;
    if (provider.unsyncedChanges > this.most) return;
    if (this.point === null || this.typed % WORDS_IN_A_POINT === 0) {
      this.point = changes.create(this.point, [{ text: "", kind: "point", saidBy: "" }])[0];
      this.length = 0;
    }
    const word = `${this.typed} `;
    changes.edit(this.point, [...(this.length > 0 ? [{ retain: this.length }] : []), { insert: word }]);
    this.length += word.length;
    this.typed += 1;
  }

  tell() {
    return { typed: this.typed, stored: this.stored };
  }
}
