/**
 * A field to type a few letters in, and the list of what fits: for who said a point, its kind, and the commands.
 * It is a combobox in the sense of ARIA, drivable by keys alone, and stands above the page without moving anything.
 */

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  /** A single letter that chooses at once. */
  readonly key?: string;
}

export interface ChooserOptions {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly choose: (value: string) => void;
  /** Closed without a choice. `literal` is true if the sign that opened it was typed once more. */
  readonly cancel: (literal: boolean) => void;
  /** The sign that opened it, if one did. */
  readonly sign?: string;
  readonly current?: string;
}

let serial = 0;

/** Draws the field and the list into `box`. Returns the field, and what ends it without a choice. */
export function drawChooser(box: HTMLElement, options: ChooserOptions): { field: HTMLInputElement; end: () => void } {
  serial += 1;
  const name = `choose-${serial}`;
  const label = document.createElement("label");
  label.className = "label tiny";
  label.htmlFor = name;
  label.textContent = options.label;
  const field = document.createElement("input");
  field.id = name;
  field.className = "input small";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", `${name}-list`);
  const list = document.createElement("ul");
  list.id = `${name}-list`;
  list.className = "chooser__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", options.label);
  box.replaceChildren(label, field, list);

  let shown: readonly Choice[] = [];
  let active = 0;
  let ended = false;
  const end = (act: () => void): void => {
    if (ended) return;
    ended = true;
    act();
  };
  const pick = (choice: Choice | undefined): void => {
    if (choice !== undefined) end(() => options.choose(choice.value));
  };
  const draw = (): void => {
    shown = fitting(options.choices, field.value);
    active = Math.max(0, field.value === "" ? shown.findIndex((one) => one.value === options.current) : 0);
    list.replaceChildren(...shown.map((choice, i) => option(choice, i)));
    mark();
  };
  const mark = (): void => {
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    const item = list.children[active];
    if (item === undefined) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }
  };
  const option = (choice: Choice, i: number): HTMLLIElement => {
    const item = document.createElement("li");
    item.id = `${name}-${i}`;
    item.setAttribute("role", "option");
    const words = document.createElement("b");
    words.textContent = choice.label;
    item.append(words);
    if (choice.hint !== undefined && choice.hint !== "") item.append(` ${choice.hint}`);
    if (choice.key !== undefined) {
      const key = document.createElement("kbd");
      key.textContent = choice.key;
      item.append(" ", key);
    }
    // Before the field loses the focus, or the list would be gone when the click arrives.
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => pick(choice));
    return item;
  };
  field.addEventListener("input", () => {
    if (options.sign !== undefined && field.value === options.sign) {
      end(() => options.cancel(true));
      return;
    }
    const typed = field.value.trim().toLowerCase();
    const byKey = options.choices.find((choice) => choice.key === typed);
    if (byKey !== undefined) pick(byKey);
    else draw();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      active = shown.length === 0 ? 0 : (active + (key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length;
      mark();
    } else if (key === "Home" && field.value === "") active = 0;
    else if (key === "Enter") pick(shown[active]);
    else if (key === "Escape" || (key === "Backspace" && field.value === "")) end(() => options.cancel(false));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  draw();
  return { field, end: () => end(() => options.cancel(false)) };
}

/** Those in which every typed word begins a word; what begins with the first word comes first. */
function fitting(choices: readonly Choice[], typed: string): readonly Choice[] {
  const wanted = plain(typed).split(" ").filter(Boolean);
  if (wanted.length === 0) return choices;
  const fits = choices.filter((choice) => {
    const words = plain(`${choice.label} ${choice.hint ?? ""}`).split(" ");
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  });
  const first = (choice: Choice): number => (plain(choice.label).startsWith(wanted[0] as string) ? 0 : 1);
  return [...fits].sort((a, b) => first(a) - first(b));
}

/** Without accents, marks and capitals: "Zoë" is found by "zoe". */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

let open: (() => void) | null = null;

/** A chooser beside `anchor`, above everything else. Only one is open at a time. */
export function openChooser(anchor: HTMLElement, options: ChooserOptions): void {
  open?.();
  const box = document.createElement("div");
  box.className = "chooser";
  box.setAttribute("popover", "manual");
  const close = (): void => {
    open = null;
    box.remove();
  };
  const { field, end } = drawChooser(box, {
    ...options,
    choose(value) {
      close();
      options.choose(value);
    },
    cancel(literal) {
      close();
      options.cancel(literal);
    },
  });
  // Within the landmark it belongs to; the browser draws it above everything wherever it stands.
  (anchor.closest("section, main") ?? document.body).append(box);
  if (typeof box.showPopover === "function") box.showPopover();
  place(box, anchor);
  open = end;
  field.focus({ preventScroll: true });
  field.addEventListener("blur", () => end());
}

function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + 6 + height <= window.innerHeight;
  box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  box.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - height - 6)}px`;
}
