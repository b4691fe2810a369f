/** The sheet from below: what can be said of a point, the words for it, and the other things to ask for. */

import { off } from "./spoken";

export interface Quoted {
  readonly part: string;
  readonly point: string;
  readonly name: string;
  readonly label: string;
  readonly text: string;
}

/** What is quoted of a point on the page. Where a change is marked in it, the words as they stand now. */
export function quoteOf(item: HTMLElement, part: string): Quoted {
  const words = (selector: string): string => item.querySelector(selector)?.textContent?.trim() ?? "";
  const text = item.querySelector(".pp__text")?.cloneNode(true);
  if (text instanceof HTMLElement && text.querySelector("ins")) {
    for (const old of text.querySelectorAll("del")) old.remove();
  }
  return {
    part,
    point: item.dataset["point"] ?? "",
    name: words("[data-name]"),
    label: words("[data-label]"),
    text: (text?.textContent ?? "").replace(/\s+/g, " ").trim(),
  };
}

export class Sheet {
  private quoted: Quoted | null = null;
  private opener: HTMLElement | null = null;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly said: (fields: Record<string, string>) => void,
  ) {
    dialog.addEventListener("click", this.clicked);
    dialog.addEventListener("submit", this.submitted);
    dialog.addEventListener("close", this.closed);
  }

  /** The four things that can be said of a point. */
  choices(quoted: Quoted, opener: HTMLElement): void {
    this.quoted = quoted;
    this.fill("choices");
    this.open(opener);
  }

  /** Straight to the words: for what is missing from a part. */
  missing(part: string, opener: HTMLElement): void {
    this.quoted = { part, point: "", name: "", label: "", text: "" };
    this.fill("choices");
    const choice = this.dialog.querySelector<HTMLElement>('[data-choice="missing"]');
    if (choice) this.words(choice);
    this.open(opener);
  }

  /** What is about no point: the other things to ask for ("more"), or something of one's own ("own"). */
  plain(template: string, opener: HTMLElement): void {
    this.quoted = null;
    this.fill(template);
    this.open(opener);
  }

  close(): void {
    if (this.dialog.open) this.dialog.close();
  }

  private open(opener: HTMLElement): void {
    this.opener = opener;
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  private fill(template: string): void {
    const content = page(template);
    if (!content) return;
    this.dialog.replaceChildren(content);
    this.quote();
    for (const button of this.dialog.querySelectorAll<HTMLElement>("[data-spoken]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(!off()));
    }
  }

  private words(choice: HTMLElement): void {
    const content = page("words");
    if (!content || !this.quoted) return;
    const icon = choice.querySelector("use")?.getAttribute("href") ?? "";
    const title = choice.querySelector("span")?.textContent ?? "";
    this.dialog.replaceChildren(content);
    this.quote();
    this.dialog.querySelector('[data-fill="icon"]')?.setAttribute("href", icon);
    put(this.dialog, "title", title);
    put(this.dialog, "asks", choice.dataset["asks"] ?? "");
    const form = this.dialog.querySelector("form");
    if (form) {
      value(form, "part", this.quoted.part);
      value(form, "point", this.quoted.point);
      value(form, "kind", choice.dataset["choice"] ?? "");
    }
    // Not the field at once: on a phone that opens the keyboard over the words just quoted.
    this.dialog.querySelector<HTMLElement>("#sheet-title")?.setAttribute("tabindex", "-1");
    this.dialog.querySelector<HTMLElement>("#sheet-title")?.focus();
  }

  private quote(): void {
    const quoted = this.quoted;
    if (!quoted) return;
    const by = this.dialog.querySelector<HTMLElement>(".pp__by");
    if (by) {
      by.hidden = quoted.name === "";
      const name = by.querySelector("[data-name]");
      const label = by.querySelector("[data-label]");
      if (name) name.textContent = quoted.name;
      if (label) label.textContent = quoted.label;
    }
    const text = put(this.dialog, "quote", quoted.text ? `“${quoted.text}”` : "");
    if (text?.matches("p")) text.hidden = quoted.text === "";
  }

  private readonly clicked = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    const choice = target?.closest<HTMLElement>("[data-choice]");
    if (target === this.dialog || target?.closest("[data-close]")) {
      event.preventDefault();
      this.close();
    } else if (choice) {
      event.preventDefault();
      this.words(choice);
    } else if (target?.closest("[data-back]") && this.quoted) {
      event.preventDefault();
      if (this.quoted.point) this.fill("choices");
      else this.close();
    }
  };

  private readonly submitted = (event: SubmitEvent): void => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-words]")) return;
    event.preventDefault();
    const fields: Record<string, string> = {};
    for (const name of ["part", "point", "kind", "words"]) fields[name] = String(new FormData(form).get(name) ?? "");
    this.said(fields);
    this.close();
  };

  private readonly closed = (): void => {
    this.dialog.replaceChildren();
    const opener = this.opener;
    this.opener = null;
    this.quoted = null;
    // Back to where the reader was, also when what they pressed has been replaced by what they said.
    if (opener?.isConnected && !opener.hidden) opener.focus({ preventScroll: true });
    else document.getElementById("main")?.focus({ preventScroll: true });
  };
}

function page(template: string): DocumentFragment | null {
  const found = document.getElementById(template);
  return found instanceof HTMLTemplateElement ? (found.content.cloneNode(true) as DocumentFragment) : null;
}

function put(within: Element, name: string, text: string): HTMLElement | null {
  const place = within.querySelector<HTMLElement>(`[data-fill="${name}"]`);
  if (place) place.textContent = text;
  return place;
}

function value(form: HTMLFormElement, name: string, text: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = text;
}
