/** The script of a professional's page: the reading page, a composer of their own, and their own points to change live. */

import type { Connection, Lane } from "./connection";
import { KeptWords, type Offer } from "./kept_words";
import { OwnDraft } from "./own_draft";
import { askInList } from "./point_choices";
import { type Person, PointsEditor } from "./points";
import type { Extra, PageBoot } from "./reading/extra";
import { hideAndShow } from "./reading/hide";
import { newKey, type Outbox, type Sent, type Waiting } from "./reading/outbox";
import { startReading } from "./reading/page";
import { waitingBlock } from "./reading/saids";
import { type Point, type PointsMap, textIn } from "./shape";

class OwnPoints implements Extra {
  private readonly form = document.querySelector<HTMLFormElement>("[data-compose]");
  private readonly text = document.querySelector<HTMLTextAreaElement>("#own-text");
  private readonly draft: OwnDraft;
  /** What is typed into points that are in the minutes already, until it is stored. */
  private readonly kept: KeptWords;
  private items: readonly Waiting[] = [];
  /** The points the server says this person started, and those they start on this page. */
  private readonly started = new Set<string>();
  private readonly listening = new AbortController();
  private editor: PointsEditor | null = null;
  private lane: Lane | null = null;

  constructor(
    private readonly boot: PageBoot,
    private readonly outbox: Outbox,
    private readonly connection: () => Connection,
  ) {
    const store = document.getElementById("page")?.dataset["store"] ?? "";
    this.draft = new OwnDraft(store, boot.part?.id ?? "");
    this.kept = new KeptWords(`${store}kept`, sessionStorage, () => this.drawWaiting());
    const card = document.querySelector("#own .card");
    const lanes = Object.values(boot.part?.lanes ?? {}).filter((lane) => lane !== null);
    if (card) this.draft.tellOfOthers(card, [...this.kept.leftIn(lanes), ...this.kept.offeredIn(lanes)]);
    for (const item of document.querySelectorAll<HTMLElement>("#mine [data-mine]")) {
      this.started.add(item.dataset["mine"] ?? "");
    }
    const { text, form } = this;
    const { signal } = this.listening;
    if (text && form) {
      if (!text.value) text.value = this.draft.text;
      text.addEventListener("input", () => (this.draft.text = text.value), { signal });
      form.addEventListener("submit", this.add, { signal });
    }
    document.addEventListener("click", this.clicked, { signal });
    window.addEventListener("beforeunload", (event) => this.connection().state().unstored > 0 && event.preventDefault(), { signal });
  }

  opened(lane: Lane): void {
    if (lane.name !== this.boot.part?.lanes.minutes) return;
    this.lane = lane;
    if (this.editor) this.editor.attach(lane.doc);
    else if (this.mayWrite()) this.mount(lane);
    else this.list();
    const textOf = (id: string): string | null => textIn(lane.points, id);
    this.kept.arrived(lane.name, textOf);
    lane.doc.on("update", () => this.kept.compare(lane.name, textOf));
  }

  scope(lane: Lane): void {
    if (lane.name !== this.boot.part?.lanes.minutes) return;
    if (this.editor) this.editor.rightsChanged();
    else if (lane.synced && this.mayWrite()) this.mount(lane);
  }

  drawn(): void {
    if (!this.editor) this.list();
  }

  waiting(items: readonly Waiting[]): void {
    this.items = items.filter((item) => item.what === "point");
    this.drawWaiting();
  }

  unstored(lane: Lane): void {
    this.kept.open(lane.name, this.connection().unstoredWords(lane.name));
  }

  letGo(key: string): void {
    this.kept.letGo(key);
  }

  sent({ item, answer }: Sent): void {
    const id = answer["point"];
    if (item.what !== "point" || typeof id !== "string") return;
    this.started.add(id);
    // The point itself may have come before the answer: draw it among one's own now.
    this.editor?.rightsChanged();
  }

  refused(reason: string, words: readonly { readonly text: string }[]): void {
    for (const { text } of words) this.outbox.keepRefused({ path: "points", fields: { text }, what: "point", point: "" }, reason);
  }

  busy(): boolean {
    return this.text !== null && this.text.value !== "" && document.activeElement === this.text;
  }

  stop(): void {
    this.listening.abort();
    this.editor?.destroy();
  }

  private mount(lane: Lane): void {
    const pen = document.getElementById("pen-editor");
    const place = pen ?? document.getElementById("mine-editor");
    if (!place) return;
    const list = document.createElement("ol");
    place.replaceChildren(list);
    place.hidden = false;
    const read = document.getElementById(pen ? "points" : "mine");
    if (read) read.hidden = true;
    const people = new Map<string, Person>(this.boot.people.map((person) => [person.id, person]));
    const ask = askInList(this.boot.people, () => this.editor ?? undefined);
    this.editor = new PointsEditor({
      root: list,
      scroller: document.scrollingElement as HTMLElement,
      people,
      mayEdit: (point) => this.mayWrite() && (pen !== null || this.isMine(point)),
      mayAdd: () => pen !== null && this.mayWrite(),
      shows: (point) => pen !== null || (this.isMine(point) && !point.struck),
      newSaidBy: this.boot.me.id,
      // One's own point stays one's own: only with the pen is there anything to choose of who said it.
      choose: (what, field, typed) => (pen || what === "kind" ? ask(what, field, typed) : field.comeBack()),
      drawn: (points) => {
        if (!pen) for (const by of list.querySelectorAll<HTMLButtonElement>(".pt__by")) by.disabled = true;
        const none = document.getElementById("mine-none");
        if (none && !pen) none.hidden = points.some((point) => this.isMine(point) && !point.struck);
      },
      writingIn: (point) => this.connection().writingIn(lane.name, point),
    });
    this.editor.attach(lane.doc);
  }

  /** What is on its way, what was refused, and what an earlier page of this tab had not stored when it closed. */
  private drawWaiting(): void {
    // Words of another part are not shown here, nor put into its composer: its readers are others.
    const here = this.kept.offers.filter(({ lane }) => lane === this.boot.part?.lanes.minutes);
    document.getElementById("mine-waiting")?.replaceChildren(
      ...this.items.flatMap((item) => waitingBlock(item, "own-waiting", "own-refused") ?? []),
      ...here.flatMap((offer) => this.left(offer) ?? []),
    );
  }

  private left({ key, at, text, why, saidBy }: Offer): HTMLElement | null {
    const item: Waiting = { key, at, path: "", fields: { text }, what: "point", point: "", refused: why };
    const block = waitingBlock(item, "own-left", "own-left");
    // What somebody else said is not begun anew under this person's name.
    if (saidBy !== this.boot.me.id) block?.querySelector("[data-write-again]")?.remove();
    return block;
  }

  /** Without the right to write just now, one's own points are a list to read. */
  private list(): void {
    const list = document.getElementById("mine");
    for (const item of list?.querySelectorAll<HTMLElement>("[data-mine]") ?? []) {
      const point = document.getElementById(`pt-${item.dataset["mine"] ?? ""}`);
      const words = item.querySelector("[data-words]");
      const text = point?.querySelector(".pp__text")?.textContent;
      if (words && text) words.textContent = text;
    }
  }

  private mayWrite(): boolean {
    const can = this.boot.part?.can;
    return this.lane?.scope === "read-write" && ((can?.edit_own ?? false) || (can?.edit_any ?? false));
  }

  private isMine(point: Point): boolean {
    const lane = this.lane;
    return this.started.has(point.id) || (lane !== null && startedBy(lane.points, point.id) === lane.doc.clientID);
  }

  private readonly add = (event: SubmitEvent): void => {
    event.preventDefault();
    const { form, text } = this;
    if (!form || !text) return;
    const words = text.value.trim();
    if (!words) {
      text.focus();
      return;
    }
    const given = new FormData(form);
    const fields = { part: String(given.get("part") ?? ""), kind: String(given.get("kind") ?? "point"), text: words };
    this.outbox.add({ path: "points", fields, what: "point", point: "" });
    text.value = "";
    this.draft.text = "";
    const key = form.elements.namedItem("key");
    if (key instanceof HTMLInputElement) key.value = newKey();
  };

  private readonly clicked = (event: MouseEvent): void => {
    const pressed = event.target instanceof Element ? event.target.closest("[data-copy], [data-write-again]") : null;
    const block = pressed?.closest<HTMLElement>("[data-waiting]");
    const words = block?.querySelector('[data-fill="words"]')?.textContent;
    if (!pressed || !block || !words) return;
    if (pressed.matches("[data-copy]")) void navigator.clipboard?.writeText(words);
    else this.writeAgain(words, block.dataset["waiting"] ?? "");
  };

  /** Words that were not stored go where a new point is written: their writer adds them, or not. */
  private writeAgain(words: string, key: string): void {
    const { text } = this;
    if (!text) return;
    text.value = text.value ? `${text.value} ${words}` : words;
    this.draft.text = text.value;
    this.kept.letGo(key);
    text.focus();
  }
}

/** The client id of a point's entry: who started it, for good. */
function startedBy(points: PointsMap, id: string): number | undefined {
  return points._map.get(id)?.id.client;
}

hideAndShow();
startReading((boot, outbox, connection) => new OwnPoints(boot, outbox, connection));
