import { charTest, type CharTest, lower, setTest, wordTest } from "./chars.ts";
import type { Assertion, Flags, Node, Pattern } from "./syntax.ts";

/** What the machine in `match.ts` walks through. Registers hold the ends of groups first, then counters of loops. */
export type Instruction =
  | { op: "test"; test: CharTest }
  /** Any number of single characters: the machine counts them without a loop of instructions. */
  | { op: "run"; test: CharTest; min: number; max: number; lazy: boolean }
  | { op: "split"; first: number; second: number }
  | { op: "jump"; to: number }
  | { op: "save"; register: number }
  | { op: "reset"; count: number; place: number }
  | { op: "loop"; count: number; place: number; min: number; max: number; lazy: boolean; exit: number }
  | { op: "assert"; what: Assertion; isWord: CharTest }
  | { op: "backreference"; index: number; fold: (char: number) => number }
  | { op: "conditional"; index: number; otherwise: number }
  /** A part that is matched for itself: once found, it is not tried in another way. */
  | { op: "part"; kind: "atomic" | "look"; negative: boolean; back: number; next: number }
  | { op: "accept" };

export type Program = {
  readonly instructions: readonly Instruction[];
  readonly registers: number;
  readonly pattern: Pattern;
  /** What the first character must be, if that is known. */
  readonly first: CharTest | undefined;
};

const same = (char: number): number => char;
const isNotNewline: CharTest = (char) => char !== 10;

export function compileProgram(pattern: Pattern): Program {
  const instructions: Instruction[] = [];
  let registers = 2 * (pattern.groups + 1);

  const emit = (instruction: Instruction): number => instructions.push(instruction) - 1;
  const here = (): number => instructions.length;

  function write(node: Node, flags: Flags): void {
    const test = singleTest(node, flags);
    if (test !== undefined) {
      emit({ op: "test", test });
      return;
    }
    switch (node.type) {
      case "sequence":
        for (const item of node.items) write(item, flags);
        return;
      case "choice":
        return writeChoice(node.options, flags);
      case "group":
        emit({ op: "save", register: 2 * node.index });
        write(node.body, flags);
        emit({ op: "save", register: 2 * node.index + 1 });
        return;
      case "repeat":
        return writeRepeat(node, flags);
      case "atomic":
        return writePart({ kind: "atomic", negative: false, back: 0 }, node.body, flags);
      case "look":
        return writePart({ kind: "look", negative: node.negative, back: node.width }, node.body, flags);
      case "backreference":
        emit({ op: "backreference", index: node.index, fold: flags.ignoreCase ? lower : same });
        return;
      case "conditional":
        return writeConditional(node, flags);
      case "assert":
        emit({ op: "assert", what: node.what, isWord: wordTest(flags.ascii) });
        return;
      case "flags":
        write(node.body, node.flags);
        return;
      default:
        return;
    }
  }

  function writeChoice(options: readonly Node[], flags: Flags): void {
    const jumps: { op: "jump"; to: number }[] = [];
    for (const [i, option] of options.entries()) {
      const split = { op: "split" as const, first: here() + 1, second: 0 };
      if (i < options.length - 1) emit(split);
      write(option, flags);
      if (i === options.length - 1) break;
      const jump = { op: "jump" as const, to: 0 };
      jumps.push(jump);
      emit(jump);
      split.second = here();
    }
    for (const jump of jumps) jump.to = here();
  }

  function writeRepeat(node: Node & { type: "repeat" }, flags: Flags): void {
    if (node.mode === "possessive") {
      return writePart({ kind: "atomic", negative: false, back: 0 }, { ...node, mode: "greedy" }, flags);
    }
    const { min, max } = node;
    const lazy = node.mode === "lazy";
    const test = singleTest(node.body, flags);
    if (test !== undefined) {
      emit({ op: "run", test, min, max, lazy });
      return;
    }
    const count = registers++;
    const place = registers++;
    emit({ op: "reset", count, place });
    const loop = { op: "loop" as const, count, place, min, max, lazy, exit: 0 };
    const at = emit(loop);
    write(node.body, flags);
    emit({ op: "jump", to: at });
    loop.exit = here();
  }

  function writePart(
    part: { kind: "atomic" | "look"; negative: boolean; back: number },
    body: Node,
    flags: Flags,
  ): void {
    const instruction = { op: "part" as const, ...part, next: 0 };
    emit(instruction);
    write(body, flags);
    emit({ op: "accept" });
    instruction.next = here();
  }

  function writeConditional(node: Node & { type: "conditional" }, flags: Flags): void {
    const test = { op: "conditional" as const, index: node.index, otherwise: 0 };
    const jump = { op: "jump" as const, to: 0 };
    emit(test);
    write(node.whenSet, flags);
    emit(jump);
    test.otherwise = here();
    write(node.otherwise, flags);
    jump.to = here();
  }

  write(pattern.root, pattern.flags);
  emit({ op: "accept" });
  return { instructions, registers, pattern, first: firstTest(pattern.root, pattern.flags) };
}

function singleTest(node: Node, flags: Flags): CharTest | undefined {
  switch (node.type) {
    case "char":
      return charTest(node.char, flags.ignoreCase);
    case "any":
      return isNotNewline;
    case "set":
      return setTest(node.set, flags);
    case "flags":
      return singleTest(node.body, node.flags);
    default:
      return undefined;
  }
}

function firstTest(node: Node, flags: Flags): CharTest | undefined {
  switch (node.type) {
    case "sequence": {
      const [first] = node.items;
      return first === undefined ? undefined : firstTest(first, flags);
    }
    case "group":
    case "atomic":
      return firstTest(node.body, flags);
    case "repeat":
      return node.min > 0 ? firstTest(node.body, flags) : undefined;
    default:
      return singleTest(node, flags);
  }
}
