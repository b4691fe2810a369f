// Bundles each test beside this file as a page's script would be bundled, and runs it in Node: `node test/run.mjs`.

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = await mkdtemp(join(tmpdir(), "editor-tests-"));
try {
  const tests = (await readdir(here)).filter((name) => name.endsWith(".test.ts"));
  await build({
    entryPoints: tests.map((name) => join(here, name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    alias: { yjs: join(here, "..", "node_modules", "yjs", "dist", "yjs.mjs") },
    logLevel: "warning",
  });
  const files = (await readdir(out)).filter((name) => name.endsWith(".mjs")).map((name) => join(out, name));
  if (files.length === 0) throw new Error("no test was found");
  process.exitCode = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
