/** The places on top of the shared screen, for what is happening where everyone is not looking: the stream stays still. */

import type { Drawn } from "../reading/live_points";
import { drawChanges, wordChanges } from "../reading/word_changes";
import type { Change } from "./changes";

/** A point that is put right, given to somebody else, or struck out: what was struck, what is new marked. */
export function drawChange(slot: HTMLElement | null, change: Change | null): void {
  if (slot === null) return;
  slot.hidden = change === null;
  if (change === null) return;
  const { before, after } = change;
  put(slot, ".n", String((after ?? before).number));
  put(slot, "[data-label]", (after ?? before).label);
  slot.querySelector<HTMLElement>("[data-right]")?.toggleAttribute("hidden", after === undefined);
  slot.querySelector<HTMLElement>("[data-struck]")?.toggleAttribute("hidden", after !== undefined);
  const name = slot.querySelector<HTMLElement>(".by b");
  if (after === undefined || after.by === before.by) put(slot, ".by b", (after ?? before).name);
  else name?.replaceChildren(...[mark("del", before), " ", mark("ins", after)]);
  const words = slot.querySelector<HTMLElement>("[data-words]");
  if (words) drawChanges(words, wordChanges(before.text, after?.text ?? ""));
}

/** A point that is being typed further up than the stream reaches. */
export function drawTyped(slot: HTMLElement | null, point: Drawn | undefined): void {
  if (slot === null) return;
  slot.hidden = point === undefined;
  if (point === undefined) return;
  put(slot, ".n", String(point.number));
  put(slot, ".by b", point.name);
  put(slot, "[data-label]", typedLabel(point));
  put(slot, "[data-words]", point.text);
}

export function typedLabel({ label }: Drawn): string {
  return `${label}${label ? ", " : ""}being typed now`;
}

export function put(within: Element, selector: string, text: string): void {
  const place = within.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

/** The name; nothing for a point that nobody is down for. */
function mark(as: "del" | "ins", { by, name }: Drawn): Node | string {
  if (by === "") return "";
  const made = document.createElement(as);
  made.textContent = name;
  return made;
}
