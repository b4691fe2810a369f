// Builds web/static/build: the pages' scripts, and htmx.
// `node build.mjs` builds once, minified; `node build.mjs --watch` keeps building, readable, while someone works on src/.

import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "build");
const packages = join(here, "node_modules");
const watching = process.argv.includes("--watch");

/** The pages that have a script of their own; each is one file in src/ and one file in the build. */
const pages = ["desk", "doors", "professional", "reader", "screen"].filter((page) => existsSync(join(here, "src", `${page}.ts`)));

const options = {
  absWorkingDir: here,
  entryPoints: pages.map((page) => `src/${page}.ts`),
  bundle: true,
  format: "iife",
  target: "es2020",
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  legalComments: "none",
  logLevel: "warning",
  // One copy of Yjs, whoever asks for it: two copies do not recognise each other's types.
  alias: { yjs: join(packages, "yjs", "dist", "yjs.mjs") },
};

async function buildInto(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "htmx.min.js"), await readFile(join(packages, "htmx.org", "dist", "htmx.min.js")));
  if (!watching) await build({ ...options, outdir: folder });
}

// A build that fails leaves the one before in its place.
const fresh = `${out}.new`;
await buildInto(fresh);
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
if (watching) await (await context({ ...options, outdir: out })).watch();
