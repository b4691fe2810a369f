/** Tells somebody who was off the line from when to when, and which points were said meanwhile. */

import { clock } from "./state_line";

/** Shorter than this was not being away, in milliseconds. */
const AWAY = 5_000;
/** What came meanwhile arrives within the first moments of being back. */
const SETTLING = 1_500;

export class Away {
  private since: Date | null = null;
  private came: string[] = [];
  private timer: number | undefined;

  constructor(
    private readonly strip: HTMLElement | null,
    /** The number of a point, as it is shown or spoken of. */
    private readonly number: (id: string) => string | undefined,
  ) {}

  lost(since: Date): void {
    this.since ??= since;
  }

  arrived(ids: readonly string[]): void {
    if (this.since) this.came.push(...ids);
  }

  back(): void {
    const since = this.since;
    if (!since) return;
    const to = new Date();
    this.timer = window.setTimeout(() => {
      this.since = null;
      this.tell(since, to);
    }, SETTLING);
  }

  close(): void {
    if (this.strip) this.strip.hidden = true;
  }

  stop(): void {
    window.clearTimeout(this.timer);
  }

  private tell(since: Date, to: Date): void {
    const words = this.strip?.querySelector('[data-fill="away"]');
    const numbers = this.came.flatMap((id) => this.number(id) ?? []);
    this.came = [];
    if (!this.strip || !words || to.getTime() - since.getTime() < AWAY) return;
    const [from, until] = [clock(since), clock(to)];
    const span = from === until ? `for a moment at ${until}` : `from ${from} to ${until}`;
    words.textContent = `You were away ${span}.${saidThen(numbers)}`;
    this.strip.hidden = false;
  }
}

function saidThen(numbers: readonly string[]): string {
  if (numbers.length === 0) return "";
  if (numbers.length === 1) return ` Point ${numbers[0]} was said then.`;
  return ` Points ${numbers.slice(0, -1).join(", ")} and ${numbers[numbers.length - 1]} were said then.`;
}
