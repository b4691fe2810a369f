/** Where websockets are blocked (an office's proxy, an old phone network), the page asks for its points instead. */

import { type Drawn, pointsOfFragment } from "./live_points";
import { get } from "./send";

const FIRST = 3_000;
const EVERY = 4_000;
/** Every how many rounds the page also asks where the meeting is, and what became of what was said. */
const ROUNDS = 3;

export class Poll {
  private timer: number | undefined;
  private round = 0;
  private stopped = false;

  constructor(
    private readonly base: string,
    private readonly part: string,
    private readonly needed: () => boolean,
    private readonly points: (drawn: Drawn[]) => void,
    private readonly summary: (html: string) => void,
    private readonly rest: () => void,
    private readonly heard: (signal: boolean) => void,
  ) {
    this.wait(FIRST);
  }

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.timer);
  }

  private wait(time: number): void {
    if (this.stopped) return;
    this.timer = window.setTimeout(() => void this.ask(), time);
  }

  private async ask(): Promise<void> {
    if (this.needed() && !document.hidden) {
      const where = `?part=${encodeURIComponent(this.part)}`;
      const points = this.part ? await get(`${this.base}fragments/points${where}`) : await get(`${this.base}fragments/requests`);
      if (this.stopped) return;
      if (points === null) {
        this.heard(false);
      } else if (points === "gone") {
        this.rest();
      } else {
        this.heard(true);
        if (this.part) {
          this.points(pointsOfFragment(points));
          const summary = await get(`${this.base}fragments/summary${where}`);
          if (summary !== null && summary !== "gone" && !this.stopped) this.summary(summary);
        }
        this.round += 1;
        if (this.round % ROUNDS === 1) this.rest();
      }
    }
    this.wait(EVERY);
  }
}
