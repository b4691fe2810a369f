// The editor's own modules, bundled as a page bundles them, so that what is judged here is what pages really send.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const source = (name) => fileURLToPath(new URL(`../../../../web/editor/src/${name}`, import.meta.url));

const { outputFiles } = await build({
  stdin: {
    contents: `
      export { Ledger, ledgerSocket } from ${JSON.stringify(source("ledger.ts"))};
      export { PointChanges } from ${JSON.stringify(source("point_changes.ts"))};
      export { OwnUndo } from ${JSON.stringify(source("undo.ts"))};
      export { difference } from ${JSON.stringify(source("text_change.ts"))};
      export { isPosition, keysBetween } from ${JSON.stringify(source("positions.ts"))};
      export { readPoints, pointsOf } from ${JSON.stringify(source("shape.ts"))};
    `,
    resolveDir: fileURLToPath(new URL("../../../../web/editor/", import.meta.url)),
  },
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  external: ["yjs"],
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");

export const { Ledger, ledgerSocket, PointChanges, OwnUndo, difference, readPoints, pointsOf, isPosition, keysBetween } = await import(
  `data:text/javascript;base64,${code}`
);

/** The same numbers every time: mulberry32. */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  return (limit) => next() % limit;
}

export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const unhex = (text) => new Uint8Array(Buffer.from(text, "hex"));

/** What a document holds, in a form that Python can compare. */
export function held(doc) {
  const points = {};
  doc.getMap("points").forEach((map, id) => {
    points[id] = { ...map.toJSON() };
  });
  return points;
}
