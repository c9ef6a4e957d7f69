import type { Node, Pattern } from "../../../domain/textfsm/pattern/tree.ts";
import type { Template } from "../../../domain/textfsm/template.ts";
import type { seeded } from "../../support/seeded.ts";

type Random = ReturnType<typeof seeded>;

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
/** Digits, letters, spaces and marks that Python's classes know and JavaScript's do not, or the other way round. */
const OTHER = ["é", "ß", "Ж", "漢", "٣", "²", "½", "\u00a0", "\u2003", "\u001f", "\ufeff", "\u0301", "_", "😀"];

/** An output that a walk through the template's states would have made, with noise in it. */
export function outputFor(template: Template, random: Random, { wide }: { wide: boolean }): string {
  const lines: string[] = [];
  let state = "Start";
  for (let n = random.between(4, 16); n > 0; n--) {
    const rules = template.states.get(state)?.filter(({ lineOp }) => lineOp !== "Error" || random.next() < 0.02) ?? [];
    if (rules.length === 0) break;
    const rule = random.pick(rules);
    lines.push(noisy(textFor(rule.pattern, random, wide), random, wide));
    if (rule.target !== null && template.states.has(rule.target)) state = rule.target;
  }
  return lines.join(random.next() < 0.1 ? "\r\n" : "\n") + (random.next() < 0.5 ? "\n" : "");
}

function noisy(line: string, random: Random, wide: boolean): string {
  const chance = random.next();
  if (chance < 0.8) return line;
  if (chance < 0.84) return "";
  if (chance < 0.88) return `  ${line}`;
  if (chance < 0.92) return `${line}   `;
  const at = random.between(0, line.length);
  const c = wide ? random.pick(OTHER) : random.pick(ASCII);
  return chance < 0.96 ? line.slice(0, at) + c + line.slice(at) : line.slice(0, at) + line.slice(at + 1);
}

/** A text that fits the expression, but for what its look-arounds ask. */
function textFor({ root, ignoreCase }: Pattern, random: Random, wide: boolean): string {
  const write = (node: Node): string => {
    switch (node.kind) {
      case "char": {
        const c = String.fromCodePoint(node.code);
        return ignoreCase && random.next() < 0.5 ? c.toUpperCase() : c;
      }
      case "any":
        return character(() => true, random, wide);
      case "class": {
        const fits = classTest(node);
        return character(fits, random, wide);
      }
      case "group":
        return write(node.body);
      case "repeat": {
        const turns = Math.min(node.max, node.min + random.between(0, random.next() < 0.2 ? 6 : 2));
        return Array.from({ length: turns }, () => write(node.body)).join("");
      }
      case "sequence":
        return node.parts.map(write).join("");
      case "choice":
        return write(random.pick(node.options));
      default:
        return "";
    }
  };
  return write(root);
}

function character(fits: (c: string) => boolean, random: Random, wide: boolean): string {
  const all = [...(wide && random.next() < 0.1 ? OTHER : []), ...ASCII, "\t"].filter(fits);
  return all.length === 0 ? "" : random.pick(all);
}

const SHORTHANDS = { d: /\d/, w: /\w/, s: /\s/ };

function classTest({ negated, items }: Extract<Node, { kind: "class" }>): (c: string) => boolean {
  return (c) => {
    const code = c.codePointAt(0) ?? 0;
    const held = items.some((item) => {
      if (!("shorthand" in item)) return code >= item.from && code <= item.to;
      const small = item.shorthand.toLowerCase();
      const within = (small === "d" ? SHORTHANDS.d : small === "w" ? SHORTHANDS.w : SHORTHANDS.s).test(c);
      return within === (item.shorthand === small);
    });
    return held !== negated;
  };
}
