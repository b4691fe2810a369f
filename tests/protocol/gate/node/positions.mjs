// The editor's opinion about positions. Input: {"asked": [string], "gaps": [[lower, upper, count]]}. Output: which of
// those asked about it takes, and the row of positions it puts into each gap.
import { readFileSync } from "node:fs";
import { isPosition, keysBetween, seeded } from "./editor.mjs";

const { asked, gaps } = JSON.parse(readFileSync(0, "utf8"));
const random = seeded(5);
process.stdout.write(
  JSON.stringify({
    taken: asked.map((one) => isPosition(one)),
    rows: gaps.map(([lower, upper, count]) => keysBetween(lower, upper, count, random)),
  }),
);
