/** In the read-through: the point in question is changed while somebody looks at it. */

import type { Drawn } from "./live_points";

/** Once it has been still this long, the server says whether an answer given before is asked again. */
const STILL = 1_500;

export class AskedPoint {
  private timer: number | undefined;

  constructor(
    private readonly shown: HTMLElement | null,
    private readonly changed: () => void,
  ) {}

  draw(points: readonly Drawn[]): void {
    const { shown } = this;
    const point = shown && points.find(({ id }) => id === shown.dataset["point"]);
    if (!shown || !point || point.text === shown.textContent) return;
    shown.textContent = point.text;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.changed, STILL);
  }

  stop(): void {
    window.clearTimeout(this.timer);
  }
}
