/** The keys of a list of points; and what on-screen keyboards, the browser's own menu and the clipboard say instead. */

import { walkByArrow } from "./arrows";
import type { PointField } from "./point_field";
import type { PointsOptions } from "./points_list";
import { linesOf } from "./text_change";

/** What they do. */
export interface KeyActs {
  fieldOf(target: EventTarget | null): PointField | null;
  inOrder(): readonly PointField[];
  undo(): void;
  redo(): void;
  move(field: PointField, by: -1 | 1): void;
  /** Enter. */
  next(field: PointField): void;
  /** With the point above, or below; false if the browser is to do what it does. */
  joinUp(field: PointField): boolean;
  joinDown(field: PointField): boolean;
  /** Several lines in the place of what stands between `from` and `to`. */
  breakUp(field: PointField, from: number, to: number, lines: string[]): void;
  readonly choose: PointsOptions["choose"];
  shortcuts(): boolean;
}

export class PointKeys {
  private readonly arrows = walkByArrow();

  constructor(
    root: HTMLElement,
    private readonly acts: KeyActs,
    signal: AbortSignal,
  ) {
    root.addEventListener("keydown", (event) => this.key(event), { signal });
    root.addEventListener("beforeinput", (event) => this.beforeInput(event), { signal });
    root.addEventListener("paste", (event) => this.pasted(event), { signal });
    root.addEventListener("mousedown", () => this.forget(), { signal });
  }

  /** The column that arrows keep to is another from now on. */
  forget(): void {
    this.arrows.forget();
  }

  private key(event: KeyboardEvent): void {
    const field = this.acts.fieldOf(event.target);
    if (field === null || event.isComposing || field.isComposing || event.target !== field.area) return;
    const { key } = event;
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.altKey && key.toLowerCase() === "z") {
      event.preventDefault();
      if (event.shiftKey) this.acts.redo();
      else this.acts.undo();
    } else if (command && !event.altKey && !event.shiftKey && key.toLowerCase() === "y") {
      event.preventDefault();
      this.acts.redo();
    } else if (event.altKey && !command && (key === "ArrowUp" || key === "ArrowDown") && this.acts.shortcuts()) {
      event.preventDefault();
      this.acts.move(field, key === "ArrowUp" ? -1 : 1);
    } else if (command || event.altKey) {
      return;
    } else if (key === "Enter") {
      event.preventDefault();
      this.acts.next(field);
    } else if (key === "Backspace" && !event.shiftKey && field.atStart) {
      if (this.acts.joinUp(field)) event.preventDefault();
    } else if (key === "Delete" && !event.shiftKey && field.atEnd) {
      if (this.acts.joinDown(field)) event.preventDefault();
    } else if (key === "ArrowUp" || key === "ArrowDown") {
      const list = this.acts.inOrder();
      const other = list[list.indexOf(field) + (key === "ArrowUp" ? -1 : 1)];
      if (this.arrows.walk(field, other, event)) event.preventDefault();
    } else if (!["Shift", "Control", "Alt", "Meta"].includes(key)) this.arrows.forget();
  }

  private beforeInput(event: InputEvent): void {
    const field = this.acts.fieldOf(event.target);
    if (field === null) return;
    switch (event.inputType) {
      // On-screen keyboards tell of Enter only here.
      case "insertLineBreak":
      case "insertParagraph":
        event.preventDefault();
        if (!event.isComposing) this.acts.next(field);
        return;
      // From the browser's own menu: its history knows nothing of the shared text.
      case "historyUndo":
        event.preventDefault();
        this.acts.undo();
        return;
      case "historyRedo":
        event.preventDefault();
        this.acts.redo();
        return;
      case "deleteContentBackward":
        if (field.atStart && this.acts.joinUp(field)) event.preventDefault();
        return;
      case "insertText":
        if ((event.data === "@" || event.data === "/") && field.isEmpty && this.acts.shortcuts()) {
          if (this.acts.choose === undefined) return;
          event.preventDefault();
          this.acts.choose(event.data === "@" ? "who" : "kind", field, true);
        }
        return;
      default:
    }
  }

  private pasted(event: ClipboardEvent): void {
    const field = this.acts.fieldOf(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (field === null || field.area.readOnly || !/[\n\v\f\r\u0085\u2028\u2029]/.test(text)) return;
    event.preventDefault();
    const { start, end } = field.selection;
    this.acts.breakUp(field, start, end, linesOf(text));
  }
}
