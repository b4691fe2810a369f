/**
 * The queue on the page: F2 there and back to the very same letter, P, L and A on the open flag, and the marks beside
 * the points. What is being written in it is never drawn over: the open flag stays as it is until it is left.
 */

import type { Mark } from "../point_field";

export interface QueueEvents {
  /** Go to a point, to put it right. False if it is not on this page. */
  toPoint(point: string): boolean;
  textOf(point: string): string | null;
  marks(marks: ReadonlyMap<string, Mark>): void;
  /** Wait until everything typed is stored: what is put right is read from the disk. */
  stored(): Promise<boolean>;
  back(): void;
  tell(words: string): void;
}

export class FlagQueue {
  /** Point id → the flag its mark in the margin opens. */
  private readonly toOpen = new Map<string, string>();
  /** Set while the flag that was asked for is on its way. */
  private entering = false;
  /** The flag whose point was gone to: from then on the server says whether anything of it was changed. */
  private went = "";

  constructor(private readonly events: QueueEvents) {
    document.addEventListener("click", (event) => void this.clicked(event));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  get box(): HTMLElement | null {
    return document.getElementById("queue");
  }

  get open(): HTMLElement | null {
    return this.box?.querySelector<HTMLElement>("article[data-flag]") ?? null;
  }

  /** The fragment was drawn: tell the margin. */
  drawn(): void {
    const found = new Map<string, Mark>();
    this.toOpen.clear();
    const all = JSON.parse(this.box?.dataset["marks"] ?? "{}") as Record<string, [number, number, string]>;
    for (const [point, [open, done, flag]] of Object.entries(all)) {
      found.set(point, { open, done });
      this.toOpen.set(point, flag);
    }
    this.events.marks(found);
    if (this.entering) {
      this.entering = false;
      this.enter();
    }
  }

  /** Fetch it again. What somebody is writing in it is left alone when it comes (`spare`). */
  refresh(): void {
    this.box?.dispatchEvent(new CustomEvent("refresh"));
  }

  /**
   * Called just before a fragment is drawn. If it came `byItself`, the open flag is kept as it is while somebody
   * writes there; the answer to a form of the queue draws everything.
   */
  spare(byItself: boolean): void {
    const writing = this.open?.querySelector("details[open] textarea") ?? null;
    this.open?.toggleAttribute("hx-morph-skip", byItself && writing !== null);
  }

  /** Put the focus on the open flag. False if nothing waits. */
  enter(): boolean {
    const flag = this.open;
    if (flag === null) return false;
    flag.focus();
    return true;
  }

  /** Open a flag of this point (its mark in the margin was pressed). */
  show(point: string): void {
    const flag = this.toOpen.get(point);
    const { open, box } = this;
    if (flag === undefined || box === null) return;
    if (open?.dataset["flag"] === flag) {
      open.focus();
      return;
    }
    const address = new URL(box.getAttribute("hx-get") ?? "", location.href);
    address.searchParams.set("flag", flag);
    box.setAttribute("hx-get", address.pathname + address.search);
    this.entering = true;
    box.dispatchEvent(new CustomEvent("refresh"));
  }

  has(node: Node | null): boolean {
    return node !== null && (this.box?.contains(node) ?? false);
  }

  private key(event: KeyboardEvent): void {
    const { target } = event;
    if (!(target instanceof HTMLElement) || !this.has(target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      const details = target.closest("details[open]");
      if (details instanceof HTMLDetailsElement) {
        details.open = false;
        this.enter();
      } else this.events.back();
      return;
    }
    if (/^(TEXTAREA|INPUT|SELECT)$/.test(target.tagName) || event.shiftKey) return;
    const act = this.open?.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (act === null || act === undefined || !this.open?.contains(target)) return;
    event.preventDefault();
    act.click();
  }

  private async clicked(event: MouseEvent): Promise<void> {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const summary = target.closest("#queue details > summary");
    if (summary !== null) {
      const details = summary.parentElement as HTMLDetailsElement;
      // After the browser has opened it.
      setTimeout(() => details.open && details.querySelector("textarea")?.focus());
      return;
    }
    const right = target.closest<HTMLButtonElement>("button[data-do='right']");
    const flag = right?.closest<HTMLElement>("article[data-flag]");
    if (right === null || flag === null || flag === undefined || right.dataset["going"] === "yes") return;
    const point = flag.dataset["point"] ?? "";
    const text = this.events.textOf(point);
    event.preventDefault();
    event.stopPropagation();
    const id = flag.dataset["flag"] ?? "";
    if (text !== null && text === (flag.dataset["before"] ?? "") && this.went !== id) {
      // No word is changed yet: go and do it. Asked once only, for who said it or the kind may be what is put right.
      if (this.events.toPoint(point)) {
        this.went = id;
        right.textContent = "It is put right";
        this.events.tell("Change the point. F2 brings you back to the flag.");
        return;
      }
    }
    if (!(await this.events.stored())) {
      this.events.tell("Your change is not saved yet. Try again when it is.");
      return;
    }
    right.dataset["going"] = "yes";
    right.form?.requestSubmit(right);
    delete right.dataset["going"];
  }
}
