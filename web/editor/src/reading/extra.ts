/** What a page of reading starts from, and what a professional's page adds to it. */

import type { Boot, Connection, Lane } from "../connection";
import type { Drawn } from "./live_points";
import type { Outbox, Sent, Waiting } from "./outbox";

export interface PageBoot extends Boot {
  readonly part: {
    readonly id: string;
    readonly lanes: { readonly minutes: string; readonly summary: string | null };
    readonly can: { readonly edit_any: boolean; readonly edit_own: boolean };
  } | null;
}

/** What a professional's page adds to the reading one. */
export interface Extra {
  opened?(lane: Lane): void;
  scope?(lane: Lane): void;
  waiting?(items: readonly Waiting[]): void;
  sent?(sent: Sent): void;
  refused?(reason: string, words: readonly { readonly text: string }[]): void;
  /** What of a lane is not stored has changed. */
  unstored?(lane: Lane): void;
  /** The person let go of words that are shown as waiting. */
  letGo?(key: string): void;
  /** The part's points were drawn for reading. */
  drawn?(points: readonly Drawn[]): void;
  busy?(): boolean;
  stop?(): void;
}

export type MakeExtra = (boot: PageBoot, outbox: Outbox, line: () => Connection) => Extra;
