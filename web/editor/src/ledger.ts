/**
 * What each lane has sent over the present socket and what of it the server has confirmed.
 *
 * The provider's own count starts again at every reconnect and reaches nought too early. This one looks at the frames
 * themselves: the server confirms every Step2 and every Update exactly once, in order, and a Step2 carries everything
 * the server did not have. So a lane is stored when its Step2 and all that followed it are confirmed.
 *
 * For the same reason an Update sent before the lane's Step2 on this socket is held back: it would reach the server
 * ahead of what was typed while the connection was lost, with a gap before it, and the Step2 carries it anyway.
 */

import * as decoding from "lib0/decoding";

const SYNC = 0;
const AUTH = 2;
const SYNC_STATUS = 8;
const STEP_1 = 0;
const STEP_2 = 1;
const AUTHENTICATED = 2;

interface Account {
  /** The server has let this document in on this socket: earlier confirmations belong to an earlier document. */
  admitted: boolean;
  /** Our Step2 has gone out on this socket. */
  greeted: boolean;
  /** Sent on this socket and not confirmed. */
  awaiting: number;
}

export class Ledger {
  private readonly accounts = new Map<string, Account>();

  /** `settled(name)` is called whenever the server has confirmed everything the lane had to send. */
  constructor(private readonly settled: (name: string) => void) {}

  /** A new document begins under this name. */
  opened(name: string): void {
    this.accounts.set(name, { admitted: false, greeted: false, awaiting: 0 });
  }

  /** What was on its way is lost; the next Step2 will bring it. */
  socketLost(): void {
    for (const name of this.accounts.keys()) this.opened(name);
  }

  isSettled(name: string): boolean {
    const account = this.accounts.get(name);
    return account !== undefined && account.greeted && account.awaiting === 0;
  }

  /** May this frame go out now? Counts it if it is one the server confirms. */
  passes(frame: Uint8Array): boolean {
    const found = this.read(frame);
    if (found === null || found.type !== SYNC) return true;
    const step = decoding.readVarUint(found.rest);
    if (step === STEP_1) return true;
    if (step === STEP_2) found.account.greeted = true;
    else if (!found.account.greeted) return false;
    found.account.awaiting += 1;
    return true;
  }

  received(frame: Uint8Array): void {
    const found = this.read(frame);
    if (found === null) return;
    const { account, name } = found;
    if (found.type === AUTH && decoding.readVarUint(found.rest) === AUTHENTICATED) account.admitted = true;
    if (found.type !== SYNC_STATUS || !account.admitted || decoding.readVarUint(found.rest) !== 1) return;
    if (account.awaiting > 0) account.awaiting -= 1;
    if (account.greeted && account.awaiting === 0) this.settled(name);
  }

  private read(frame: Uint8Array): { name: string; type: number; rest: decoding.Decoder; account: Account } | null {
    if (frame.length < 2) return null; // Ping and Pong are one byte without a name
    const rest = decoding.createDecoder(frame);
    const name = decoding.readVarString(rest);
    const account = this.accounts.get(name);
    return account === undefined ? null : { name, type: decoding.readVarUint(rest), rest, account };
  }
}

// A mixin has to be written like this: TypeScript knows no other type for "a class of anything like a socket".
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type SocketClass = new (...given: any[]) => EventTarget & { send(data: never): void };

/** A socket whose frames go through the ledger. */
export function counted<T extends SocketClass>(Socket: T, ledger: Ledger): T {
  return class extends Socket {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    constructor(...given: any[]) {
      super(...given);
      ledger.socketLost();
      // Registered before the provider's listener; what the provider then sends in answer is counted after.
      this.addEventListener("message", (event) => {
        const { data } = event as MessageEvent<unknown>;
        if (data instanceof ArrayBuffer) ledger.received(new Uint8Array(data));
      });
    }

    override send(data: never): void {
      const frame: unknown = data;
      if (frame instanceof Uint8Array && !ledger.passes(frame)) return;
      super.send(data);
    }
  };
}

/** A WebSocket whose frames go through the ledger, for the provider to make. */
export function ledgerSocket(ledger: Ledger): typeof WebSocket {
  return counted(WebSocket, ledger);
}
