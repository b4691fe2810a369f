// Lets a script under tests/ import the editor's packages by name: they are looked up as if from web/editor/.
import { registerHooks } from "node:module";

const editor = new URL("../web/editor/", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const fromTests = context.parentURL !== undefined && !context.parentURL.includes("/node_modules/");
    const bare = !/^(\.|\/|[a-z]+:)/.test(specifier);
    return next(specifier, fromTests && bare ? { ...context, parentURL: `${editor}package.json` } : context);
  },
});
