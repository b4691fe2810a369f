/**
 * Draws the points of a part into the list the server rendered, in the same markup (a template in the page, made by the
 * same macro). Touches only what changed. The newest point is marked in words; the one being typed says so.
 */

import { KIND_LABELS, type PointsMap, readPoints } from "../shape";

/** One point as a reader sees it. `number` counts every point of the lane, also those not drawn yet. */
export interface Drawn {
  readonly id: string;
  readonly number: number;
  readonly by: string;
  readonly name: string;
  readonly label: string;
  readonly kind: string;
  readonly text: string;
  readonly struck: boolean;
}

export interface Names {
  readonly me: string;
  readonly people: ReadonlyMap<string, { readonly name: string; readonly label: string }>;
  /** A professional is named beside their own points; anyone else is "You". */
  readonly ownName: boolean;
}

/** The points of a lane as its readers see them; `next` is true while a point without words stands at the end. */
export function drawnPoints(points: PointsMap, names: Names): { drawn: Drawn[]; next: boolean } {
  const all = readPoints(points);
  const drawn = all.flatMap((point, index): Drawn[] => {
    if (point.text === "") return [];
    const number = index + 1;
    const mine = point.saidBy !== "" && point.saidBy === names.me;
    const person = names.people.get(point.saidBy);
    const verb = point.kind === "question" ? "asked" : point.kind === "answer" ? "answered" : "said";
    return [
      {
        id: point.id,
        number,
        by: point.saidBy,
        name: mine && !names.ownName ? "You" : (person?.name ?? `Point ${number}`),
        label: mine ? (names.ownName ? "you" : verb) : (person?.label ?? ""),
        kind: point.kind === "point" ? "" : KIND_LABELS[point.kind].toLowerCase(),
        text: point.text,
        struck: point.struck,
      },
    ];
  });
  return { drawn, next: all.length > 0 && all[all.length - 1]?.text === "" };
}

/** The same out of a fragment the server rendered, for a page whose live connection is blocked. */
export function pointsOfFragment(html: string): Drawn[] {
  const page = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html");
  return [...page.querySelectorAll<HTMLElement>("[data-point]")]
    .map((item) => ({
      id: item.dataset["point"] ?? "",
      number: Number(item.dataset["no"]),
      by: item.dataset["by"] ?? "",
      name: words(item, "[data-name]"),
      label: words(item, "[data-label]"),
      kind: words(item, "[data-kind] i"),
      text: item.dataset["text"] ?? words(item, ".pp__text"),
      struck: item.querySelector("[data-struck]:not([hidden])") !== null,
    }))
    .sort((one, other) => one.number - other.number);
}

/** A point that has not changed for this long is finished, in milliseconds. */
const STILL = 4_000;

export interface Marked {
  readonly text: string;
  readonly nodes: readonly Node[];
}

export interface Lists {
  readonly all: HTMLElement;
  /** A child's own words have a list of their own, above the others. */
  readonly own: HTMLElement | null;
  readonly template: HTMLTemplateElement;
  readonly typing: HTMLElement | null;
  readonly none: HTMLElement | null;
}

export class LivePoints {
  private readonly items = new Map<string, HTMLElement>();
  private readonly last = new Map<string, Drawn>();
  private readonly touched = new Map<string, number>();
  private marked: ReadonlyMap<string, Marked> = new Map();
  private newest = "";
  private timer: number | undefined;
  private order: readonly Drawn[] = [];
  private next = false;

  constructor(
    private readonly lists: Lists,
    private readonly me: string,
    private readonly numbered: boolean,
    /** Called with the points that were not there before (never for the first drawing). */
    private readonly arrived: (ids: readonly string[]) => void,
    private readonly again: () => void,
  ) {
    for (const list of [lists.own, lists.all]) {
      for (const item of list?.querySelectorAll<HTMLElement>("[data-point]") ?? []) {
        const id = item.dataset["point"] ?? "";
        this.items.set(id, item);
        if (item.classList.contains("pp--new")) this.newest = id;
      }
    }
  }

  /** Points whose change somebody asked for: shown with old words struck and new words marked. */
  setMarked(marked: ReadonlyMap<string, Marked>): void {
    this.marked = marked;
    for (const [id, point] of this.last) this.drawText(this.items.get(id), point);
  }

  item(id: string): HTMLElement | undefined {
    return this.items.get(id);
  }

  draw(points: readonly Drawn[], next: boolean, live: boolean): void {
    const first = this.order.length === 0 && this.last.size === 0;
    const now = Date.now();
    const come: string[] = [];
    const wanted = new Set(points.map((point) => point.id));
    for (const [id, item] of this.items) {
      if (wanted.has(id)) continue;
      item.remove();
      this.items.delete(id);
      this.last.delete(id);
    }
    const places = new Map<HTMLElement, number>();
    for (const point of points) {
      const before = this.last.get(point.id);
      let item = this.items.get(point.id);
      if (item === undefined) {
        item = this.make(point.id);
        this.items.set(point.id, item);
        if (!first) come.push(point.id);
      }
      if (!first && before?.text !== point.text) this.touched.set(point.id, now);
      if (before === undefined || !same(before, point)) this.fill(item, point);
      this.last.set(point.id, point);
      const list = this.lists.own !== null && point.by === this.me ? this.lists.own : this.lists.all;
      const at = places.get(list) ?? 0;
      if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
      places.set(list, at + 1);
    }
    this.order = points;
    this.next = next;
    if (come.length > 0) this.newest = come[come.length - 1] ?? this.newest;
    else if (!wanted.has(this.newest)) this.newest = live ? (points[points.length - 1]?.id ?? "") : "";
    this.label(now);
    if (this.lists.none) this.lists.none.hidden = points.length > 0;
    const section = this.lists.own?.closest<HTMLElement>("[data-own]");
    if (section) section.hidden = (places.get(this.lists.own as HTMLElement) ?? 0) === 0;
    if (come.length > 0) this.arrived(come);
  }

  stop(): void {
    window.clearTimeout(this.timer);
  }

  /** "New." and "Being typed now" come and go with time, not only with changes. */
  private label(now: number): void {
    window.clearTimeout(this.timer);
    let soonest = Infinity;
    const end = this.order[this.order.length - 1]?.id;
    for (const { id } of this.order) {
      const item = this.items.get(id);
      if (!item) continue;
      const still = now - (this.touched.get(id) ?? -Infinity);
      const typing = still < STILL && (id === end || id === this.newest);
      if (typing) soonest = Math.min(soonest, STILL - still);
      show(item.querySelector("[data-typing]"), typing);
      show(item.querySelector("[data-new]"), id === this.newest && !typing);
      item.classList.toggle("pp--new", id === this.newest);
    }
    if (this.lists.typing) this.lists.typing.hidden = !this.next;
    if (soonest < Infinity) this.timer = window.setTimeout(this.again, soonest + 20);
  }

  private make(id: string): HTMLElement {
    const made = this.lists.template.content.querySelector("li")?.cloneNode(true);
    if (!(made instanceof HTMLElement)) throw new Error("the page came without its template of a point");
    made.id = `pt-${id}`;
    made.dataset["point"] = id;
    return made;
  }

  private fill(item: HTMLElement, point: Drawn): void {
    item.dataset["by"] = point.by;
    item.dataset["no"] = String(point.number);
    put(item, "[data-name]", point.name);
    put(item, "[data-label]", point.label);
    if (this.numbered) {
      put(item, "[data-number]", `${point.number}. `);
      put(item, "[data-kind] i", point.kind);
      show(item.querySelector("[data-number]"), true);
      show(item.querySelector("[data-kind]"), point.kind !== "");
    }
    show(item.querySelector("[data-struck]"), point.struck);
    this.drawText(item, point);
    const act = item.querySelector<HTMLAnchorElement>(".pp__act");
    if (act) {
      const part = this.lists.all.dataset["part"] ?? "";
      act.setAttribute("href", `?part=${encodeURIComponent(part)}&point=${encodeURIComponent(point.id)}`);
      act.setAttribute("aria-label", `Point ${point.number}: ${act.querySelector("[data-act]")?.textContent ?? ""}`);
    }
  }

  private drawText(item: HTMLElement | undefined, point: Drawn): void {
    const text = item?.querySelector<HTMLElement>(".pp__text");
    if (!item || !text) return;
    const marked = this.marked.get(point.id);
    if (point.struck) {
      const struck = document.createElement("del");
      struck.textContent = point.text;
      text.replaceChildren(struck);
    } else if (marked?.text === point.text) {
      text.replaceChildren(...marked.nodes.map((node) => node.cloneNode(true)));
    } else if (text.textContent !== point.text || text.childElementCount > 0) {
      text.textContent = point.text;
    }
  }
}

function same(one: Drawn, other: Drawn): boolean {
  return (Object.keys(one) as (keyof Drawn)[]).every((key) => one[key] === other[key]);
}

function words(item: Element, selector: string): string {
  return item.querySelector(selector)?.textContent?.trim() ?? "";
}

function put(item: Element, selector: string, text: string): void {
  const place = item.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

function show(place: Element | null, shown: boolean): void {
  if (place instanceof HTMLElement) place.hidden = !shown;
}
