/** The Hide button: the page is blank at once, and stays blank until it is tapped. Works with nothing else loaded. */

export function hideAndShow(): void {
  const cover = document.getElementById("cover");
  if (!cover) return;
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-hide]")) {
      event.preventDefault();
      hideNow();
    } else if (target?.closest("[data-show]")) {
      show();
    }
  });
}

let before: Element | null = null;

export function hideNow(): void {
  const cover = document.getElementById("cover");
  if (!cover) return;
  before = document.activeElement;
  document.documentElement.classList.add("covered");
  cover.hidden = false;
  for (const element of document.body.children) {
    if (element !== cover) element.setAttribute("inert", "");
  }
  cover.querySelector("button")?.focus();
}

function show(): void {
  const cover = document.getElementById("cover");
  if (!cover) return;
  document.documentElement.classList.remove("covered");
  cover.hidden = true;
  for (const element of document.body.children) element.removeAttribute("inert");
  if (before instanceof HTMLElement && before.isConnected) before.focus();
}
