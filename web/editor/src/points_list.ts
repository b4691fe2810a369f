/**
 * The list of points on the page: draws what stands in the shared document, once a frame, touching only what changed.
 * It writes nothing; `points.ts` does that.
 */

import * as Y from "yjs";

import { type FieldView, type Mark, PointField } from "./point_field";
import { type Kind, type Point, type PointsMap, isShown, readAllPoints, readPoint } from "./shape";
import { arrange, holdStill } from "./still";
import type { Change } from "./text_change";
import type { WritingPlace } from "./undo";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly label: string;
}

export interface PointsOptions {
  /** The `<ol>` that the fields go into; what the server drew in it is replaced at the first `attach`. */
  readonly root: HTMLElement;
  /** What scrolls around the list, so that it can be kept still. */
  readonly scroller: HTMLElement;
  readonly people: ReadonlyMap<string, Person>;
  readonly mayEdit: (point: Point) => boolean;
  /** May this person begin points? Then the list ends with a field for the next one. */
  readonly mayAdd: () => boolean;
  /** Which of the points are drawn; numbers are counted over all. */
  readonly shows?: (point: Point) => boolean;
  /** Whom a new point is recorded as said by, if nobody is chosen. */
  readonly newSaidBy?: string;
  /** May single keys and Alt with arrows be commands? Off, they are what the browser makes of them. */
  readonly shortcuts?: () => boolean;
  /** Opens a list to choose from; `typed` is true if a letter in the field asked for it ("@", "/"). */
  readonly choose?: (what: "who" | "kind", field: PointField, typed: boolean) => void;
  readonly openMark?: (point: string) => void;
  readonly writingIn?: (point: string | null) => void;
  /** The list was drawn again after something changed. */
  readonly drawn?: (points: readonly Point[]) => void;
}

export interface DraftChoice {
  kind: Kind;
  saidBy: string;
}

export abstract class PointsList {
  protected points: PointsMap | null = null;
  protected readonly fields = new Map<string, PointField>();
  protected readonly draft: PointField[] = [];
  /** Behind which point the next one begins; undefined is the end of the list. */
  protected draftAfter: string | null | undefined = undefined;
  protected draftChoice: DraftChoice = { kind: "point", saidBy: "" };
  protected order: Point[] = [];
  protected marks: ReadonlyMap<string, Mark> = new Map();
  protected writers: ReadonlyMap<string, string> = new Map();
  /** Set while a field's own keystroke is written: the field shows it already. */
  protected writing: string | null = null;
  protected dirty = new Set<string>();
  protected drawing = false;
  protected reorder = false;
  protected frame: number | null = null;
  protected lastField: PointField | null = null;
  protected readonly numbers = new Map<string, number>();

  constructor(protected readonly options: PointsOptions) {
    this.draftChoice.saidBy = options.newSaidBy ?? "";
  }

  /** A new field, which reports to the editor. */
  protected abstract field(id: string | null): PointField;

  setMarks(marks: ReadonlyMap<string, Mark>): void {
    this.marks = marks;
    for (const [id, field] of this.fields) field.drawMark(marks.get(id) ?? null);
  }

  /** Who else is writing where: point id → name. */
  setWriters(writers: ReadonlyMap<string, string>): void {
    const touched = [...this.writers.keys(), ...writers.keys()];
    this.writers = writers;
    for (const id of touched) this.dirty.add(id);
    this.schedule();
  }

  /** The field that has the focus, or had it last. */
  current(): PointField | null {
    return this.lastField;
  }

  focusedField(): PointField | null {
    return this.fieldOf(document.activeElement);
  }

  pointOf(field: PointField): Point | null {
    return field.id === null ? null : (this.order.find((point) => point.id === field.id) ?? null);
  }

  owns(field: PointField): boolean {
    return this.inOrder().includes(field);
  }

  contains(target: EventTarget | null): boolean {
    return target instanceof Node && this.options.root.contains(target);
  }

  /** The text of a point as it is now; null if it is not in the list. */
  textOf(id: string): string | null {
    const map = this.points?.get(id);
    return map === undefined ? null : (readPoint(id, map)?.text ?? null);
  }

  shownPoints(): readonly Point[] {
    return this.order;
  }

  goTo(place: WritingPlace): boolean {
    const field = this.fields.get(place.point);
    if (field === undefined) return false;
    field.focus(Math.min(place.start, field.value.length), Math.min(place.end, field.value.length));
    return true;
  }

  // Drawing.

  protected readonly observed = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const event of events) {
      const [id] = event.path;
      if (typeof id !== "string") {
        this.reorder = true;
        continue;
      }
      if (event.target instanceof Y.Text) {
        if (id === this.writing) continue;
        this.fields.get(id)?.arrive(event.changes.delta as unknown as Change);
        this.dirty.add(id);
        // A struck point appears with its first letter and goes with its last.
        if (this.points?.get(id)?.get("struck") === true) this.reorder = true;
      } else {
        this.dirty.add(id);
        this.reorder = true;
      }
    }
    if (this.reorder || this.dirty.size > 0) this.schedule();
  };

  protected schedule(): void {
    if (this.frame !== null) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  protected redrawAll(): void {
    this.reorder = true;
    for (const id of this.fields.keys()) this.dirty.add(id);
    this.draw();
  }

  protected draw(): void {
    if (this.points === null) return;
    if (this.drawing) {
      // Drawing moved the focus, and its events asked for a drawing: the next frame has it.
      this.schedule();
      return;
    }
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    this.drawing = true;
    try {
      const held = holdStill(this.options.root, this.options.scroller, this.focusedField()?.item ?? null);
      const { reorder, dirty } = this;
      this.reorder = false;
      this.dirty = new Set();
      if (reorder) this.drawList(this.points, dirty);
      else this.drawFields(this.points, dirty);
      held();
    } finally {
      this.drawing = false;
    }
    this.options.drawn?.(this.order);
  }

  protected drawFields(points: PointsMap, dirty: ReadonlySet<string>): void {
    for (const id of dirty) {
      const at = this.order.findIndex((point) => point.id === id);
      // That somebody is writing in a point can be known before the point itself has come.
      const map = points.get(id);
      const point = map === undefined ? null : readPoint(id, map);
      if (at < 0 || point === null) continue;
      this.order[at] = point;
      this.fields.get(id)?.draw(this.viewOf(point, this.numberOf(id)));
    }
  }

  protected numberOf(id: string): number {
    return this.numbers.get(id) ?? 0;
  }

  protected drawList(points: PointsMap, dirty: ReadonlySet<string>): void {
    const all = readAllPoints(points).filter(isShown);
    this.numbers.clear();
    all.forEach((point, i) => this.numbers.set(point.id, i + 1));
    const order = this.options.shows === undefined ? all : all.filter(this.options.shows);
    const shown = new Set(order.map((point) => point.id));
    this.leaveWhatGoes(shown);
    this.order = order;
    for (const [id, field] of this.fields) if (!shown.has(id)) this.drop(id, field);
    for (const point of this.order) {
      let field = this.fields.get(point.id);
      if (field === undefined) {
        field = this.field(point.id);
        this.fields.set(point.id, field);
        field.draw(this.viewOf(point, this.numberOf(point.id)));
        field.drawMark(this.marks.get(point.id) ?? null);
      } else field.draw(this.viewOf(point, this.numberOf(point.id)));
    }
    this.drawDraft(all.length + 1);
    arrange(this.options.root, this.inOrder().map((field) => field.item), this.focusedField()?.item ?? null);
    for (const point of this.order) if (dirty.has(point.id)) this.fields.get(point.id)?.fit();
  }

  /** Somebody else removed the point the person is in: the caret goes to the end of the one above it. */
  protected leaveWhatGoes(staying: ReadonlySet<string>): void {
    const here = this.focusedField();
    if (here === null || here.id === null || staying.has(here.id)) return;
    let above = here.item.previousElementSibling;
    while (above !== null && !staying.has(this.idOf(above))) above = above.previousElementSibling;
    const field = above === null ? this.draft[0] : this.fields.get(this.idOf(above));
    field?.focus();
  }

  protected idOf(item: Element): string {
    for (const [id, field] of this.fields) if (field.item === item) return id;
    return "";
  }

  protected drawDraft(number: number): void {
    if (!this.options.mayAdd()) {
      for (const field of this.draft.splice(0)) field.item.remove();
      return;
    }
    if (this.draft.length === 0) this.draft.push(this.field(null));
    if (this.draftAfter !== undefined && this.draftAfter !== null && !this.fields.has(this.draftAfter)) {
      this.draftAfter = undefined;
    }
    const { kind, saidBy } = this.draftChoice;
    const place = this.draftAfter === undefined ? number : this.draftAfter === null ? 1 : this.numberOf(this.draftAfter) + 1;
    (this.draft[0] as PointField).draw({
      number: place,
      text: "",
      kind,
      said: this.said(saidBy),
      struck: false,
      editable: true,
      writer: null,
    });
  }

  protected viewOf(point: Point, number: number): FieldView {
    return {
      number,
      text: point.text,
      kind: point.kind,
      said: this.said(point.saidBy),
      struck: point.struck,
      editable: this.options.mayEdit(point),
      writer: this.writers.get(point.id) ?? null,
    };
  }

  protected said(participant: string): Person | null {
    if (participant === "") return null;
    return this.options.people.get(participant) ?? { id: participant, name: "Somebody else", label: "" };
  }

  protected inOrder(): PointField[] {
    const list = this.order.map((point) => this.fields.get(point.id) as PointField);
    const [draft] = this.draft;
    if (draft === undefined) return list;
    const at =
      this.draftAfter === undefined
        ? list.length
        : this.draftAfter === null
          ? 0
          : this.order.findIndex((point) => point.id === this.draftAfter) + 1;
    list.splice(at, 0, draft);
    return list;
  }

  protected drop(id: string, field: PointField): void {
    if (this.lastField === field) this.lastField = null;
    field.item.remove();
    this.fields.delete(id);
  }

  protected placeDraft(after: string | null | undefined): void {
    const last = this.order[this.order.length - 1]?.id ?? null;
    const place = after === last ? undefined : after;
    if (place === this.draftAfter) return;
    this.draftAfter = place;
    this.reorder = true;
    this.draw();
  }

  protected draftPlace(): string | null {
    return this.draftAfter === undefined ? (this.order[this.order.length - 1]?.id ?? null) : this.draftAfter;
  }

  protected fieldAt(at: number): PointField | undefined {
    const point = this.order[at];
    return point === undefined ? undefined : this.fields.get(point.id);
  }

  protected fieldOf(target: EventTarget | null): PointField | null {
    if (!(target instanceof Element)) return null;
    const item = target.closest("li.pt");
    if (item === null) return null;
    return [...this.fields.values(), ...this.draft].find((field) => field.item === item) ?? null;
  }
}
