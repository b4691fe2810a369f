/**
 * Says new points to a screen reader: one hidden log, each point once, after it has been still for three seconds.
 * The list itself is not live, or every letter typed would be spoken. Can be turned off, and stays off in this tab.
 */

import { keep, kept } from "./store";

const STILL = 3_000;
const CHOICE = "true-record-spoken";

export class Spoken {
  private readonly said = new Map<string, string>();
  private readonly waiting = new Map<string, number>();
  private readonly pending = new Map<string, string>();
  private first = true;

  constructor(private readonly log: HTMLElement) {}

  /** Takes the points as they now stand: `sentence` is what would be said. What was there at first is not said. */
  heard(points: readonly { id: string; sentence: string }[]): void {
    for (const { id, sentence } of points) {
      if (this.first) {
        this.said.set(id, "");
      } else if (!this.said.has(id) && this.pending.get(id) !== sentence) {
        this.pending.set(id, sentence);
        window.clearTimeout(this.waiting.get(id));
        this.waiting.set(id, window.setTimeout(() => this.say(id, sentence), STILL));
      }
    }
    this.first = false;
  }

  stop(): void {
    for (const timer of this.waiting.values()) window.clearTimeout(timer);
  }

  /** Turns it off or on; `button` shows which. */
  flip(button: HTMLElement | null): void {
    keep(CHOICE, off() ? "" : "off");
    button?.setAttribute("aria-pressed", String(!off()));
  }

  private say(id: string, sentence: string): void {
    this.said.set(id, sentence);
    this.waiting.delete(id);
    this.pending.delete(id);
    if (off()) return;
    const line = document.createElement("p");
    line.textContent = sentence;
    this.log.append(line);
    // A log that only grows makes the page heavier for the whole meeting.
    while (this.log.childElementCount > 5) this.log.firstElementChild?.remove();
  }
}

export function off(): boolean {
  return kept(CHOICE) === "off";
}
