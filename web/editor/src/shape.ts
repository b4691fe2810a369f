/**
 * The shape of a lane (design: one root map `points`, point id → map of five keys) and how it reads as a list.
 * The same rules as `shared_doc/schema.py` and `shared_doc/points.py`: what the gate refuses, no page may offer.
 */

import * as Y from "yjs";

export const SCHEMA_VERSION = 1;

export const KINDS = ["point", "strength", "worry", "view", "question", "answer", "action"] as const;
export type Kind = (typeof KINDS)[number];

/** What a kind is called on every page. A plain point carries no label. */
export const KIND_LABELS: Readonly<Record<Kind, string>> = {
  point: "Point",
  strength: "Strength",
  worry: "Worry",
  view: "View",
  question: "Question",
  answer: "Answer",
  action: "To do",
};

export interface Point {
  readonly id: string;
  readonly text: string;
  readonly position: string;
  readonly kind: Kind;
  /** The participant recorded as having said it, or "". */
  readonly saidBy: string;
  readonly struck: boolean;
}

export type PointMap = Y.Map<unknown>;
export type PointsMap = Y.Map<PointMap>;

export function pointsOf(doc: Y.Doc): PointsMap {
  return doc.getMap("points") as PointsMap;
}

export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && (KINDS as readonly string[]).includes(value);
}

export function textOf(map: PointMap): Y.Text | null {
  const text = map.get("text");
  return text instanceof Y.Text ? text : null;
}

/** One point, or null where the entry is not a point (the gate lets none in; a page must not break on one). */
export function readPoint(id: string, map: PointMap): Point | null {
  const text = textOf(map);
  const position = map.get("position");
  const kind = map.get("kind");
  const saidBy = map.get("said_by");
  if (text === null || typeof position !== "string" || !isKind(kind)) return null;
  return {
    id,
    text: text.toString(),
    position,
    kind,
    saidBy: typeof saidBy === "string" ? saidBy : "",
    struck: map.get("struck") === true,
  };
}

/** The words of one point, or null where there is none. */
export function textIn(points: PointsMap, id: string): string | null {
  const map = points.get(id);
  return map === undefined ? null : (readPoint(id, map)?.text ?? null);
}

/** Order by position, then id; by code units, as Python orders these ASCII keys. */
export function comparePoints(a: Pick<Point, "position" | "id">, b: Pick<Point, "position" | "id">): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Every point in order, also those struck and empty: positions are reckoned among all of them. */
export function readAllPoints(points: PointsMap): Point[] {
  const list: Point[] = [];
  points.forEach((map, id) => {
    const point = readPoint(id, map);
    if (point !== null) list.push(point);
  });
  return list.sort(comparePoints);
}

/** A point that is struck and empty is neither drawn nor recorded. */
export function isShown(point: Pick<Point, "struck" | "text">): boolean {
  return !(point.struck && point.text === "");
}

/** The points people see, in order. */
export function readPoints(points: PointsMap): Point[] {
  return readAllPoints(points).filter(isShown);
}

const ID_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Random whole numbers below `limit`; a seam so that tests can choose them. */
export type Random = (limit: number) => number;

export const cryptoRandom: Random = (limit) => {
  // Values at and above the largest multiple of `limit` are drawn again, so that no digit is likelier than another.
  const ceiling = 0x1_0000_0000 - (0x1_0000_0000 % limit);
  const word = new Uint32Array(1);
  for (;;) {
    crypto.getRandomValues(word);
    const value = word[0] as number;
    if (value < ceiling) return value % limit;
  }
};

/** `p` and 21 digits: about 108 random bits, and never the name of a JavaScript property. */
export function newPointId(random: Random = cryptoRandom): string {
  let id = "p";
  for (let i = 0; i < 21; i += 1) id += ID_DIGITS[random(36)];
  return id;
}
