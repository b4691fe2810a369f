/** "2 new points below": counts what came out of sight, and leads back to the newest point. */

import type { ReadingPlace } from "./reading_place";

/** A point this far down the window, as a part of it, has not been seen yet. */
const LOW = 0.7;

export class Jump {
  private readonly unseen = new Set<string>();

  constructor(
    private readonly link: HTMLElement | null,
    private readonly place: ReadingPlace,
    private readonly item: (id: string) => HTMLElement | undefined,
  ) {}

  arrived(ids: readonly string[]): void {
    for (const id of ids) this.unseen.add(id);
  }

  show(): void {
    const words = this.link?.querySelector('[data-fill="jump"]');
    if (!this.link || !words) return;
    if (this.place.atEnd()) this.unseen.clear();
    for (const id of this.unseen) {
      const top = this.item(id)?.getBoundingClientRect().top;
      if (top === undefined || top < window.innerHeight * LOW) this.unseen.delete(id);
    }
    const count = this.unseen.size;
    words.textContent =
      count === 0 ? "Go to the newest point" : count === 1 ? "1 new point below" : `${count} new points below`;
    this.link.hidden = count === 0 && this.place.below() <= window.innerHeight;
  }

  go(): void {
    this.unseen.clear();
    this.place.toEnd();
  }
}
