/** Sends one thing to the server and says in one word what became of it. Errors come back as problem+json. */

import type { Outcome } from "./outbox";

const LONGEST_WAIT = 15_000;

export async function post(address: string, csrf: string, fields: Readonly<Record<string, string>>): Promise<Outcome> {
  let answer: Response;
  try {
    answer = await within(LONGEST_WAIT, (signal) =>
      fetch(address, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { Accept: "application/json", "X-CSRF": csrf },
        signal,
      }),
    );
  } catch {
    return { kind: "no_signal" };
  }
  if (answer.ok) return { kind: "sent", answer: await json(answer) };
  // Without a session the person may come back in; only who was sent out, or signed out, leaves nothing behind.
  if (answer.status === 401) return { kind: "shut_out", forGood: (await json(answer))["code"] !== "not_signed_in" };
  // Busy or restarting: not the writer's fault, and worth another try.
  if (answer.status >= 500 || answer.status === 429) return { kind: "no_signal" };
  const problem = await json(answer);
  const detail = problem["detail"];
  return { kind: "refused", reason: typeof detail === "string" ? detail : "It could not be added." };
}

/** The text of a page or fragment; null without signal, "gone" where it may not be read any more. */
export async function get(address: string): Promise<string | null | "gone"> {
  try {
    const answer = await within(LONGEST_WAIT, (signal) => fetch(address, { headers: { Accept: "text/html" }, signal }));
    if (answer.ok) return await answer.text();
    return answer.status >= 500 || answer.status === 429 ? null : "gone";
  } catch {
    return null;
  }
}

async function within<T>(wait: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const given = new AbortController();
  const timer = window.setTimeout(() => given.abort(), wait);
  try {
    return await work(given.signal);
  } finally {
    window.clearTimeout(timer);
  }
}

async function json(answer: Response): Promise<Record<string, unknown>> {
  try {
    const value: unknown = await answer.json();
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
