/** Jinja2's template language. `docs/jinja.md` says what is supported, what differs, and what is bounded. */
export { JinjaError, type PythonError } from "./errors.ts";
export type { CompileOptions } from "./options.ts";
export { compile } from "./render.ts";
export type { OutputLine } from "./source-map.ts";
export { findVariables } from "./variables.ts";
