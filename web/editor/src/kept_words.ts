/**
 * Words that are not stored, kept for this tab until the person chooses: what was refused, and what was typed in a page
 * that closed before the server had it. They lie in sessionStorage, which ends with the tab and goes nowhere else, and
 * are erased when the meeting is signed or the person is removed.
 */

import type { UnstoredWords } from "./connection";

export interface Offer extends UnstoredWords {
  readonly key: string;
  readonly lane: string;
  /** Why the words are not in the minutes, in one sentence. */
  readonly why: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** Refused by the server; else the page closed too early. */
  readonly refused: boolean;
}

interface Kept {
  offers: Offer[];
  /** What the page of this moment has not stored, by lane. */
  open: Record<string, UnstoredWords[]>;
}

const CLOSED_TOO_EARLY = "The page closed before these words were saved.";

export class KeptWords {
  private kept: Kept;
  /** What an earlier page of this tab had not stored. Offered once the lane is there to compare with. */
  private earlier: Record<string, UnstoredWords[]>;

  constructor(
    private readonly name: string,
    private readonly storage: Storage,
    private readonly changed: () => void,
  ) {
    this.kept = this.read();
    this.earlier = this.kept.open;
    this.kept.open = {};
  }

  get offers(): readonly Offer[] {
    return this.kept.offers;
  }

  /** The lanes, other than these, of which an earlier page of this tab had not stored something. */
  leftIn(lanes: readonly string[]): string[] {
    return Object.keys(this.earlier).filter((lane) => !lanes.includes(lane));
  }

  /** The lanes, other than these, of which there are words to be offered. */
  offeredIn(lanes: readonly string[]): string[] {
    return this.kept.offers.map(({ lane }) => lane).filter((lane) => !lanes.includes(lane));
  }

  /** What of a lane is not stored at this moment; nothing, once it is. */
  open(lane: string, words: readonly UnstoredWords[]): void {
    if (words.length === 0 && this.kept.open[lane] === undefined) return;
    if (words.length === 0) delete this.kept.open[lane];
    else this.kept.open[lane] = [...words];
    this.write();
  }

  /** The lane has arrived: offer what an earlier page left behind, unless it is in the text after all. */
  arrived(lane: string, textOf: (point: string) => string | null): void {
    const left = this.earlier[lane] ?? [];
    delete this.earlier[lane];
    const lost = left.filter((words) => !textOf(words.point)?.includes(words.text));
    this.offer(lane, CLOSED_TOO_EARLY, lost, false);
    this.compare(lane, textOf);
    this.tell();
  }

  /**
   * The lane has changed: what stands in it now need not be offered any more. An acknowledgement may just not have come
   * through, or the words are those of another tab that was copied into this one, and stored them a moment later.
   */
  compare(lane: string, textOf: (point: string) => string | null): void {
    const stands = ({ point, text, refused }: Offer): boolean => {
      const now = textOf(point);
      return refused ? now === text : now !== null && now.includes(text);
    };
    const left = this.kept.offers.filter((one) => one.lane !== lane || !stands(one));
    if (left.length === this.kept.offers.length) return;
    this.kept.offers = left;
    this.tell();
  }

  refused(lane: string, why: string, words: readonly UnstoredWords[]): void {
    this.offer(lane, why, words, true);
  }

  letGo(key: string): void {
    this.kept.offers = this.kept.offers.filter((one) => one.key !== key);
    this.tell();
  }

  /** The meeting is signed, or this person may see nothing any more. */
  erase(): void {
    this.kept = { offers: [], open: {} };
    this.earlier = {};
    this.storage.removeItem(this.name);
    this.changed();
  }

  private offer(lane: string, why: string, words: readonly UnstoredWords[], refused: boolean): void {
    if (words.length === 0) return;
    for (const one of words) {
      this.kept.offers.push({ ...one, key: `${Date.now()}-${Math.random()}`, lane, why, at: Date.now(), refused });
    }
    this.tell();
  }

  private tell(): void {
    this.write();
    this.changed();
  }

  private write(): void {
    const open = { ...this.earlier, ...this.kept.open };
    try {
      if (this.kept.offers.length === 0 && Object.keys(open).length === 0) this.storage.removeItem(this.name);
      else this.storage.setItem(this.name, JSON.stringify({ offers: this.kept.offers, open }));
    } catch {
      // A full or forbidden storage: the words are still on the page.
    }
  }

  private read(): Kept {
    try {
      const found: unknown = JSON.parse(this.storage.getItem(this.name) ?? "null");
      if (typeof found === "object" && found !== null) {
        const { offers, open } = found as Partial<Kept>;
        return { offers: Array.isArray(offers) ? offers : [], open: typeof open === "object" ? open : {} };
      }
    } catch {
      // Not ours, or half written: there is nothing to offer.
    }
    return { offers: [], open: {} };
  }
}
