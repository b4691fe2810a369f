/** The page of the chair and the minute-taker. */

import { type Boot, type Lane, type LineState, openLanes, readBoot } from "./connection";
import { type Area, areaOf, nextArea } from "./desk/areas";
import { type Command, Commands } from "./desk/commands";
import { Dock } from "./desk/dock";
import { Fragments } from "./desk/fragments";
import { PartsFold } from "./desk/parts_fold";
import { FlagQueue } from "./desk/queue";
import { keysAreOn, switchKeys } from "./desk/settings";
import { SummaryText } from "./desk/summary_text";
import { TopBar } from "./desk/top_bar";
import { KeptWords, type Offer } from "./kept_words";
import type { PointField } from "./point_field";
import { askInList } from "./point_choices";
import { PointsEditor } from "./points";
import { Spoken, off as spokenIsOff } from "./reading/spoken";
import { storeOf } from "./reading/store";
import { type Point, readPoints, textIn } from "./shape";

interface DeskBoot extends Boot {
  readonly part: { readonly id: string; readonly lanes: { readonly minutes: string; readonly summary: string } } | null;
}

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
};

function start(): void {
  const boot = readBoot<DeskBoot>();
  document.documentElement.classList.add("js");
  const told = byId("told");
  const tell = (words: string): void => {
    told.textContent = "";
    // A word later, or the same sentence said twice would be said once.
    requestAnimationFrame(() => (told.textContent = words));
  };
  const people = new Map(boot.people.map((person) => [person.id, person]));
  const names = boot.part === null ? [] : [boot.part.lanes.minutes, boot.part.lanes.summary];
  const [minutes, summary] = names;
  const reading = document.getElementById("reading") !== null;
  const fragments = new Fragments(tell);

  const kept = new KeptWords(`${storeOf(location.pathname)}kept`, sessionStorage, () => dock?.draw());
  const putIn = ({ lane, text }: Offer): boolean => {
    const one = lane === minutes ? editor : lane === summary ? summaryEditor : null;
    return one?.add(text) ?? false;
  };
  const tray = document.getElementById("dock");
  const dock =
    tray === null
      ? null
      : new Dock(tray, kept, names, putIn, tell);

  // Signed while this tab was asleep or had crashed: nothing of it can be put in any more, and nothing is kept.
  if (document.body.dataset["signed"] !== undefined) kept.erase();

  const choose = askInList(boot.people, (field) => editors().find((one) => one.owns(field)));

  const lane = (name: string | undefined): Lane | undefined => (name === undefined ? undefined : connection.lane(name));
  const writable = (name: string | undefined): boolean => lane(name)?.scope === "read-write";
  const makeEditor = (root: HTMLElement, scroller: HTMLElement, name: string): PointsEditor =>
    new PointsEditor({
      root,
      scroller,
      people,
      mayEdit: () => writable(name),
      mayAdd: () => writable(name),
      shortcuts: keysAreOn,
      choose,
      openMark: (point) => queue.show(point),
      writingIn: (point) => connection.writingIn(name, point),
      drawn: (points) => {
        if (name === minutes) spoken.heard(points.map((point) => ({ id: point.id, sentence: sentence(point) })));
      },
    });
  const sentence = (point: Point): string => {
    const said = people.get(point.saidBy);
    return `${said === undefined ? "" : `${said.name}: `}${point.text}`;
  };
  const spoken = new Spoken(byId("spoken"));

  let editor: PointsEditor | null = null;
  let summaryEditor: PointsEditor | null = null;
  const editors = (): PointsEditor[] => [editor, summaryEditor].filter((one): one is PointsEditor => one !== null);
  const list = document.getElementById("points");
  const summaryList = document.getElementById("summary");
  if (list !== null && minutes !== undefined) editor = makeEditor(list, byId("list"), minutes);
  if (summaryList !== null && summary !== undefined && boot.me.role === "chair") {
    summaryEditor = makeEditor(summaryList, byId("summary-lane"), summary);
  }
  const summaryText = summaryList !== null && summaryEditor === null ? new SummaryText(summaryList) : null;
  let lastEditor = editor;

  const top = new TopBar(byId("top"), byId("where"), byId("saved"), () => location.reload());
  let state: LineState | null = null;
  const whenStored = new Set<() => void>();

  const connection = openLanes(boot, names, {
    onOpened(opened) {
      if (opened.name === minutes) {
        editor?.attach(opened.doc);
        if (reading) followReading(opened);
        afterOpening();
      }
      if (opened.name === summary) {
        summaryEditor?.attach(opened.doc);
        summaryText?.attach(opened.points);
      }
      const textOf = (id: string): string | null => textIn(opened.points, id);
      kept.arrived(opened.name, textOf);
      opened.doc.on("update", () => kept.compare(opened.name, textOf));
    },
    onScope(changed) {
      // What changed between the page's being drawn, or a break of the line, and now was told to nobody here.
      if (changed.name === boot.events) fragments.changed(["people", "parts", "phase", "flags", "requests", "read_through", "record"]);
      if (changed.name === minutes) editor?.rightsChanged();
      if (changed.name === summary) summaryEditor?.rightsChanged();
    },
    onClosed(name) {
      if (name === minutes) editor?.rightsChanged();
      if (name === summary) summaryEditor?.rightsChanged();
    },
    onRefused(name, reason, words) {
      kept.refused(name, reason, words);
      tell(`${reason} Your words are kept on this page.`);
    },
    onUnstored: (changed) => kept.open(changed.name, connection.unstoredWords(changed.name)),
    onPresence(changed, others) {
      const writers = new Map<string, string>();
      for (const other of others) if (other.point !== null) writers.set(other.point, other.name.split(" ")[0] ?? "");
      if (changed.name === minutes) editor?.setWriters(writers);
      if (changed.name === summary) summaryEditor?.setWriters(writers);
    },
    onState(now) {
      state = now;
      top.show(now);
      if (now.unstored === 0) {
        for (const done of whenStored) done();
        whenStored.clear();
      }
    },
    onNotice(notice) {
      if (notice.type === "changed") fragments.changed(notice.what);
      else if (notice.type === "removed" || notice.type === "frozen") {
        connection.destroy(); // or what is typed until the next page is there would be kept again
        kept.erase();
        leaving = true;
        location.assign(`${boot.base}/`);
      } else if (notice.type === "expired") {
        // What is not stored stays with this tab, and is offered when the person has come back in.
        connection.destroy();
        leaving = true;
        location.assign(`${boot.base}/?expired`);
      }
    },
  });

  /** True once everything typed is on the server's disk; false if that takes too long. */
  const stored = (): Promise<boolean> =>
    new Promise((done) => {
      if (state === null || state.unstored === 0) {
        done(true);
        return;
      }
      const late = setTimeout(() => done(false), 5_000);
      whenStored.add(() => {
        clearTimeout(late);
        done(true);
      });
    });

  const goTo = (point: string): boolean => {
    const text = editor?.textOf(point) ?? null;
    if (editor === null || text === null) return false;
    return editor.goTo({ point, start: text.length, end: text.length });
  };
  const comeBack = (): void => (lastEditor ?? editor)?.comeBack();
  /** The field someone came from to the queue: F2 brings them back there, wherever they went meanwhile. */
  const queue: FlagQueue = new FlagQueue({
    toPoint: goTo,
    textOf: (point) => editor?.textOf(point) ?? null,
    marks: (marks) => editor?.setMarks(marks),
    stored,
    back: comeBack,
    tell,
  });
  fragments.leadQueue(queue);
  fragments.onDrawn("queue", () => queue.drawn());
  const fold = new PartsFold();
  fragments.onDrawn("parts", () => fold.draw());

  const toQueue = (): void => {
    if (queue.has(document.activeElement)) {
      comeBack();
      return;
    }
    // What was put right meanwhile is shown with the flag.
    const { point, before } = queue.open?.dataset ?? {};
    if (point && editor?.textOf(point) !== before) void stored().then(() => queue.refresh());
    if (!queue.enter()) tell("Nothing is waiting.");
  };

  const enter = (area: Area): boolean => {
    if (area === "minutes") {
      if (editor === null) return focusOn(document.getElementById("reading"));
      editor.comeBack();
      return true;
    }
    if (area === "summary") {
      if (summaryEditor === null) return focusOn(document.getElementById("summary-lane"));
      summaryEditor.comeBack();
      return true;
    }
    if (area === "queue") return queue.enter() || focusOn(queue.box);
    if (area === "people") return focusOn(document.querySelector<HTMLElement>("#present button, #present summary"));
    return focusOn(document.querySelector<HTMLElement>("#parts [aria-current], #parts a"));
  };

  const field = (): PointField | null => lastEditor?.current() ?? null;
  const onField = (act: (owner: PointsEditor, on: PointField) => void): void => {
    const on = field();
    if (lastEditor !== null && on !== null) act(lastEditor, on);
    else tell("Go to a point first.");
  };
  const readOn = (back: boolean): void => {
    const link = document.getElementById(back ? "point-before" : reading ? "next-point" : "to-reading");
    if (link === null) tell(back ? "This is the first point." : "There is no further point.");
    else link.click();
  };
  const beginNext = (): HTMLElement | null => document.getElementById("begin-next");
  const askForNext = (): void => {
    // It moves the whole meeting: the key shows which part comes, and Enter begins it.
    const next = beginNext();
    if (next === null) tell("There is no next part to begin now.");
    else commands.open(next.ariaLabel ?? "");
  };
  const nextPart = (): Command[] => {
    const next = beginNext();
    return next === null ? [] : [{ name: next.ariaLabel ?? "", key: "F8", run: () => beginNext()?.click() }];
  };
  const all = (): Command[] => [
    { name: "Next point, at the end", run: () => editor?.goToEnd() },
    { name: "Who said it", key: "F4", run: () => onField((_, on) => choose("who", on, false)) },
    { name: "Kind of point", key: "/", run: () => onField((_, on) => choose("kind", on, false)) },
    { name: "Move the point up", key: "Alt ↑", run: () => onField((owner, on) => owner.move(on, -1)) },
    { name: "Move the point down", key: "Alt ↓", run: () => onField((owner, on) => owner.move(on, 1)) },
    { name: "Strike the point out", run: () => onField((owner, on) => owner.strike(on)) },
    { name: "Undo my last words", key: "Ctrl Z", run: () => lastEditor?.undo() },
    { name: "Redo my words", key: "Ctrl Shift Z", run: () => lastEditor?.redo() },
    { name: "Go to the oldest flag, and back", key: "F2", run: toQueue },
    { name: "Next area", key: "F6", run: () => nextArea(1, enter) },
    ...nextPart(),
    { name: reading ? "Read-through: next point" : "Read through this part", key: "F9", run: () => readOn(false) },
    ...(reading ? [{ name: "Read-through: back", key: "Shift F9", run: () => readOn(true) }] : []),
    { name: keysAreOn() ? "Switch the keys off" : "Switch the keys on", run: () => tell(switchKeys()) },
    {
      name: spokenIsOff() ? "Say new points to my screen reader" : "Do not say new points to my screen reader",
      run: () => spoken.flip(null),
    },
  ];
  const commands = new Commands(all, () => document.getElementById("more"));

  document.addEventListener("focusin", (event) => {
    const owner = editors().find((one) => one.contains(event.target));
    if (owner !== undefined) lastEditor = owner;
  });
  document.addEventListener("keydown", (event) => {
    if (!keysAreOn() || event.isComposing || event.defaultPrevented || commands.isOpen) return;
    const command = event.ctrlKey || event.metaKey;
    const plain = !command && !event.altKey;
    const { key, shiftKey } = event;
    if (plain && !shiftKey && key === "F2") toQueue();
    else if (plain && !shiftKey && key === "F4") onField((_, on) => choose("who", on, false));
    else if (plain && key === "F6") nextArea(shiftKey ? -1 : 1, enter);
    else if (plain && !shiftKey && key === "F8") askForNext();
    else if (plain && key === "F9") readOn(shiftKey);
    else if (command && !event.altKey && !shiftKey && key.toLowerCase() === "k") commands.open();
    else return;
    event.preventDefault();
  });
  document.getElementById("more")?.addEventListener("click", (event) => {
    // The same list, by the mouse. Without scripts "More" opens by itself.
    if ((event.target as Element).closest("summary") === null) return;
    event.preventDefault();
    commands.open();
  });

  // A form that leaves the page waits for the words to be stored; so does leaving by any other way, by asking.
  let leaving = false;
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.hasAttribute("hx-post") || state === null || state.unstored === 0) return;
    const { submitter } = event;
    event.preventDefault();
    void stored().then((done) => {
      if (done) form.requestSubmit(submitter);
      else tell("Your words are not saved yet. Try again when they are.");
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && state !== null && state.unstored > 0) event.preventDefault();
  });

  let opened = false;
  function afterOpening(): void {
    queue.drawn();
    if (opened || editor === null) return;
    opened = true;
    const edit = list?.dataset["edit"] ?? "";
    if (edit !== "") goTo(edit);
    else if (document.activeElement === document.body && areaOf(document.activeElement) === null && matchMedia("(pointer: fine)").matches) {
      editor.goToEnd();
    }
  }

  function followReading(opened: Lane): void {
    const show = (): void => {
      const box = document.getElementById("reading");
      const words = document.getElementById("now-text");
      const text = textIn(opened.points, box?.dataset["point"] ?? "");
      if (words !== null && text !== null && words.textContent !== text) words.textContent = text;
      spoken.heard(readPoints(opened.points).map((point) => ({ id: point.id, sentence: sentence(point) })));
    };
    let frame = 0;
    opened.points.observeDeep(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(show);
    });
    fragments.onDrawn("reading", show);
    show();
  }
}

function focusOn(place: HTMLElement | null): boolean {
  if (place === null) return false;
  if (!place.matches("a, button, summary, [tabindex]")) place.tabIndex = -1;
  place.focus();
  return true;
}

start();
