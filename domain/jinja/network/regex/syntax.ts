/** A regular expression of Python's `re`, read. Code points throughout. */
export type Node =
  | { type: "empty" }
  | { type: "char"; char: number }
  | { type: "any" }
  | { type: "set"; set: CharSet }
  | { type: "sequence"; items: Node[] }
  | { type: "choice"; options: Node[] }
  | { type: "group"; index: number; body: Node }
  | { type: "repeat"; body: Node; min: number; max: number; mode: "greedy" | "lazy" | "possessive" }
  | { type: "atomic"; body: Node }
  | { type: "look"; ahead: boolean; negative: boolean; body: Node; width: number }
  | { type: "backreference"; index: number }
  | { type: "conditional"; index: number; whenSet: Node; otherwise: Node }
  | { type: "assert"; what: Assertion }
  | { type: "flags"; flags: Flags; body: Node };

export type Assertion = "start" | "end" | "line-start" | "line-end" | "last-line-end" | "boundary" | "no-boundary";

export type CharClass = "digit" | "space" | "word";
export type CharSet = {
  readonly negative: boolean;
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly classes: readonly { readonly name: CharClass; readonly negative: boolean }[];
};

export type Flags = {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
};

export type Pattern = {
  readonly source: string;
  readonly root: Node;
  readonly flags: Flags;
  /** Without the whole match. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
};
