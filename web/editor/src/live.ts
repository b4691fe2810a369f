/** What a page knows of its live connection: what the server gave it, its lanes, and what may be said of them. */

import type * as Y from "yjs";

import type { PointsMap } from "./shape";

export interface BootPerson {
  readonly id: string;
  readonly name: string;
  readonly label: string;
}

/** What the server puts into the page for its script (`<script type="application/json" id="boot">`). */
export interface Boot {
  readonly schema: number;
  readonly socket: string;
  readonly token: string;
  readonly me: { readonly id: string; readonly name: string; readonly role: string };
  readonly base: string;
  readonly csrf: string;
  /** The Yjs client id of this page load, given out by the server. */
  readonly client: number;
  readonly events: string;
  readonly people: readonly BootPerson[];
}

export function readBoot<T extends Boot = Boot>(): T {
  const holder = document.getElementById("boot");
  if (holder === null || holder.textContent === null) throw new Error("the page came without its boot data");
  return JSON.parse(holder.textContent) as T;
}

export type Scope = "readonly" | "read-write";

/** Words of a point that are not stored: what its text was here when the server last had not said so. */
export interface UnstoredWords {
  readonly point: string;
  readonly text: string;
  readonly kind: string;
  readonly saidBy: string;
}

export interface Lane {
  readonly name: string;
  /** Replaced by a fresh one after a refusal: listen to `onOpened` instead of keeping it. */
  readonly doc: Y.Doc;
  readonly points: PointsMap;
  readonly scope: Scope | null;
  /** The server's text has arrived. */
  readonly synced: boolean;
  /** The points with changes of ours that are not stored yet. */
  readonly unstored: ReadonlySet<string>;
}

/** Someone else who is writing in the lane, and in which point. The server stamps the name. */
export interface Presence {
  readonly participant: string;
  readonly name: string;
  readonly point: string | null;
}

/** `reconnected` is true from the moment a lost connection came back until five seconds after all is stored. */
export interface LineState {
  readonly online: boolean;
  readonly reconnected: boolean;
  /** Points with changes that are not stored. */
  readonly unstored: number;
  /** Something is on its way that the server has not confirmed. */
  readonly waiting: boolean;
  /** How long something has been waiting, in milliseconds. */
  readonly waitingFor: number;
  /** When everything was last known to be stored. */
  readonly savedAt: Date | null;
  readonly outdated: boolean;
  /** The server said that it could not store what waits; it is tried again. */
  readonly refusing: boolean;
}

export type Notice =
  | { readonly type: "changed"; readonly what: readonly string[]; readonly part: string | null }
  | { readonly type: "removed" }
  | { readonly type: "expired" }
  | { readonly type: "reload"; readonly why: string }
  | { readonly type: "frozen" };

export interface Callbacks {
  /** The lane's text is there (first sync of this document): time to draw it, not before. */
  onOpened?(lane: Lane): void;
  /** The server has said, for the first time or again, whether this person may write here. */
  onScope?(lane: Lane): void;
  /** The lane was closed to this person; its document is no longer kept up to date. */
  onClosed?(name: string, reason: string): void;
  /** A change was refused. `words` is what was not stored; the lane opens again by itself. */
  onRefused?(name: string, reason: string, words: readonly UnstoredWords[]): void;
  onPresence?(lane: Lane, others: readonly Presence[]): void;
  onState?(state: LineState): void;
  onNotice?(notice: Notice, lane: string): void;
  /** Words that are not stored have changed (to be kept for this tab). */
  onUnstored?(lane: Lane): void;
}

export interface Connection {
  lane(name: string): Lane | undefined;
  open(name: string): void;
  close(name: string): void;
  /** Tell the others in which point of the lane this person is writing. */
  writingIn(name: string, point: string | null): void;
  state(): LineState;
  /** The words of a lane's points that have changes not stored yet. */
  unstoredWords(name: string): UnstoredWords[];
  destroy(): void;
}
