import { compileTemplate } from "./compile/template.ts";
import type { Filter, Test } from "./extension.ts";
import { FILTERS } from "./filters/index.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { LEFT_OUT, NETWORK_FILTERS, NETWORK_TESTS } from "./network/index.ts";
import { Templates, type EngineOptions } from "./run/templates.ts";
import { TESTS } from "./tests/index.ts";

/** How a template is read and rendered; each default is Jinja's, but that an undefined variable is an error. */
export type CompileOptions = {
  /** What messages and source maps call the template. */
  name?: string;
  /** Those that may be included, imported or extended, by name. */
  templates?: Readonly<Record<string, string>>;
  trim_blocks?: boolean;
  lstrip_blocks?: boolean;
  keep_trailing_newline?: boolean;
  undefined?: "strict" | "default";
  autoescape?: boolean;
  limits?: Partial<Limits>;
  /** Milliseconds from anywhere, for the bound on time. */
  clock?: () => number;
};

const merge = <T>(...tables: ReadonlyMap<string, T>[]): ReadonlyMap<string, T> =>
  new Map(tables.flatMap((table) => [...table]));

const ALL_FILTERS: ReadonlyMap<string, Filter> = merge(NETWORK_FILTERS, FILTERS);
const ALL_TESTS: ReadonlyMap<string, Test> = merge(NETWORK_TESTS, TESTS);

export function engineOptions(options: CompileOptions): EngineOptions {
  return {
    space: {
      trimBlocks: options.trim_blocks ?? false,
      lstripBlocks: options.lstrip_blocks ?? false,
      keepTrailingNewline: options.keep_trailing_newline ?? false,
    },
    autoescape: options.autoescape ?? false,
    undefinedKind: options.undefined ?? "strict",
    filters: ALL_FILTERS,
    tests: ALL_TESTS,
    leftOut: LEFT_OUT,
  };
}

export const templatesOf = (options: CompileOptions, engine: EngineOptions): Templates =>
  new Templates(engine, new Map(Object.entries(options.templates ?? {})), (source, name, mapped) =>
    compileTemplate(source, engine, { name, mapped }),
  );

export const limitsOf = ({ limits }: CompileOptions): Limits => ({ ...DEFAULT_LIMITS, ...limits });
