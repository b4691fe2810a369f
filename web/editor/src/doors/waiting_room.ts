/**
 * The waiting room opens by itself: the page asks how its person stands and loads the page of the meeting when that has
 * changed. It asks, instead of being told over a websocket, so that it opens on every network.
 */

const EVERY_MS = 3000;
const AT_MOST_MS = 30_000;

export function waitToBeLetIn(): void {
  const place = document.querySelector<HTMLElement>("[data-waiting]");
  const address = place?.dataset["waiting"];
  if (!address) return;
  // As the page was drawn: whoever was let in since then is not there yet when it first asks.
  let first = place?.dataset["standing"];
  let pause = EVERY_MS;
  let timer = 0;

  const ask = async (): Promise<void> => {
    window.clearTimeout(timer);
    try {
      const answer = await fetch(address, { headers: { Accept: "text/plain" } });
      const standing = answer.ok ? await answer.text() : "gone";
      first ??= standing;
      if (standing !== first) {
        location.reload();
        return;
      }
      pause = EVERY_MS;
    } catch {
      // No signal: ask less often, and go on asking.
      pause = Math.min(pause * 2, AT_MOST_MS);
    }
    timer = window.setTimeout(() => void ask(), pause);
  };

  // A phone that was in a pocket asks at once when it is looked at again.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void ask();
  });
  window.addEventListener("online", () => void ask());
  void ask();
}
