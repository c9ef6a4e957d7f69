/**
 * The variables of one function of a compiled template: the template's root, a block, a macro, the body of a recursive loop,
 * the filter of a loop. Each call of it has an array with a place for every one of them. Functions within see those around.
 */
export class Layout {
  readonly parent: Layout | undefined;
  readonly #slots = new Map<string, Slot>();

  constructor(parent: Layout | undefined) {
    this.parent = parent;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** The place of this name at this level of scopes. Scopes beside each other share it, as they share a variable in Jinja. */
  slot(name: string, level: number): Slot {
    const key = `${level} ${name}`;
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const made: Slot = { layout: this, index: this.#slots.size, name };
    this.#slots.set(key, made);
    return made;
  }

  /** How many functions further out a slot lies. */
  distanceTo(slot: Slot): number {
    if (slot.layout === this) return 0;
    if (this.parent === undefined) throw new Error(`the variable ${slot.name} is not within reach`);
    return 1 + this.parent.distanceTo(slot);
  }
}

export type Slot = { readonly layout: Layout; readonly index: number; readonly name: string };
