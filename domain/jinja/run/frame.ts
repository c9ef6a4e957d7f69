import type { Value } from "../values.ts";
import type { Context } from "./context.ts";
import type { Run } from "./run.ts";
import type { CompiledTemplate } from "./templates.ts";

/** The variables of one call of a function of a template. What was never assigned is `undefined`. */
export class Frame {
  readonly slots: (Value | undefined)[];
  /** The frame around; itself where there is none, so that looking further out needs no question. */
  readonly parent: Frame;
  readonly context: Context;
  readonly run: Run;
  /** Of the root: the template that it extends, once it came to that. */
  extended: CompiledTemplate | undefined;

  constructor(size: number, context: Context, parent?: Frame) {
    this.slots = emptySlots(size);
    this.parent = parent ?? this;
    this.context = context;
    this.run = context.run;
  }
}

function emptySlots(size: number): undefined[] {
  const slots: undefined[] = [];
  for (let index = 0; index < size; index++) slots.push(undefined);
  return slots;
}

export function rootOf(frame: Frame): Frame {
  let at = frame;
  while (at.parent !== at) at = at.parent;
  return at;
}

/** Whether a statement ended by itself, or by `break` or `continue`. */
export type Signal = typeof DONE | typeof BREAK | typeof CONTINUE;
export const DONE = 0;
export const BREAK = 1;
export const CONTINUE = 2;

export type Evaluate = (frame: Frame) => Value;
export type Execute = (frame: Frame) => Signal;
