/**
 * Follows the meeting from one page to the next: a new part, a closed part, the read-through, the end. Whoever is busy
 * or reading further up is not moved; they are told that the meeting has gone on, and go when they like. What may not
 * be read any more goes at once.
 */

import { get } from "./send";

const TRY_AGAIN = 2_000;
const WAYS_TO_WRITE = ["#pen-editor", "[data-compose]"];

export class Meeting {
  private checking = false;
  /** Asked for again while an answer was on its way: that answer may already be out of date. */
  private again = false;
  private forced = false;
  private same = false;
  private query = "";
  private found: Document | null = null;

  /** `here` is true if the part stays and something else changed: what may be done in it, or how far it is. */
  constructor(
    private readonly page: HTMLElement,
    private readonly mayMove: (here: boolean) => boolean,
    private readonly offer: (here: boolean) => void,
    private readonly moveTo: (next: Document, here: boolean) => void,
    /** The page is left for good. */
    private readonly leave: (address: string) => void,
  ) {}

  /** Whether this page shows where the meeting was when it was loaded. */
  get here(): boolean {
    return this.page.dataset["place"] === this.page.dataset["now"];
  }

  /** Asks the server where the meeting is. With `force`, what is on the page now must go; `query` asks for one point. */
  async check(force = false, query = ""): Promise<void> {
    this.forced ||= force;
    this.query = query || this.query;
    if (this.checking) {
      this.again = true;
      return;
    }
    this.checking = true;
    const answer = await get(`${this.page.dataset["base"] ?? ""}${this.query}`);
    this.checking = false;
    if (!this.page.isConnected) return;
    if (this.again) {
      this.again = false;
      return this.check();
    }
    if (answer === null) {
      // Without signal the page stays; but what has to go is asked for until it is known what comes instead.
      if (this.forced) window.setTimeout(() => void this.check(), TRY_AGAIN);
      return;
    }
    const must = this.forced;
    this.forced = false;
    this.query = "";
    if (answer === "gone") {
      // Most likely the time is over: the page that comes says so, if nothing else is the matter.
      this.leave(`${this.page.dataset["base"] ?? "/"}?expired`);
      return;
    }
    const next = new DOMParser().parseFromString(answer, "text/html");
    const there = next.getElementById("page");
    if (there === null || there.dataset["now"] === undefined) {
      // Another kind of page: waiting, left, removed. It brings its own scripts, so it is loaded whole.
      this.leave(this.page.dataset["base"] ?? "/");
      return;
    }
    if (!must && there.dataset["now"] === this.page.dataset["now"]) return;
    this.found = next;
    // A way to write that has gone must not stay on the page as if it were still there.
    const lost = WAYS_TO_WRITE.some((way) => this.page.querySelector(way) && !there.querySelector(way));
    this.same = samePart(this.page.dataset["place"] ?? "", there.dataset["place"] ?? "");
    if (lost || must || (this.here && this.mayMove(this.same))) this.go();
    else this.offer(this.same);
  }

  /** Goes where the meeting is. */
  go(): void {
    const { found } = this;
    if (!found) return;
    this.found = null;
    this.moveTo(found, this.same);
  }

  get waiting(): boolean {
    return this.found !== null;
  }
}

/** Places begin with what kind of page it is and of which part: "points:<part>:<the rest>". */
function samePart(one: string, other: string): boolean {
  const start = (place: string): string => (place.startsWith("end:") ? "end" : place.split(":").slice(0, 2).join(":"));
  return start(one) === start(other);
}

/** Says that the meeting has gone on, or that something of this part has changed, without moving anything. */
export function offerToMove(strip: HTMLElement | null, here: boolean): void {
  if (!strip) return;
  strip.hidden = false;
  for (const words of strip.querySelectorAll<HTMLElement>("[data-moved]")) {
    words.hidden = (words.dataset["moved"] === "here") !== here;
  }
}
