/**
 * What changed between two wordings, word by word: for showing a correction as old words struck and new words marked.
 * The server does the same for pages it renders (`server/routes/word_changes.py`).
 */

export type Stretch = { readonly kind: "same" | "out" | "in"; readonly text: string };

/** Words looked at on each side before the change is shown as one whole: keeps the work of one correction bounded. */
const MOST_WORDS = 400;

export function wordChanges(before: string, after: string): Stretch[] {
  const old = words(before);
  const now = words(after);
  let head = 0;
  while (head < old.length && head < now.length && alike(old[head], now[head])) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && alike(old[old.length - 1 - tail], now[now.length - 1 - tail])) {
    tail += 1;
  }
  const middle = compare(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return gather([
    ...now.slice(0, head).map((text): Stretch => ({ kind: "same", text })),
    ...middle,
    ...now.slice(now.length - tail).map((text): Stretch => ({ kind: "same", text })),
  ]);
}

/** Puts a correction into an element, as `<del>`, `<ins>` and plain text. */
export function drawChanges(into: HTMLElement, stretches: readonly Stretch[]): void {
  into.replaceChildren(
    ...stretches.flatMap(({ kind, text }): (Node | string)[] => {
      if (kind === "same") return [text];
      const mark = document.createElement(kind === "out" ? "del" : "ins");
      const space = /\s*$/.exec(text)?.[0] ?? "";
      mark.textContent = text.slice(0, text.length - space.length);
      return space ? [mark, space] : [mark];
    }),
  );
}

function words(text: string): string[] {
  return text.match(/\S+\s*/g) ?? [];
}

function alike(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.trimEnd() === b.trimEnd();
}

function compare(old: string[], now: string[]): Stretch[] {
  if (old.length > MOST_WORDS || now.length > MOST_WORDS) {
    return [...old.map((text): Stretch => ({ kind: "out", text })), ...now.map((text): Stretch => ({ kind: "in", text }))];
  }
  // longest[i][j]: how many words old[i..] and now[j..] have in common, in order
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = longest[i];
    if (!row) continue;
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] = alike(old[i], now[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Stretch[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const left = old[i];
    const right = now[j];
    if (left !== undefined && right !== undefined && alike(left, right)) {
      found.push({ kind: "same", text: right });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: "out", text: left });
      i += 1;
    } else if (right !== undefined) {
      found.push({ kind: "in", text: right });
      j += 1;
    }
  }
  return found;
}

/** Joins neighbours of one kind, the old words of a change always before the new ones. */
function gather(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  let out = "";
  let put = "";
  let same = "";
  const close = (): void => {
    if (out) joined.push({ kind: "out", text: out });
    if (put) joined.push({ kind: "in", text: put });
    out = put = "";
  };
  for (const { kind, text } of stretches) {
    if (kind === "same") {
      close();
      same += text;
      continue;
    }
    if (same) joined.push({ kind: "same", text: same });
    same = "";
    if (kind === "out") out += text;
    else put += text;
  }
  close();
  if (same) joined.push({ kind: "same", text: same });
  // The last word of either text has no space behind it; what stands after it here must not run into it.
  return joined.map((one, index) =>
    index < joined.length - 1 && !/\s$/.test(one.text) ? { ...one, text: `${one.text} ` } : one,
  );
}
