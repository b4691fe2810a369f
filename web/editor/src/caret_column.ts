/**
 * Where the caret of a text field stands on the screen, so that the arrows can walk from point to point in the same
 * column. Browsers do not tell; a copy of the field's text in a hidden box of the same width does. Made only when an
 * arrow is pressed.
 */

const COPIED = [
  "fontFamily",
  "fontSize",
  "fontStyle",
  "fontWeight",
  "fontStretch",
  "lineHeight",
  "letterSpacing",
  "wordSpacing",
  "textIndent",
  "textTransform",
  "tabSize",
  "direction",
] as const;

export type Edge = "first" | "last";

/** The horizontal place of the caret, in pixels from the field's left edge, and whether its line is the field's edge. */
export function caretColumn(field: HTMLTextAreaElement, at: number, edge: Edge): { x: number; atEdge: boolean } {
  return withCopy(field, (copy) => {
    const here = copy.box(at);
    const line = copy.box(edge === "first" ? 0 : field.value.length);
    return { x: here.x, atEdge: Math.abs(here.y - line.y) < 2 };
  });
}

/** The place in the field's first or last line that is nearest to column `x`. */
export function placeAtColumn(field: HTMLTextAreaElement, x: number, edge: Edge): number {
  return withCopy(field, (copy) => {
    const length = field.value.length;
    const line = copy.box(edge === "first" ? 0 : length).y;
    let best = edge === "first" ? 0 : length;
    let distance = Infinity;
    const step = edge === "first" ? 1 : -1;
    for (let at = best; at >= 0 && at <= length; at += step) {
      const box = copy.box(at);
      if (Math.abs(box.y - line) >= 2) break;
      const away = Math.abs(box.x - x);
      if (away < distance) {
        distance = away;
        best = at;
      }
    }
    return best;
  });
}

interface Copy {
  box(at: number): { x: number; y: number };
}

function withCopy<T>(field: HTMLTextAreaElement, measure: (copy: Copy) => T): T {
  const style = getComputedStyle(field);
  const box = document.createElement("div");
  box.setAttribute("aria-hidden", "true");
  for (const property of COPIED) box.style[property] = style[property];
  const inner = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  Object.assign(box.style, {
    position: "fixed",
    left: "0",
    top: "0",
    visibility: "hidden",
    whiteSpace: "pre-wrap",
    overflowWrap: "break-word",
    width: `${inner}px`,
  });
  const text = document.createTextNode(`${field.value}\u200b`);
  box.append(text);
  document.body.append(box);
  const range = document.createRange();
  try {
    return measure({
      box(at) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const rects = range.getClientRects();
        const rect = rects[rects.length - 1] ?? box.getBoundingClientRect();
        return { x: rect.left, y: rect.top };
      },
    });
  } finally {
    box.remove();
  }
}
