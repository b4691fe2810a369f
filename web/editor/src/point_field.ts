/**
 * One point on the page: a native text field with a name, who said it, and its kind. A redraw touches only what has
 * changed, and never the field someone is composing in with an input method.
 */

import { KIND_LABELS, type Kind } from "./shape";
import { type Change, after, applyChange, cleanText, difference, placeAfter } from "./text_change";

/** What a field shows. `said` is the person's name and what they are ("Priya Nair", "social worker"). */
export interface FieldView {
  readonly number: number;
  readonly text: string;
  readonly kind: Kind;
  readonly said: { readonly name: string; readonly label: string } | null;
  readonly struck: boolean;
  readonly editable: boolean;
  /** The name of someone else who is writing here, or null. */
  readonly writer: string | null;
}

/** Flags on a point: how many wait for an answer, how many are settled. */
export interface Mark {
  readonly open: number;
  readonly done: number;
}

/** What a field reports. The list of points decides what comes of it. */
export interface FieldEvents {
  edited(field: PointField, change: Change): void;
  /** The text now holds line breaks (dictation, a drop, an autofill): `from`–`to` of the old text became `lines`. */
  broken(field: PointField, from: number, to: number, lines: string[]): void;
  /** An input method has finished: what arrived meanwhile can be drawn. */
  composed(field: PointField): void;
  askWho(field: PointField): void;
  askKind(field: PointField): void;
  putBack(field: PointField): void;
  openMark(field: PointField): void;
  focused(field: PointField): void;
  left(field: PointField): void;
}

const SIZES_ITSELF = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

export class PointField {
  readonly item = document.createElement("li");
  readonly area = document.createElement("textarea");
  /** The point, or null for the field in which the next point will begin. */
  id: string | null;
  private readonly numberPart = span("pt__n");
  private readonly whoPart = document.createElement("div");
  private readonly whoButton = button("pt__by");
  private readonly kindButton = button("kind");
  private readonly notePart = span("pt__note");
  private readonly side = document.createElement("div");
  private view: FieldView | null = null;
  private mark: Mark | null = null;
  /** The text as the field last had it: what a keystroke is compared with. */
  private shown = "";
  /** Changes from elsewhere that the field does not show yet. */
  private arriving: Change[] = [];
  private composing = false;
  /** The person was here last: the caret is kept although the focus may be elsewhere. */
  keepsPlace = false;

  constructor(
    id: string | null,
    private readonly events: FieldEvents,
  ) {
    this.id = id;
    this.item.className = "pt";
    this.numberPart.setAttribute("aria-hidden", "true");
    this.whoPart.className = "pt__who";
    this.whoPart.append(this.whoButton, this.notePart, this.kindButton);
    this.area.className = "pt__text";
    this.area.rows = 1;
    this.area.spellcheck = true;
    this.area.autocapitalize = "sentences";
    this.side.className = "pt__side";
    const middle = document.createElement("div");
    middle.append(this.whoPart, this.area);
    this.item.append(this.numberPart, middle, this.side);
    this.listen();
  }

  get value(): string {
    return this.area.value;
  }

  get isComposing(): boolean {
    return this.composing;
  }

  get selection(): { start: number; end: number } {
    return { start: this.area.selectionStart, end: this.area.selectionEnd };
  }

  get atStart(): boolean {
    const { start, end } = this.selection;
    return start === 0 && end === 0;
  }

  get atEnd(): boolean {
    const { start, end } = this.selection;
    return start === end && end === this.value.length;
  }

  get isEmpty(): boolean {
    return this.area.value === "";
  }

  focus(start: number = this.area.value.length, end: number = start): void {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(start, end);
    this.area.scrollIntoView({ block: "nearest" });
  }

  /** The field for the next point is a point now: its name and the rest are drawn anew. */
  become(id: string): void {
    this.id = id;
    this.view = null;
  }

  /** Back to where the caret was. */
  comeBack(): void {
    this.area.focus({ preventScroll: true });
    this.area.scrollIntoView({ block: "nearest" });
  }

  /** A change of the shared text made elsewhere. It is shown at the next `draw`. */
  arrive(change: Change): void {
    this.arriving.push(change);
  }

  /** Show what has changed. `view` is read from the document now, with every arrived change in it. */
  draw(view: FieldView): void {
    const before = this.view;
    this.view = view;
    if (!this.composing) this.drawText(view.text);
    if (before === null || before.number !== view.number) this.numberPart.textContent = String(view.number);
    if (before === null || !sameSaid(before, view) || before.number !== view.number) this.drawWho(view);
    if (before === null || before.kind !== view.kind || before.number !== view.number || before.editable !== view.editable)
      this.drawKind(view);
    if (before === null || before.struck !== view.struck || before.writer !== view.writer) this.drawNote(view);
    if (before === null || before.editable !== view.editable || before.struck !== view.struck) {
      this.area.readOnly = !view.editable || view.struck;
      this.item.classList.toggle("pt--struck", view.struck);
      this.item.classList.toggle("pt--fixed", !view.editable);
    }
    if (before === null || !sameSaid(before, view) || before.number !== view.number || before.struck !== view.struck)
      this.area.setAttribute("aria-label", this.name(view));
    this.item.classList.toggle("pt--next", this.id === null);
  }

  drawMark(mark: Mark | null): void {
    if (mark?.open === this.mark?.open && mark?.done === this.mark?.done) return;
    this.mark = mark;
    this.renderMark();
  }

  /** The height of the text, where the browser does not see to it itself. */
  fit(): void {
    if (SIZES_ITSELF) return;
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight + this.area.offsetHeight - this.area.clientHeight}px`;
  }

  private listen(): void {
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("compositionstart", () => {
      this.composing = true;
    });
    this.area.addEventListener("compositionend", () => {
      this.composing = false;
      this.typed();
      this.events.composed(this);
    });
    this.area.addEventListener("focus", () => {
      this.item.classList.add("pt--mine");
      this.events.focused(this);
    });
    this.area.addEventListener("blur", () => {
      this.item.classList.remove("pt--mine");
      // Some browsers end a composition without saying so.
      this.composing = false;
      this.typed();
      this.events.composed(this);
      this.events.left(this);
    });
    this.whoButton.addEventListener("click", () => this.events.askWho(this));
    this.kindButton.addEventListener("click", () => this.events.askKind(this));
  }

  /** The person's own keystrokes: what they changed, on top of what has arrived meanwhile. */
  private typed(): void {
    const value = this.area.value;
    if (value === this.shown) return;
    const caret = this.area.selectionEnd;
    const raw = difference(this.shown, value, caret);
    if (/[\n\v\f\r\u0085\u2028\u2029]/.test(inserted(raw))) {
      this.brokenUp(raw);
      return;
    }
    let own: Change = raw;
    const clean = raw.map((op) => ("insert" in op ? { insert: cleanText(op.insert) } : op));
    const cleaned = applyChange(this.shown, clean);
    if (cleaned !== value && !this.composing) {
      own = difference(this.shown, cleaned);
      this.area.value = cleaned;
      const place = Math.min(caret, cleaned.length);
      this.area.setSelectionRange(place, place);
    } else if (cleaned !== value) return; // half a character of a composition: the rest is coming
    this.shown = cleaned;
    const arrived = this.arriving;
    this.arriving = [];
    for (const change of arrived) {
      this.arriving.push(after(change, own));
      own = after(own, change);
    }
    this.fit();
    this.events.edited(this, own);
  }

  private brokenUp(raw: Change): void {
    let from = 0;
    let removed = 0;
    for (const op of raw) {
      if ("retain" in op) from = op.retain;
      else if ("delete" in op) removed = op.delete;
    }
    const lines = inserted(raw).split(/[\n\v\f\r\u0085\u2028\u2029]+/).map(cleanText);
    this.area.value = this.shown;
    this.events.broken(this, from, from + removed, lines);
  }

  private drawText(text: string): void {
    const arrived = this.arriving;
    this.arriving = [];
    if (this.area.value === text) {
      this.shown = text;
      return;
    }
    // A text that arriving changes do not explain (a fresh document) is compared instead.
    const explained = arrived.reduce<string>((now, change) => applyChange(now, change), this.shown) === text;
    const changes = explained ? arrived : [difference(this.shown, text)];
    let { selectionStart: start, selectionEnd: end } = this.area;
    const { selectionDirection, scrollTop } = this.area;
    for (const change of changes) {
      start = placeAfter(start, change);
      end = placeAfter(end, change);
    }
    this.area.value = text;
    this.shown = text;
    // Setting the value moves the caret to the end. The field that was left last keeps its place, to come back to.
    if (this.keepsPlace || document.activeElement === this.area) {
      this.area.setSelectionRange(start, end, selectionDirection);
    }
    this.area.scrollTop = scrollTop;
    this.fit();
  }

  private drawWho(view: FieldView): void {
    this.whoButton.replaceChildren();
    if (view.said !== null) {
      const name = document.createElement("b");
      name.textContent = view.said.name;
      this.whoButton.append(name, ` ${view.said.label}`);
      // Begins with what is to be seen, for those who speak to their computer.
      this.whoButton.setAttribute("aria-label", `${view.said.name} ${view.said.label}, point ${view.number}. Change`);
    } else {
      const words = this.id === null ? "Next point" : "Who said it?";
      this.whoButton.append(words);
      this.whoButton.setAttribute("aria-label", this.id === null ? `${words}: who says it?` : `${words} Point ${view.number}`);
    }
    this.whoButton.disabled = !view.editable;
  }

  private drawKind(view: FieldView): void {
    const label = KIND_LABELS[view.kind];
    this.kindButton.textContent = view.kind === "point" ? "Kind" : label;
    this.kindButton.classList.toggle("kind--plain", view.kind === "point");
    this.kindButton.setAttribute("aria-label", `Kind of point ${view.number}: ${label}. Change`);
    this.kindButton.disabled = !view.editable;
  }

  private drawNote(view: FieldView): void {
    this.notePart.replaceChildren();
    this.item.classList.toggle("pt--other", view.writer !== null);
    if (view.writer !== null) this.notePart.append(`${view.writer} is writing here`);
    if (!view.struck) return;
    this.notePart.append("Struck out. ");
    if (view.editable) {
      const back = button("btn btn--text btn--s");
      back.textContent = "Put it back";
      back.addEventListener("click", () => this.events.putBack(this));
      this.notePart.append(back);
    }
  }

  private renderMark(): void {
    this.side.replaceChildren();
    const mark = this.mark;
    if (mark === null || (mark.open === 0 && mark.done === 0)) return;
    const open = mark.open > 0;
    const count = open ? mark.open : mark.done;
    const flags = count === 1 ? "One flag" : `${count} flags`;
    const go = button(open ? "mark" : "mark mark--done");
    go.setAttribute("aria-label", `${flags} on point ${this.view?.number ?? ""}${open ? ". Go to it" : ", settled. See it"}`);
    go.append(icon(open ? "flag" : "tick"));
    go.addEventListener("click", () => this.events.openMark(this));
    this.side.append(go);
  }

  private name(view: FieldView): string {
    if (this.id === null) return `Point ${view.number}, new`;
    const who = view.said === null ? "" : `, ${view.said.name}`;
    return `Point ${view.number}${who}${view.struck ? ", struck out" : ""}`;
  }
}

function sameSaid(a: FieldView, b: FieldView): boolean {
  return a.said?.name === b.said?.name && a.said?.label === b.said?.label && a.editable === b.editable;
}

function inserted(change: Change): string {
  return change.map((op) => ("insert" in op ? op.insert : "")).join("");
}

function span(name: string): HTMLSpanElement {
  const made = document.createElement("span");
  made.className = name;
  return made;
}

function button(name: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  return made;
}

/** An icon of the page's sprite: always beside words or a name. */
export function icon(name: string): SVGSVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("class", "i");
  made.setAttribute("aria-hidden", "true");
  made.setAttribute("focusable", "false");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  made.append(use);
  return made;
}
