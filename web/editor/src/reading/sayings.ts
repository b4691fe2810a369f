/**
 * What this person sends: what they say of a point, what they ask for, their answers in a read-through. Everything goes
 * by way of the outbox, so that it waits for the signal by itself, and is shown as not sent until it is.
 */

import { hideNow } from "./hide";
import { Outbox, type Sent, type Waiting } from "./outbox";
import { localVoice, readAloud } from "./read_aloud";
import { waitingBlock } from "./saids";
import { post } from "./send";

/** Sooner than this the answer is usually there: saying "not sent yet" for a blink would only frighten. */
const SOON = 500;

export class Sayings {
  readonly outbox: Outbox;
  private timer: number | undefined;

  constructor(
    private readonly base: string,
    csrf: string,
    store: string,
    private readonly changed: (sent: Sent | null) => void,
    shutOut: (forGood: boolean) => void,
  ) {
    this.outbox = new Outbox(
      `${store}outbox`,
      (item) => post(`${base}${item.path}`, csrf, { ...item.fields, key: item.key }),
      (sent) => this.told(sent),
      shutOut,
    );
  }

  /** What is to be shown as not sent, or as not taken. */
  get shown(): readonly Waiting[] {
    const now = Date.now();
    return this.outbox.items.filter((item) => item.refused !== undefined || !navigator.onLine || now - item.at >= SOON);
  }

  stop(): void {
    window.clearTimeout(this.timer);
    this.outbox.stop();
  }

  ofPoint(fields: Readonly<Record<string, string>>): void {
    this.outbox.add({ path: "flags", fields, what: "flag", point: fields["point"] ?? "" });
  }

  /** A form of the page was sent: true if it goes this way. */
  submitted(event: SubmitEvent): boolean {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return false;
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    if (form.matches("[data-ask]") && button) this.ask(button);
    else if (form.matches("[data-withdraw]")) this.withdraw(form, button);
    else if (form.matches("[data-answer]") && button) this.answer(form, button);
    else if (form.matches("[data-own-words]")) this.own(form);
    else return false;
    event.preventDefault();
    return true;
  }

  /** Draws what is asked for and not sent, below what the server knows of. */
  drawAsked(asked: HTMLElement | null): void {
    if (!asked) return;
    for (const old of asked.querySelectorAll("[data-waiting]")) old.remove();
    for (const item of this.shown) {
      if (item.what !== "request" && item.what !== "withdrawal") continue;
      const made = waitingBlock(item, "asked-waiting", "asked-refused");
      if (made) asked.append(made);
    }
  }

  /** In the read-through: an answer that is on its way, or that was not taken, is shown in place of the buttons. */
  drawAnswer(form: HTMLElement | null, note: HTMLElement | null): void {
    if (!(form instanceof HTMLFormElement) || !note) return;
    const point = String(new FormData(form).get("point") ?? "");
    const mine = (item: Waiting): boolean => item.what === "answer" && item.point === point;
    const item = this.outbox.items.find(mine);
    const shown = this.shown.find(mine);
    form.inert = item !== undefined && item.refused === undefined;
    form.hidden = form.inert && shown !== undefined;
    const made = shown ? waitingBlock(shown, "not-sent", "refused") : null;
    note.replaceChildren(...(made ? [made] : []));
  }

  private told(sent: Sent | null): void {
    this.changed(sent);
    window.clearTimeout(this.timer);
    if (this.outbox.unsent > 0) this.timer = window.setTimeout(() => this.changed(null), SOON + 20);
  }

  private ask(button: HTMLButtonElement): void {
    const kind = button.value;
    const voice = kind === "read_to_me" ? localVoice() : null;
    if (voice) {
      read(voice);
      return;
    }
    // What is not safe is not written on the page either, while it waits: somebody else may be looking.
    const text = kind === "not_safe" ? "" : (button.querySelector("span")?.textContent ?? button.textContent ?? "").trim();
    this.outbox.add({ path: "requests", fields: { kind, text }, what: "request", point: "" });
    if (kind === "not_safe") hideNow();
  }

  private withdraw(form: HTMLFormElement, button: HTMLButtonElement | null): void {
    if (button) button.disabled = true;
    this.outbox.add({ path: this.pathOf(form), fields: { text: "Take it back" }, what: "withdrawal", point: "" });
  }

  private own(form: HTMLFormElement): void {
    const given = new FormData(form);
    const fields = { part: String(given.get("part")), text: String(given.get("text")) };
    this.outbox.add({ path: "points", fields, what: "flag", point: "" });
  }

  private answer(form: HTMLFormElement, button: HTMLButtonElement): void {
    const given = new FormData(form);
    const fields: Record<string, string> = { answer: button.value };
    for (const name of ["point", "words", "again"]) {
      const value = given.get(name);
      if (typeof value === "string") fields[name] = value;
    }
    this.outbox.add({ path: this.pathOf(form), fields, what: "answer", point: fields["point"] ?? "" });
  }

  private pathOf(form: HTMLFormElement): string {
    return new URL(form.action).pathname.slice(this.base.length);
  }
}

function read(voice: SpeechSynthesisVoice): void {
  const asked = document.getElementById("askpoint");
  const points = [...document.querySelectorAll<HTMLElement>("li[data-point]")];
  const words = (item: Element, selector: string): string => item.querySelector(selector)?.textContent?.trim() ?? "";
  // From the first point in view on: that is what someone is looking at when they ask.
  const texts = asked
    ? [asked.textContent ?? ""]
    : points
        .filter((item) => item.getBoundingClientRect().bottom > 0)
        .map((item) => `${words(item, "[data-name]")}. ${words(item, ".pp__text")}`);
  const strip = document.getElementById("reading");
  if (strip) strip.hidden = false;
  readAloud(voice, texts, () => {
    if (strip) strip.hidden = true;
  });
}
