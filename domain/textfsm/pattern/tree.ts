/** `\d` and its relatives; a capital letter is all that the small one is not. */
export type Shorthand = "d" | "D" | "w" | "W" | "s" | "S";
/** Code points from one to another, both included, or a shorthand. */
export type ClassItem = { from: number; to: number } | { shorthand: Shorthand };

/** A regular expression of Python's `re` as a tree. */
export type Node =
  | { kind: "char"; code: number }
  | { kind: "any" }
  | { kind: "class"; negated: boolean; items: ClassItem[] }
  | { kind: "start" }
  | { kind: "end" }
  | { kind: "boundary"; negated: boolean }
  /** `index` is null where nothing is kept. */
  | { kind: "group"; index: number | null; name: string | null; body: Node }
  | { kind: "back"; index: number }
  | { kind: "look"; behind: boolean; negated: boolean; body: Node }
  | { kind: "repeat"; min: number; max: number; lazy: boolean; body: Node }
  | { kind: "sequence"; parts: Node[] }
  | { kind: "choice"; options: Node[] };

export type Pattern = {
  root: Node;
  ignoreCase: boolean;
  /** Of the groups with a name, in the order in which they open. */
  names: Map<string, number>;
  groups: number;
};
