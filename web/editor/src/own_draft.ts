/**
 * Words a professional has begun and not added yet, kept in this tab by the part they were begun in: they never appear
 * in the composer of another, where "Add to the minutes" would give them to that part's readers. `store` begins their
 * names, so that they are erased with everything else when the meeting ends.
 */

import { keep, kept } from "./reading/store";

export class OwnDraft {
  private readonly begun: string;

  constructor(
    store: string,
    private readonly part: string,
  ) {
    this.begun = `${store}draft/`;
  }

  get text(): string {
    return kept(this.begun + this.part);
  }

  set text(words: string) {
    keep(this.begun + this.part, words);
  }

  /**
   * One quiet line at the end of `card` for words begun in other parts, with the way there. `lanes` are those in which
   * an earlier page of this tab had not stored something: they are told of alike, and looked at there.
   */
  tellOfOthers(card: Element, lanes: readonly string[]): void {
    const left = new Set(lanes.map((lane) => lane.split("/")[1] ?? ""));
    // Only what is in the list of parts: one that may not be read any more is not named.
    const links = [...document.querySelectorAll<HTMLAnchorElement>(".partlines a")].filter((link) => {
      const part = new URLSearchParams(link.search).get("part") ?? "";
      return part !== this.part && (left.has(part) || kept(this.begun + part) !== "");
    });
    if (links.length === 0) return;
    const line = document.createElement("p");
    line.className = "small quiet";
    line.id = "own-elsewhere";
    line.append("You have words that may not be in the minutes yet, in ");
    links.forEach((link, i) => {
      const there = document.createElement("a");
      there.href = link.href;
      there.textContent = link.querySelector("span:not(.n)")?.firstChild?.textContent?.trim() ?? "";
      line.append(i === 0 ? "" : ", ", there);
    });
    line.append(".");
    card.append(line);
  }
}
