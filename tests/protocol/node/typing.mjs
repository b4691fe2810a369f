// Types a recording of real keystrokes into points of one's own: a line break typed splits a point, one deleted joins two.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export const MOST_UNSAVED = 100; // so that a typist who is cut off waits, as a person would

/** The transactions of a recording, or of one made up (`made`: {"txns": [...]}). */
export function recording(file, made) {
  if (made !== undefined && made !== null) return made.txns;
  const raw = readFileSync(file);
  return JSON.parse(file.endsWith(".gz") ? gunzipSync(raw) : raw).txns;
}

export class Typist {
  constructor(page, file, most, made) {
    this.page = page;
    this.txns = recording(file, made).slice(0, most);
    this.ids = [];
    this.lengths = [];
    this.played = 0;
  }

  /** The points' texts, joined by line breaks. */
  get text() {
    return this.ids.map((id) => this.textOf(id)).join("\n");
  }

  textOf(id) {
    return this.page.points.get(id).get("text").toString();
  }

  async play() {
    const { page } = this;
    this.ids = page.changes.create(null, [{ text: "", kind: "point", saidBy: "" }]);
    this.lengths = [0];
    for (const { patches } of this.txns) {
      for (const [at, deleted, inserted] of patches) {
        if (deleted > 0) this.remove(at, deleted);
        if (inserted !== "") this.insert(at, inserted);
      }
      this.played += 1;
      if (this.played % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      while (page.provider.unsyncedChanges > MOST_UNSAVED) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Where a place in the whole text is: [row, place within its point]. */
  find(at) {
    let rest = at;
    for (let row = 0; row < this.lengths.length; row += 1) {
      if (rest <= this.lengths[row]) return [row, rest];
      rest -= this.lengths[row] + 1;
    }
    throw new Error(`there is no place ${at}`);
  }

  insert(at, inserted) {
    let [row, place] = this.find(at);
    inserted.split("\n").forEach((line, index) => {
      if (index > 0) {
        const made = this.page.changes.split(this.ids[row], place);
        if (made === null) throw new Error("a point could not be split");
        this.ids.splice(row + 1, 0, made);
        this.lengths.splice(row + 1, 0, this.lengths[row] - place);
        this.lengths[row] = place;
        row += 1;
        place = 0;
      }
      if (line !== "") {
        this.page.changes.edit(this.ids[row], [...(place > 0 ? [{ retain: place }] : []), { insert: line }]);
        this.lengths[row] += line.length;
        place += line.length;
      }
    });
  }

  remove(at, deleted) {
    let left = deleted;
    while (left > 0) {
      const [row, place] = this.find(at);
      const here = Math.min(left, this.lengths[row] - place);
      if (here > 0) {
        this.page.changes.edit(this.ids[row], [...(place > 0 ? [{ retain: place }] : []), { delete: here }]);
        this.lengths[row] -= here;
        left -= here;
      }
      if (left > 0) {
        this.page.changes.join(this.ids[row], this.ids[row + 1]);
        this.lengths[row] += this.lengths[row + 1];
        this.ids.splice(row + 1, 1);
        this.lengths.splice(row + 1, 1);
        left -= 1;
      }
    }
  }
}
