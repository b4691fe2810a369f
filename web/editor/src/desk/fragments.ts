/**
 * The parts of the page that the server draws: each fetches itself again (htmx) when a notice says that something
 * changed. Nothing of it takes the focus or scrolls; several notices in a row are one fetch.
 */

import type { FlagQueue } from "./queue";

/** Which boxes show what. */
const SHOWN_IN: Readonly<Record<string, readonly string[]>> = {
  people: ["present", "parts", "reading"],
  parts: ["parts", "head"],
  pen: ["parts", "head"],
  phase: ["parts", "head", "present"],
  flags: ["queue"],
  requests: ["queue"],
  read_through: ["parts", "reading", "head"],
  record: ["head", "parts"],
};

const TOGETHER_MS = 60;
/** "Waiting, 2 minutes" grows older by itself. */
const PEOPLE_MS = 60_000;

export class Fragments {
  private readonly due = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private queue: FlagQueue | null = null;
  /** The box that had the focus before it was drawn again. */
  private had = "";
  private readonly listeners = new Map<string, () => void>();

  constructor(tell: (words: string) => void) {
    document.addEventListener("htmx:before:swap", (event) => {
      // Only what came by itself spares what is open: the answer to a form of its own closes it.
      this.queue?.spare((event.target as Element).id === "queue");
      this.had = document.activeElement?.closest("[data-area]")?.id ?? "";
    });
    document.addEventListener("htmx:after:swap", () => this.drawn());
    document.addEventListener("htmx:error", () => tell("That did not go through. You may be offline. Try again."));
    setInterval(() => {
      if (document.visibilityState === "visible" && document.querySelector("#present .wants") !== null) this.fetch(["present"]);
    }, PEOPLE_MS);
  }

  /** Called after the box was drawn again. */
  onDrawn(box: string, listener: () => void): void {
    this.listeners.set(box, listener);
  }

  /** The queue sees to its own drawing. */
  leadQueue(queue: FlagQueue): void {
    this.queue = queue;
  }

  changed(what: readonly string[]): void {
    this.fetch(what.flatMap((one) => SHOWN_IN[one] ?? []));
  }

  private fetch(boxes: readonly string[]): void {
    for (const box of boxes) this.due.add(box);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const box of this.due) {
        if (box === "queue") this.queue?.refresh();
        else document.getElementById(box)?.dispatchEvent(new CustomEvent("refresh"));
      }
      this.due.clear();
    }, TOGETHER_MS);
  }

  private drawn(): void {
    for (const listener of this.listeners.values()) listener();
    if (document.activeElement === document.body && this.had !== "") this.keepFocus(this.had);
  }

  /** The button that was pressed is gone with what it settled: the focus stays in its box, on what comes next. */
  private keepFocus(id: string): void {
    const box = document.getElementById(id);
    if (box === null || (id === "queue" && this.queue?.enter() === true)) return;
    const next = id === "reading" ? box.querySelector<HTMLElement>(".answers button, .answers summary, #next-point") : null;
    const place = next ?? box;
    if (place === box && !box.hasAttribute("tabindex")) box.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
}
