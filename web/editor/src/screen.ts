/**
 * The shared screen: large type, the newest point at the bottom, the one being typed with a bar and a caret. A point
 * that is put right is shown in a place of its own on top, old words struck and new words marked, so that the lines
 * everyone is reading do not move. Nothing to press; nothing of a closed part ever comes here.
 */

import { type Boot, type Connection, openLanes, readBoot } from "./connection";
import { type Drawn, drawnPoints, pointsOfFragment } from "./reading/live_points";
import { get } from "./reading/send";
import { clock } from "./reading/state_line";
import { drawChanges, wordChanges } from "./reading/word_changes";

interface ScreenBoot extends Boot {
  readonly part: { readonly id: string; readonly lanes: { readonly minutes: string } } | null;
}

/** A point is being typed until it has been still this long. */
const STILL = 4_000;
/** A correction stays to be read this long after its last change. */
const STAYS = 8_000;
const BLOCKED = 6_000;
const ASK_EVERY = 3_000;

interface Correction {
  readonly id: string;
  readonly before: string;
  until: number;
}

class SharedScreen {
  private readonly boot: ScreenBoot = readBoot<ScreenBoot>();
  private readonly names = new Map(this.boot.people.map((person) => [person.id, person]));
  private readonly body = document.getElementById("screen-points");
  private readonly template = document.getElementById("screen-point");
  private readonly connection: Connection;
  private readonly items = new Map<string, HTMLElement>();
  /** What each point said when it was last still, and when it last changed. */
  private readonly settled = new Map<string, string>();
  private readonly touched = new Map<string, number>();
  private texts = new Map<string, string>();
  private points: readonly Drawn[] = [];
  private correction: Correction | null = null;
  private first = true;
  private typed = "";
  private timer: number | undefined;
  private asking: number | undefined;
  private ticking: number | undefined;
  private live = false;

  constructor(private readonly page: HTMLElement) {
    for (const item of this.body?.querySelectorAll<HTMLElement>("[data-point]") ?? []) {
      this.items.set(item.dataset["point"] ?? "", item);
    }
    const part = this.boot.part;
    this.connection = openLanes(this.boot, part ? [part.lanes.minutes] : [], {
      onOpened: (lane) => {
        lane.doc.on("update", () => this.soon());
        this.read();
      },
      // The part is not for everyone any more: it goes from the screen at once.
      onClosed: (name) => {
        if (name !== this.boot.events) void this.check(true);
      },
      onState: ({ online }) => {
        this.live = online;
        document.getElementById("screen-away")?.toggleAttribute("hidden", online);
      },
      onNotice: (notice) => {
        if (notice.type === "reload") location.reload();
        else if (notice.type === "removed") void this.check(true);
        else if (notice.type === "changed" && notice.what.some((what) => ["parts", "phase", "record"].includes(what))) {
          void this.check();
        }
      },
    });
    this.tick();
    this.ticking = window.setInterval(() => this.tick(), 5_000);
    this.asking = window.setTimeout(() => void this.ask(), BLOCKED);
    this.fit();
    window.addEventListener("resize", this.fit);
  }

  private soon(): void {
    requestAnimationFrame(() => this.read());
  }

  private read(): void {
    const lane = this.boot.part ? this.connection.lane(this.boot.part.lanes.minutes) : undefined;
    if (!lane?.synced) return;
    const names = { me: "", people: this.names, ownName: true };
    this.take(drawnPoints(lane.points, names).drawn.filter((point) => !point.struck));
  }

  /** Compares what stands now with what stood: what is new or growing is typed, what had settled is a correction. */
  private take(points: readonly Drawn[]): void {
    const now = Date.now();
    const end = points[points.length - 1]?.id;
    for (const { id, text } of points) {
      const before = this.texts.get(id);
      if (before === text) continue;
      this.touched.set(id, now);
      if (this.first) {
        this.settled.set(id, text);
        this.touched.set(id, -Infinity);
      } else if (before === undefined || id === this.typed || (id === end && !this.settled.has(id))) {
        this.typed = id;
      } else if (this.correction?.id === id) {
        this.correction.until = now + STAYS;
      } else if (id === end && text.startsWith(before)) {
        this.typed = id;
      } else {
        this.correction = { id, before: this.settled.get(id) ?? before, until: now + STAYS };
      }
    }
    this.first = false;
    this.points = points;
    this.texts = new Map(points.map(({ id, text }) => [id, text]));
    this.draw();
  }

  private draw(): void {
    const now = Date.now();
    window.clearTimeout(this.timer);
    let soonest = Infinity;
    for (const { id, text } of this.points) {
      const still = now - (this.touched.get(id) ?? -Infinity);
      if (still >= STILL) {
        if (this.correction?.id !== id) this.settled.set(id, text);
        if (id === this.typed) this.typed = "";
      } else {
        soonest = Math.min(soonest, STILL - still);
      }
    }
    if (this.correction) {
      const left = this.correction.until - now;
      if (left <= 0) this.correction = null;
      else soonest = Math.min(soonest, left);
    }
    this.drawList();
    this.drawCorrection();
    this.fit();
    if (soonest < Infinity) this.timer = window.setTimeout(() => this.draw(), soonest + 20);
  }

  private drawList(): void {
    const { body } = this;
    if (!body) return;
    const wanted = new Set(this.points.map(({ id }) => id));
    for (const [id, item] of this.items) {
      if (wanted.has(id)) continue;
      item.remove();
      this.items.delete(id);
    }
    this.points.forEach((point, index) => {
      const item = this.items.get(point.id) ?? this.make(point.id);
      if (!item) return;
      const typed = point.id === this.typed;
      item.classList.toggle("screen__pt--typing", typed);
      put(item, ".n", String(point.number));
      put(item, ".by b", point.name);
      put(item, "[data-label]", `${point.label}${typed ? `${point.label ? ", " : ""}being typed now` : ""}`);
      put(item, "[data-words]", point.text);
      item.querySelector(".caret")?.toggleAttribute("hidden", !typed);
      if (body.children[index] !== item) body.insertBefore(item, body.children[index] ?? null);
    });
  }

  private drawCorrection(): void {
    const slot = document.getElementById("fix");
    if (!slot) return;
    const point = this.points.find(({ id }) => id === this.correction?.id);
    slot.hidden = !point;
    if (!point || !this.correction) return;
    put(slot, ".n", String(point.number));
    put(slot, ".by b", point.name);
    put(slot, "[data-label]", point.label);
    const words = slot.querySelector<HTMLElement>("[data-words]");
    if (words) drawChanges(words, wordChanges(this.correction.before, point.text));
  }

  private make(id: string): HTMLElement | null {
    const made =
      this.template instanceof HTMLTemplateElement ? this.template.content.firstElementChild?.cloneNode(true) : null;
    if (!(made instanceof HTMLElement)) return null;
    made.dataset["point"] = id;
    this.items.set(id, made);
    return made;
  }

  /** As many of the last points as there is room for, whole: none is cut in half at the top. */
  private readonly fit = (): void => {
    const { body } = this;
    const room = body?.parentElement;
    if (!body || !room) return;
    const items = [...body.children].filter((item): item is HTMLElement => item instanceof HTMLElement);
    for (const item of items) item.hidden = false;
    const style = getComputedStyle(room);
    const gap = parseFloat(getComputedStyle(body).rowGap) || 0;
    const fix = document.getElementById("fix");
    const above = fix && !fix.hidden ? fix.getBoundingClientRect().height + gap : 0;
    let space = room.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) - above;
    items.reverse().forEach((item, fromEnd) => {
      space -= item.getBoundingClientRect().height + (fromEnd > 0 ? gap : 0);
      // The last one is always there, however long it is.
      item.hidden = fromEnd > 0 && space < 0;
    });
  };

  private tick(): void {
    const time = document.getElementById("screen-time");
    if (time) time.textContent = clock(new Date());
  }

  /** Where websockets are blocked the screen asks for the points instead. */
  private async ask(): Promise<void> {
    if (!this.live) {
      const html = await get(`${this.page.dataset["base"] ?? ""}/points`);
      if (html === "gone") await this.check(true);
      else if (html !== null) {
        document.getElementById("screen-away")?.toggleAttribute("hidden", true);
        const there = new DOMParser().parseFromString(html, "text/html").querySelector<HTMLElement>("[data-now]");
        if (there && there.dataset["now"] !== this.page.dataset["now"]) await this.check(true);
        else this.take(pointsOfFragment(html));
      }
    }
    if (this.page.isConnected) this.asking = window.setTimeout(() => void this.ask(), ASK_EVERY);
  }

  private async check(force = false): Promise<void> {
    const html = await get(this.page.dataset["base"] ?? "");
    if (html === null || !this.page.isConnected) return;
    if (html === "gone") {
      location.reload();
      return;
    }
    const next = new DOMParser().parseFromString(html, "text/html");
    const there = next.getElementById("page");
    if (!there) {
      location.reload();
      return;
    }
    if (!force && there.dataset["now"] === this.page.dataset["now"]) return;
    window.clearTimeout(this.timer);
    window.clearTimeout(this.asking);
    window.clearInterval(this.ticking);
    window.removeEventListener("resize", this.fit);
    this.connection.destroy();
    document.body.replaceChildren(...next.body.childNodes);
    start();
  }
}

function put(within: Element, selector: string, text: string): void {
  const place = within.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

function start(): void {
  const page = document.getElementById("page");
  if (page && document.getElementById("boot")) new SharedScreen(page);
}

start();
