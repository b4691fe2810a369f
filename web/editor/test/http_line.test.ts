import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

import { HttpLine } from "../src/http_line";

interface Asked {
  readonly what: string;
  readonly number: string;
  readonly frames: number[][];
  readonly answer: (status?: number, frames?: number[][], goodbye?: string) => void;
}

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

const packed = (frames: number[][]): Uint8Array => {
  const body = encoding.createEncoder();
  for (const frame of frames) encoding.writeVarUint8Array(body, Uint8Array.from(frame));
  return encoding.toUint8Array(body);
};

const unpacked = (body: unknown): number[][] => {
  if (!(body instanceof Uint8Array)) return [];
  const rest = decoding.createDecoder(body);
  const frames: number[][] = [];
  while (decoding.hasContent(rest)) frames.push([...decoding.readVarUint8Array(rest)]);
  return frames;
};

/** A line whose requests a test answers; `told` is what it said to whoever listens. */
async function open(): Promise<{ line: HttpLine; asked: (what: string) => Promise<Asked>; told: string[] }> {
  const requests: Asked[] = [];
  const told: string[] = [];
  let news = (): void => undefined;
  globalThis.fetch = ((address: string, given: RequestInit) =>
    new Promise<Response>((answered, failed) => {
      given.signal?.addEventListener("abort", () => failed(new Error("aborted")));
      const headers = given.headers as Record<string, string>;
      requests.push({
        what: address.replace("http://here/live/", ""),
        number: headers["Line-Number"] ?? "",
        frames: unpacked(given.body),
        answer: (status = 200, frames = [], goodbye) => {
          const body = status === 204 ? null : frames.length === 0 && !goodbye ? "id" : (packed(frames) as BodyInit);
          answered(new Response(body, { status, headers: goodbye ? { "Line-Close": goodbye } : {} }));
        },
      });
      news();
    })) as typeof fetch;
  const asked = async (what: string): Promise<Asked> => {
    for (;;) {
      const at = requests.findIndex((one) => one.what === what);
      if (at >= 0) return requests.splice(at, 1)[0] as Asked;
      await new Promise<void>((done) => (news = done));
    }
  };
  const line = new HttpLine("http://here/live/", "token");
  line.addEventListener("message", (event) => told.push([...new Uint8Array((event as MessageEvent).data)].join()));
  line.addEventListener("close", (event) => told.push(`closed ${(event as CloseEvent).code}`));
  (await asked("open")).answer();
  await new Promise((done) => line.addEventListener("open", done));
  return { line, asked, told };
}

const closed = (line: HttpLine): Promise<unknown> => new Promise((done) => line.addEventListener("close", done));

test("frames that are sent together share a post, and those after it wait for its answer", async () => {
  const { line, asked } = await open();
  line.send(Uint8Array.of(1));
  line.send(Uint8Array.of(2, 2));
  const first = await asked("send");
  line.send(Uint8Array.of(3));
  assert.deepEqual([first.number, first.frames], ["1", [[1], [2, 2]]]);
  first.answer(204);
  const second = await asked("send");
  assert.deepEqual([second.number, second.frames], ["2", [[3]]]);
  line.close();
});

test("what is waited for comes in order, and the server's goodbye after it", async () => {
  const { line, asked, told } = await open();
  const first = await asked("wait");
  assert.equal(first.number, "1");
  first.answer(200, [[9], [1, 2, 3]]);
  const second = await asked("wait");
  assert.equal(second.number, "2");
  const over = closed(line);
  second.answer(200, [[7]], "4403 removed");
  await over;
  assert.deepEqual(told, ["9", "1,2,3", "7", "closed 4403"]);
});

for (const what of ["send", "wait"]) {
  test(`a ${what} that fails ends the line, once, and nothing is sent on it afterwards`, async () => {
    const { line, asked, told } = await open();
    line.send(Uint8Array.of(1));
    const request = await asked(what);
    const over = closed(line);
    request.answer(409);
    await over;
    line.send(Uint8Array.of(2));
    line.close();
    assert.deepEqual(told, ["closed 1006"]);
    assert.equal(line.readyState, WebSocket.CLOSED);
  });
}
