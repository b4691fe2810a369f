/** On a narrow screen the list of parts folds into the line of the part looked at, which opens. */

export class PartsFold {
  private open = false;

  constructor() {
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Element) || event.target.closest("[data-fold]") === null) return;
      this.open = !this.open;
      this.draw();
    });
    this.draw();
  }

  /** After the list was drawn again too. */
  draw(): void {
    document.documentElement.classList.toggle("parts-open", this.open);
    const button = document.querySelector<HTMLElement>("[data-fold]");
    button?.setAttribute("aria-expanded", String(this.open));
  }
}
