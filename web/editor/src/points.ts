/**
 * The list of points as an editor: native text fields, drawn from the shared document and writing to it.
 *
 * It is attached after the lane's first sync, writes only from the person's own events and never from inside an
 * observer, and draws what arrives once a frame, touching only what changed. Nothing that arrives moves the caret,
 * the focus or what is on the screen in front of the person.
 */

import type * as Y from "yjs";

import { PointChanges } from "./point_changes";
import { type FieldEvents, PointField } from "./point_field";
import { PointKeys } from "./point_keys";
import { PointsList, type PointsOptions } from "./points_list";
import { type Kind, type Point, pointsOf } from "./shape";
import type { Change } from "./text_change";
import { OwnUndo, type WritingPlace } from "./undo";

export type { DraftChoice, Person, PointsOptions } from "./points_list";

export class PointsEditor extends PointsList implements FieldEvents {
  private changes: PointChanges | null = null;
  private undoing: OwnUndo | null = null;
  private readonly keys: PointKeys;
  private readonly listening = new AbortController();

  constructor(options: PointsOptions) {
    super(options);
    this.keys = new PointKeys(
      options.root,
      {
        fieldOf: (target) => this.fieldOf(target),
        inOrder: () => this.inOrder(),
        undo: () => this.undo(),
        redo: () => this.redo(),
        move: (field, by) => this.move(field, by),
        next: (field) => this.next(field),
        joinUp: (field) => this.joinUp(field),
        joinDown: (field) => this.joinDown(field),
        breakUp: (field, from, to, lines) => this.breakUp(field, from, to, lines),
        choose: options.choose,
        shortcuts: () => options.shortcuts?.() ?? true,
      },
      this.listening.signal,
    );
  }

  /** Draw this document and write into it from now on. Called again with a fresh one after a refusal. */
  attach(doc: Y.Doc): void {
    const place = this.place();
    this.release();
    this.points = pointsOf(doc);
    this.changes = new PointChanges(this.points);
    this.undoing = new OwnUndo(this.points, () => this.place(), (to) => this.goToAfterDraw(to));
    this.points.observeDeep(this.observed);
    for (const [id, field] of this.fields) if (!this.points.has(id)) this.drop(id, field);
    this.reorder = true;
    if (this.fields.size === 0) this.options.root.replaceChildren();
    this.draw();
    if (place !== null && this.fields.has(place.point)) this.goTo(place);
  }

  /** Stop following the document; the fields stay readable. */
  release(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    this.points?.unobserveDeep(this.observed);
    this.undoing?.destroy();
    this.points = this.changes = this.undoing = null;
    this.dirty.clear();
  }

  destroy(): void {
    this.release();
    this.listening.abort();
    this.options.root.replaceChildren();
    this.fields.clear();
  }

  /** Rights have changed: what may be written in, and what may be undone, is decided anew. */
  rightsChanged(): void {
    this.undoing?.clear();
    this.redrawAll();
  }

  /** Where the person is writing: the point and the selection in it. */
  place(): WritingPlace | null {
    const field = this.current();
    if (field === null || field.id === null) return null;
    return { point: field.id, ...field.selection };
  }

  /** Back to the very letter where the person was writing; to the end, if that point is gone. */
  comeBack(): void {
    const field = this.lastField;
    if (field !== null && field.area.isConnected) field.comeBack();
    else this.goToEnd();
  }

  /** Type a sign that is a command otherwise. */
  type(field: PointField, sign: string): void {
    field.comeBack();
    const { start, end } = field.selection;
    field.area.setRangeText(sign, start, end, "end");
    field.area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  /** The field for the next point, at the end of the list (or the last point, where none can be added). */
  goToEnd(): void {
    this.placeDraft(undefined);
    const field = this.draft[0] ?? this.fieldAt(this.order.length - 1);
    field?.focus();
  }

  /** Put words in as a point of their own, at the end. False if nothing can be written here. */
  add(text: string): boolean {
    if (this.points === null || !this.options.mayAdd()) return false;
    const after = this.order[this.order.length - 1]?.id ?? null;
    const ids = this.act((changes) => changes.create(after, [{ text, kind: "point", saidBy: "" }]));
    const [id] = ids ?? [];
    if (id !== undefined) this.fields.get(id)?.focus();
    return id !== undefined;
  }

  undo(): void {
    this.undoing?.undo();
    this.draw();
  }

  redo(): void {
    this.undoing?.redo();
    this.draw();
  }

  setKind(field: PointField, kind: Kind): void {
    if (field.id === null) {
      this.draftChoice.kind = kind;
      this.redrawAll();
    } else this.act((changes) => changes.setKind(field.id as string, kind));
  }

  setSaidBy(field: PointField, participant: string): void {
    if (field.id === null) {
      this.draftChoice.saidBy = participant;
      this.redrawAll();
    } else this.act((changes) => changes.setSaidBy(field.id as string, participant));
  }

  strike(field: PointField): void {
    const point = this.pointOf(field);
    if (point === null || !this.options.mayEdit(point)) return;
    if (point.text === "") this.removeEmpty(point.id);
    else this.act((changes) => changes.strike(point.id, true));
  }

  /** One place up or down. */
  move(field: PointField, by: -1 | 1): void {
    const at = this.order.findIndex((point) => point.id === field.id);
    const point = this.order[at];
    const to = at + by;
    if (point === undefined || to < 0 || to >= this.order.length || !this.options.mayEdit(point)) return;
    const behind = by === 1 ? this.order[to] : this.order[to - 1];
    this.act((changes) => changes.move(point.id, behind?.id ?? null));
    field.area.scrollIntoView({ block: "nearest" });
  }

  // What a field reports.

  edited(field: PointField, change: Change): void {
    this.keys.forget();
    if (this.changes === null) return;
    if (field.id === null) {
      this.beginPoint(field);
      return;
    }
    this.writing = field.id;
    try {
      this.changes.edit(field.id, change);
    } finally {
      this.writing = null;
    }
  }

  broken(field: PointField, from: number, to: number, lines: string[]): void {
    this.breakUp(field, from, to, lines);
  }

  composed(field: PointField): void {
    if (field.id === null || !this.fields.has(field.id)) return;
    this.dirty.add(field.id);
    this.draw();
  }

  askWho(field: PointField): void {
    this.options.choose?.("who", field, false);
  }

  askKind(field: PointField): void {
    this.options.choose?.("kind", field, false);
  }

  putBack(field: PointField): void {
    if (field.id === null) return;
    const id = field.id;
    this.act((changes) => changes.strike(id, false));
    field.focus();
  }

  openMark(field: PointField): void {
    if (field.id !== null) this.options.openMark?.(field.id);
  }

  focused(field: PointField): void {
    if (this.lastField !== null) this.lastField.keepsPlace = false;
    field.keepsPlace = true;
    this.lastField = field;
    this.options.writingIn?.(field.id);
  }

  left(field: PointField): void {
    if (this.focusedField() === null) this.options.writingIn?.(null);
    // An empty field for the next point in mid-list goes back to the end, once the person has gone elsewhere.
    if (field.id === null && field.isEmpty && this.draftAfter !== undefined) {
      requestAnimationFrame(() => {
        if (document.activeElement !== field.area) this.placeDraft(undefined);
      });
    }
  }

  // What the keys do.

  /** Enter: the next point, or a split where the caret stands inside the words. */
  private next(field: PointField): void {
    const point = this.pointOf(field);
    const { start, end } = field.selection;
    if (field.id === null || (point === null && field.isEmpty)) {
      this.placeDraft(undefined);
      this.draft[0]?.focus();
      return;
    }
    if (point === null) return;
    if (!this.options.mayAdd()) return;
    this.undoing?.step();
    if (start === field.value.length || field.area.readOnly) {
      this.placeDraft(point.id);
      this.draft[0]?.focus();
      return;
    }
    if (start === 0 && end === 0) {
      this.placeDraft(this.order[this.order.indexOf(point) - 1]?.id ?? null);
      this.draft[0]?.focus();
      return;
    }
    if (start !== end) this.act((changes) => changes.edit(point.id, [{ retain: start }, { delete: end - start }]));
    const made = this.act((changes) => changes.split(point.id, start));
    if (made !== null && made !== undefined) this.fields.get(made)?.focus(0);
  }

  private joinUp(field: PointField): boolean {
    if (field.area.readOnly) return false;
    if (field.id === null) {
      const list = this.inOrder();
      const above = list[list.indexOf(field) - 1];
      if (!field.isEmpty || above === undefined) return false;
      above.focus();
      return true;
    }
    const at = this.order.findIndex((point) => point.id === field.id);
    const above = this.order[at - 1];
    const point = this.order[at];
    if (point === undefined) return false;
    if (point.text === "") return this.removeEmpty(point.id);
    if (above === undefined || !this.mayJoin(above, point)) return false;
    return this.joined(above, point);
  }

  private joinDown(field: PointField): boolean {
    if (field.id === null || field.area.readOnly) return false;
    const at = this.order.findIndex((point) => point.id === field.id);
    const point = this.order[at];
    const below = this.order[at + 1];
    if (point === undefined || below === undefined || !this.mayJoin(point, below)) return false;
    return this.joined(point, below);
  }

  private mayJoin(upper: Point, lower: Point): boolean {
    return !upper.struck && !lower.struck && this.options.mayEdit(upper) && this.options.mayEdit(lower);
  }

  private joined(upper: Point, lower: Point): boolean {
    // Before the lower one goes with the focus.
    this.fields.get(upper.id)?.focus();
    const seam = this.act((changes) => changes.join(upper.id, lower.id));
    if (seam === null || seam === undefined) return false;
    this.fields.get(upper.id)?.focus(seam);
    return true;
  }

  /** A point without words goes; the caret to the end of the one above, or to the next. */
  private removeEmpty(id: string): boolean {
    const at = this.order.findIndex((point) => point.id === id);
    (this.fieldAt(at - 1) ?? this.fieldAt(at + 1) ?? this.draft[0])?.focus();
    this.act((changes) => changes.strike(id, true));
    return true;
  }

  private breakUp(field: PointField, from: number, to: number, lines: string[]): void {
    if (lines.length === 0 || this.changes === null) return;
    if (field.id === null) {
      const after = this.draftPlace();
      const { kind, saidBy } = this.draftChoice;
      const words = lines.filter((line) => line !== "");
      if (words.length === 0) {
        this.next(field);
        return;
      }
      const ids = this.act((changes) => changes.create(after, words.map((text) => ({ text, kind, saidBy }))));
      const last = ids?.[ids.length - 1];
      if (last !== undefined) this.fields.get(last)?.focus();
      return;
    }
    const id = field.id;
    const end = this.act((changes) => changes.breakInto(id, from, to, lines));
    if (end !== null && end !== undefined) this.fields.get(end.point)?.focus(end.at);
  }

  /** The first letters in the field for the next point: now there is one. The field keeps its focus and its caret. */
  private beginPoint(field: PointField): void {
    if (this.changes === null || field.isEmpty) return;
    const after = this.draftPlace();
    const { kind, saidBy } = this.draftChoice;
    this.undoing?.step();
    const [id] = this.changes.create(after, [{ text: field.value, kind, saidBy }]);
    if (id === undefined) return;
    field.become(id);
    this.fields.set(id, field);
    this.reorder = true;
    this.draft.length = 0;
    this.draftAfter = undefined;
    this.draftChoice = { kind: "point", saidBy: this.options.newSaidBy ?? "" };
    if (this.lastField === field) this.options.writingIn?.(id);
    this.draw();
  }

  /** A command of the person's own: a step of its own for undo, and drawn at once. */
  private act<T>(make: (changes: PointChanges) => T): T | undefined {
    if (this.changes === null) return undefined;
    this.undoing?.step();
    const made = make(this.changes);
    this.undoing?.step();
    this.draw();
    return made;
  }

  private goToAfterDraw(place: WritingPlace): void {
    this.draw();
    this.goTo(place);
  }

  protected override field(id: string | null): PointField {
    return new PointField(id, this);
  }
}
