import { descendants, type Expr } from "../ast.ts";
import type { Slot } from "./layout.ts";
import type { Scope } from "./scope.ts";
import type { Load, Symbols } from "./symbols.ts";

/** From which variables of the template each variable got its value, as far as the text shows it. */
export class Provenance {
  readonly #known = new Map<Slot, Set<string>>();

  /** Those that a value is made of: `interface.name` in a loop over `interfaces` is of `interfaces`. */
  of(scope: Scope, node: Expr): string[] {
    const names = new Set<string>();
    for (const each of [node, ...descendants(node)])
      if (each.type === "Name" && each.use === "load") this.#collect(scope.symbols, each.name, names);
    return [...names];
  }

  #collect(symbols: Symbols, name: string, into: Set<string>): void {
    let slot = symbols.find(name);
    for (let hops = 0; slot !== undefined && hops < MOST_HOPS; hops++) {
      for (const origin of this.#known.get(slot) ?? []) into.add(origin);
      const load: Load | undefined = findLoad(symbols, slot);
      if (load?.from === "context") into.add(load.name);
      slot = load?.from === "outer" ? load.slot : undefined;
    }
  }

  /** `target` holds what `from` gives, from here on. A loop's variable holds nothing else. */
  assign(scope: Scope, target: Expr, from: readonly string[], isOnly = false): void {
    if (target.type === "Tuple") for (const item of target.items) this.assign(scope, item, from, isOnly);
    if (target.type !== "Name" && target.type !== "NSRef") return;
    const slot = scope.symbols.find(target.name);
    if (slot === undefined) return;
    const before = isOnly ? [] : (this.#known.get(slot) ?? []);
    this.#known.set(slot, new Set([...before, ...from]));
  }
}

const MOST_HOPS = 100;

function findLoad(symbols: Symbols, slot: Slot): Load | undefined {
  for (let at: Symbols | undefined = symbols; at !== undefined; at = at.parent) {
    const load = at.loads.get(slot);
    if (load !== undefined) return load;
  }
  return undefined;
}
