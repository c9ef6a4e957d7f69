import type { ClassItem, Node, Pattern } from "./tree.ts";

/** Stands for the end of the line among the characters: no plain text holds it. */
export const END = 127;
const TAB = 9;
const SPACE = 32;
const isSpace = (code: number): boolean => code === SPACE || code === TAB;

/** `codes[c]` is 1 where a match may begin with c; `free`: it may begin with anything, since it need not take a character. */
export type First = { codes: Uint8Array; free: boolean };

/**
 * With which characters a plain line must begin so that the expression can match it: never too few of them. With `skipSpace`
 * with which the rest begins, once the line's spaces are passed.
 */
export function firstOf({ root, ignoreCase }: Pattern, skipSpace: boolean): First {
  const codes = new Uint8Array(128);

  /** Notes what the node may begin with; true where what stands behind it may begin the line as well. */
  function visit(node: Node): boolean {
    switch (node.kind) {
      case "char":
      case "any":
      case "class": {
        let space = false;
        for (let code = 0; code < END; code++)
          if (takes(node, code, ignoreCase)) {
            if (skipSpace && isSpace(code)) space = true;
            else codes[code] = 1;
          }
        return space;
      }
      case "end":
        codes[END] = 1;
        return false;
      case "start":
      case "boundary":
      case "look":
        return true;
      case "back":
        codes.fill(1);
        return true;
      case "group":
        return visit(node.body);
      case "repeat": {
        const through = visit(node.body);
        return through || node.min === 0;
      }
      case "sequence":
        return node.parts.every(visit);
      case "choice":
        return node.options.map(visit).includes(true);
    }
  }
  return { free: visit(root), codes };
}

function takes(node: Extract<Node, { kind: "char" | "any" | "class" }>, code: number, ignoreCase: boolean): boolean {
  if (node.kind === "any") return true;
  const either = ignoreCase ? bothCases(code) : [code];
  if (node.kind === "char") return either.includes(node.code);
  return either.some((c) => node.items.some((item) => holds(item, c)) !== node.negated);
}

const bothCases = (code: number): number[] => {
  const c = String.fromCharCode(code);
  return [c.toLowerCase().charCodeAt(0), c.toUpperCase().charCodeAt(0)];
};

function holds(item: ClassItem, code: number): boolean {
  if (!("shorthand" in item)) return code >= item.from && code <= item.to;
  const small = item.shorthand.toLowerCase();
  const c = String.fromCharCode(code);
  const within = small === "d" ? /[0-9]/.test(c) : small === "w" ? /\w/.test(c) : /\s/.test(c);
  return within === (item.shorthand === small);
}
