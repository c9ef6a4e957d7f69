import type { Expr, Stmt } from "../ast.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import type { EngineOptions } from "../run/templates.ts";
import type { Evaluate, Execute } from "../run/frame.ts";
import type { Value } from "../values.ts";
import type { Provenance } from "./provenance.ts";
import type { Scope } from "./scope.ts";

/** What is known while one template is compiled, besides the scope. */
export type Compiler = {
  readonly options: EngineOptions;
  readonly templateName: string | undefined;
  /** Whether what is printed is noted for the source map. */
  readonly mapped: boolean;
  /**
   * The line that Jinja's traceback would show for code compiled now. Its table of lines is filled as it writes the code,
   * by some statements and not by others; so the order in which things are compiled here is its order too.
   */
  line: number;
  extendsSoFar: number;
  hasKnownExtends: boolean;
  readonly expression: (node: Expr, scope: Scope) => Evaluate;
  readonly body: (nodes: readonly Stmt[], scope: Scope) => Execute;
  /** Told of each name that a scope looks up among the variables of the template. */
  readonly onLookUp: (name: string) => void;
  /** Filters and tests of constants run while compiling, in this engine. */
  readonly foldEngine: (autoescape: boolean) => EngineContext;
  /** Values of nodes that are constant; IMPOSSIBLE for those found not to be. */
  readonly constants: WeakMap<Expr, { value: Value } | undefined>;
  readonly provenance: Provenance;
};

export function failCompile(message: string, line: number): never {
  throw new JinjaError("TemplateAssertionError", message, { line });
}

/** What the compiler throws to leave out the rest of a list of statements, which can never run. */
export class RestIsUnreachable extends Error {
  /** What stands in place of the statement at which the list ends. */
  readonly last: Execute;
  constructor(last: Execute) {
    super("the rest cannot be reached");
    this.last = last;
  }
}
