/**
 * "Are you ready?": tries what the meeting needs from this very network, and shows which of the outcomes written in the
 * page is so. A test that gets no answer within a few seconds counts as failed: some networks swallow a connection
 * without a word.
 */

const PATIENCE_MS = 6000;
const TEST_WORD = "hello";

export function testReadiness(): void {
  const place = document.getElementById("ready-test");
  if (!place) return;
  const again = place.querySelector<HTMLElement>("[data-again]");
  const run = (): void => void runOnce(place).then(() => again && (again.hidden = false));
  again?.querySelector("button")?.addEventListener("click", run);
  run();
}

async function runOnce(place: HTMLElement): Promise<void> {
  show(place, "testing", []);
  const [live, send] = await Promise.all([
    opens(place.dataset["socket"] ?? ""),
    comesBack(place.dataset["send"] ?? "", place.dataset["csrf"] ?? ""),
  ]);
  const outcome = !send ? "no" : live ? "ready" : "slow";
  show(place, outcome, [live ? "live-yes" : "live-no", send ? "send-yes" : "send-no"]);
}

function show(place: HTMLElement, outcome: string, checks: readonly string[]): void {
  for (const one of place.querySelectorAll<HTMLElement>("[data-outcome]")) {
    one.hidden = one.dataset["outcome"] !== outcome;
  }
  for (const one of place.querySelectorAll<HTMLElement>("[data-check]")) {
    one.hidden = !checks.includes(one.dataset["check"] ?? "");
  }
  const spoken = place.querySelector("[data-spoken]");
  const shown = place.querySelector(`[data-outcome="${outcome}"] h2`);
  if (spoken) spoken.textContent = shown?.textContent ?? "";
}

/** Whether a websocket opens here. Nothing is sent on it. */
export function opens(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const url = new URL(address, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    let socket: WebSocket;
    try {
      socket = new WebSocket(url);
    } catch {
      resolve(false);
      return;
    }
    const done = (opened: boolean): void => {
      window.clearTimeout(timer);
      resolve(opened);
      socket.close();
    };
    const timer = window.setTimeout(() => done(false), PATIENCE_MS);
    socket.addEventListener("open", () => done(true), { once: true });
    socket.addEventListener("error", () => done(false), { once: true });
  });
}

/** Whether a word sent from here comes back. */
async function comesBack(address: string, csrf: string): Promise<boolean> {
  const given = new AbortController();
  const timer = window.setTimeout(() => given.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRF": csrf },
      body: new URLSearchParams({ word: TEST_WORD }),
      signal: given.signal,
    });
    return answer.ok && (await answer.text()) === TEST_WORD;
  } catch {
    return false;
  } finally {
    window.clearTimeout(timer);
  }
}
