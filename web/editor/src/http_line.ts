/**
 * A live line over plain HTTP, for networks that let no WebSocket through: what is sent is posted, what comes is waited
 * for. To the provider it is a WebSocket. There is one post and one wait at a time, both numbered, because a browser
 * may send a request twice; when one of them fails the line is over, and the next one brings whatever was lost.
 */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** A post has to be through by then, and the server says something every ten seconds. */
const POST_MS = 20_000;
const WAIT_MS = 30_000;
/** So much goes along in one post; a larger frame goes alone. */
const TOGETHER_BYTES = 256 * 1024;
const ABNORMAL = 1006;

interface Answer {
  readonly body: Uint8Array;
  /** The code with which the server ends the line, and its reason. */
  readonly goodbye: string | null;
}

export class HttpLine extends EventTarget {
  readyState: number = WebSocket.CONNECTING;
  /** Set by the provider; frames come as array buffers in any case. */
  binaryType: BinaryType = "arraybuffer";
  private id = "";
  private frames: Uint8Array[] = [];
  private posting = false;
  private posted = 0;
  private readonly over = new AbortController();

  /** `address` is where the three requests are, with a slash at its end. */
  constructor(
    private readonly address: string,
    private readonly token: string,
  ) {
    super();
    this.run().catch(() => this.close(ABNORMAL));
  }

  send(frame: Uint8Array): void {
    if (this.readyState !== WebSocket.OPEN) return;
    this.frames.push(frame);
    if (this.posting) return;
    this.posting = true;
    // A moment later: a page opens all its documents at once, and they share a post.
    queueMicrotask(() => void this.post());
  }

  close(code = 1000): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.frames = [];
    this.over.abort();
    // As a WebSocket does: never from inside `close`.
    queueMicrotask(() => this.dispatchEvent(new CloseEvent("close", { code })));
  }

  private async run(): Promise<void> {
    const opened = await this.ask("open", POST_MS, 0, this.token);
    if (this.readyState !== WebSocket.CONNECTING) return;
    if (opened === null) return this.close(ABNORMAL);
    this.id = new TextDecoder().decode(opened.body);
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event("open"));
    for (let number = 1; this.readyState === WebSocket.OPEN; number += 1) {
      const answer = await this.ask("wait", WAIT_MS, number);
      if (answer === null) return this.close(ABNORMAL);
      const rest = decoding.createDecoder(answer.body);
      while (this.readyState === WebSocket.OPEN && decoding.hasContent(rest)) {
        const data = decoding.readVarUint8Array(rest).slice().buffer;
        this.dispatchEvent(new MessageEvent("message", { data }));
      }
      if (answer.goodbye !== null) return this.close(parseInt(answer.goodbye));
    }
  }

  private async post(): Promise<void> {
    while (this.frames.length > 0) {
      const body = encoding.createEncoder();
      do encoding.writeVarUint8Array(body, this.frames.shift() as Uint8Array);
      while (this.frames.length > 0 && encoding.length(body) + (this.frames[0] as Uint8Array).length < TOGETHER_BYTES);
      this.posted += 1;
      if ((await this.ask("send", POST_MS, this.posted, encoding.toUint8Array(body))) === null) this.close(ABNORMAL);
    }
    this.posting = false;
  }

  /** The whole answer if it is a good one; null if there was none in time, or the line is not there any more. */
  private async ask(what: string, patience: number, number: number, body?: Uint8Array | string): Promise<Answer | null> {
    const late = setTimeout(() => this.close(ABNORMAL), patience);
    try {
      const answer = await fetch(this.address + what, {
        method: "POST",
        headers: { Line: this.id, "Line-Number": `${number}` },
        body: (body ?? null) as BodyInit | null,
        credentials: "omit",
        signal: this.over.signal,
      });
      const goodbye = answer.headers.get("Line-Close");
      return answer.ok ? { body: new Uint8Array(await answer.arrayBuffer()), goodbye } : null;
    } catch {
      return null;
    } finally {
      clearTimeout(late);
    }
  }
}
