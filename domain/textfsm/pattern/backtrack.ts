import { PatternError } from "../errors.ts";
import { keptGroups, widthOf } from "./facts.ts";
import type { Node, Pattern } from "./tree.ts";
import { writePattern, type Matcher } from "./write.ts";

/** A group that repeats costs stack for each turn; what a device prints in columns is never as wide as this. */
const MOST = 500;

/** Goes on behind what was matched up to here; false: it does not fit, take another way. */
type Step = (at: number) => boolean;

/**
 * Matches as Python does where JavaScript's expressions would not: a group keeps its text when a later turn of a repetition
 * leaves it out, and a turn that takes nothing counts. Slower, and for any text.
 */
export function backtracker(pattern: Pattern): Matcher {
  const kept = [...keptGroups(pattern)].sort((a, b) => a - b);
  let text = "";
  let starts: number[] = [];
  let ends: number[] = [];

  function compile(node: Node, next: Step): Step {
    switch (node.kind) {
      case "char":
      case "any":
      case "class": {
        const fits = writePattern({ ...pattern, root: node }, new Set(), "wide");
        return (at) => {
          const c = characterAt(at);
          return c !== "" && fits.test(c) && next(at + c.length);
        };
      }
      case "start":
        return (at) => at === 0 && next(at);
      case "end":
        return (at) => at === text.length && next(at);
      case "boundary": {
        const word = writePattern(
          { ...pattern, root: { kind: "class", negated: false, items: [{ shorthand: "w" }] } },
          new Set(),
          "wide",
        );
        return (at) => (word.test(characterBefore(at)) !== word.test(characterAt(at))) !== node.negated && next(at);
      }
      case "group":
        return group(node, next);
      case "back":
        return (at) => {
          const [start, end] = [starts[node.index] ?? -1, ends[node.index] ?? -1];
          const said = text.slice(start, end);
          return start !== -1 && end !== -1 && text.startsWith(said, at) && next(at + said.length);
        };
      case "look":
        return look(node, next);
      case "repeat":
        return repeat(node, next);
      case "sequence":
        return node.parts.reduceRight((after, part) => compile(part, after), next);
      case "choice": {
        const options = node.options.map((option) => compile(option, next));
        return (at) => options.some((option) => option(at));
      }
    }
  }

  function group({ index, body }: Extract<Node, { kind: "group" }>, next: Step): Step {
    if (index === null) return compile(body, next);
    const inner = compile(body, (at) => {
      const before = ends[index] ?? -1;
      ends[index] = at;
      if (next(at)) return true;
      ends[index] = before;
      return false;
    });
    return (at) => {
      const before = starts[index] ?? -1;
      starts[index] = at;
      if (inner(at)) return true;
      starts[index] = before;
      return false;
    };
  }

  function look({ behind, negated, body }: Extract<Node, { kind: "look" }>, next: Step): Step {
    const width = behind ? widthOf(body).min : 0;
    let end = -1;
    const inner = compile(body, (at) => end === -1 || at === end);
    return (at) => {
      end = behind ? at : -1;
      const [oldStarts, oldEnds] = [[...starts], [...ends]];
      const found = at >= width && inner(at - width);
      if (found !== negated && next(at)) return true;
      starts = oldStarts;
      ends = oldEnds;
      return false;
    };
  }

  function repeat({ min, max, lazy, body }: Extract<Node, { kind: "repeat" }>, next: Step): Step {
    let turns = 0;
    let last = -1;
    const turn = compile(body, (at) => choose(at));
    const again = (at: number): boolean => {
      const before = { turns, last };
      if (turns >= min) last = at;
      turns += 1;
      if (turn(at)) return true;
      ({ turns, last } = before);
      return false;
    };
    function choose(at: number): boolean {
      if (turns < min) return again(at);
      const mayTurn = turns < max && at !== last;
      return lazy ? next(at) || (mayTurn && again(at)) : (mayTurn && again(at)) || next(at);
    }
    // An outer repetition may come here again before this one is left for good.
    return (at) => {
      const before = { turns, last };
      turns = 0;
      last = -1;
      if (choose(at)) return true;
      ({ turns, last } = before);
      return false;
    };
  }

  const characterAt = (at: number): string => (at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : "");
  const characterBefore = (at: number): string =>
    at === 0 ? "" : (Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? "");

  const root = compile(pattern.root, () => true);
  const exec = (line: string): (string | undefined)[] | null => {
    if (line.length > MOST)
      throw new PatternError(`a line of ${line.length} characters is too long here: ${MOST} are the most`);
    text = line;
    starts = [];
    ends = [];
    if (!root(0)) return null;
    return [
      "",
      ...kept.map((index) =>
        ends[index] === undefined || ends[index] === -1 ? undefined : text.slice(starts[index], ends[index]),
      ),
    ];
  };
  return { exec, test: (line) => exec(line) !== null };
}
