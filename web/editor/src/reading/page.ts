/**
 * The page of someone who reads: follows the points as they are typed, keeps their place, and sends what they say.
 * Everything on it is already there and usable when this script starts; nothing here moves what someone is doing.
 */

import { type Connection, type Lane, type LineState, openLanes, readBoot } from "../connection";
import { AskedPoint } from "./asked_point";
import { Away } from "./away";
import { hideNow } from "./hide";
import type { Extra, MakeExtra, PageBoot } from "./extra";
import { Jump } from "./jump";
import { type Drawn, LivePoints, drawnPoints } from "./live_points";
import { Meeting, offerToMove } from "./meeting";
import type { Sent } from "./outbox";
import { Poll } from "./poll";
import { stopReading } from "./read_aloud";
import { pressed } from "./presses";
import { ReadingPlace } from "./reading_place";
import { Saids } from "./saids";
import { Sayings } from "./sayings";
import { get } from "./send";
import { Sheet } from "./sheet";
import { Spoken } from "./spoken";
import { StateLine } from "./state_line";
import { erase, keep, kept } from "./store";
import { drawSummary, summaryLines } from "./summary";

const POINTS_TOGETHER = 120;
const NOT_AGAIN = 60_000;

export function startReading(makeExtra?: MakeExtra): void {
  const page = document.getElementById("page");
  if (!page) return;
  if (page.dataset["ended"] !== undefined) erase(page.dataset["store"] ?? "");
  if (document.getElementById("boot")) new Reading(page, makeExtra);
}

class Reading {
  private readonly boot: PageBoot = readBoot<PageBoot>();
  private readonly base: string;
  private readonly names = new Map(this.boot.people.map((person) => [person.id, person]));
  private readonly listening = new AbortController();
  private readonly list = document.getElementById("points");
  private readonly place = new ReadingPlace(
    this.list ?? document.createElement("ol"),
    document.querySelector(".ptop"),
    byId("end"),
    document.querySelector(".pfoot"),
  );
  private readonly state = new StateLine(byId("state"), template("states"), byId("no-signal"));
  private readonly spoken = new Spoken(byId("spoken") ?? document.createElement("div"));
  private readonly sayings: Sayings;
  private readonly away: Away;
  private readonly asked = new AskedPoint(byId("askpoint"), () => void this.meeting.check());
  private readonly points: LivePoints | null;
  private readonly saids: Saids | null;
  private readonly sheet: Sheet | null;
  private readonly meeting: Meeting;
  private readonly connection: Connection;
  private readonly extra: Extra;
  private readonly poll: Poll;
  private line: LineState | null = null;
  private polled = false;
  private upTo: Date | null = null;
  private readonly jump: Jump;
  private drawTimer: number | undefined;
  private firstDrawing = true;
  private moveWhenDone = false;

  constructor(
    private readonly page: HTMLElement,
    private readonly makeExtra: MakeExtra | undefined,
  ) {
    this.base = page.dataset["base"] ?? "";
    this.sayings = new Sayings(
      this.base,
      this.boot.csrf,
      page.dataset["store"] ?? "",
      (sent) => this.outboxChanged(sent),
      (forGood) => (forGood ? this.removed() : this.expired()),
    );
    this.jump = new Jump(byId("jump"), this.place, (id) => this.points?.item(id));
    this.away = new Away(byId("away"), (id) => this.points?.item(id)?.dataset["no"]);
    const point = template("point");
    this.points =
      this.list && point
        ? new LivePoints(
            { all: this.list, own: byId("own-points"), template: point, typing: byId("typing"), none: byId("none") },
            this.boot.me.id,
            this.numbered,
            (ids) => this.arrived(ids),
            () => this.draw(),
          )
        : null;
    const act = point?.content.querySelector("[data-act]")?.textContent ?? "";
    this.saids = this.points && act ? new Saids(this.points, byId("said-of-part"), act) : null;
    const dialog = byId("sheet");
    this.sheet = dialog instanceof HTMLDialogElement ? new Sheet(dialog, (fields) => this.sayings.ofPoint(fields)) : null;
    this.meeting = new Meeting(
      page,
      // What is read after the meeting is not taken away for a question.
      (here) => !this.busy() && (here || (this.list ? this.place.following() : page.dataset["ended"] === undefined)),
      (here) => this.offer(here),
      (next, here) => this.moveTo(next, here),
      (address) => this.leave(address),
    );
    this.extra = makeExtra?.(this.boot, this.sayings.outbox, () => this.connection) ?? {};
    const part = this.boot.part;
    const lanes = part ? [part.lanes.minutes, ...(part.lanes.summary ? [part.lanes.summary] : [])] : [];
    this.connection = openLanes(this.boot, lanes, {
      onOpened: (lane) => this.opened(lane),
      onScope: (lane) => {
        if (lane.name === this.boot.events) this.catchUp();
        this.extra.scope?.(lane);
      },
      onClosed: (name) => {
        // What may not be read any more goes at once, whatever the reader is doing.
        if (name !== this.boot.events) void this.meeting.check(true);
      },
      onRefused: (_name, reason, words) => this.extra.refused?.(reason, words),
      onUnstored: (lane) => this.extra.unstored?.(lane),
      onState: (line) => this.lineChanged(line),
      onNotice: (notice) => {
        if (notice.type === "changed") this.heard(notice.what, notice.part);
        else if (notice.type === "removed") this.removed();
        else if (notice.type === "expired") this.expired();
        else if (notice.type === "reload") this.loadNewer();
        else void this.meeting.check();
      },
    });
    this.poll = new Poll(
      this.base,
      part?.id ?? "",
      () => !this.live(),
      (drawn) => this.drawList(drawn, false),
      (html) => drawSummary(html, (change) => this.place.around(change)),
      () => this.catchUp(),
      (signal) => {
        this.polled = signal;
        if (signal) this.upTo = new Date();
        this.show();
      },
    );
    this.listen();
    for (const link of document.querySelectorAll<HTMLElement>(".nojs")) link.hidden = true;
    if (this.list && !location.hash && !new URLSearchParams(location.search).has("part")) this.place.startAtEnd();
    this.outboxChanged(null);
    void this.sayings.outbox.pump();
    this.show();
  }

  private get numbered(): boolean {
    return this.boot.me.role === "professional" || this.boot.me.role === "social_worker";
  }

  /** The live connection is there, or the page is still within the time it may take to open. */
  private live(): boolean {
    const minutes = this.boot.part?.lanes.minutes;
    return (this.line?.online ?? false) && (minutes === undefined || this.connection.lane(minutes)?.synced === true);
  }

  private busy(): boolean {
    return this.place.busy() || (this.extra.busy?.() ?? false);
  }

  // What arrives

  private opened(lane: Lane): void {
    lane.doc.on("update", () => this.drawSoon());
    this.upTo = new Date();
    this.extra.opened?.(lane);
    this.draw();
    this.show();
  }

  private drawSoon(): void {
    this.upTo = new Date();
    if (this.drawTimer !== undefined) return;
    this.drawTimer = window.setTimeout(() => {
      this.drawTimer = undefined;
      this.draw();
    }, POINTS_TOGETHER);
  }

  private draw(): void {
    const part = this.boot.part;
    if (!part) return;
    const minutes = this.connection.lane(part.lanes.minutes);
    if (minutes?.synced) {
      const names = { me: this.boot.me.id, people: this.names, ownName: this.numbered };
      const { drawn, next } = drawnPoints(minutes.points, names);
      this.drawList(drawn, next);
      this.asked.draw(drawn);
    }
    const summary = part.lanes.summary ? this.connection.lane(part.lanes.summary) : undefined;
    if (summary?.synced) drawSummary(summaryLines(summary.points), (change) => this.place.around(change));
  }

  private drawList(drawn: readonly Drawn[], next: boolean): void {
    const { points } = this;
    if (!points) return;
    this.place.around(() => {
      points.draw(drawn, next, this.meeting.here);
      if (this.firstDrawing) void this.refresh("flags");
      this.firstDrawing = false;
    });
    this.spoken.heard(
      drawn.map(({ id, name, label, text }) => ({ id, sentence: `${name}${label ? `, ${label}` : ""}: ${text}` })),
    );
    this.extra.drawn?.(drawn);
    this.jump.show();
  }

  private arrived(ids: readonly string[]): void {
    this.away.arrived(ids);
    if (this.place.following()) return;
    this.jump.arrived(ids);
  }

  private heard(what: readonly string[], part: string | null): void {
    const about = (name: string): boolean => what.includes(name);
    if (about("flags") && (part === null || part === this.boot.part?.id)) void this.refresh("flags");
    if (about("requests") || about("read_through")) void this.refresh("requests");
    if (["people", "parts", "pen", "phase", "read_through", "record"].some(about)) void this.meeting.check();
  }

  private async refresh(what: "flags" | "requests"): Promise<void> {
    if (what === "flags" && !this.saids) return;
    const part = encodeURIComponent(this.boot.part?.id ?? "");
    const html = await get(`${this.base}fragments/${what}${what === "flags" ? `?part=${part}` : ""}`);
    if (html === null || html === "gone" || !this.page.isConnected) return;
    if (what === "flags") {
      this.place.around(() => this.saids?.take(html));
      return;
    }
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const id of ["asked", "again"]) byId(id)?.replaceChildren(...(fresh.getElementById(id)?.childNodes ?? []));
    this.sayings.drawAsked(byId("asked"));
  }

  // How the page stands

  private lineChanged(line: LineState): void {
    const was = this.line;
    this.line = line;
    if (was?.online && !line.online) this.away.lost(this.upTo ?? new Date());
    if (line.online) {
      this.upTo = new Date();
      this.polled = false;
      if (was && !was.online) this.backAgain();
    }
    this.show();
  }

  private backAgain(): void {
    void this.sayings.outbox.pump();
    this.away.back();
  }

  /** What changed while no notice could reach this page: before the line was there, or while it was broken. */
  private catchUp(): void {
    void this.meeting.check();
    void this.refresh("flags");
    void this.refresh("requests");
  }

  private show(): void {
    const line = this.line;
    const reached = this.live() || this.polled;
    const sending = this.sayings.outbox.unsent > 0 || (line?.waiting ?? false);
    if (line !== null && !line.online && !this.polled) this.state.show("offline", this.upTo);
    else if (!reached) this.state.show("opening", this.upTo);
    else if (sending) this.state.show("sending", this.upTo);
    else this.state.show(line?.reconnected ? "back" : "ok", this.upTo);
  }

  // What this person says

  private outboxChanged(sent: Sent | null): void {
    if (sent && (sent.item.what === "flag" || sent.item.path.startsWith("flags/"))) void this.refresh("flags");
    if (sent && sent.item.path.startsWith("requests")) void this.refresh("requests");
    if (sent?.item.what === "answer") {
      const { answer, words, point, again } = sent.item.fields;
      const next = new URLSearchParams(again && { again });
      // "Not right" stays at the point, for the words; anything else goes on to the next.
      if (answer === "not_right" && words === undefined) next.set("question", point ?? "");
      void this.meeting.check(true, `?${next}`);
    }
    const shown = this.sayings.shown;
    this.place.around(() => this.saids?.setWaiting(shown));
    this.sayings.drawAsked(byId("asked"));
    this.sayings.drawAnswer(document.querySelector<HTMLElement>("[data-answer]"), byId("answer-note"));
    this.extra.waiting?.(shown);
    if (sent) this.extra.sent?.(sent);
    this.show();
  }

  private removed(): void {
    this.stop(); // what still runs here could keep words again
    erase(this.page.dataset["store"] ?? "");
    this.sayings.outbox.erase();
    location.replace(this.base);
  }

  /** What still runs here could ask whether the page may be left, or keep words again. */
  private leave(address: string): void {
    this.stop();
    location.replace(address);
  }

  /** The time of this page is over: what was not sent waits in this tab, and goes when the person has come back in. */
  private expired(): void {
    this.leave(`${this.base}?expired`);
  }

  // Moving on

  /** A newer version of the page is there: it is loaded, but never again and again. */
  private loadNewer(): void {
    const name = `${this.page.dataset["store"] ?? ""}loaded`;
    if (Date.now() - Number(kept(name)) < NOT_AGAIN) return;
    keep(name, String(Date.now()));
    this.stop();
    location.reload();
  }

  private offer(here: boolean): void {
    offerToMove(byId("moved"), here);
    this.moveWhenDone = here;
  }

  private moveTo(next: Document, here: boolean): void {
    const covered = document.documentElement.classList.contains("covered");
    // Whoever goes by keyboard carries on at the new page's main part, not at the top of the window.
    const carryOn = this.page.contains(document.activeElement) || this.page.querySelector("[data-answer]") !== null;
    const reading = here && !this.place.following() ? this.place.mark() : null;
    this.stop();
    document.body.replaceChildren(...next.body.childNodes);
    document.title = next.title;
    if (location.search || location.hash) history.replaceState(null, "", this.base);
    window.scrollTo({ top: 0 });
    startReading(this.makeExtra);
    if (reading) ReadingPlace.backTo(reading);
    if (carryOn) byId("main")?.focus({ preventScroll: true });
    if (covered) hideNow();
    const line = document.createElement("p");
    line.textContent = document.querySelector("h1")?.textContent ?? "";
    byId("spoken")?.append(line);
  }

  private stop(): void {
    this.listening.abort();
    this.extra.stop?.();
    this.connection.destroy();
    this.poll.stop();
    this.sayings.stop();
    this.away.stop();
    this.points?.stop();
    this.place.stop();
    this.spoken.stop();
    stopReading();
    window.clearTimeout(this.drawTimer);
    this.asked.stop();
  }

  // What is pressed

  private listen(): void {
    const { signal } = this.listening;
    const { sheet, jump, meeting, sayings, away, spoken, extra } = this;
    const part = this.boot.part?.id ?? "";
    const pressable = { sheet, jump, meeting, sayings, away, spoken, extra, part };
    document.addEventListener("click", (event) => pressed(event, pressable), { signal });
    document.addEventListener("submit", (event) => this.sayings.submitted(event) && this.sheet?.close(), { signal });
    document.addEventListener("focusout", () => window.setTimeout(() => this.done(), 300), { signal });
    window.addEventListener("scroll", () => this.jump.show(), { signal, passive: true });
    for (const name of ["online", "pageshow"]) {
      window.addEventListener(name, () => void this.sayings.outbox.pump(), { signal });
    }
  }

  /** What changed in this part is shown as soon as nobody is writing any more. */
  private done(): void {
    if (this.moveWhenDone && this.page.isConnected && this.meeting.waiting && !this.busy()) this.meeting.go();
  }
}

function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

function template(id: string): HTMLTemplateElement | null {
  const found = document.getElementById(id);
  return found instanceof HTMLTemplateElement ? found : null;
}
