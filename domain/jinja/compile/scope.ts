import type { EscapeState } from "../run/context.ts";
import type { Frame } from "../run/frame.ts";
import type { Value } from "../values.ts";
import type { Compiler } from "./compiler.ts";
import type { Layout, Slot } from "./layout.ts";
import { Symbols } from "./symbols.ts";

/** What the compiler knows of autoescape: `volatile` where only the rendering can tell. */
export type EscapeKnown = EscapeState & { volatile: boolean };

/** A scope while it is compiled. */
export type Scope = {
  readonly symbols: Symbols;
  /** The function in which the code runs. */
  readonly layout: Layout;
  /** One for the whole template: `autoescape` changes it while its body is compiled. */
  readonly escape: EscapeKnown;
  /** The root, and conditions in it: what is assigned there, others see. */
  readonly toplevel: boolean;
  /** The root outside any condition. */
  readonly rootlevel: boolean;
  /** Filters need to exist only if they are reached. */
  readonly soft: boolean;
  /** Whether `break` has a loop to end. */
  readonly inLoop: boolean;
  /** Whether what is printed must first ask if another template is extended, which then prints instead. */
  readonly asksForParent: boolean;
};

export const rootScope = (layout: Layout, escape: EscapeKnown, toplevel: boolean, asksForParent: boolean): Scope => ({
  symbols: new Symbols(layout, undefined),
  layout,
  escape,
  toplevel,
  rootlevel: toplevel,
  soft: false,
  inLoop: false,
  asksForParent,
});

/** A scope within another, in the same function or in one of its own. */
export const innerScope = (scope: Scope, layout = scope.layout): Scope => ({
  ...scope,
  symbols: new Symbols(layout, scope.symbols),
  layout,
  toplevel: false,
  rootlevel: false,
  soft: false,
});

/** A branch of a condition: the same names, but it may not be reached. */
export const softScope = (scope: Scope): Scope => ({
  ...scope,
  symbols: scope.symbols.copy(),
  rootlevel: false,
  soft: true,
});

/** Reads a variable; undefined where nothing was assigned. */
export function readSlot(scope: Scope, slot: Slot): (frame: Frame) => Value | undefined {
  const { index } = slot;
  const distance = scope.layout.distanceTo(slot);
  if (distance === 0) return (frame) => frame.slots[index];
  if (distance === 1) return (frame) => frame.parent.slots[index];
  return (frame) => {
    let at = frame;
    for (let left = distance; left > 0; left--) at = at.parent;
    return at.slots[index];
  };
}

export function writeSlot(scope: Scope, slot: Slot): (frame: Frame, value: Value | undefined) => void {
  const { index } = slot;
  const distance = scope.layout.distanceTo(slot);
  if (distance === 0)
    return (frame, value) => {
      frame.slots[index] = value;
    };
  return (frame, value) => {
    let at = frame;
    for (let left = distance; left > 0; left--) at = at.parent;
    at.slots[index] = value;
  };
}

/** Gives every variable of a scope its first value. */
export function enterScope(compiler: Compiler, scope: Scope): (frame: Frame) => void {
  const steps: ((frame: Frame) => void)[] = [];
  const empty: number[] = [];
  for (const [slot, load] of scope.symbols.loads) {
    const { index } = slot;
    if (load.from === "context") {
      const { name } = load;
      compiler.onLookUp(name);
      steps.push((frame) => {
        frame.slots[index] = frame.context.lookUp(name);
      });
    } else if (load.from === "outer") {
      const read = readSlot(scope, load.slot);
      steps.push((frame) => {
        frame.slots[index] = read(frame);
      });
    } else if (load.from === "nothing") {
      empty.push(index);
    }
  }
  if (empty.length > 0) steps.push((frame) => clear(frame, empty));
  const [first] = steps;
  if (first === undefined) return nothing;
  if (steps.length === 1) return first;
  return (frame) => {
    for (const step of steps) step(frame);
  };
}

/** What a scope knew is forgotten behind it, also by macros that were made in it. */
export function leaveScope(scope: Scope): (frame: Frame) => void {
  const indexes = [...scope.symbols.loads.keys()].map(({ index }) => index);
  return indexes.length === 0 ? nothing : (frame) => clear(frame, indexes);
}

const nothing = (): void => undefined;

function clear(frame: Frame, indexes: readonly number[]): void {
  for (const index of indexes) frame.slots[index] = undefined;
}

/** The variables assigned so far, as an included template or a scoped block sees them. */
export function localVariables(scope: Scope): (frame: Frame) => [string, Value | undefined][] {
  const readers = [...scope.symbols.stored()].map(([name, slot]) => [name, readSlot(scope, slot)] as const);
  return (frame) => readers.map(([name, read]) => [name, read(frame)]);
}
