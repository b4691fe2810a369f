/** What a page keeps in its own tab, and how all of it is erased. Nothing is ever kept beyond the tab. */

export function keep(name: string, value: string): void {
  try {
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
  } catch {
    // Storage is full or switched off: the words stay in the page.
  }
}

export function kept(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** How the names begin of all that is kept for one person in one conference, by the address of any page of theirs. */
export function storeOf(path: string): string {
  const found = /^\/conferences\/([^/]+)\/as\/([^/]+)\//.exec(path);
  return found === null ? "" : `true-record/${found[1]}/${found[2]}/`;
}

/** Erases everything kept under names that begin like this. */
export function erase(beginning: string): void {
  if (!beginning) return;
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(beginning)) sessionStorage.removeItem(name);
  } catch {
    // Storage is switched off: nothing was kept.
  }
}
