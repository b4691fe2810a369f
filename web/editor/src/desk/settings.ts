/** Keys can be switched off, where they take what somebody's own tools use. Kept in this browser; it names nobody. */

const NAME = "true-record-keys";

export function keysAreOn(): boolean {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

/** The other way round; what to say about it. */
export function switchKeys(): string {
  const on = !keysAreOn();
  try {
    if (on) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, "off");
  } catch {
    return "The keys cannot be switched in this browser.";
  }
  return on ? "The keys are on." : "The keys are off. Everything is in the list behind More.";
}
