/** Every command by name: Ctrl K, and the "More" button. The menu of the page stands in it too, and who waits at the door. */

import { type Choice, drawChooser } from "../chooser";

export interface Command {
  readonly name: string;
  readonly key?: string;
  readonly run: () => void;
}

export class Commands {
  private readonly dialog = document.createElement("dialog");

  constructor(
    private readonly commands: () => readonly Command[],
    private readonly menu: () => HTMLElement | null,
  ) {
    this.dialog.className = "commands";
    this.dialog.setAttribute("aria-label", "All commands");
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    document.body.append(this.dialog);
  }

  get isOpen(): boolean {
    return this.dialog.open;
  }

  /** The whole list, or what fits the words typed for a start. */
  open(typed = ""): void {
    if (this.dialog.open) return;
    const all = [...this.commands(), ...waiting(), ...this.fromMenu()];
    const choices: Choice[] = all.map((command, i) => ({
      value: String(i),
      label: command.name,
      ...(command.key === undefined ? {} : { hint: command.key }),
    }));
    const box = document.createElement("div");
    const { field } = drawChooser(box, {
      label: "All commands",
      choices,
      choose: (value) => {
        // Closing gives the focus back to where it was; the command then acts there.
        this.dialog.close();
        all[Number(value)]?.run();
      },
      cancel: () => this.dialog.close(),
    });
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn--text btn--s";
    close.textContent = "Close";
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.replaceChildren(box, close);
    this.dialog.showModal();
    field.focus();
    if (typed === "") return;
    field.value = typed;
    field.select();
    field.dispatchEvent(new Event("input"));
  }

  private fromMenu(): Command[] {
    const found: Command[] = [];
    for (const act of this.menu()?.querySelectorAll<HTMLElement>("[data-command]") ?? []) {
      found.push({ name: (act.textContent ?? "").replace(/\s+/g, " ").trim(), run: () => act.click() });
    }
    return found;
  }
}

/** Who waits to be let in. The list of people may be drawn again while the commands are open. */
function waiting(): Command[] {
  return [...document.querySelectorAll<HTMLElement>("#present .wants")].flatMap((row) => {
    const button = (): HTMLElement | null => document.querySelector(`#${CSS.escape(row.id)} form[action$="/admit"] button`);
    const name = button()?.getAttribute("aria-label");
    return name ? [{ name, run: () => button()?.click() }] : [];
  });
}
