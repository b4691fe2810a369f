import type { Boot } from "./live";

/** A new Yjs client id from the server, for a copy of a lane that begins again; null if there was none to be had. */
export async function freshClient(boot: Boot): Promise<number | null> {
  try {
    const answer = await fetch(`${boot.base}/client-id`, {
      method: "POST",
      headers: { "X-CSRF": boot.csrf, Accept: "application/json" },
    });
    if (!answer.ok) return null;
    const { client } = (await answer.json()) as { client: unknown };
    return typeof client === "number" ? client : null;
  } catch {
    return null;
  }
}
