/** The one line that says how the page stands: a shape and words, cloned from the page's own templates. */

export type Standing = "ok" | "opening" | "sending" | "offline" | "back";

export class StateLine {
  private shown: Standing | null = null;

  constructor(
    private readonly line: HTMLElement | null,
    private readonly states: HTMLTemplateElement | null,
    private readonly strip: HTMLElement | null,
  ) {}

  /** `upTo` is when the server was last heard. */
  show(standing: Standing, upTo: Date | null): void {
    if (this.strip) {
      this.strip.hidden = standing !== "offline";
      const time = this.strip.querySelector('[data-fill="time"]');
      if (time && upTo) time.textContent = clock(upTo);
    }
    if (standing === this.shown) return;
    const state = this.states?.content.querySelector(`.state--${standing}`);
    if (this.line && state) {
      const made = state.cloneNode(true) as HTMLElement;
      this.line.className = made.className;
      this.line.replaceChildren(...made.childNodes);
      this.shown = standing;
    }
  }
}

/** 10:41, by the clock of the meeting. */
export function clock(at: Date): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "numeric", minute: "2-digit" });
  return parts.format(at).replace(/^0/, "");
}
