/**
 * The tray for words that are not in the minutes: refused, or left behind by a page that closed too early. It stays from
 * part to part with whoever wrote them, but words go back only into the part they were for: its readers are others.
 */

import type { KeptWords, Offer } from "../kept_words";
import { icon } from "../point_field";
import { clock } from "./top_bar";

export class Dock {
  constructor(
    private readonly tray: HTMLElement,
    private readonly kept: KeptWords,
    /** The lanes of this page. */
    private readonly lanes: readonly string[],
    /** Put the words in as a point again, where that can be done. */
    private readonly putIn: (offer: Offer) => boolean,
    private readonly tell: (words: string) => void,
  ) {}

  draw(): void {
    const { offers } = this.kept;
    // Only of parts this person may read: what is kept of another is not named.
    const parts = new Map(this.kept.leftIn(this.lanes).map((lane) => [lane.split("/")[1], lane]));
    const elsewhere = [...parts.values()].flatMap((lane) => wayTo(lane) ?? []);
    this.tray.hidden = offers.length === 0 && elsewhere.length === 0;
    if (this.tray.hidden) {
      this.tray.replaceChildren();
      return;
    }
    const heading = document.createElement("h2");
    heading.id = "dock-h";
    heading.className = "state stop";
    heading.append(icon("stop"), ` ${offers.length > 0 ? title(offers) : "Some words may not be saved"}`);
    this.tray.replaceChildren(heading, ...offers.map((offer) => this.one(offer)), ...lookThere(elsewhere));
  }

  private one(offer: Offer): HTMLElement {
    const box = document.createElement("div");
    box.className = "dock__one";
    const why = document.createElement("p");
    why.className = "tiny";
    why.textContent = `${clock(new Date(offer.at))}. ${offer.why} They are kept here until you choose.`;
    const words = document.createElement("blockquote");
    words.className = "words small";
    words.textContent = offer.text;
    const acts = document.createElement("p");
    acts.className = "dock__do";
    if (!this.lanes.includes(offer.lane)) {
      acts.append(wereFor(offer.lane));
    } else if (!offer.refused) {
      acts.append(button("Put them in as a point", "second", () => this.putIn(offer) && this.kept.letGo(offer.key)));
    }
    acts.append(
      button("Copy the words", "second", () => void this.copy(offer, words)),
      button("Let them go", "text", () => {
        this.kept.letGo(offer.key);
        this.tell("The words are gone.");
      }),
    );
    box.append(why, words, acts);
    return box;
  }

  private async copy(offer: Offer, words: HTMLElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(offer.text);
      this.tell("Copied.");
    } catch {
      // No clipboard here (it needs https): the words are marked, so that Ctrl C takes them.
      getSelection()?.selectAllChildren(words);
      this.tell("The words are marked. Press Ctrl and C to copy them.");
    }
  }
}

/** Whose place the words have, and the way there: the list of parts has those this person may read. */
function wereFor(lane: string): HTMLElement {
  const made = document.createElement("span");
  made.className = "small";
  const whose = lane.endsWith("/summary") ? "the chair’s summary of " : "";
  const there = wayTo(lane);
  if (there === null) made.textContent = `These were for ${whose}another part.`;
  else made.append(`These were for ${whose}`, there, ".");
  return made;
}

/** A link to the part of a lane, by its number in the list of parts; null if it is not listed. */
function wayTo(lane: string): HTMLElement | null {
  const part = document.getElementById(`part-${lane.split("/")[1] ?? ""}`);
  const link = part?.querySelector<HTMLAnchorElement>("a");
  if (!part || !link) return null;
  const there = document.createElement("a");
  there.href = link.href;
  there.textContent = `part ${link.querySelector(".n")?.textContent ?? ""}`;
  return there;
}

/** The page closed before it knew of these parts whether all was saved; the page of each knows. */
function lookThere(links: readonly HTMLElement[]): HTMLElement[] {
  if (links.length === 0) return [];
  const made = document.createElement("p");
  made.className = "small";
  made.append("The page closed before it was known. Look at ");
  links.forEach((link, i) => made.append(i === 0 ? "" : " and ", link));
  made.append(".");
  return [made];
}

function title(offers: readonly Offer[]): string {
  const count = offers.length;
  const refused = offers.some((offer) => offer.refused);
  const what = refused ? (count === 1 ? "was not accepted" : "were not accepted") : count === 1 ? "was not saved" : "were not saved";
  return `${count === 1 ? "One change" : `${count} changes`} ${what}`;
}

function button(words: string, look: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn btn--${look} btn--s`;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}
