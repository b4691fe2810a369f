/**
 * What an editor does to a lane's points. Every change is one or two transactions under known origins, in the shape the
 * gate expects of an honest client: a point is born struck and empty under `BIRTH`, then shown and filled under `ME`;
 * all five keys are set at birth; nothing is ever deleted from a map.
 */

import * as Y from "yjs";

import { keysBetween } from "./positions";
import {
  type Kind,
  type Point,
  type PointMap,
  type PointsMap,
  type Random,
  cryptoRandom,
  newPointId,
  readAllPoints,
  textOf,
} from "./shape";
import { type Change, cleanText, cutsPair } from "./text_change";
import { BIRTH, ME } from "./undo";

export interface NewPoint {
  readonly text: string;
  readonly kind: Kind;
  readonly saidBy: string;
}

export class PointChanges {
  /** Positions made here: a row that goes on behind one of them keeps its prefix. */
  private readonly made = new Set<string>();

  constructor(
    private readonly points: PointsMap,
    private readonly random: Random = cryptoRandom,
  ) {}

  /** New points in a row behind `after` (before everything else if null). Their ids, in order. */
  create(after: string | null, news: readonly NewPoint[]): string[] {
    const ids = this.bear(after, news);
    this.change(() => ids.forEach((id, i) => this.show(id, (news[i] as NewPoint).text)));
    return ids;
  }

  /** What stands behind `at` becomes a point of its own, with the same kind and the same person. */
  split(id: string, at: number): string | null {
    const map = this.points.get(id);
    const text = map === undefined ? null : textOf(map);
    if (map === undefined || text === null) return null;
    const whole = text.toString();
    const place = cutsPair(whole, at) ? at - 1 : at;
    const [made] = this.bear(id, [{ text: "", ...this.likeness(map) }]);
    if (made === undefined) return null;
    this.change(() => {
      const tail = whole.slice(place);
      if (tail !== "") text.delete(place, tail.length);
      this.show(made, tail);
    });
    return made;
  }

  /** The lower point's words go to the end of the upper one. Where they begin there, or null if nothing was done. */
  join(upper: string, lower: string): number | null {
    const into = this.text(upper);
    const from = this.text(lower);
    const map = this.points.get(lower);
    if (into === null || from === null || map === undefined) return null;
    const seam = into.length;
    this.change(() => {
      const words = from.toString();
      if (words !== "") {
        into.insert(seam, words);
        from.delete(0, words.length);
      }
      setValue(map, "struck", true);
    });
    return seam;
  }

  /** Several pasted lines at a place in a point: the first stays in it, the others become points, the tail goes last. */
  breakInto(id: string, from: number, to: number, lines: readonly string[]): { point: string; at: number } | null {
    const map = this.points.get(id);
    const text = map === undefined ? null : textOf(map);
    const [first, ...others] = lines;
    if (map === undefined || text === null || first === undefined) return null;
    const made = this.bear(id, others.map((line) => ({ text: line, ...this.likeness(map) })));
    const last = made[made.length - 1];
    const tail = last === undefined ? "" : text.toString().slice(to);
    this.change(() => {
      if (to - from + tail.length > 0) text.delete(from, to - from + tail.length);
      if (first !== "") text.insert(from, first);
      made.forEach((one, i) => this.show(one, (others[i] as string) + (one === last ? tail : "")));
    });
    return last === undefined
      ? { point: id, at: from + first.length }
      : { point: last, at: (others[others.length - 1] as string).length };
  }

  edit(id: string, change: Change): void {
    const text = this.text(id);
    if (text !== null && change.length > 0) this.change(() => text.applyDelta([...change]));
  }

  strike(id: string, struck: boolean): void {
    this.set(id, "struck", struck);
  }

  setKind(id: string, kind: Kind): void {
    this.set(id, "kind", kind);
  }

  setSaidBy(id: string, participant: string): void {
    this.set(id, "said_by", participant);
  }

  /** Behind `after`, or before everything if null. */
  move(id: string, after: string | null): void {
    const [key] = this.keys(after, 1, id);
    if (key !== undefined) this.set(id, "position", key);
  }

  private set(id: string, key: string, value: string | boolean): void {
    const map = this.points.get(id);
    if (map !== undefined && map.get(key) !== value) this.change(() => setValue(map, key, value));
  }

  private text(id: string): Y.Text | null {
    const map = this.points.get(id);
    return map === undefined ? null : textOf(map);
  }

  private likeness(map: PointMap): { kind: Kind; saidBy: string } {
    return { kind: map.get("kind") as Kind, saidBy: (map.get("said_by") as string | undefined) ?? "" };
  }

  /** Born struck and empty, untracked: undo will strike and empty it again, and never remove it. */
  private bear(after: string | null, news: readonly NewPoint[]): string[] {
    const keys = this.keys(after, news.length);
    const ids = news.map(() => newPointId(this.random));
    this.doc().transact(() => {
      news.forEach(({ kind, saidBy }, i) => {
        const map = new Y.Map<unknown>();
        map.set("text", new Y.Text());
        map.set("position", keys[i]);
        map.set("kind", kind);
        map.set("said_by", saidBy);
        map.set("struck", true);
        this.points.set(ids[i] as string, map);
      });
    }, BIRTH);
    return ids;
  }

  private show(id: string, words: string): void {
    const map = this.points.get(id) as PointMap;
    setValue(map, "struck", false);
    const text = cleanText(words);
    if (text !== "") (textOf(map) as Y.Text).insert(0, text);
  }

  /** `count` positions in a row behind `after`, among all points, also those nobody sees. */
  private keys(after: string | null, count: number, moving?: string): string[] {
    const all = readAllPoints(this.points).filter((point) => point.id !== moving);
    const lower = after === null ? null : (all.find((point) => point.id === after)?.position ?? lastPosition(all));
    // Two points may stand at one position: what follows both is then the next greater one.
    const upper = all.find((point) => lower === null || point.position > lower)?.position ?? null;
    const keys = keysBetween(lower, upper, count, this.random, lower !== null && this.made.has(lower));
    for (const key of keys) this.made.add(key);
    return keys;
  }

  private change(act: () => void): void {
    this.doc().transact(act, ME);
  }

  private doc(): Y.Doc {
    const { doc } = this.points;
    if (doc === null) throw new Error("these points belong to no document");
    return doc;
  }
}

function lastPosition(all: readonly Point[]): string | null {
  return all[all.length - 1]?.position ?? null;
}

function setValue(map: PointMap, key: string, value: string | boolean): void {
  map.set(key, value);
}
