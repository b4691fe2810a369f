/**
 * A page with two editors over two documents, joined in memory, for tests in a real browser: what one person types the
 * other one gets, unless they are apart. `window.two` is how a test drives it.
 */

import * as Y from "yjs";

import { openChooser } from "../src/chooser";
import { PointsEditor } from "../src/points";
import { KINDS, type Kind, pointsOf, readPoints } from "../src/shape";

const people = new Map([
  ["n1", { id: "n1", name: "Priya Nair", label: "social worker" }],
  ["n2", { id: "n2", name: "Keeley Marsh", label: "mother" }],
]);

const docs = [1, 2].map((client) => {
  const doc = new Y.Doc();
  doc.clientID = client;
  return doc;
}) as [Y.Doc, Y.Doc];
let apart = false;
let sent = 0;
docs.forEach((doc, i) => {
  doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin === "other") return;
    sent += 1;
    if (!apart) Y.applyUpdate(docs[1 - i] as Y.Doc, update, "other");
  });
});

const may = [true, true];
const editors = docs.map((doc, i) => {
  const root = document.getElementById(`points-${i}`) as HTMLElement;
  const editor: PointsEditor = new PointsEditor({
    root,
    scroller: root.parentElement as HTMLElement,
    people,
    mayEdit: () => may[i] as boolean,
    mayAdd: () => may[i] as boolean,
    choose(what, field, typed) {
      openChooser(field.area, {
        label: what,
        choices:
          what === "who"
            ? [...people.values()].map((one) => ({ value: one.id, label: one.name, hint: one.label }))
            : KINDS.map((kind) => ({ value: kind, label: kind, key: kind[0] as string })),
        ...(typed ? { sign: what === "who" ? "@" : "/" } : {}),
        choose(value) {
          field.comeBack();
          if (what === "who") editor.setSaidBy(field, value);
          else editor.setKind(field, value as Kind);
        },
        cancel(literal) {
          if (literal) editor.type(field, what === "who" ? "@" : "/");
          else field.comeBack();
        },
      });
    },
  });
  editor.attach(doc);
  return editor;
}) as [PointsEditor, PointsEditor];

const two = {
  docs,
  editors,
  texts: (i: number): string[] => readPoints(pointsOf(docs[i] as Y.Doc)).map((point) => point.text),
  points: (i: number) => readPoints(pointsOf(docs[i] as Y.Doc)),
  sent: (): number => sent,
  part(): void {
    apart = true;
  },
  meet(): void {
    apart = false;
    const [a, b] = docs;
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)), "other");
    Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)), "other");
  },
  allow(i: number, yes: boolean): void {
    may[i] = yes;
    editors[i]?.rightsChanged();
  },
  /** `count` points, made by the second person. */
  fill(count: number): void {
    for (let i = 0; i < count; i += 1) {
      editors[1].add(`Point ${i + 1}. Noah has missed six of his last ten nursery days. Nursery rang home each time and nobody answered the telephone.`);
    }
  },
};

declare global {
  interface Window {
    two: typeof two;
  }
}
window.two = two;
