// One person's connection to one lane: a websocket on a bare TCP socket, because a thousand of them must cost the
// generator little. Frames to the server are masked with zeros, which the protocol allows and costs no copy.

import { randomBytes } from "node:crypto";
import { connect } from "node:net";

const BINARY = 0x82;
const PONG = 0x8a;

function frame(head, payload) {
  const { length } = payload;
  const short = length < 126;
  const bytes = Buffer.alloc((short ? 2 : length < 65536 ? 4 : 10) + 4 + length);
  bytes[0] = head;
  if (short) bytes[1] = 0x80 | length;
  else if (length < 65536) {
    bytes[1] = 0x80 | 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 0x80 | 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(bytes, bytes.length - length);
  return bytes;
}

export class Line {
  /** `heard(event)` is called for every frame but pings, with what the dialect read from it. */
  constructor({ dialect, host, port, path, origin }, name, token) {
    Object.assign(this, { dialect, host, port, origin, name, token });
    this.path = dialect.path(name, path);
    this.nameLength = nameBytes(name);
    this.heard = () => {};
    this.frames = 0;
    this.bytes = 0;
    this.refused = 0;
    this.unanswered = 0;
    this.lost = false;
    this.rest = null;
  }

  /** Connect, ask for the lane and wait until its state is here. Resolves with the milliseconds that took. */
  open() {
    const began = performance.now();
    return new Promise((resolve, reject) => {
      this.opened = () => resolve(performance.now() - began);
      this.failed = (why) => reject(new Error(`${this.name}: ${why}`));
      this.socket = connect({ host: this.host, port: this.port, noDelay: true });
      this.socket.on("error", (error) => this.failed(error.message));
      this.socket.on("close", () => {
        this.lost = !this.leaving;
        this.failed("the server closed the connection");
      });
      this.socket.once("connect", () => this.socket.write(this.handshake()));
      let head = Buffer.alloc(0);
      const onHead = (chunk) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf("\r\n\r\n");
        if (end === -1) return;
        if (!head.toString("latin1").startsWith("HTTP/1.1 101")) return this.failed(head.toString("latin1", 0, 200));
        this.socket.off("data", onHead);
        this.socket.on("data", (data) => this.take(data));
        for (const payload of this.dialect.opening(this.name, this.token)) this.send(payload);
        if (head.length > end + 4) this.take(head.subarray(end + 4));
      };
      this.socket.on("data", onHead);
    });
  }

  handshake() {
    const lines = [
      `GET ${this.path} HTTP/1.1`,
      `Host: ${this.host}:${this.port}`,
      `Origin: ${this.origin}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "Sec-WebSocket-Version: 13",
    ];
    return `${lines.join("\r\n")}\r\n\r\n`;
  }

  send(payload) {
    return this.socket.write(frame(BINARY, payload));
  }

  /** Send a state (1) or an update (2). `unanswered` counts those that the server has said nothing about yet. */
  sync(kind, update) {
    this.unanswered += 1;
    return this.send(this.dialect.sync(this.name, kind, update));
  }

  take(chunk) {
    let data = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = null;
    while (data.length >= 2) {
      let length = data[1] & 127;
      let at = 2;
      if (length === 126) {
        if (data.length < 4) break;
        length = data.readUInt16BE(2);
        at = 4;
      } else if (length === 127) {
        if (data.length < 10) break;
        length = Number(data.readBigUInt64BE(2));
        at = 10;
      }
      if (data.length < at + length) break;
      this.frame(data[0] & 15, data.subarray(at, at + length));
      data = data.subarray(at + length);
    }
    if (data.length > 0) this.rest = data;
  }

  frame(opcode, payload) {
    if (opcode === 9) this.socket.write(frame(PONG, payload));
    if (opcode !== 2) return;
    this.frames += 1;
    this.bytes += payload.length;
    const event = this.dialect.read(payload, this.nameLength);
    if (event.kind === "ping") this.send(event.answer);
    else if (event.kind === "asked") this.sync(1, Buffer.from([0, 0]));
    else if (event.kind === "denied" || event.kind === "closed") this.failed(`the server ${event.kind} the lane`);
    else {
      if (event.kind === "refused") this.refused += 1;
      if (event.kind === "refused" || event.kind === "stored") this.unanswered -= 1;
      this.heard(event);
      if (event.kind === "state") this.opened();
    }
  }

  close() {
    this.leaving = true;
    this.socket.destroy();
  }
}

function nameBytes(name) {
  const length = Buffer.byteLength(name);
  return length + (length < 128 ? 1 : 2);
}
