/**
 * The shared screen: large type, the newest point at the bottom, the one being typed with a bar and a caret. A point
 * that is put right, and one that is typed further up than the stream reaches, has a place of its own on top, so that
 * the lines everyone is reading do not move. Nothing to press; nothing of a closed part ever comes here.
 */

import { type Boot, type Connection, openLanes, readBoot } from "./connection";
import { type Drawn, drawnPoints, pointsOfFragment } from "./reading/live_points";
import { get } from "./reading/send";
import { clock } from "./reading/state_line";
import { ScreenChanges } from "./screen/changes";
import { fit } from "./screen/fit";
import { drawChange, drawTyped, put, typedLabel } from "./screen/slots";

interface ScreenBoot extends Boot {
  readonly part: { readonly id: string; readonly lanes: { readonly minutes: string } } | null;
}

const BLOCKED = 6_000;
const ASK_EVERY = 3_000;

class SharedScreen {
  private readonly boot: ScreenBoot = readBoot<ScreenBoot>();
  private readonly names = new Map(this.boot.people.map((person) => [person.id, person]));
  private readonly body = document.getElementById("screen-points");
  private readonly template = document.getElementById("screen-point");
  private readonly connection: Connection;
  private readonly items = new Map<string, HTMLElement>();
  private readonly changes = new ScreenChanges();
  private points: readonly Drawn[] = [];
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
      // What changed before the line was there, or while it was broken.
      onScope: (lane) => {
        if (lane.name === this.boot.events) void this.check();
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
        else if (notice.type === "removed" || notice.type === "expired") void this.check(true);
        else if (notice.type === "changed" && notice.what.some((what) => ["parts", "phase", "record"].includes(what))) {
          void this.check();
        }
      },
    });
    this.tick();
    this.ticking = window.setInterval(() => this.tick(), 5_000);
    this.asking = window.setTimeout(() => void this.ask(), BLOCKED);
    this.arrange();
    window.addEventListener("resize", this.arrange);
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

  private take(points: readonly Drawn[]): void {
    this.points = points;
    this.changes.take(points, Date.now());
    this.draw();
  }

  private draw(): void {
    window.clearTimeout(this.timer);
    const soonest = this.changes.pass(Date.now());
    this.drawList();
    drawChange(document.getElementById("fix"), this.changes.change);
    this.arrange();
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
      const typed = point.id === this.changes.typed;
      item.classList.toggle("screen__pt--typing", typed);
      put(item, ".n", String(point.number));
      put(item, ".by b", point.name);
      put(item, "[data-label]", typed ? typedLabel(point) : point.label);
      put(item, "[data-words]", point.text);
      item.querySelector(".caret")?.toggleAttribute("hidden", !typed);
      if (body.children[index] !== item) body.insertBefore(item, body.children[index] ?? null);
    });
  }

  private make(id: string): HTMLElement | null {
    const made =
      this.template instanceof HTMLTemplateElement ? this.template.content.firstElementChild?.cloneNode(true) : null;
    if (!(made instanceof HTMLElement)) return null;
    made.dataset["point"] = id;
    this.items.set(id, made);
    return made;
  }

  /** What there is room for; a point that is being typed where there is none is shown on top. */
  private readonly arrange = (): void => {
    const { body } = this;
    if (!body) return;
    const slot = document.getElementById("typed");
    const slots = document.getElementById("slots");
    drawTyped(slot, undefined);
    fit(body, slots);
    const typed = this.points.find(({ id }) => id === this.changes.typed);
    if (!typed || this.items.get(typed.id)?.hidden !== true) return;
    drawTyped(slot, typed);
    fit(body, slots);
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
    window.removeEventListener("resize", this.arrange);
    this.connection.destroy();
    document.body.replaceChildren(...next.body.childNodes);
    start();
  }
}

function start(): void {
  const page = document.getElementById("page");
  if (page && document.getElementById("boot")) new SharedScreen(page);
}

start();
