import type { Layout, Slot } from "./layout.ts";

/** Where a variable of a scope gets its value when the scope is entered. */
export type Load =
  | { from: "parameter" }
  | { from: "context"; name: string }
  | { from: "outer"; slot: Slot }
  /** Assigned in this scope before it is read: nothing there yet. */
  | { from: "nothing" };

/** The names of a scope: which variable each is, and how it starts. Jinja's rules of scoping come from here. */
export class Symbols {
  readonly layout: Layout;
  readonly level: number;
  readonly parent: Symbols | undefined;
  readonly slots: Map<string, Slot>;
  readonly loads: Map<Slot, Load>;
  readonly stores: Set<string>;

  constructor(layout: Layout, parent: Symbols | undefined, copyOf?: Symbols) {
    this.layout = layout;
    this.parent = parent;
    this.level = copyOf?.level ?? (parent === undefined ? 0 : parent.level + 1);
    this.slots = new Map(copyOf?.slots);
    this.loads = new Map(copyOf?.loads);
    this.stores = new Set(copyOf?.stores);
  }

  /** The same scope, to look at one of several branches. */
  copy(): Symbols {
    return new Symbols(this.layout, this.parent, this);
  }

  #define(name: string, load: Load): Slot {
    const slot = this.layout.slot(name, this.level);
    this.slots.set(name, slot);
    this.loads.set(slot, load);
    return slot;
  }

  find(name: string): Slot | undefined {
    return this.slots.get(name) ?? this.parent?.find(name);
  }

  slotOf(name: string): Slot {
    const slot = this.find(name);
    if (slot === undefined) throw new Error(`the name ${name} was not seen when its scope was analysed`);
    return slot;
  }

  declareParameter(name: string): Slot {
    this.stores.add(name);
    return this.#define(name, { from: "parameter" });
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.slots.has(name)) return;
    const outer = this.parent?.find(name);
    this.#define(name, outer === undefined ? { from: "nothing" } : { from: "outer", slot: outer });
  }

  load(name: string): void {
    if (this.find(name) === undefined) this.#define(name, { from: "context", name });
  }

  /** What any branch assigns and this scope did not may be missing after it: it starts with what it is outside. */
  mergeBranches(branches: readonly Symbols[]): void {
    const stored = new Set(branches.flatMap((branch) => [...branch.stores].filter((name) => !this.stores.has(name))));
    for (const branch of branches) {
      for (const [name, slot] of branch.slots) this.slots.set(name, slot);
      for (const [slot, load] of branch.loads) this.loads.set(slot, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const name of stored) {
      const outer = this.parent?.find(name);
      this.loads.set(
        this.slotOf(name),
        outer === undefined ? { from: "context", name } : { from: "outer", slot: outer },
      );
    }
  }

  /** Every variable that was assigned here or further out, by its name: what a template that is included sees. */
  stored(): Map<string, Slot> {
    const result = new Map<string, Slot>();
    for (const name of [...this.stores].sort()) result.set(name, this.slotOf(name));
    for (const [name, slot] of this.parent?.stored() ?? [])
      if (!result.has(name)) result.set(name, this.find(name) ?? slot);
    return result;
  }
}
