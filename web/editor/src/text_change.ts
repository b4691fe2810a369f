/**
 * One text field's text as changes: the difference a keystroke made, and how it reads after changes from elsewhere.
 * Lengths and places are UTF-16 units, as in Yjs and in a text field. No change ever cuts a surrogate pair in two.
 */

export type Op = { retain: number } | { insert: string } | { delete: number };
export type Change = readonly Op[];

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Does `at` lie inside a surrogate pair of `text`? */
export function cutsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

/**
 * What a point's text may hold (the gate's rule): no line breaks, no control characters, no half of a pair.
 * A line break or tab becomes a space; the rest goes.
 */
export function cleanText(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ")
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, "")
    .replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length === 2 ? found : ""));
}

/** Pasted text as the points it makes: one for each line that has words. */
export function linesOf(pasted: string): string[] {
  return pasted
    .split(/[\n\v\f\r\u0085\u2028\u2029]+/)
    .map((line) => cleanText(line).trim())
    .filter((line) => line !== "");
}

/**
 * The one replacement that turns `before` into `after`. `caret` is where the caret stands in `after`: of several
 * replacements that read the same ("aa" → "aaa"), the one that was typed ends there.
 */
export function difference(before: string, after: string, caret: number = after.length): Change {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let tail = 0;
  const tailLimit = Math.min(shorter, after.length - Math.min(caret, after.length));
  while (tail < tailLimit && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  let head = 0;
  while (head < shorter - tail && before[head] === after[head]) head += 1;
  // Without the caret's limit the tails may have more in common (an undo, a replacement by the browser).
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  if (cutsPair(before, head) || cutsPair(after, head)) head -= 1;
  if (cutsPair(before, before.length - tail) || cutsPair(after, after.length - tail)) tail -= 1;
  return tidy([
    { retain: head },
    { delete: before.length - head - tail },
    { insert: after.slice(head, after.length - tail) },
  ]);
}

/** The same change without empty steps, neighbours of one sort joined, and no trailing retain. */
export function tidy(ops: Change): Op[] {
  const out: Op[] = [];
  for (const op of ops) {
    const last = out[out.length - 1];
    if ("retain" in op) {
      if (op.retain === 0) continue;
      if (last !== undefined && "retain" in last) last.retain += op.retain;
      else out.push({ retain: op.retain });
    } else if ("delete" in op) {
      if (op.delete === 0) continue;
      if (last !== undefined && "delete" in last) last.delete += op.delete;
      else out.push({ delete: op.delete });
    } else if (op.insert !== "") {
      if (last !== undefined && "insert" in last) last.insert += op.insert;
      else out.push({ insert: op.insert });
    }
  }
  const last = out[out.length - 1];
  if (last !== undefined && "retain" in last) out.pop();
  return out;
}

export function applyChange(text: string, change: Change): string {
  let out = "";
  let at = 0;
  for (const op of change) {
    if ("retain" in op) {
      out += text.slice(at, at + op.retain);
      at += op.retain;
    } else if ("delete" in op) at += op.delete;
    else out += op.insert;
  }
  return out + text.slice(at);
}

/**
 * `change`, made to the same text as `other`, as it must be made after `other`. Where both insert in one place,
 * `change` comes second. Letters that both delete are deleted once; letters that `other` inserts are never deleted.
 */
export function after(change: Change, other: Change): Op[] {
  const out: Op[] = [];
  const theirs = reader(other);
  for (const op of change) {
    if ("insert" in op) {
      for (let words = theirs.inserted(); words > 0; words = theirs.inserted()) out.push({ retain: words });
      out.push({ insert: op.insert });
      continue;
    }
    let left = "retain" in op ? op.retain : op.delete;
    while (left > 0) {
      const words = theirs.inserted();
      if (words > 0) {
        out.push({ retain: words });
        continue;
      }
      const { length, kept } = theirs.take(left);
      left -= length;
      if (kept) out.push("retain" in op ? { retain: length } : { delete: length });
    }
  }
  return tidy(out);
}

interface Reader {
  /** The length of an insertion that comes next, which is then behind us; 0 if none does. */
  inserted(): number;
  /** Up to `most` units of the old text, all of them kept or all of them deleted. */
  take(most: number): { length: number; kept: boolean };
}

function reader(change: Change): Reader {
  let index = 0;
  let used = 0;
  return {
    inserted() {
      const op = change[index];
      if (op === undefined || !("insert" in op)) return 0;
      index += 1;
      return op.insert.length;
    },
    take(most) {
      const op = change[index];
      if (op === undefined || "insert" in op) return { length: most, kept: true };
      const whole = "retain" in op ? op.retain : op.delete;
      const length = Math.min(most, whole - used);
      used += length;
      if (used === whole) {
        index += 1;
        used = 0;
      }
      return { length, kept: "retain" in op };
    },
  };
}

/** Where the place `at` lies after `change`. Words inserted exactly there come behind it. */
export function placeAfter(at: number, change: Change): number {
  let old = 0;
  let now = 0;
  for (const op of change) {
    if ("insert" in op) {
      if (old >= at) break;
      now += op.insert.length;
      continue;
    }
    const length = Math.min("retain" in op ? op.retain : op.delete, at - old);
    old += length;
    if ("retain" in op) now += length;
    if (old >= at && "retain" in op) break;
  }
  return now + (at - old);
}
