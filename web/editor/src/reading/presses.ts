/** What can be pressed on a page of reading, and what each press does. */

import type { Away } from "./away";
import type { Extra } from "./extra";
import type { Jump } from "./jump";
import type { Meeting } from "./meeting";
import { stopReading } from "./read_aloud";
import type { Sayings } from "./sayings";
import { type Sheet, quoteOf } from "./sheet";
import type { Spoken } from "./spoken";

export interface Pressable {
  readonly sheet: Sheet | null;
  readonly jump: Jump;
  readonly meeting: Meeting;
  readonly sayings: Sayings;
  readonly away: Away;
  readonly spoken: Spoken;
  readonly extra: Extra;
  /** The part that is read, or "". */
  readonly part: string;
}

export function pressed(event: MouseEvent, to: Pressable): void {
  const target = event.target instanceof Element ? event.target : null;
  const on = <T extends HTMLElement>(selector: string): T | null => target?.closest<T>(selector) ?? null;
  const { sheet, part } = to;
  const act = on(".pp__act");
  const missing = on("[data-missing]");
  const more = on("[data-more], [data-say-own]");
  if (act && sheet) {
    event.preventDefault();
    const item = act.closest<HTMLElement>("[data-point]");
    if (item) sheet.choices(quoteOf(item, part), act);
  } else if (missing && sheet) {
    event.preventDefault();
    sheet.missing(part, missing);
  } else if (more && sheet) {
    event.preventDefault();
    sheet.plain(more.matches("[data-more]") ? "more" : "own", more);
  } else if (on("#jump")) {
    event.preventDefault();
    to.jump.go();
  } else if (on("[data-go]") && to.meeting.waiting) {
    event.preventDefault();
    to.meeting.go();
  } else if (on("[data-take-back]")) {
    const key = on("[data-waiting]")?.dataset["waiting"] ?? "";
    to.sayings.outbox.takeBack(key);
    to.extra.letGo?.(key);
  } else if (on("[data-dismiss]")) {
    to.away.close();
  } else if (on("[data-stop-reading]")) {
    stopReading();
  } else if (on("[data-spoken]")) {
    to.spoken.flip(on("[data-spoken]"));
  }
}
