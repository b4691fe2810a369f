/** One lane as a page has it open: its document, what this person may do in it, and what of it is not stored yet. */

import type { HocuspocusProvider } from "@hocuspocus/provider";
import * as Y from "yjs";

import type { Lane, Scope, UnstoredWords } from "./live";
import { type PointsMap, pointsOf, readPoint } from "./shape";

export class OpenLane implements Lane {
  doc: Y.Doc = new Y.Doc();
  scope: Scope | null = null;
  synced = false;
  /** Closed by the server: no more is sent or shown until the page is told otherwise. */
  closed = false;
  readonly unstored = new Set<string>();
  provider: HocuspocusProvider | null = null;
  /** Which document this is: a reply to an earlier one is not for us. */
  generation = 0;
  refusalReason: string | null = null;

  constructor(readonly name: string) {}

  get points(): PointsMap {
    return pointsOf(this.doc);
  }

  /** Marks the points that this page has changed, until all that it sent is stored; false if it changed none. */
  note(transaction: Y.Transaction): boolean {
    if (!transaction.local || transaction.changed.size === 0) return false;
    const { points } = this;
    for (const [type, keys] of transaction.changed) {
      // The changed type is the map of points, one point, or a point's text: which points are they?
      let inner = type as unknown as Y.AbstractType<unknown>;
      while (inner.parent !== null && inner.parent !== points) inner = inner.parent as Y.AbstractType<unknown>;
      const ids = inner.parent === null ? [...keys] : [inner._item?.parentSub];
      for (const id of ids) if (typeof id === "string") this.unstored.add(id);
    }
    return true;
  }

  /** The words of the points with changes that are not stored. */
  words(): UnstoredWords[] {
    const words: UnstoredWords[] = [];
    for (const id of this.unstored) {
      const map = this.points.get(id);
      const point = map === undefined ? null : readPoint(id, map);
      if (point !== null && point.text !== "") {
        words.push({ point: id, text: point.text, kind: point.kind, saidBy: point.saidBy });
      }
    }
    return words;
  }
}
