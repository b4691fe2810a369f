/**
 * Undo and redo of one's own words only. Everything done under the origin `ME` can be undone; the birth of a point
 * is made under `BIRTH`, which is not tracked: so undoing a creation strikes the point and empties it of one's own
 * words, and never removes the entry with what others typed in it.
 */

import * as Y from "yjs";

import type { PointsMap } from "./shape";

export const ME = "me";
export const BIRTH = "birth";

/** Where someone was writing: the point and the selection in it. */
export interface WritingPlace {
  readonly point: string;
  readonly start: number;
  readonly end: number;
}

export class OwnUndo {
  private readonly manager: Y.UndoManager;

  /** `place` says where the person is writing now; `goTo` brings them back to where the undone change was. */
  constructor(
    points: PointsMap,
    private readonly place: () => WritingPlace | null,
    private readonly goTo: (place: WritingPlace) => void,
  ) {
    this.manager = new Y.UndoManager(points, {
      trackedOrigins: new Set([ME]),
      // A belt: a value or an entry of a map is never deleted by undo. The value before it still comes back.
      deleteFilter: (item) => item.parentSub === null,
    });
    this.manager.on("stack-item-added", (event) => {
      event.stackItem.meta.set("place", this.place());
    });
  }

  /** The next change is a step of its own. */
  step(): void {
    this.manager.stopCapturing();
  }

  undo(): boolean {
    return this.pop(() => this.manager.undo());
  }

  redo(): boolean {
    return this.pop(() => this.manager.redo());
  }

  /**
   * Forget what could be undone. Due whenever rights change: undoing work done with the pen would afterwards be
   * a change to someone else's point, refused, and the end of this copy of the document.
   */
  clear(): void {
    this.manager.clear();
  }

  destroy(): void {
    this.manager.destroy();
  }

  private pop(act: () => { meta: Map<unknown, unknown> } | null): boolean {
    this.manager.stopCapturing();
    const item = act();
    if (item === null) return false;
    const place = item.meta.get("place") as WritingPlace | null | undefined;
    if (place !== null && place !== undefined) this.goTo(place);
    return true;
  }
}
