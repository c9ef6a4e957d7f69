import { JinjaError } from "../errors.ts";
import type { Filter, Test } from "../extension.ts";
import { toList } from "../iterate.ts";
import type { Whitespace } from "../lexer.ts";
import { hashKey } from "../hash.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { failUndefined, messageOf } from "../undefined.ts";
import { Markup, Undefined, type Value } from "../values.ts";
import type { BlockCode, Context } from "./context.ts";

/** What holds for every template of an environment. */
export type EngineOptions = {
  readonly space: Whitespace;
  readonly autoescape: boolean;
  readonly undefinedKind: Undefined["kind"];
  readonly filters: ReadonlyMap<string, Filter>;
  readonly tests: ReadonlyMap<string, Test>;
  /** Filters and tests that people may know and that are not here, with the reason. */
  readonly leftOut: ReadonlyMap<string, string>;
};

export type CompiledTemplate = {
  readonly name: string | undefined;
  /** Prints the template into the run of the context. */
  readonly print: (context: Context) => void;
  readonly blocks: readonly BlockCode[];
};

type Compile = (source: string, name: string | undefined, mapped: boolean) => CompiledTemplate;

/** The templates that one may name, each compiled when it is first asked for. */
export class Templates {
  readonly options: EngineOptions;
  readonly #sources: ReadonlyMap<string, string>;
  readonly #compile: Compile;
  readonly #compiled = new Map<string, CompiledTemplate>();

  constructor(options: EngineOptions, sources: ReadonlyMap<string, string>, compile: Compile) {
    this.options = options;
    this.#sources = sources;
    this.#compile = compile;
  }

  /** Throws TemplateNotFound. `mapped`: with what a source map needs. */
  get(name: Value, mapped: boolean): CompiledTemplate {
    if (name instanceof Undefined) return failUndefined(name);
    const key = name instanceof Markup ? name.text : name;
    // Python asks a dict for it, so what cannot be a key fails as such.
    if (typeof key !== "string") hashKey(key);
    const source = typeof key === "string" ? this.#sources.get(key) : undefined;
    if (source === undefined || typeof key !== "string") throw new JinjaError("TemplateNotFound", str(name));
    const cacheKey = `${mapped ? "mapped" : "plain"} ${key}`;
    const known = this.#compiled.get(cacheKey);
    if (known !== undefined) return known;
    const made = this.#compile(source, key, mapped);
    this.#compiled.set(cacheKey, made);
    return made;
  }

  /** The first of several that exists. */
  select(names: Value, mapped: boolean): CompiledTemplate {
    if (names instanceof Undefined) return failUndefined(names);
    if (!isTrue(names)) throw new JinjaError("TemplatesNotFound", "Tried to select from an empty list of templates.");
    const wanted = toList(names);
    for (const name of wanted) {
      const found = this.#tryGet(name, mapped);
      if (found !== undefined) return found;
    }
    const parts = wanted.map((name) => (name instanceof Undefined ? messageOf(name) : str(name)));
    throw new JinjaError("TemplatesNotFound", `none of the templates given were found: ${parts.join(", ")}`);
  }

  #tryGet(name: Value, mapped: boolean): CompiledTemplate | undefined {
    try {
      return this.get(name, mapped);
    } catch (error) {
      if (isNotFound(error) || (error instanceof JinjaError && error.kind === "UndefinedError")) return undefined;
      throw error;
    }
  }
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof JinjaError && (error.kind === "TemplateNotFound" || error.kind === "TemplatesNotFound");
