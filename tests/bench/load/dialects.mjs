// The two dialects of the peers: Hocuspocus v4 (True Record, Hocuspocus, the bare fan-out) and plain y-websocket.
// A dialect makes the bytes a client sends and tells what a frame from the server is.

export function varUint(number) {
  const bytes = [];
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

export function varBytes(bytes) {
  return Buffer.concat([varUint(bytes.length), bytes]);
}

/** Reads a varUint of `bytes` at `at`: [number, where it ends]. */
function readVarUint(bytes, at) {
  let number = 0;
  let weight = 1;
  for (let index = at; ; index += 1) {
    number += (bytes[index] & 127) * weight;
    if (bytes[index] < 128) return [number, index + 1];
    weight *= 128;
  }
}

function update(bytes, at) {
  const [length, begin] = readVarUint(bytes, at);
  return bytes.subarray(begin, begin + length);
}

/** Where a typist's cursor is, in the words of the usual editor bindings: they send it after every keystroke. */
function awareness(client, clock) {
  const id = { client, clock };
  const end = { type: null, tname: null, item: id, assoc: 0 };
  const state = { user: { name: "Tom Birch", color: "#2f6f4f" }, cursor: { anchor: end, head: end } };
  const parts = [varUint(1), varUint(client), varUint(clock), varBytes(Buffer.from(JSON.stringify(state)))];
  return varBytes(Buffer.concat(parts));
}

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const CLOSE = 7;
const STATUS = 8;

export const hocuspocus = {
  path: (_name, path) => path,
  acknowledges: true,
  opening(name, token) {
    const head = varBytes(Buffer.from(name));
    return [
      Buffer.concat([head, Buffer.from([AUTH, 0]), varBytes(Buffer.from(token))]),
      Buffer.concat([head, Buffer.from([SYNC, 0]), varBytes(Buffer.from([0]))]),
    ];
  },
  sync: (name, kind, bytes) => Buffer.concat([varBytes(Buffer.from(name)), Buffer.from([SYNC, kind]), varBytes(bytes)]),
  cursor: (name, client, clock) =>
    Buffer.concat([varBytes(Buffer.from(name)), Buffer.from([AWARENESS]), awareness(client, clock)]),
  read(frame, nameLength) {
    if (frame.length === 1) return { kind: "ping", answer: Buffer.from([10]) };
    const at = nameLength;
    if (frame[at] === SYNC) {
      if (frame[at + 1] === 0) return { kind: "asked" };
      return { kind: frame[at + 1] === 1 ? "state" : "update", update: update(frame, at + 2) };
    }
    if (frame[at] === STATUS) return { kind: frame[at + 1] === 1 ? "stored" : "refused" };
    if (frame[at] === CLOSE) return { kind: "closed" };
    if (frame[at] === AUTH) return { kind: frame[at + 1] === 2 ? "admitted" : "denied" };
    return { kind: "other" };
  },
};

export const plain = {
  path: (name) => `/${name}`,
  acknowledges: false,
  opening: () => [Buffer.concat([Buffer.from([SYNC, 0]), varBytes(Buffer.from([0]))])],
  sync: (_name, kind, bytes) => Buffer.concat([Buffer.from([SYNC, kind]), varBytes(bytes)]),
  cursor: (_name, client, clock) => Buffer.concat([Buffer.from([AWARENESS]), awareness(client, clock)]),
  read(frame) {
    if (frame[0] !== SYNC) return { kind: "other" };
    if (frame[1] === 0) return { kind: "asked" };
    return { kind: frame[1] === 1 ? "state" : "update", update: update(frame, 2) };
  },
};
