/**
 * Positions of points: keys that sort as text, with room for another between any two. The same grammar as
 * `shared_doc/positions.py`, which the gate holds everyone to.
 *
 * A key is an integer part (its first letter says how long it is) and a fraction that does not end in "0". A row of
 * new points shares a *run prefix*, a midpoint with four random digits: rows that two people make in one gap while
 * apart then stand one after the other, and do not mix line by line.
 */

import { type Random, cryptoRandom } from "./shape";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;
const FIRST = "a0";
const SMALLEST_INTEGER = `A${"0".repeat(26)}`;
/** Longer keys are refused by the gate. */
export const LONGEST_POSITION = 200;
const RANDOM_DIGITS = 4;

/** Whether this is a key the gate takes. */
export function isPosition(key: string): boolean {
  if (key.length > LONGEST_POSITION || !/^[0-9A-Za-z]+$/.test(key)) return false;
  const integer = integerPart(key);
  return integer !== null && integer !== SMALLEST_INTEGER && !(key.length > integer.length && key.endsWith("0"));
}

/**
 * `count` keys in a row, above `lower` and below `upper` (null: no bound). Never throws: where there is no room left
 * (equal or overlong neighbours), the row shares a neighbour's key, and the points' ids decide the order.
 *
 * `continues`: `lower` is this page's own last point, and the row goes on behind it under the same prefix. Nobody else
 * may continue it: two people who did would mix.
 */
export function keysBetween(
  lower: string | null,
  upper: string | null,
  count: number,
  random: Random = cryptoRandom,
  continues = false,
): string[] {
  if (count === 0) return [];
  const from = lower !== null && isPosition(lower) ? lower : null;
  const to = upper !== null && isPosition(upper) && (from === null || from < upper) ? upper : null;
  const carried = continues && from !== null ? nextInRun(from, to, count) : null;
  if (carried !== null) return carried;
  const middle = between(from, to);
  if (middle === null) return Array<string>(count).fill(from ?? to ?? FIRST);
  let prefix = middle;
  for (let i = 0; i < RANDOM_DIGITS; i += 1) prefix += DIGITS[random(BASE)];
  const keys = Array.from({ length: count }, (_, i) => prefix + place(i));
  const fits = keys.every((key) => isPosition(key) && (to === null || key < to) && (from === null || key > from));
  if (fits) return keys;
  // The prefix does not fit below `upper`, or is too long: plain midpoints, one after the other.
  const plain: string[] = [];
  let last = from;
  for (let i = 0; i < count; i += 1) {
    const key = between(last, to);
    if (key === null || key.length > LONGEST_POSITION) plain.push(last ?? to ?? FIRST);
    else plain.push((last = key));
  }
  return plain;
}

/** Places in a run: `a1` … `az`, `b11` … `bzz`, …: they sort as numbers do and never end in "0". */
function place(n: number): string {
  let length = 1;
  let size = BASE - 1;
  let rest = n;
  while (rest >= size) {
    rest -= size;
    length += 1;
    size *= BASE - 1;
  }
  let digits = "";
  for (let i = 0; i < length; i += 1) {
    digits = DIGITS[1 + (rest % (BASE - 1))] + digits;
    rest = Math.floor(rest / (BASE - 1));
  }
  return String.fromCharCode(96 + length) + digits;
}

/** The places that follow `lower` in its run. Null if it is no run's, or if they would not stay below `upper`. */
function nextInRun(lower: string, upper: string | null, count: number): string[] | null {
  for (let length = 1; length <= 5; length += 1) {
    const start = lower.length - length - 1;
    const head = lower[start];
    const tail = lower.slice(start + 1);
    if (head !== String.fromCharCode(96 + length) || tail.includes("0")) continue;
    const base = lower.slice(0, start);
    const integer = integerPart(base);
    if (integer === null || base.length < integer.length + RANDOM_DIGITS) continue;
    const at = number(length, tail);
    const keys = Array.from({ length: count }, (_, i) => base + place(at + 1 + i));
    return keys.every((key) => isPosition(key) && key > lower && (upper === null || key < upper)) ? keys : null;
  }
  return null;
}

function number(length: number, digits: string): number {
  let before = 0;
  for (let shorter = 1, size = BASE - 1; shorter < length; shorter += 1, size *= BASE - 1) before += size;
  let value = 0;
  for (const digit of digits) value = value * (BASE - 1) + (DIGITS.indexOf(digit) - 1);
  return before + value;
}

/** The shortest simple key between two valid ones, or null where there is none. */
function between(lower: string | null, upper: string | null): string | null {
  if (lower === null && upper === null) return FIRST;
  if (lower === null) return below(upper as string);
  if (upper === null) return above(lower);
  const low = integerPart(lower) as string;
  const high = integerPart(upper) as string;
  if (low === high) return low + midpoint(lower.slice(low.length), upper.slice(high.length));
  const next = increment(low);
  return next !== null && next < upper ? next : low + midpoint(lower.slice(low.length), null);
}

function above(lower: string): string {
  const integer = integerPart(lower) as string;
  return increment(integer) ?? integer + midpoint(lower.slice(integer.length), null);
}

function below(upper: string): string | null {
  const integer = integerPart(upper) as string;
  if (upper.length > integer.length) {
    // There may be an integer just below that has room enough; the bare integer itself is the simplest.
    return integer === SMALLEST_INTEGER ? integer + midpoint("", upper.slice(integer.length)) : integer;
  }
  return decrement(integer);
}

/** The digits of a fraction between two fractions; `upper` null is one, "" is nought. Neither ends in "0". */
function midpoint(lower: string, upper: string | null): string {
  if (upper !== null) {
    let same = 0;
    while (same < upper.length && (lower[same] ?? "0") === upper[same]) same += 1;
    if (same > 0) return upper.slice(0, same) + midpoint(lower.slice(same), upper.slice(same));
  }
  const low = lower === "" ? 0 : DIGITS.indexOf(lower[0] as string);
  const high = upper === null ? BASE : DIGITS.indexOf(upper[0] as string);
  if (high - low > 1) return DIGITS[Math.round((low + high) / 2)] as string;
  if (upper !== null && upper.length > 1) return upper[0] as string;
  return (DIGITS[low] as string) + midpoint(lower.slice(1), null);
}

/** The integer part of a key, or null where it has none. */
function integerPart(key: string): string | null {
  const head = key.charCodeAt(0);
  let length = 0;
  if (head >= 97 && head <= 122) length = head - 97 + 2;
  else if (head >= 65 && head <= 90) length = 90 - head + 2;
  return length === 0 || key.length < length ? null : key.slice(0, length);
}

function increment(integer: string): string | null {
  const digits = integer.slice(1).split("");
  for (let i = digits.length - 1; i >= 0; i -= 1) {
    const digit = DIGITS.indexOf(digits[i] as string) + 1;
    if (digit < BASE) {
      digits[i] = DIGITS[digit] as string;
      return integer[0] + digits.join("");
    }
    digits[i] = "0";
  }
  if (integer[0] === "Z") return "a0";
  if (integer[0] === "z") return null;
  const head = String.fromCharCode(integer.charCodeAt(0) + 1);
  if (head > "a") digits.push("0");
  else digits.pop();
  return head + digits.join("");
}

function decrement(integer: string): string | null {
  const digits = integer.slice(1).split("");
  for (let i = digits.length - 1; i >= 0; i -= 1) {
    const digit = DIGITS.indexOf(digits[i] as string) - 1;
    if (digit >= 0) {
      digits[i] = DIGITS[digit] as string;
      const less = integer[0] + digits.join("");
      return less === SMALLEST_INTEGER ? null : less;
    }
    digits[i] = DIGITS[BASE - 1] as string;
  }
  if (integer[0] === "a") return `Z${DIGITS[BASE - 1]}`;
  if (integer[0] === "A") return null;
  const head = String.fromCharCode(integer.charCodeAt(0) - 1);
  if (head < "Z") digits.push(DIGITS[BASE - 1] as string);
  else digits.pop();
  return head + digits.join("");
}
