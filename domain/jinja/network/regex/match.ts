import { JinjaError } from "../../errors.ts";
import type { CharTest } from "./chars.ts";
import type { Instruction, Program } from "./program.ts";
import type { Assertion } from "./syntax.ts";

/** Where groups begin and end, the whole match first; undefined: the group took no part. */
export type Span = readonly [start: number, end: number];
export type Match = readonly [whole: Span, ...groups: (Span | undefined)[]];

export type Search = {
  /** `match` begins at `from`, `fullmatch` also ends at the end. */
  kind: "search" | "match" | "fullmatch";
  from: number;
  /** Nothing is no match at `from`: after an empty match the next one goes on from the same place. */
  mustAdvance?: boolean;
};

const STEPS_PER_UNIT = 4;
/** Numbers on the stack; four make an entry. */
const MAX_STACK = 8_000_000;
const NONE = -1;

/** Finds the next match in one text, or undefined. */
export type Matcher = (search: Search) => Match | undefined;

/**
 * Looks for the pattern by trying (as Python's `re` does), and counts every step, so that a pattern that tries
 * exponentially many ways ends in LimitReached instead of taking all time there is.
 */
export function createMatcher(program: Program, text: readonly number[], spend: (units: number) => void): Matcher {
  const machine = new Machine(program, text, spend);
  const { first } = program;
  return ({ kind, from, mustAdvance = false }) => {
    const last = kind === "search" ? text.length : from;
    for (let start = from; start <= last; start++) {
      if (first !== undefined && kind === "search") {
        while (start < text.length && !first(text[start] ?? NONE)) start++;
        if (start >= text.length) break;
      }
      const ending = { mustAdvance: mustAdvance && start === from, toEnd: kind === "fullmatch" };
      const found = machine.matchAt(start, ending);
      if (found !== undefined) return found;
    }
    machine.settle();
    return undefined;
  };
}

/** On the stack: places to go back to, and values that registers had. Four numbers each: kind, and three of its own. */
const BRANCH = 0;
const RESTORE = 1;
/** A run of single characters that may give one back (`a` down to `b`), or take one more. */
const SHRINK = 2;
const GROW = 3;

/** The machine is at an instruction (`pc`) and at a place of the text (`at`). Its steps say false where their way does not match. */
class Machine {
  readonly program: Program;
  readonly text: readonly number[];
  readonly spend: (units: number) => void;
  readonly registers: Int32Array;
  stack = new Int32Array(256);
  height = 0;
  steps = 0;
  pc = 0;
  at = 0;

  constructor(program: Program, text: readonly number[], spend: (units: number) => void) {
    this.program = program;
    this.text = text;
    this.spend = spend;
    this.registers = new Int32Array(program.registers);
  }

  matchAt(start: number, ending: { mustAdvance: boolean; toEnd: boolean }): Match | undefined {
    this.registers.fill(NONE);
    this.steps += this.registers.length >> 3;
    this.height = 0;
    const isGood = (at: number): boolean =>
      !(ending.mustAdvance && at === start) && (!ending.toEnd || at === this.text.length);
    const end = this.run(0, start, isGood);
    if (end === undefined) return undefined;
    this.settle();
    const groups = Array.from({ length: this.program.pattern.groups }, (_, i) => this.groupAt(i + 1));
    return [[start, end], ...groups];
  }

  settle(): void {
    this.spend(1 + Math.floor(this.steps / STEPS_PER_UNIT));
    this.steps = 0;
  }

  groupAt(index: number): Span | undefined {
    const start = this.registers[2 * index] ?? NONE;
    const end = this.registers[2 * index + 1] ?? NONE;
    return start === NONE || end === NONE ? undefined : [start, end];
  }

  push(kind: number, a: number, b: number, c: number): void {
    if (this.height + 4 > this.stack.length) this.growStack();
    const { stack, height } = this;
    stack[height] = kind;
    stack[height + 1] = a;
    stack[height + 2] = b;
    stack[height + 3] = c;
    this.height = height + 4;
  }

  growStack(): void {
    if (this.stack.length >= MAX_STACK) {
      throw new JinjaError("LimitReached", "a regular expression tries too many ways to match: make it simpler");
    }
    const larger = new Int32Array(this.stack.length * 2);
    larger.set(this.stack);
    this.stack = larger;
  }

  set(register: number, value: number): void {
    this.push(RESTORE, register, this.registers[register] ?? NONE, 0);
    this.registers[register] = value;
  }

  /** From an instruction at a place to an `accept` that is good; undefined, with everything restored, where no way leads there. */
  run(from: number, start: number, isGood: (at: number) => boolean): number | undefined {
    const base = this.height;
    this.pc = from;
    this.at = start;
    for (;;) {
      if (++this.steps >= 4096) this.settle();
      const instruction = this.program.instructions[this.pc];
      if (instruction === undefined) return undefined;
      if (instruction.op === "accept" && isGood(this.at)) {
        this.keepRestores(base);
        return this.at;
      }
      if (!this.step(instruction) && !this.backtrack(base)) return undefined;
    }
  }

  go(pc: number, at: number): true {
    this.pc = pc;
    this.at = at;
    return true;
  }

  step(instruction: Instruction): boolean {
    const { pc, at, text } = this;
    switch (instruction.op) {
      case "test":
        return at < text.length && instruction.test(text[at] ?? NONE) && this.go(pc + 1, at + 1);
      case "run":
        return this.takeRun(instruction);
      case "split":
        this.push(BRANCH, instruction.second, at, 0);
        return this.go(instruction.first, at);
      case "jump":
        return this.go(instruction.to, at);
      case "save":
        this.set(instruction.register, at);
        return this.go(pc + 1, at);
      case "reset":
        this.set(instruction.count, 0);
        this.set(instruction.place, NONE);
        return this.go(pc + 1, at);
      case "loop":
        return this.loop(instruction);
      case "assert":
        return this.holds(instruction.what, instruction.isWord) && this.go(pc + 1, at);
      case "backreference":
        return this.again(instruction);
      case "conditional":
        return this.go(this.groupAt(instruction.index) === undefined ? instruction.otherwise : pc + 1, at);
      case "part":
        return this.part(instruction);
      case "accept":
        return false;
    }
  }

  takeRun({ test, min, max, lazy }: Instruction & { op: "run" }): boolean {
    const { text, pc, at } = this;
    const limit = Math.min(text.length, at + (lazy ? min : max));
    let end = at;
    while (end < limit && test(text[end] ?? NONE)) end++;
    this.steps += end - at;
    if (end - at < min) return false;
    if (lazy) {
      if (max > min) this.push(GROW, pc, end, Math.min(text.length, at + max));
    } else if (end > at + min) this.push(SHRINK, pc + 1, end - 1, at + min);
    return this.go(pc + 1, end);
  }

  loop(loop: Instruction & { op: "loop" }): boolean {
    const { pc, at } = this;
    const count = this.registers[loop.count] ?? 0;
    if (count < loop.min) {
      this.set(loop.count, count + 1);
      return this.go(pc + 1, at);
    }
    // A round that took nothing is the last one.
    if (count >= loop.max || this.registers[loop.place] === at) return this.go(loop.exit, at);
    if (loop.lazy) {
      this.push(BRANCH, pc, at, 1);
      return this.go(loop.exit, at);
    }
    this.push(BRANCH, loop.exit, at, 0);
    return this.enterLoop(loop, pc, at);
  }

  enterLoop(loop: Instruction & { op: "loop" }, pc: number, at: number): true {
    this.set(loop.count, (this.registers[loop.count] ?? 0) + 1);
    this.set(loop.place, at);
    return this.go(pc + 1, at);
  }

  holds(what: Assertion, isWord: CharTest): boolean {
    const { text, at } = this;
    const wordAt = (place: number): boolean => place >= 0 && place < text.length && isWord(text[place] ?? NONE);
    switch (what) {
      case "start":
        return at === 0;
      case "end":
        return at === text.length;
      case "line-start":
        return at === 0 || text[at - 1] === 10;
      case "line-end":
        return at === text.length || text[at] === 10;
      case "last-line-end":
        return at === text.length || (at === text.length - 1 && text[at] === 10);
      case "boundary":
        return wordAt(at - 1) !== wordAt(at);
      case "no-boundary":
        return text.length > 0 && wordAt(at - 1) === wordAt(at);
    }
  }

  again({ index, fold }: Instruction & { op: "backreference" }): boolean {
    const { pc, at, text } = this;
    const span = this.groupAt(index);
    if (span === undefined) return false;
    const length = span[1] - span[0];
    this.steps += length;
    for (let i = 0; i < length; i++) {
      const char = text[at + i];
      if (char === undefined || fold(char) !== fold(text[span[0] + i] ?? NONE)) return false;
    }
    return this.go(pc + 1, at + length);
  }

  part({ kind, negative, back, next }: Instruction & { op: "part" }): boolean {
    const { pc, at } = this;
    if (at < back) return negative && this.go(next, at);
    const base = this.height;
    const end = this.run(pc + 1, at - back, (place) => back === 0 || place === at);
    if (!negative) return end !== undefined && this.go(next, kind === "atomic" ? end : at);
    if (end === undefined) return this.go(next, at);
    this.unwind(base);
    return false;
  }

  /** To the last place where there was another way. */
  backtrack(base: number): boolean {
    const { registers } = this;
    while (this.height > base) {
      this.height -= 4;
      const { stack, height } = this;
      const kind = stack[height] ?? BRANCH;
      const a = stack[height + 1] ?? 0;
      const b = stack[height + 2] ?? 0;
      const c = stack[height + 3] ?? 0;
      if (kind === RESTORE) registers[a] = b;
      else if (kind === SHRINK) {
        if (b > c) this.push(SHRINK, a, b - 1, c);
        return this.go(a, b);
      } else if (kind === GROW) {
        if (this.growRun(a, b, c)) return true;
      } else {
        const loop = this.program.instructions[a];
        return c === 1 && loop?.op === "loop" ? this.enterLoop(loop, a, b) : this.go(a, b);
      }
    }
    return false;
  }

  growRun(pc: number, end: number, limit: number): boolean {
    const instruction = this.program.instructions[pc];
    const char = this.text[end];
    if (instruction?.op !== "run" || char === undefined || end >= limit || !instruction.test(char)) return false;
    this.push(GROW, pc, end + 1, limit);
    return this.go(pc + 1, end + 1);
  }

  unwind(base: number): void {
    while (this.height > base) {
      this.height -= 4;
      if (this.stack[this.height] === RESTORE) {
        this.registers[this.stack[this.height + 1] ?? 0] = this.stack[this.height + 2] ?? NONE;
      }
    }
  }

  /** Forgets the other ways, and keeps what must be undone when what comes before is tried in another way. */
  keepRestores(base: number): void {
    let kept = base;
    for (let i = base; i < this.height; i += 4) {
      if (this.stack[i] !== RESTORE) continue;
      this.stack.copyWithin(kept, i, i + 4);
      kept += 4;
    }
    this.height = kept;
  }
}
