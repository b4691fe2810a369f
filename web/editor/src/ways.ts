/**
 * Which way a page's line goes: over a WebSocket, or over plain HTTP where WebSockets are blocked. Whoever blocks them
 * does it in one of three ways: no answer, a refusal, or a socket that opens and never says a word. So what counts is
 * the first word from the server. After two sockets without one, HTTP is tried, in turns with sockets until one of them
 * brings a word; a page that goes over HTTP tries a socket now and then on the side, and changes when that one speaks.
 */

import { HttpLine } from "./http_line";
import { type Ledger, counted } from "./ledger";
import { keep, kept } from "./reading/store";

/** A socket that has said nothing for so long never will: the server answers the first frame at once. */
const FIRST_WORD_MS = 12_000;
const FAILURES = 2;
/** The server may just have been starting: the first try on the side comes soon. */
const SOON_MS = 20_000;
const NOW_AND_THEN_MS = 5 * 60_000;
/** Somebody is typing: the change waits this long. */
const NOT_NOW_MS = 3_000;
/** Kept for this tab, so that the next page need not find out again. */
const KEPT = "true-record-way";

export class Ways {
  /** Of the WebSocket. */
  readonly address: string;
  private failures: number;
  private turn = 0;
  private trial: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `change` is to close the line and open the next, if that can be done now without anyone noticing; else false. */
  constructor(
    socket: string,
    private readonly token: string,
    private readonly ledger: Ledger,
    private readonly change: () => boolean,
  ) {
    this.address = socketAddress(socket);
    this.failures = kept(KEPT) ? FAILURES : 0;
  }

  /** What the provider makes each of its sockets of. */
  get socket(): typeof WebSocket {
    const next = (): EventTarget => this.next();
    return function Socket() {
      return next();
    } as unknown as typeof WebSocket;
  }

  stop(): void {
    this.endTrial();
    clearTimeout(this.timer);
  }

  private next(): EventTarget {
    const http = this.failures >= FAILURES;
    this.stop();
    const socket = http
      ? new (counted(HttpLine, this.ledger))(new URL("live/", this.address.replace(/^ws/, "http")).href, this.token)
      : new (counted(WebSocket, this.ledger))(this.address);
    const silent = setTimeout(() => socket.dispatchEvent(new CloseEvent("close")), FIRST_WORD_MS);
    const turn = (this.turn += 1);
    for (const first of ["message", "close"]) {
      const judge = (): void => {
        clearTimeout(silent);
        // Judged once, and not if it was given up for another before anybody could know.
        if (turn !== this.turn) return;
        this.turn += 1;
        if (first === "message") {
          keep(KEPT, http ? "http" : "");
          if (http) this.tryAgainIn(SOON_MS);
          else this.failures = 0;
        } else this.failures += http ? -1 : 1; // a network that is down fails both: then a socket has its turn again
      };
      socket.addEventListener(first, judge, { once: true });
    }
    return socket;
  }

  private tryAgainIn(time: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tryOnTheSide(), time);
  }

  private tryOnTheSide(): void {
    this.endTrial();
    this.tryAgainIn(NOW_AND_THEN_MS);
    this.trial = new WebSocket(this.address);
    this.trial.onmessage = () => {
      this.stop();
      this.changeWhenCalm();
    };
  }

  private changeWhenCalm(): void {
    this.failures = 0;
    if (!this.change()) this.timer = setTimeout(() => this.changeWhenCalm(), NOT_NOW_MS);
  }

  private endTrial(): void {
    this.trial?.close();
    this.trial = null;
  }
}

function socketAddress(path: string): string {
  if (/^wss?:/.test(path)) return path;
  return new URL(path, location.href).href.replace(/^http/, "ws");
}
