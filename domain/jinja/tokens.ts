import type { Value } from "./values.ts";

/** `type` is one of Jinja's names for tokens: an operator's is its name (`add`), not its sign. */
export type Token = { type: string; value: string; line: number; at: number; constant: Value };

export const OPERATORS: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "/": "div",
  "//": "floordiv",
  "*": "mul",
  "%": "mod",
  "**": "pow",
  "~": "tilde",
  "[": "lbracket",
  "]": "rbracket",
  "(": "lparen",
  ")": "rparen",
  "{": "lbrace",
  "}": "rbrace",
  "==": "eq",
  "!=": "ne",
  ">": "gt",
  ">=": "gteq",
  "<": "lt",
  "<=": "lteq",
  "=": "assign",
  ".": "dot",
  ":": "colon",
  "|": "pipe",
  ",": "comma",
  ";": "semicolon",
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  block_begin: "begin of statement block",
  block_end: "end of statement block",
  variable_begin: "begin of print statement",
  variable_end: "end of print statement",
  data: "template data / text",
  eof: "end of template",
  ...Object.fromEntries(Object.entries(OPERATORS).map(([sign, name]) => [name, sign])),
};

export const describeType = (type: string): string => DESCRIPTIONS[type] ?? type;

export const describeToken = (token: Token): string => (token.type === "name" ? token.value : describeType(token.type));
