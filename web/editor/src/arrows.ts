/** Up and down from point to point, in the same column of the screen. */

import { caretColumn, placeAtColumn } from "./caret_column";
import type { PointField } from "./point_field";

export interface Arrows {
  /** Go from `field` to `other` if the caret stands at the edge that the arrow crosses. True if it went. */
  walk(field: PointField, other: PointField | undefined, event: KeyboardEvent): boolean;
  /** The next walk starts from the column where the caret then is. */
  forget(): void;
}

export function walkByArrow(): Arrows {
  // A short line must not pull the caret left for good: the column is kept while the arrows go on.
  let column: number | null = null;
  return {
    walk(field, other, event) {
      if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
      const up = event.key === "ArrowUp";
      const { start, end } = field.selection;
      if (start !== end) return false;
      const here = caretColumn(field.area, start, up ? "first" : "last");
      column ??= here.x;
      if (!here.atEdge || other === undefined) return false;
      other.focus(placeAtColumn(other.area, column, up ? "last" : "first"));
      return true;
    },
    forget() {
      column = null;
    },
  };
}
