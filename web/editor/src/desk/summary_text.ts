/** The chair's summary as text, for whoever does not write it. */

import type { PointsMap } from "../shape";
import { readPoints } from "../shape";

export class SummaryText {
  private frame: number | null = null;

  constructor(private readonly list: HTMLElement) {}

  attach(points: PointsMap): void {
    points.observeDeep(() => {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        this.draw(points);
      });
    });
    this.draw(points);
  }

  /** Only lines that changed are touched, so that reading and marking text in them is not disturbed. */
  private draw(points: PointsMap): void {
    const texts = readPoints(points)
      .filter((point) => !point.struck && point.text !== "")
      .map((point) => point.text);
    texts.forEach((text, i) => {
      const line = this.list.children[i] ?? this.list.appendChild(document.createElement("li"));
      if (line.textContent !== text) line.textContent = text;
    });
    while (this.list.children.length > texts.length) this.list.lastElementChild?.remove();
  }
}
