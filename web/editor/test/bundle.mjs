// Bundles one file of this folder for a browser and prints it: `node test/bundle.mjs two_pages.ts`.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const built = await build({
  entryPoints: [join(here, process.argv[2])],
  bundle: true,
  format: "iife",
  target: "es2020",
  write: false,
  alias: { yjs: join(here, "..", "node_modules", "yjs", "dist", "yjs.mjs") },
  logLevel: "warning",
});
process.stdout.write(built.outputFiles[0].text);
