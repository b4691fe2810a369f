// Unmodified Hocuspocus providers, driven order by order: a line of JSON in, a line of JSON out when it is done.
//
//   {"id", "do": "socket", "socket", "url", "ledger"?, ...}       connect a socket, with a page's ledger if asked for
//   {"id", "do": "open", "page", "socket", "name", "token", "client"?}   open a document on it, as a page does
//   {"id", "do": "edit", "page", "act", ...}                      do something in the editor's own way
//   {"id", "do": "until", "page", "what", "value"}                answer when the page is so
//   {"id", "do": "tell", "page"}                                  what the page knows
//   {"id", "do": "close", "page" | "socket"}
//   {"id", "do": "play" | "play_together", ...}                   type a recording (typing.mjs, together.mjs)
//   {"id", "do": "count", "page", "pace", "most"?}                type numbered words on and on (counting.mjs)
//   {"id", "do": "counted", "stop"}                               how far every page has counted, by its name
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import * as Y from "yjs";
import { PointChanges, difference, held, ledgerSocket, pointsOf, readPoints } from "../gate/node/editor.mjs";
import { Counter, NotingLedger } from "./counting.mjs";
import { playTogether } from "./together.mjs";
import { Typist } from "./typing.mjs";

const sockets = new Map();
const ledgers = new Map();
const pages = new Map();

export class Page {
  constructor(socket, { name, token, client }) {
    this.doc = new Y.Doc();
    if (client !== undefined) this.doc.clientID = client;
    this.points = pointsOf(this.doc);
    this.changes = new PointChanges(this.points);
    this.notices = [];
    this.scopes = [];
    this.denied = null;
    this.closed = [];
    this.codes = [];
    this.updates = 0;
    this.provider = new HocuspocusProvider({
      websocketProvider: socket,
      name,
      token,
      document: this.doc,
      onAuthenticated: ({ scope }) => this.scopes.push(scope),
      onAuthenticationFailed: ({ reason }) => (this.denied = reason),
      onStateless: ({ payload }) => this.notices.push(JSON.parse(payload)),
      onClose: ({ event }) => {
        this.closed.push(event.reason);
        this.codes.push(event.code);
      },
    });
    this.doc.on("update", (_update, origin) => {
      if (origin === this.provider) this.updates += 1;
    });
    this.provider.attach();
  }

  get saved() {
    return this.provider.isSynced && this.provider.unsyncedChanges === 0;
  }

  get texts() {
    return readPoints(this.points).map((point) => point.text);
  }

  get people() {
    const states = [...(this.provider.awareness?.getStates().values() ?? [])];
    return states.map((state) => state.user?.id).filter((id) => id !== undefined);
  }

  tell() {
    return {
      saved: this.saved,
      synced: this.provider.isSynced,
      unsaved: this.provider.unsyncedChanges,
      scope: this.scopes.at(-1) ?? null,
      denied: this.denied,
      closed: this.closed,
      notices: this.notices,
      texts: this.texts,
      people: this.people,
      updates: this.updates,
      client: this.doc.clientID,
      held: held(this.doc),
    };
  }
}

const EDITS = {
  add: ({ changes, points }, { text }) => {
    const last = readPoints(points).at(-1)?.id ?? null;
    return changes.create(last, [{ text, kind: "point", saidBy: "" }])[0];
  },
  type: ({ changes, points }, { point, text }) => {
    const id = point ?? readPoints(points).at(-1).id;
    const before = points.get(id).get("text").toString();
    changes.edit(id, difference(before, before + text, before.length + text.length));
    return id;
  },
  replace: ({ changes, points }, { point, text }) => {
    const before = points.get(point).get("text").toString();
    changes.edit(point, difference(before, text, text.length));
    return point;
  },
  strike: ({ changes }, { point }) => changes.strike(point, true),
  cursor: ({ provider }, { state }) => provider.setAwarenessField("at", state),
  raw: ({ provider }, { hex }) =>
    provider.configuration.websocketProvider.send(new Uint8Array(Buffer.from(hex, "hex"))),
};

const REACHED = {
  saved: (page) => page.saved,
  synced: (page) => page.provider.isSynced,
  texts: (page, value) => JSON.stringify(page.texts) === JSON.stringify(value),
  text_count: (page, value) => page.texts.length === value,
  held: (page, value) => isDeepStrictEqual(held(page.doc), value),
  letters: (page, value) => page.texts.join("").length >= value,
  at_least: (page, value) => page.texts.length >= value,
  scope: (page, value) => page.scopes.at(-1) === value,
  scopes: (page, value) => page.scopes.length >= value,
  notice: (page, value) => page.notices.some((notice) => notice.type === value),
  changed: (page, value) => page.notices.some(({ type, what }) => type === "changed" && what.includes(value)),
  denied: (page) => page.denied !== null,
  closed: (page) => page.closed.length > 0,
  "hung up": (page, value) => page.codes.includes(value),
  typed: (page, value) => page.counter.typed >= value,
  stored: (page, value) => page.counter.stored >= value,
  people: (page, value) => JSON.stringify(page.people.toSorted()) === JSON.stringify(value),
  offline: (page) => page.provider.configuration.websocketProvider.status !== "connected",
  online: (page) => page.provider.configuration.websocketProvider.status === "connected",
};

const GLANCE = 5;

/** Whoever counts in a document of a socket. */
function counterOf(socket, name) {
  for (const page of pages.values()) {
    const { websocketProvider, name: own } = page.provider.configuration;
    if (own === name && websocketProvider === sockets.get(socket)) return page.counter;
  }
}

function ledgerOf(socket) {
  return new NotingLedger(
    (name) => counterOf(socket, name)?.typed ?? 0,
    (name, words) => counterOf(socket, name)?.confirmed(words),
  );
}

function until(page, what, value) {
  return new Promise((resolve) => {
    const look = () => (REACHED[what](page, value) ? resolve(null) : setTimeout(look, GLANCE));
    look();
  });
}

const ORDERS = {
  socket: async ({ socket, url, ledger, ...given }) => {
    const options = { url, maxDelay: 2000, ...given };
    if (ledger) {
      ledgers.set(socket, ledgerOf(socket));
      options.WebSocketPolyfill = ledgerSocket(ledgers.get(socket));
    }
    sockets.set(socket, new HocuspocusProviderWebsocket(options));
    return null;
  },
  open: async ({ page, socket, ...given }) => {
    ledgers.get(socket)?.opened(given.name);
    pages.set(page, new Page(sockets.get(socket), given));
    return pages.get(page).doc.clientID;
  },
  edit: async ({ page, act, ...given }) => EDITS[act](pages.get(page), given) ?? null,
  until: async ({ page, what, value }) => until(pages.get(page), what, value),
  tell: async ({ page }) => pages.get(page).tell(),
  close: async ({ page, socket }) => {
    if (page !== undefined) pages.get(page).provider.destroy();
    if (socket !== undefined) sockets.get(socket).destroy();
    return null;
  },
  count: async ({ page, pace, most }) => {
    pages.get(page).counter = new Counter(pages.get(page));
    pages.get(page).counter.start(pace, most);
    return null;
  },
  counted: async ({ stop }) => {
    const counting = [...pages].filter(([, page]) => page.counter !== undefined);
    if (stop) counting.forEach(([, page]) => page.counter.stop());
    return Object.fromEntries(counting.map(([name, page]) => [name, page.counter.tell()]));
  },
  play: async ({ page, file, most, made }) => {
    const typist = new Typist(pages.get(page), file, most, made);
    await typist.play();
    return { text: typist.text, points: typist.ids, played: typist.played };
  },
  play_together: async ({ pages: names, ...given }) =>
    playTogether(names.map((name) => pages.get(name)), given),
};

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: what, ...given } = JSON.parse(line);
  ORDERS[what](given).then(
    (answer) => say({ id, answer }),
    (error) => say({ id, failed: String(error.stack ?? error) }),
  );
}
process.exit(0);
