/**
 * The top bar: where we are, and what is saved. When the connection is lost it says so in the place of the title, at
 * the same height, so that nothing moves. "Saved" stands there only when the server has said so.
 */

import { type LineState, SLOW_MS } from "../connection";
import { icon } from "../point_field";

/** How long everything has to be stored before "Saving …" goes: between two keystrokes it stays. */
const CALM_MS = 600;
/** A page that has never been connected says so after this long. */
const OPENING_MS = 5_000;

export class TopBar {
  private readonly title: Node[];
  private calm: ReturnType<typeof setTimeout> | undefined;
  private drawn = "";
  private everOnline = false;
  private readonly begun = Date.now();

  constructor(
    private readonly bar: HTMLElement,
    private readonly where: HTMLElement,
    private readonly saved: HTMLElement,
    private readonly reload: () => void,
  ) {
    this.title = [...where.childNodes];
    this.say("quiet", "clock", "Opening …");
    setTimeout(() => {
      if (!this.everOnline) this.offline(null, 0);
    }, OPENING_MS);
  }

  show(state: LineState): void {
    if (state.online) this.everOnline = true;
    else if (!this.everOnline && Date.now() - this.begun < OPENING_MS) return;
    if (state.outdated) this.outdated();
    else if (state.refusing) {
      this.notTaken(state.unstored);
      return;
    } else if (state.online) this.back();
    else {
      this.offline(state.savedAt, state.unstored);
      return;
    }
    if (state.waiting) {
      clearTimeout(this.calm);
      this.calm = undefined;
      if (state.waitingFor < SLOW_MS) this.say("quiet", "clock", "Saving …");
      else this.say("wait", "clock", `${changes(state.unstored)} not saved yet`);
      return;
    }
    const words = state.reconnected ? "Back online. All saved." : "All saved";
    if (this.drawn.endsWith("Saving …")) {
      this.calm ??= setTimeout(() => {
        this.calm = undefined;
        this.say("ok", "tick", words);
      }, CALM_MS);
    } else this.say("ok", "tick", words);
  }

  /** The server is there and its disk takes nothing: the connection comes and goes meanwhile, which is no news. */
  private notTaken(unstored: number): void {
    const go = unstored === 1 ? "goes by itself" : "go by themselves";
    const words = `What you type is kept on this computer. ${changes(unstored)} ${go} when it can.`;
    this.instead("The server cannot save just now. Keep typing.", words);
    this.say("wait", "clock", `${changes(unstored)} not saved yet`);
  }

  /** Words in the place of the title. */
  private instead(first: string, words: string): void {
    clearTimeout(this.calm);
    this.calm = undefined;
    this.bar.classList.add("top--off");
    const strong = document.createElement("b");
    strong.textContent = first;
    if (this.where.textContent !== `${first} ${words}`) this.where.replaceChildren(strong, ` ${words}`);
  }

  private offline(since: Date | null, unstored: number): void {
    let first: string;
    let words: string;
    if (!this.everOnline) {
      first = "The connection is not there yet.";
      words = "You can read what was written. Typing begins when the connection is there, by itself.";
    } else {
      first = "You are offline. Keep typing.";
      const kept =
        unstored === 0
          ? "What you type is kept on this computer and goes by itself when the connection is back."
          : `${changes(unstored)} ${unstored === 1 ? "is" : "are"} kept on this computer and ${
              unstored === 1 ? "goes by itself" : "go by themselves"
            } when the connection is back.`;
      words = `${kept}${since === null ? "" : ` Last saved ${clock(since)}.`}${
        unstored === 0 ? "" : ` Nobody else can see ${unstored === 1 ? "it" : "them"} yet.`
      }`;
    }
    this.instead(first, words);
    if (unstored > 0) this.say("wait", "offline", `${changes(unstored)} not saved yet`);
    else this.say("wait", "offline", "Offline");
  }

  private back(): void {
    if (!this.bar.classList.contains("top--off")) return;
    this.bar.classList.remove("top--off");
    this.where.replaceChildren(...this.title);
  }

  private outdated(): void {
    if (this.where.querySelector("button") !== null) return;
    this.bar.classList.add("top--off");
    const first = document.createElement("b");
    first.textContent = "A newer version is here.";
    const load = document.createElement("button");
    load.type = "button";
    load.className = "btn btn--second btn--s";
    load.textContent = "Load it";
    load.addEventListener("click", this.reload);
    this.where.replaceChildren(first, " Your words are safe. ", load);
  }

  private say(tone: string, shape: string, words: string): void {
    if (this.drawn === `${tone} ${words}`) return;
    this.drawn = `${tone} ${words}`;
    const state = document.createElement("span");
    state.className = `state ${tone} small`;
    state.append(icon(shape), ` ${words}`);
    this.saved.replaceChildren(state);
  }
}

export function changes(count: number): string {
  return count === 1 ? "1 change" : `${count} changes`;
}

/** 10:41, by the clock of this computer. */
export function clock(at: Date): string {
  return `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
}
