import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Ledger } from "../src/ledger";
import { Ways } from "../src/ways";

const realSocket = globalThis.WebSocket;
const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.WebSocket = realSocket;
  globalThis.fetch = realFetch;
});

/** What the provider makes, one after the other; `made` says of which kind each was. */
function ways(): { made: string[]; next: () => EventTarget; stop: () => void } {
  const made: string[] = [];
  globalThis.WebSocket = class extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSED = 3;
    constructor() {
      super();
      made.push("socket");
    }
    send(): void {}
    close(): void {}
  } as unknown as typeof WebSocket;
  globalThis.fetch = ((_address: string, given: RequestInit) => {
    made.push("http");
    return new Promise((_, failed) => given.signal?.addEventListener("abort", () => failed(new Error("aborted"))));
  }) as typeof fetch;
  const all = new Ways("ws://here/ws", "token", new Ledger(() => undefined), () => true);
  return { made, next: () => new all.socket("") as unknown as EventTarget, stop: () => all.stop() };
}

/** As the provider does with a socket that closes. */
function fails(socket: EventTarget): void {
  socket.dispatchEvent(new CloseEvent("close"));
  (socket as WebSocket).close();
}

function speaks(socket: EventTarget): void {
  socket.dispatchEvent(new MessageEvent("message", { data: "" }));
}

test("after two sockets without a word HTTP is tried, and then each in its turn", () => {
  const { made, next, stop } = ways();
  for (let i = 0; i < 6; i += 1) fails(next());
  assert.deepEqual(made, ["socket", "socket", "http", "socket", "http", "socket"]);
  stop();
});

test("a socket that spoke before it was lost is tried again", () => {
  const { made, next, stop } = ways();
  for (let i = 0; i < 4; i += 1) {
    const socket = next();
    speaks(socket);
    fails(socket);
  }
  assert.deepEqual(made, ["socket", "socket", "socket", "socket"]);
  stop();
});

test("once HTTP has brought a word the page stays with it", () => {
  const { made, next, stop } = ways();
  fails(next());
  fails(next());
  for (let i = 0; i < 2; i += 1) {
    const line = next();
    speaks(line);
    fails(line);
  }
  assert.deepEqual(made, ["socket", "socket", "http", "http"]);
  stop();
});

test("a socket that was given up for another before it could speak is no failure", () => {
  const { made, next, stop } = ways();
  const all = [next(), next(), next(), next()];
  for (const given of all.slice(0, 3)) fails(given);
  all.push(next());
  assert.deepEqual(made, Array(5).fill("socket"));
  for (const one of all) fails(one);
  stop();
});
