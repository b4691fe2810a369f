/** F6 and Shift F6: from area to area, in the order minutes, summary, to settle, people, parts. */

const ORDER = ["minutes", "summary", "queue", "people", "parts"] as const;
export type Area = (typeof ORDER)[number];

export function areaOf(node: Element | null): Area | null {
  const name = node?.closest<HTMLElement>("[data-area]")?.dataset["area"];
  return ORDER.find((area) => area === name) ?? null;
}

/** Go `by` areas on; `enter` puts the focus into one and says whether it could. */
export function nextArea(by: 1 | -1, enter: (area: Area) => boolean): void {
  const now = areaOf(document.activeElement);
  const start = now === null ? (by === 1 ? -1 : 0) : ORDER.indexOf(now);
  for (let step = 1; step <= ORDER.length; step += 1) {
    const area = ORDER[(start + by * step + ORDER.length * 2) % ORDER.length] as Area;
    if (enter(area)) return;
  }
}
