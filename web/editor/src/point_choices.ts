/** Choosing who said a point, or what kind of point it is, from a list beside its field. */

import { openChooser } from "./chooser";
import type { BootPerson } from "./connection";
import type { PointField } from "./point_field";
import type { PointsEditor } from "./points";
import { KINDS, KIND_LABELS, type Kind } from "./shape";

/** The letter that chooses a kind at once. */
const KIND_KEYS: Readonly<Partial<Record<Kind, string>>> = {
  worry: "w",
  strength: "s",
  view: "v",
  question: "q",
  answer: "a",
  action: "t",
};

export type Ask = (what: "who" | "kind", field: PointField, typed: boolean) => void;

/** `editorOf` finds the list a field belongs to; `typed` tells that a sign in the field ("@", "/") asked. */
export function askInList(
  people: readonly BootPerson[],
  editorOf: (field: PointField) => PointsEditor | undefined,
): Ask {
  const who = [
    ...people.map(({ id, name, label }) => ({ value: id, label: name, hint: label })),
    { value: "", label: "Nobody in particular" },
  ];
  const kinds = KINDS.map((kind) => {
    const key = KIND_KEYS[kind];
    return { value: kind, label: KIND_LABELS[kind], ...(key ? { key } : {}) };
  });
  return (what, field, typed) => {
    const owner = editorOf(field);
    if (owner === undefined) return;
    const point = owner.pointOf(field);
    const sign = what === "who" ? "@" : "/";
    openChooser(field.area, {
      label: what === "who" ? "Who said it?" : "What kind of point is it?",
      choices: what === "who" ? who : kinds,
      current: what === "who" ? (point?.saidBy ?? "") : (point?.kind ?? "point"),
      ...(typed ? { sign } : {}),
      choose(value) {
        field.comeBack();
        if (what === "who") owner.setSaidBy(field, value);
        else owner.setKind(field, value as Kind);
      },
      cancel(literal) {
        if (literal) owner.type(field, sign);
        else field.comeBack();
      },
    });
  };
}
