/** Drawing without disturbing: the field with the focus keeps it, and what somebody looks at stays where it is. */

/** Put the items in order. The one with the focus is never moved (it would lose it): the others go round it. */
export function arrange(root: HTMLElement, items: readonly HTMLElement[], focused: HTMLElement | null): void {
  const wanted = new Set<Element>(items);
  let next: Element | null = root.firstElementChild;
  const skipStrangers = (): void => {
    while (next !== null && !wanted.has(next)) next = next.nextElementSibling;
  };
  skipStrangers();
  for (const item of items) {
    if (item === focused) {
      while (next !== null && next !== focused) {
        const waiting: Element = next;
        next = next.nextElementSibling;
        if (wanted.has(waiting)) waiting.remove();
      }
    }
    if (item === next) next = item.nextElementSibling;
    else root.insertBefore(item, next);
    skipStrangers();
  }
}

/**
 * Called before drawing; call what is returned after it. Keeps in its place on the screen the field with the focus,
 * else the first point to be seen; a list that rests at its end goes on resting there.
 */
export function holdStill(root: HTMLElement, scroller: HTMLElement, focused: HTMLElement | null): () => void {
  let anchor: Element | undefined = focused ?? undefined;
  if (anchor === undefined) {
    // In a reversed column the end is where scrolling is nought, and the browser stays there by itself.
    const reversed = getComputedStyle(scroller).flexDirection === "column-reverse";
    if (reversed && Math.abs(scroller.scrollTop) < 2) return () => undefined;
    if (!reversed && scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < 2) {
      return () => (scroller.scrollTop = scroller.scrollHeight);
    }
    const { top } = scroller.getBoundingClientRect();
    anchor = [...root.children].find((item) => item.getBoundingClientRect().bottom > top);
  }
  if (anchor === undefined) return () => undefined;
  const held = anchor;
  const before = held.getBoundingClientRect().top;
  return () => {
    const moved = held.isConnected ? held.getBoundingClientRect().top - before : 0;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  };
}
