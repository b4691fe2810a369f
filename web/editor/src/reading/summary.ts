/** The chair's summary, folded away above the points. */

import { type PointsMap, readPoints } from "../shape";

/** Its lines as list items. */
export function summaryLines(points: PointsMap): string {
  const drawn = document.createElement("ul");
  for (const point of readPoints(points)) {
    if (point.text !== "" && !point.struck) drawn.appendChild(document.createElement("li")).textContent = point.text;
  }
  return drawn.innerHTML;
}

/** Draws the lines, by way of `around`, if there is anything new in them. */
export function drawSummary(html: string, around: (change: () => void) => void): void {
  const fold = document.getElementById("summary");
  const lines = document.getElementById("summary-points");
  if (!fold || !lines || lines.innerHTML === html) return;
  around(() => {
    lines.innerHTML = html;
    fold.hidden = html === "";
  });
}
