/**
 * The live connection of a page: several lanes over one socket, and what may be said of them in words.
 *
 * Three promises are kept here. "Saved" means the server has said that it is stored. A dead connection is noticed
 * (the server pings every 10 s; 25 s of silence is dead) and opened again as soon as the page is seen or the network
 * is back. A refused change ends that copy of the lane: it starts again from a fresh document under a fresh client
 * id, and the words that were refused are handed back.
 */

import { HocuspocusProvider, HocuspocusProviderWebsocket, WebSocketStatus } from "@hocuspocus/provider";
import * as Y from "yjs";

import { freshClient } from "./fresh_client";
import { Ledger } from "./ledger";
import type { Boot, Callbacks, Connection, Lane, LineState, Presence, UnstoredWords } from "./live";
import { OpenLane } from "./open_lane";
import { asText, parse, sentence, strings } from "./stateless";
import { Ways } from "./ways";

export * from "./live";

const SILENCE_MS = 25_000;
/** Coming back to a page whose socket has been quiet this long (the server pings every 10 s), do not wait to be sure. */
const DOUBTFUL_MS = 12_000;
const BACK_AGAIN_MS = 5_000;
/** From here on "Saving …" is not the whole truth. */
export const SLOW_MS = 2_000;

export function openLanes(boot: Boot, names: readonly string[], callbacks: Callbacks): Connection {
  return new LaneConnection(boot, names, callbacks);
}

class LaneConnection implements Connection {
  private readonly lanes = new Map<string, OpenLane>();
  private readonly ledger: Ledger;
  private readonly ways: Ways;
  private readonly socket: HocuspocusProviderWebsocket;
  private readonly listening = new AbortController();
  private online = false;
  private wasOnline = false;
  private reconnected = false;
  private waitingSince: number | null = null;
  private savedAt: Date | null = null;
  private outdated = false;
  private refusing = false;
  private destroyed = false;
  /** The line is being changed for another kind on purpose: nothing is lost, and nobody need know. */
  private changing = false;
  private backTimer: ReturnType<typeof setTimeout> | undefined;
  private waitTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly boot: Boot,
    names: readonly string[],
    private readonly callbacks: Callbacks,
  ) {
    this.ledger = new Ledger((name) => this.settled(name));
    this.ways = new Ways(boot.socket, boot.token, this.ledger, () => this.changeLine());
    this.socket = new HocuspocusProviderWebsocket({
      url: this.ways.address,
      WebSocketPolyfill: this.ways.socket,
      messageReconnectTimeout: SILENCE_MS,
      delay: 1_000,
      minDelay: 500,
      maxDelay: 10_000,
      onConnect: () => this.connected(),
      onStatus: ({ status }) => {
        if (status === WebSocketStatus.Disconnected) this.disconnected();
      },
    });
    for (const name of [boot.events, ...names]) this.open(name);
    this.watchThePage();
  }

  lane(name: string): Lane | undefined {
    return this.lanes.get(name);
  }

  open(name: string): void {
    if (this.lanes.has(name)) return;
    const lane = new OpenLane(name);
    this.lanes.set(name, lane);
    this.attach(lane, this.boot.client);
  }

  close(name: string): void {
    const lane = this.lanes.get(name);
    if (lane === undefined) return;
    this.lanes.delete(name);
    this.detach(lane);
    this.tell();
  }

  writingIn(name: string, point: string | null): void {
    const lane = this.lanes.get(name);
    if (lane === undefined || lane.provider === null) return;
    const before = lane.provider.awareness?.getLocalState();
    if ((before?.["point"] ?? null) !== point) lane.provider.setAwarenessField("point", point);
  }

  state(): LineState {
    let unstored = 0;
    for (const lane of this.lanes.values()) unstored += lane.unstored.size;
    const waiting = unstored > 0;
    return {
      online: this.online,
      reconnected: this.reconnected,
      unstored,
      waiting,
      waitingFor: this.waitingSince === null ? 0 : Date.now() - this.waitingSince,
      savedAt: this.savedAt,
      outdated: this.outdated,
      refusing: this.refusing && waiting,
    };
  }

  destroy(): void {
    this.destroyed = true;
    this.listening.abort();
    clearTimeout(this.backTimer);
    clearTimeout(this.waitTimer);
    for (const lane of this.lanes.values()) this.detach(lane);
    this.lanes.clear();
    this.ways.stop();
    this.socket.destroy();
  }

  private attach(lane: OpenLane, client: number): void {
    const generation = (lane.generation += 1);
    const current = (): boolean => lane.generation === generation && !this.destroyed;
    lane.doc = new Y.Doc();
    lane.doc.clientID = client;
    lane.synced = false;
    lane.scope = null;
    lane.refusalReason = null;
    this.ledger.opened(lane.name);
    // Before the provider's own listener, so that what it sends is already known to be unstored.
    lane.doc.on("afterTransaction", (transaction) => this.noteOwnChanges(lane, transaction));
    const provider = new HocuspocusProvider({
      name: lane.name,
      document: lane.doc,
      websocketProvider: this.socket,
      token: () => this.token(),
      onSynced: () => {
        if (!current() || lane.synced) return;
        lane.synced = true;
        this.callbacks.onOpened?.(lane);
        this.tell();
      },
      onAuthenticated: ({ scope }) => {
        if (!current()) return;
        lane.closed = false;
        lane.scope = scope;
        this.callbacks.onScope?.(lane);
      },
      onAuthenticationFailed: ({ reason }) => {
        if (current()) this.denied(lane, reason);
      },
      onStateless: ({ payload }) => {
        if (current()) this.heard(lane, payload);
      },
      onClose: ({ event }) => {
        // A document's own close (frame 7) comes while the socket stays open; the socket's close has its own path.
        if (current() && this.socket.status === WebSocketStatus.Connected) this.laneClosed(lane, event.reason);
      },
      onAwarenessChange: () => {
        if (current()) this.presence(lane);
      },
    });
    lane.provider = provider;
    provider.attach();
  }

  private detach(lane: OpenLane): void {
    lane.generation += 1;
    lane.provider?.destroy();
    lane.provider = null;
    lane.doc.destroy();
  }

  private noteOwnChanges(lane: OpenLane, transaction: Y.Transaction): void {
    const before = lane.unstored.size;
    if (!lane.note(transaction)) return;
    if (lane.unstored.size > 0 && this.waitingSince === null) this.startWaiting();
    this.callbacks.onUnstored?.(lane);
    if (before !== lane.unstored.size) this.tell();
  }

  /** Everything this lane sent over the present socket is confirmed, and it has sent all it has. */
  private settled(name: string): void {
    const lane = this.lanes.get(name);
    if (lane === undefined) return;
    if (lane.unstored.size > 0) {
      lane.unstored.clear();
      this.callbacks.onUnstored?.(lane);
    }
    this.savedAt = new Date();
    this.tell();
  }

  private connected(): void {
    if (this.wasOnline && !this.online) this.reconnected = true;
    this.online = true;
    this.changing = false;
    this.wasOnline = true;
    this.tell();
  }

  private disconnected(): void {
    if (!this.online) {
      // Not even there any more: that is the news now. (A page that was never there says so in its own time.)
      if (this.refusing) {
        this.refusing = false;
        this.tell();
      }
      return;
    }
    this.ledger.socketLost();
    if (this.changing) {
      // If the next line does not open, this is called again, and then it is so.
      this.changing = false;
      return;
    }
    this.online = false;
    // Not now: the connection may have been dead since the last word from the server.
    if (this.waitingSince === null && this.socket.lastMessageReceived > 0) {
      this.savedAt = new Date(this.socket.lastMessageReceived);
    }
    this.tell();
  }

  private startWaiting(): void {
    this.waitingSince = Date.now();
    clearTimeout(this.waitTimer);
    // Two seconds is when "Saving …" stops being the whole truth: say how many changes are not saved.
    this.waitTimer = setTimeout(() => this.tell(), SLOW_MS + 50);
  }

  private tell(): void {
    if (this.destroyed) return;
    const state = this.state();
    if (!state.waiting) {
      this.refusing = false;
      this.waitingSince = null;
      clearTimeout(this.waitTimer);
    }
    if (this.reconnected && this.online && !state.waiting && this.everythingGreeted() && this.backTimer === undefined) {
      this.backTimer = setTimeout(() => {
        this.backTimer = undefined;
        this.reconnected = false;
        this.tell();
      }, BACK_AGAIN_MS);
    }
    this.callbacks.onState?.(state);
  }

  private everythingGreeted(): boolean {
    return [...this.lanes.values()].every((lane) => lane.closed || this.ledger.isSettled(lane.name));
  }

  private heard(lane: OpenLane, payload: string): void {
    const message = parse(payload);
    if (message === null) return;
    switch (message["type"]) {
      case "refused":
        lane.refusalReason = sentence(message["reason"]);
        // What is stored was damaged: a fresh copy would be refused like this one, again and again.
        if (message["code"] === "damaged") this.laneClosed(lane, "damaged");
        else this.refused(lane, lane.refusalReason);
        return;
      case "changed":
        this.callbacks.onNotice?.(
          { type: "changed", what: strings(message["what"]), part: asText(message["part"]) },
          lane.name,
        );
        return;
      case "reload":
        this.outdated = true;
        this.callbacks.onNotice?.({ type: "reload", why: asText(message["why"]) ?? "" }, lane.name);
        this.tell();
        return;
      case "removed":
      case "expired":
        this.callbacks.onNotice?.({ type: message["type"] }, lane.name);
        return;
      case "not_stored":
        this.refusing = true;
        this.tell();
        return;
      case "not_stored_yet":
        // The server knows that its disk is slow: say so now.
        if (this.waitingSince !== null) this.waitingSince = Math.min(this.waitingSince, Date.now() - SLOW_MS);
        this.tell();
        return;
      case "frozen":
        this.callbacks.onNotice?.({ type: "frozen" }, lane.name);
        return;
      default:
    }
  }

  /** A copy whose change was refused can never be stored again: hand the words back and begin afresh. */
  private refused(lane: OpenLane, reason: string): void {
    const words = lane.words();
    lane.unstored.clear();
    this.callbacks.onRefused?.(lane.name, reason, words);
    this.callbacks.onUnstored?.(lane);
    this.detach(lane);
    void this.beginAfresh(lane);
    this.tell();
  }

  private async beginAfresh(lane: OpenLane): Promise<void> {
    const generation = lane.generation;
    for (let wait = 500; ; wait = Math.min(wait * 2, 10_000)) {
      const client = await freshClient(this.boot);
      if (this.destroyed || lane.generation !== generation || this.lanes.get(lane.name) !== lane) return;
      if (client !== null) {
        this.attach(lane, client);
        return;
      }
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  unstoredWords(name: string): UnstoredWords[] {
    const lane = this.lanes.get(name);
    return lane === undefined ? [] : lane.words();
  }

  private denied(lane: OpenLane, reason: string): void {
    if (reason === "schema" || reason === "epoch" || reason === "outdated") {
      this.outdated = true;
      this.callbacks.onNotice?.({ type: "reload", why: reason }, lane.name);
      this.tell();
      return;
    }
    this.laneClosed(lane, reason);
  }

  private laneClosed(lane: OpenLane, reason: string): void {
    if (lane.closed) return;
    lane.closed = true;
    lane.scope = null;
    const words = lane.words();
    lane.unstored.clear();
    if (words.length > 0) {
      this.callbacks.onRefused?.(lane.name, sentence(lane.refusalReason), words);
    }
    this.callbacks.onUnstored?.(lane);
    this.callbacks.onClosed?.(lane.name, reason);
    this.tell();
  }

  private presence(lane: OpenLane): void {
    const others: Presence[] = [];
    lane.provider?.awareness?.getStates().forEach((state, client) => {
      if (client === lane.doc.clientID) return;
      const user = state["user"] as { id?: unknown; name?: unknown } | undefined;
      if (user === undefined || typeof user.id !== "string" || user.id === this.boot.me.id) return;
      others.push({ participant: user.id, name: asText(user.name) ?? "", point: asText(state["point"]) });
    });
    this.callbacks.onPresence?.(lane, others);
  }

  private token(): string {
    return this.boot.token;
  }

  private watchThePage(): void {
    if (typeof window === "undefined" || typeof document === "undefined") return;
    const { signal } = this.listening;
    const wake = (): void => this.wake();
    window.addEventListener("online", wake, { signal });
    // Out of the browser's memory, where it lay while the person may have been sent out: the server decides anew.
    window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake(), { signal });
    // The browser knows before the silence does. The socket may still be there: if it speaks, we are back.
    window.addEventListener("offline", () => this.lose(), { signal });
  }

  /** Someone is looking at the page again, or the network is back: do not wait for the next try. */
  private wake(): void {
    if (this.destroyed) return;
    if (this.socket.status !== WebSocketStatus.Connected) void this.socket.connect();
    else if (Date.now() - this.socket.lastMessageReceived > DOUBTFUL_MS) this.lose();
  }

  private changeLine(): boolean {
    if (!this.online || this.state().unstored > 0) return false;
    this.changing = true;
    this.lose();
    void this.socket.connect();
    return true;
  }

  private lose(): void {
    if (this.socket.status === WebSocketStatus.Connected) {
      this.socket.onClose({ event: { code: 4408, reason: "forced" } as CloseEvent });
    }
  }
}
