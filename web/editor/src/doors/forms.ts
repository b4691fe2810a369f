/** Small kindnesses of forms. */

/** After an answer with something to put right, a screen reader starts there. */
export function goToWhatIsWrong(): void {
  const wrong = document.querySelector<HTMLElement>(".govuk-error-summary, .notice[role=alert]");
  if (wrong) {
    wrong.tabIndex = -1;
    wrong.focus();
  }
}

/** "Show password": the tick box is drawn hidden, because without a script it would do nothing. */
export function shownPassword(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-shows]")) {
    const field = document.getElementById(box.dataset["shows"] ?? "");
    const tick = box.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (!(field instanceof HTMLInputElement) || !tick) continue;
    box.hidden = false;
    tick.addEventListener("change", () => {
      field.type = tick.checked ? "text" : "password";
    });
    // A password that is shown is not kept by the browser as ordinary text.
    field.form?.addEventListener("submit", () => {
      field.type = "password";
    });
  }
}

/** "Copy" beside a link or a code; says in words whether it is done. */
export function copyButtons(): void {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copies]")) {
    const source = document.getElementById(button.dataset["copies"] ?? "");
    const said = document.getElementById(`${button.dataset["copies"]}-copied`);
    if (!source || !said) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      said.textContent = "";
      navigator.clipboard.writeText(source.textContent.trim()).then(
        () => (said.textContent = "Copied"),
        () => (said.textContent = "Not copied. Select it and copy it yourself."),
      );
    });
  }
}

/** "Print" where a page is meant for paper. */
export function printButtons(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-prints]")) {
    place.hidden = false;
    place.querySelector("button")?.addEventListener("click", () => window.print());
  }
}
