/** What the server says besides the frames of documents: JSON, read as if anybody could have written it. */

export function parse(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const sentence = (value: unknown): string => asText(value) ?? "The server did not accept this change.";
export const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
