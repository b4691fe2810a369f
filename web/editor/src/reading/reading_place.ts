/**
 * Keeps the place someone is reading. Who is at the newest point stays there as points arrive; for anyone else the line
 * they are looking at does not move, whatever is added, changed or taken out above or below it.
 */

/** How near the end of the list counts as "at the newest point", in CSS pixels. */
const NEAR = 96;

export class ReadingPlace {
  private fingerDown = false;
  private held: (() => void) | null = null;

  constructor(
    private readonly list: HTMLElement,
    private readonly top: HTMLElement | null,
    /** Stands right behind the list; the page may go on below it. */
    private readonly end: HTMLElement | null = null,
    private readonly bar: HTMLElement | null = null,
  ) {
    const down = (): void => {
      this.fingerDown = true;
    };
    const up = (): void => {
      this.fingerDown = false;
      // After the click that this lift makes: what lay under the finger is what was meant.
      window.setTimeout(() => this.release(), 0);
    };
    list.addEventListener("pointerdown", down);
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, up);
    this.stop = () => {
      for (const end of ["pointerup", "pointercancel"]) window.removeEventListener(end, up);
    };
  }

  readonly stop: () => void;

  /** How far the end of the list lies below what can be seen, in CSS pixels; negative once it is in view. */
  below(): number {
    const foot = window.innerHeight - (this.bar?.offsetHeight ?? 0);
    if (this.end) return this.end.getBoundingClientRect().top - foot;
    return document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
  }

  atEnd(): boolean {
    return this.below() <= NEAR;
  }

  /** True while the newest point may be brought into view without taking anything from under the reader. */
  following(): boolean {
    const above = this.end !== null && this.end.getBoundingClientRect().top < (this.top?.getBoundingClientRect().bottom ?? 0);
    return this.atEnd() && !above && !this.busy();
  }

  /** Someone is writing, has a question open, or stands on something with the keyboard: not what a finger last touched. */
  busy(): boolean {
    const focus = document.activeElement;
    if (document.querySelector("dialog[open]") !== null) return true;
    if (!(focus instanceof HTMLElement)) return false;
    return focus.matches("textarea, input, select") || (this.list.contains(focus) && focus.matches(":focus-visible"));
  }

  /** Begins at the newest point, also once the page's own letters have come, which may need more room. */
  startAtEnd(): void {
    this.toEnd();
    const { scrollY } = window;
    void document.fonts.ready.then(() => {
      if (window.scrollY === scrollY && !this.busy()) this.toEnd();
    });
  }

  toEnd(): void {
    const below = this.below();
    if (below > 0) window.scrollBy({ top: Math.ceil(below) });
  }

  /** Runs a change of the list and puts the reader back where they were; waits while a finger is on the list. */
  around(change: () => void): void {
    if (this.fingerDown) {
      this.held = change;
      return;
    }
    const follow = this.following();
    const anchor = follow ? null : this.anchor();
    change();
    if (follow) {
      this.toEnd();
    } else if (anchor?.element.isConnected) {
      const moved = anchor.element.getBoundingClientRect().top - anchor.top;
      if (Math.abs(moved) >= 1) window.scrollBy({ top: moved });
    }
  }

  /** Which point is at the top of what can be seen, and where: to find the same place on the page drawn anew. */
  mark(): { readonly id: string; readonly top: number } | null {
    const anchor = this.anchor();
    return anchor ? { id: anchor.element.id, top: anchor.top } : null;
  }

  static backTo(mark: { readonly id: string; readonly top: number }): void {
    const element = document.getElementById(mark.id);
    if (element) window.scrollBy({ top: element.getBoundingClientRect().top - mark.top });
  }

  private release(): void {
    const change = this.held;
    this.held = null;
    if (change) this.around(change);
  }

  /** The first point that can be seen below the page's head. */
  private anchor(): { element: Element; top: number } | null {
    const edge = this.top?.getBoundingClientRect().bottom ?? 0;
    for (const element of this.list.children) {
      const box = element.getBoundingClientRect();
      if (box.bottom > edge) return { element, top: box.top };
    }
    // Whoever has scrolled past the list keeps their place below it.
    return this.end ? { element: this.end, top: this.end.getBoundingClientRect().top } : null;
  }
}
