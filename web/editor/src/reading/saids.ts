/**
 * What this person said of the points and what became of it: the server's words under each point, and under those what
 * has not been sent yet, which only this page knows.
 */

import type { LivePoints, Marked } from "./live_points";
import type { Waiting } from "./outbox";

interface Group {
  readonly nodes: readonly Node[];
  readonly act: string;
  readonly open: boolean;
}

export class Saids {
  private groups = new Map<string, Group>();
  private waiting: readonly Waiting[] = [];

  constructor(
    private readonly points: LivePoints,
    private readonly ofPart: HTMLElement | null,
    private readonly act: string,
  ) {}

  /** Takes the server's fragment as it now stands. */
  take(fragment: string): void {
    const page = new DOMParser().parseFromString(fragment, "text/html");
    const marked = new Map<string, Marked>();
    const groups = new Map<string, Group>();
    for (const group of page.querySelectorAll<HTMLElement>("[data-saids]")) {
      const point = group.dataset["saids"] ?? "";
      const change = group.querySelector<HTMLElement>("[data-marked]");
      if (change) {
        marked.set(point, { text: change.dataset["marked"] ?? "", nodes: [...change.childNodes] });
        change.remove();
      }
      groups.set(point, {
        nodes: [...group.childNodes],
        act: group.dataset["act"] ?? "",
        open: group.dataset["open"] !== undefined,
      });
    }
    this.groups = groups;
    this.points.setMarked(marked);
    this.draw();
  }

  /** What is written and not sent, or was not taken. */
  setWaiting(items: readonly Waiting[]): void {
    this.waiting = items.filter((item) => item.what === "flag");
    for (const place of this.places()) this.drawWaiting(place.point, place.element);
    this.acts();
  }

  private draw(): void {
    for (const { point, element } of this.places()) {
      const nodes = this.groups.get(point)?.nodes ?? [];
      element.replaceChildren(...nodes.map((node) => node.cloneNode(true)));
      this.drawWaiting(point, element);
    }
    this.acts();
  }

  private places(): { point: string; element: HTMLElement }[] {
    const under = [...document.querySelectorAll<HTMLElement>("li[data-point]")].flatMap((item) => {
      const element = item.querySelector<HTMLElement>(".pp__said");
      return element ? [{ point: item.dataset["point"] ?? "", element }] : [];
    });
    return this.ofPart ? [...under, { point: "", element: this.ofPart }] : under;
  }

  private drawWaiting(point: string, element: HTMLElement): void {
    for (const old of element.querySelectorAll("[data-waiting]")) old.remove();
    for (const item of this.waiting) {
      if (item.point !== point) continue;
      const made = waitingBlock(item, "not-sent", "refused");
      if (made) element.append(made);
    }
  }

  private acts(): void {
    for (const { point, element } of this.places()) {
      const act = element.parentElement?.querySelector<HTMLElement>(":scope > .pp__act");
      if (!act || !point) continue;
      const group = this.groups.get(point);
      act.hidden = (group?.open ?? false) || this.waiting.some((item) => item.point === point);
      const words = act.querySelector("[data-act]");
      const wanted = group?.act || this.act;
      if (words && words.textContent !== wanted) {
        words.textContent = wanted;
        act.setAttribute("aria-label", (act.getAttribute("aria-label") ?? "").replace(/: .*$/, `: ${wanted}`));
      }
    }
  }
}

/** A copy of the template for what is not sent, or was not taken, with its words. */
export function waitingBlock(item: Waiting, waiting: string, refused: string): HTMLElement | null {
  const template = document.getElementById(item.refused === undefined ? waiting : refused);
  if (!(template instanceof HTMLTemplateElement)) return null;
  const made = template.content.firstElementChild?.cloneNode(true);
  if (!(made instanceof HTMLElement)) return null;
  made.dataset["waiting"] = item.key;
  const words = made.querySelector<HTMLElement>('[data-fill="words"]');
  const text = item.fields["words"] ?? item.fields["text"] ?? "";
  if (words) {
    words.textContent = item.what === "flag" ? `“${text}”` : text;
    words.hidden = text === "";
  }
  const reason = made.querySelector('[data-fill="reason"]');
  if (reason) reason.textContent = item.refused ?? "";
  return made;
}
