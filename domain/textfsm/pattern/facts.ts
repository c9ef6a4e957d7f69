import { PatternError } from "../errors.ts";
import type { Node, Pattern } from "./tree.ts";

/** How few and how many characters a node takes. */
export function widthOf(node: Node): { min: number; max: number } {
  switch (node.kind) {
    case "char":
    case "any":
    case "class":
      return { min: 1, max: 1 };
    case "start":
    case "end":
    case "boundary":
    case "look":
      return { min: 0, max: 0 };
    case "back":
      return { min: 0, max: Infinity };
    case "group":
      return widthOf(node.body);
    case "repeat": {
      const { min, max } = widthOf(node.body);
      return { min: min * node.min, max: max === 0 || node.max === 0 ? 0 : max * node.max };
    }
    case "sequence": {
      const widths = node.parts.map(widthOf);
      return { min: sum(widths.map((w) => w.min)), max: sum(widths.map((w) => w.max)) };
    }
    case "choice": {
      const widths = node.options.map(widthOf);
      return { min: Math.min(...widths.map((w) => w.min)), max: Math.max(...widths.map((w) => w.max)) };
    }
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
export const mayBeEmpty = (node: Node): boolean => widthOf(node).min === 0;

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === "sequence") return node.parts;
  if (node.kind === "choice") return node.options;
  return node.kind === "group" || node.kind === "look" || node.kind === "repeat" ? [node.body] : [];
}

const some = (node: Node, is: (node: Node) => boolean): boolean =>
  is(node) || childrenOf(node).some((child) => some(child, is));

/** Groups whose text is asked for: those with a name, and those that the expression refers back to. */
export function keptGroups({ root, names }: Pattern): Set<number> {
  const kept = new Set(names.values());
  some(root, (node) => {
    if (node.kind === "back") kept.add(node.index);
    return false;
  });
  return kept;
}

export const holdsKept = (node: Node, kept: ReadonlySet<number>): boolean =>
  some(node, (n) => n.kind === "group" && n.index !== null && kept.has(n.index));

type Place = {
  /** Inside of something that repeats. */
  loops: boolean;
  /** One turn of that may leave this out. */
  leftOut: boolean;
};

/**
 * What JavaScript matches otherwise than Python, without saying so. A group in a repetition that a later turn leaves
 * out keeps its text in Python and loses it in JavaScript; a turn that takes nothing counts in Python and not in JavaScript;
 * a reference to a group that took no part fails in Python and matches nothing in JavaScript.
 */
export function matchesOtherwise(pattern: Pattern): boolean {
  const kept = keptGroups(pattern);
  let otherwise = false;
  const optional = new Set<number>();
  const references: number[] = [];

  const visit = (node: Node, place: Place, sure: boolean): void => {
    switch (node.kind) {
      case "group":
        if (node.index !== null && kept.has(node.index)) {
          if (place.loops && place.leftOut) otherwise = true;
          if (!sure) optional.add(node.index);
        }
        return visit(node.body, place, sure);
      case "back":
        references.push(node.index);
        return;
      case "look":
        if (node.negated && holdsKept(node, kept))
          throw new PatternError("a group with a name in a negative look-around is not supported", {
            unsupported: true,
          });
        return visit(node.body, place, sure);
      case "repeat": {
        if (node.max > 1 && mayBeEmpty(node.body) && (holdsKept(node.body, kept) || some(node.body, prefersNothing)))
          otherwise = true;
        const inside =
          node.max > 1 ? { loops: true, leftOut: false } : { ...place, leftOut: place.leftOut || node.min === 0 };
        return visit(node.body, inside, sure && node.min > 0);
      }
      case "choice":
        for (const option of node.options) visit(option, { ...place, leftOut: true }, false);
        return;
      case "sequence":
        for (const part of node.parts) visit(part, place, sure);
        return;
      default:
        return;
    }
  };
  visit(pattern.root, { loops: false, leftOut: false }, true);
  return otherwise || references.some((index) => optional.has(index));
}

/** Tries nothing before something. */
const prefersNothing = (node: Node): boolean =>
  (node.kind === "repeat" && node.lazy) || (node.kind === "choice" && node.options.slice(0, -1).some(mayBeEmpty));
