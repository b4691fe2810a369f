// The load: connects the conferences, types, bursts, lets newcomers in. Told what to do, a line of JSON each, on standard
// input; says what came of it, a line of JSON each, on standard output. Between two orders it does nothing, so that
// whoever measures the server can read the clock.
//
//   {"do": "open", server, meetings: [{name, tokens}], two_typists_in: 2, count, file} -> {opened}
//   {"do": "type", seconds, rate, cursors}     -> times, keystrokes sent and delivered, the generator's own load, faults
//   {"do": "burst", meeting, count, file, seconds, rate, cursors}   -> the others' times meanwhile, how long the burst took
//   {"do": "until_killed", rate}      -> {typing} at once; when the server is gone, how many keystrokes it had acknowledged
//   {"do": "kept"}                    -> how many of those a server started again on the same data still has
//   {"do": "newcomers", meeting, count} -> how long each waited for the lane with its long history

import { createInterface } from "node:readline";

import { parseUpdateMeta } from "yjs";

import { hocuspocus, plain } from "./dialects.mjs";
import { Times } from "./figures.mjs";
import { keystrokes } from "./keystrokes.mjs";
import { Line } from "./line.mjs";
import { Meeting } from "./meeting.mjs";

const DIALECTS = { hocuspocus, plain };
const CLIENTS = [4_000_001, 4_000_002];
const BURST_CLIENT = 4_000_003;
const SETTLE = 3_000;
const LOST = 120_000; // what has not arrived by then is lost, and not on its way on a busy machine

let server;
let meetings = [];
let times;
let burst;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function newTimes() {
  const fresh = { reader: new Times(), typist: new Times(), stored: new Times() };
  times = Object.assign(times ?? {}, fresh);
}

function timed() {
  return Object.fromEntries(Object.entries(times).map(([what, list]) => [what, list.figures()]));
}

async function open(order) {
  server = { ...order.server, dialect: DIALECTS[order.server.dialect] };
  newTimes();
  const typed = CLIENTS.map((client, index) => ({
    client,
    ...keystrokes({ client, count: order.count, file: order.file, seed: index + 1 }),
  }));
  meetings = order.meetings.map((given, index) => new Meeting(server, given, typed.slice(0, 1 + (index % 2)), times));
  // A few at a time, as people come.
  const waiting = [...meetings];
  const door = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next.open();
  };
  await Promise.all(Array.from({ length: 8 }, door));
  return { opened: meetings.length };
}

/**
 * Everyone types at `rate` a second, each out of step with the others, for `seconds`, and something in any case; then all
 * is left to arrive.
 */
async function type({ seconds, rate, cursors }) {
  newTimes();
  const gap = 1000 / rate;
  const began = performance.now();
  const turns = meetings.flatMap((meeting) =>
    meeting.typists.map((typist) => ({ meeting, typist, due: began + Math.random() * gap })),
  );
  const before = turns.reduce((sum, { typist }) => sum + typist.sent.length, 0);
  const cpu = process.cpuUsage();
  for (let now = began, all = false; !all || now < began + seconds * 1000; now = performance.now()) {
    for (const turn of turns) {
      if (turn.due > now) continue;
      turn.meeting.type(turn.typist, cursors);
      turn.due += gap;
    }
    all = turns.every(({ due }) => due >= began + gap);
    await pause(1);
  }
  const elapsed = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const sent = turns.reduce((sum, { typist }) => sum + typist.sent.length, 0) - before;
  // Every keystroke goes to everyone else in its conference. What is left over is delivered before the server's time is
  // read, so that nobody looks cheap by being late.
  const delivered = sent * (meetings[0].lines.length - 1);
  await pause(SETTLE);
  const faults = () => meetings.flatMap((meeting) => meeting.faults());
  for (const until = performance.now() + LOST; faults().length > 0 && performance.now() < until; ) await pause(50);
  say({ typed: sent });
  return { ...timed(), sent, delivered, elapsed, busy: (user + system) / 1000 / elapsed, faults: faults() };
}

/** One client sends `count` keystrokes as fast as the server takes them, while everyone else goes on typing. */
async function burstOf({ meeting, count, file, seconds, rate, cursors }) {
  const prepared = keystrokes({ client: BURST_CLIENT, count, file, seed: 3 });
  const line = new Line(server, meeting.name, meeting.tokens[0]);
  await line.open();
  burst = { name: meeting.name, token: meeting.tokens[1], clock: prepared.strokes.at(-1).clock };
  let stored = 0;
  let lastStored = 0;
  line.heard = (event) => {
    if (event.kind !== "stored") return;
    stored += 1;
    lastStored = performance.now();
  };
  const others = type({ seconds, rate, cursors });
  await pause(500);
  const began = performance.now();
  for (const update of [...prepared.birth, ...prepared.strokes.map((stroke) => stroke.update)]) {
    if (line.lost) break;
    if (!line.sync(2, update)) await Promise.race([new Promise((go) => line.socket.once("drain", go)), pause(5_000)]);
  }
  const figures = await others;
  const taken = { stored, lost: line.lost, refused: line.refused, milliseconds: lastStored - began };
  line.close();
  return { ...figures, burst: taken };
}

async function newcomers({ count }) {
  const waited = new Times();
  for (let index = 0; index < count; index += 1) {
    const line = new Line(server, burst.name, burst.token);
    waited.add(await line.open());
    line.close();
    await pause(20);
  }
  return { newcomer: waited.figures() };
}

/** Everyone types until the server is gone, as it will be without warning. */
async function untilKilled({ rate }) {
  newTimes();
  const typists = meetings.flatMap((meeting) => meeting.typists.map((typist) => ({ meeting, typist })));
  say({ typing: typists.length });
  while (!meetings.some((meeting) => meeting.lines[0].lost)) {
    for (const { meeting, typist } of typists) if (!typist.line.lost) meeting.type(typist);
    await pause(1000 / rate);
  }
  return { acknowledged: typists.reduce((sum, { typist }) => sum + typist.acknowledged, 0) };
}

/** Of the keystrokes acknowledged before: how many the lanes, opened again, still hold (judged by insertions). */
async function kept() {
  let acknowledged = 0;
  let found = 0;
  for (const meeting of meetings) {
    const { name, token } = meeting.lines.at(-1);
    const line = new Line(server, name, token);
    let to = new Map();
    line.heard = (event) => {
      if (event.kind === "state") ({ to } = parseUpdateMeta(event.update));
    };
    await line.open();
    line.close();
    for (const { client, strokes, acknowledged: count } of meeting.typists) {
      const inserted = strokes.slice(0, count).filter((stroke) => stroke.inserts);
      acknowledged += inserted.length;
      found += inserted.filter((stroke) => stroke.clock <= (to.get(client) ?? 0)).length;
    }
  }
  return { acknowledged, kept: found };
}

const ORDERS = { open, type, burst: burstOf, newcomers, until_killed: untilKilled, kept };

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

for await (const text of createInterface({ input: process.stdin })) {
  const order = JSON.parse(text);
  try {
    say({ done: order.do, ...(await ORDERS[order.do](order)) });
  } catch (error) {
    say({ failed: order.do, why: error.stack });
  }
}
for (const meeting of meetings) meeting.close();
process.exit(0);
