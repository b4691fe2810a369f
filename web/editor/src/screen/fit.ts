/** As many of the last points as there is room for under the slots, whole: none is cut in half at the top. */
export function fit(list: HTMLElement, slots: HTMLElement | null): void {
  const room = list.parentElement;
  if (room === null) return;
  const items = [...list.children].filter((item): item is HTMLElement => item instanceof HTMLElement);
  for (const item of items) item.hidden = false;
  const style = getComputedStyle(room);
  const gap = parseFloat(getComputedStyle(list).rowGap) || 0;
  const taken = slots?.getBoundingClientRect().height ?? 0;
  const above = taken > 0 ? taken + gap : 0;
  let space = room.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) - above;
  items.reverse().forEach((item, fromEnd) => {
    space -= item.getBoundingClientRect().height + (fromEnd > 0 ? gap : 0);
    // The last one is always there, however long it is.
    item.hidden = fromEnd > 0 && space < 0;
  });
}
