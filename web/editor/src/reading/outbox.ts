/**
 * What someone wrote and the server does not have yet. Kept in this tab's own storage, so that a reload or an empty
 * battery loses nothing; sent again with the same key, so that nothing is done twice; erased when the meeting ends.
 */

import { keep, kept } from "./store";

export interface Waiting {
  /** The page's own random id: the same key twice does the thing once. */
  readonly key: string;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
  /** Where it is sent, relative to the page. */
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly what: "flag" | "request" | "point" | "answer" | "withdrawal";
  /** The point it is about, or "". */
  readonly point: string;
  /** Why the server would not have it: it stays here, with the words, until its writer lets it go. */
  readonly refused?: string;
}

export type Outcome =
  | { readonly kind: "sent"; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "no_signal" }
  | { readonly kind: "shut_out"; readonly forGood: boolean };

/** Something that has just been taken by the server, with what it answered. */
export interface Sent {
  readonly item: Waiting;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Waits between attempts while there is no signal, in milliseconds; the last one repeats. */
const PAUSES = [1_000, 2_000, 5_000, 10_000];

export class Outbox {
  private kept: Waiting[];
  private pumping = false;
  private failures = 0;
  private stopped = false;
  private timer: number | undefined;

  /** `changed` is called after every change, with what was taken if that is the change. */
  constructor(
    private readonly name: string,
    private readonly send: (item: Waiting) => Promise<Outcome>,
    private readonly changed: (sent: Sent | null) => void,
    private readonly shutOut: (forGood: boolean) => void,
  ) {
    this.kept = read(name);
  }

  get items(): readonly Waiting[] {
    return this.kept;
  }

  /** How many are on their way (those the server refused are not). */
  get unsent(): number {
    return this.kept.filter((item) => item.refused === undefined).length;
  }

  add(item: Omit<Waiting, "key" | "at" | "refused">): void {
    this.keep([...this.kept, { ...item, key: newKey(), at: Date.now() }]);
    this.changed(null);
    void this.pump();
  }

  /** Words the server would not have from elsewhere on the page: they stay here until their writer lets them go. */
  keepRefused(item: Omit<Waiting, "key" | "at" | "refused">, reason: string): void {
    this.keep([...this.kept, { ...item, key: newKey(), at: Date.now(), refused: reason }]);
    this.changed(null);
  }

  takeBack(key: string): Waiting | undefined {
    const item = this.kept.find((one) => one.key === key);
    this.keep(this.kept.filter((one) => one.key !== key));
    this.changed(null);
    return item;
  }

  /** Leaves nothing of what was written in this browser. */
  erase(): void {
    this.stop();
    this.keep([]);
  }

  /** The page moves on: what waits is the next page's to send, and nothing is kept from here any more. */
  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.timer);
  }

  /** Sends what is waiting, oldest first, until it is gone or there is no signal. */
  async pump(): Promise<void> {
    if (this.pumping || this.stopped) return;
    this.pumping = true;
    window.clearTimeout(this.timer);
    try {
      for (let item = this.next(); item; item = this.next()) {
        const { key } = item;
        const outcome = await this.send(item);
        // The next page sends it again under the same key; or the meeting is signed, and nothing may be left behind.
        if (this.stopped) return;
        if (!this.kept.some((one) => one.key === key)) continue; // taken back meanwhile
        if (outcome.kind === "no_signal") {
          this.again();
          return;
        }
        this.failures = 0;
        if (outcome.kind === "shut_out") {
          this.shutOut(outcome.forGood);
          return;
        }
        if (outcome.kind === "refused") {
          const { reason } = outcome;
          this.keep(this.kept.map((one) => (one.key === key ? { ...one, refused: reason } : one)));
          this.changed(null);
        } else {
          this.keep(this.kept.filter((one) => one.key !== key));
          this.changed({ item, answer: outcome.answer });
        }
      }
    } finally {
      this.pumping = false;
    }
  }

  private next(): Waiting | undefined {
    return this.kept.find((item) => item.refused === undefined);
  }

  private again(): void {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.timer = window.setTimeout(() => void this.pump(), pause);
  }

  private keep(items: Waiting[]): void {
    this.kept = items;
    keep(this.name, items.length > 0 ? JSON.stringify(items) : "");
  }
}

export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(name: string): Waiting[] {
  try {
    const found: unknown = JSON.parse(kept(name) || "[]");
    return Array.isArray(found) ? (found as Waiting[]) : [];
  } catch {
    return [];
  }
}
