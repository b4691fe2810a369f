/**
 * What is happening on the shared screen: which point is being typed, and which is being put right. It compares what
 * stands with what stood, and knows nothing of how that is drawn. Of each kind there is one at a time, the last.
 */

import type { Drawn } from "../reading/live_points";

/** A point is being typed until it has been still this long. */
const STILL = 4_000;
/** A correction stays to be read this long after its last change. */
const STAYS = 8_000;

interface Correction {
  /** The point as it was before anybody put it right. */
  readonly before: Drawn;
  until: number;
}

/** What a correction changes: other words, somebody else who said it, or, without `after`, a point that is struck out. */
export interface Change {
  readonly before: Drawn;
  readonly after: Drawn | undefined;
}

export class ScreenChanges {
  /** Each point as it was when it was last still, and when it last changed. */
  private readonly settled = new Map<string, Drawn>();
  private readonly touched = new Map<string, number>();
  /** Null until the first points have come: nothing is new among those. */
  private stands: ReadonlyMap<string, Drawn> | null = null;
  private correction: Correction | null = null;
  typed = "";

  /** The points that stand now, in their order, without those struck out. */
  take(points: readonly Drawn[], now: number): void {
    const stood = this.stands;
    this.stands = new Map(points.map((point) => [point.id, point]));
    if (stood === null) {
      for (const point of points) this.settled.set(point.id, point);
      return;
    }
    const end = points[points.length - 1]?.id;
    for (const point of points) this.compare(point, stood.get(point.id), point.id === end, now);
    for (const gone of stood.values()) {
      // Words that have joined another point are not lost.
      const joined = ({ id, text }: Drawn): boolean =>
        text.includes(gone.text) && stood.get(id)?.text.includes(gone.text) === false;
      if (!this.stands.has(gone.id) && !points.some(joined)) this.struck(gone, now);
    }
  }

  /** What is being put right at this moment, if anything is. */
  get change(): Change | null {
    if (this.correction === null) return null;
    const { before } = this.correction;
    const after = this.stands?.get(before.id);
    return after !== undefined && same(before, after) ? null : { before, after };
  }

  /** Time has passed: what was still long enough has settled. How long until the next of it has, in milliseconds. */
  pass(now: number): number {
    let soonest = Infinity;
    if (this.correction !== null) {
      const left = this.correction.until - now;
      if (left <= 0) this.correction = null;
      else soonest = left;
    }
    for (const [id, point] of this.stands ?? []) {
      const still = now - (this.touched.get(id) ?? -Infinity);
      if (still < STILL) {
        soonest = Math.min(soonest, STILL - still);
        continue;
      }
      if (this.correction?.before.id !== id) this.settled.set(id, point);
      if (this.typed === id) this.typed = "";
    }
    if (!this.stands?.has(this.typed)) this.typed = "";
    return soonest;
  }

  private compare(point: Drawn, was: Drawn | undefined, last: boolean, now: number): void {
    const { id, text } = point;
    if (was !== undefined && same(was, point)) return;
    const settled = this.settled.get(id);
    // Struck out a while ago, and put back as it was.
    if (was === undefined && settled !== undefined && same(settled, point) && this.correction?.before.id !== id) return;
    this.touched.set(id, now);
    if (this.correction?.before.id === id) this.correction.until = now + STAYS;
    else if (was === undefined || id === this.typed || (last && settled === undefined)) this.typed = id;
    else if (last && was.by === point.by && text.startsWith(was.text)) this.typed = id;
    else this.correction = { before: settled ?? was, until: now + STAYS };
  }

  /** A point that stood is not there any more. One that was only begun goes as it came. */
  private struck(gone: Drawn, now: number): void {
    const before = this.settled.get(gone.id);
    if (before === undefined) return;
    if (this.correction?.before.id === gone.id) this.correction.until = now + STAYS;
    else this.correction = { before, until: now + STAYS };
  }
}

/** As far as the screen shows them; a number changes whenever a point comes above. */
function same(one: Drawn, other: Drawn): boolean {
  return one.text === other.text && one.by === other.by;
}
