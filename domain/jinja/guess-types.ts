import { childrenOf, type CallNode, type Expr, type FilterNode, type For, type Node, type Template } from "./ast.ts";

export type GuessedType = {
  type?: "string" | "number" | "boolean" | "list" | "object";
  /** Of an object, or of the objects in a list. */
  keys?: string[];
};

type Kind = NonNullable<GuessedType["type"]>;

/** What a name stands for: a variable of the template, or an item of one that is looped over. */
type Meaning = { variable: string; isItem: boolean };
type Meanings = ReadonlyMap<string, Meaning | undefined>;

class Evidence {
  readonly kinds = new Set<Kind>();
  readonly keys = new Set<string>();
  readonly itemKeys = new Set<string>();
  isCondition = false;
  isUsedOtherwise = false;

  guess(): GuessedType {
    const kinds = [...this.kinds];
    const [kind] = kinds;
    // What is used in two ways is whatever the template expects; what is only asked for is a switch.
    if (kinds.length > 1) return {};
    if (kind === undefined) return this.isCondition && !this.isUsedOtherwise ? { type: "boolean" } : {};
    const keys = [...(kind === "list" ? this.itemKeys : this.keys)];
    return keys.length > 0 && (kind === "list" || kind === "object") ? { type: kind, keys } : { type: kind };
  }
}

const STRING_METHODS: ReadonlySet<string> = new Set(
  "capitalize casefold center endswith expandtabs find isdigit isalpha isalnum ljust lower lstrip partition replace rjust rsplit rstrip split splitlines startswith strip swapcase title upper zfill".split(
    " ",
  ),
);
const DICT_METHODS: ReadonlySet<string> = new Set(["items", "keys", "values", "get", "setdefault", "update"]);
const LIST_METHODS: ReadonlySet<string> = new Set(["append", "extend", "insert", "remove", "sort", "reverse"]);
const STRING_FILTERS: ReadonlySet<string> = new Set(
  "capitalize lower title trim upper wordwrap regex_replace regex_search regex_findall ipaddr ipv4 ipv6 hwaddr".split(
    " ",
  ),
);
const LIST_FILTERS: ReadonlySet<string> = new Set(
  "batch groupby join map max min reject rejectattr select selectattr slice sort sum unique".split(" "),
);

/** What the variables seem to be, by what the template does with them. Says nothing where that is not clear. */
export function guessTypes(template: Template, names: ReadonlySet<string>): ReadonlyMap<string, GuessedType> {
  const evidence = new Map<string, Evidence>();
  for (const name of names) evidence.set(name, new Evidence());
  const meanings = new Map([...names].map((name) => [name, { variable: name, isItem: false }]));
  walk(template, meanings, evidence);
  return new Map([...evidence].map(([name, found]) => [name, found.guess()]));
}

type Evidences = ReadonlyMap<string, Evidence>;

function walk(node: Node, meanings: Meanings, evidence: Evidences): void {
  switch (node.type) {
    case "For":
      return walkLoop(node, meanings, evidence);
    case "If":
    case "CondExpr":
      walkCondition(node.test, meanings, evidence);
      for (const child of childrenOf(node)) if (child !== node.test) walk(child, meanings, evidence);
      return;
    case "Getattr":
      noteKey(node.node, node.attribute, meanings, evidence);
      break;
    case "Getitem":
      if (node.arg.type === "Const" && typeof node.arg.value === "string")
        noteKey(node.node, node.arg.value, meanings, evidence);
      else if (node.arg.type === "Slice" || (node.arg.type === "Const" && typeof node.arg.value === "number"))
        about(node.node, meanings, evidence)?.kinds.add("list");
      break;
    case "Call":
      if (noteMethod(node, meanings, evidence)) {
        for (const child of childrenOf(node).slice(1)) walk(child, meanings, evidence);
        return;
      }
      break;
    case "Filter":
      noteFilter(node, meanings, evidence);
      break;
    case "Compare":
      for (const { op, expr } of node.ops)
        if (op !== "in" && op !== "notin") noteSame([node.expr, expr], meanings, evidence);
      break;
    case "Add":
    case "Sub":
    case "Mul":
    case "Div":
    case "FloorDiv":
    case "Pow":
      noteSame([node.left, node.right], meanings, evidence);
      break;
    case "Name":
      if (node.use === "load") noteUse(node, meanings, evidence);
      return;
    default:
  }
  for (const child of childrenOf(node)) walk(child, meanings, evidence);
}

/** The evidence about an expression that is just a name. */
function about(node: Expr, meanings: Meanings, evidence: Evidences): Evidence | undefined {
  if (node.type !== "Name") return undefined;
  const meaning = meanings.get(node.name);
  return meaning === undefined || meaning.isItem ? undefined : evidence.get(meaning.variable);
}

function noteUse(node: Expr, meanings: Meanings, evidence: Evidences): void {
  const found = about(node, meanings, evidence);
  if (found !== undefined) found.isUsedOtherwise = true;
}

/** A name that is asked for and nothing more; `not x`, `x and y` ask for it too. */
function walkCondition(test: Expr, meanings: Meanings, evidence: Evidences): void {
  if (test.type === "Not") return walkCondition(test.node, meanings, evidence);
  if (test.type === "And" || test.type === "Or") {
    walkCondition(test.left, meanings, evidence);
    return walkCondition(test.right, meanings, evidence);
  }
  const found = about(test, meanings, evidence);
  if (found === undefined) walk(test, meanings, evidence);
  else found.isCondition = true;
}

function noteKey(node: Expr, key: string, meanings: Meanings, evidence: Evidences): void {
  if (node.type !== "Name") return;
  const meaning = meanings.get(node.name);
  const found = meaning === undefined ? undefined : evidence.get(meaning.variable);
  if (found === undefined || meaning === undefined) return;
  if (meaning.isItem) {
    found.itemKeys.add(key);
  } else {
    found.kinds.add("object");
    found.keys.add(key);
  }
}

function noteMethod({ node }: CallNode, meanings: Meanings, evidence: Evidences): boolean {
  if (node.type !== "Getattr") return false;
  const kind = STRING_METHODS.has(node.attribute)
    ? "string"
    : DICT_METHODS.has(node.attribute)
      ? "object"
      : LIST_METHODS.has(node.attribute)
        ? "list"
        : undefined;
  if (kind === undefined) return false;
  about(node.node, meanings, evidence)?.kinds.add(kind);
  if (node.node.type !== "Name") walk(node.node, meanings, evidence);
  else noteUse(node.node, meanings, evidence);
  return true;
}

function noteFilter({ node, name }: FilterNode, meanings: Meanings, evidence: Evidences): void {
  const found = node === undefined ? undefined : about(node, meanings, evidence);
  if (STRING_FILTERS.has(name)) found?.kinds.add("string");
  else if (LIST_FILTERS.has(name)) found?.kinds.add("list");
  else if (name === "dictsort" || name === "items") found?.kinds.add("object");
}

/** What is compared or reckoned with a literal is of its kind. */
function noteSame(nodes: readonly Expr[], meanings: Meanings, evidence: Evidences): void {
  for (const literal of nodes) {
    if (literal.type !== "Const") continue;
    const kind = typeof literal.value;
    if (kind !== "string" && kind !== "number" && kind !== "boolean") continue;
    for (const other of nodes) about(other, meanings, evidence)?.kinds.add(kind);
  }
}

function walkLoop(node: For, meanings: Meanings, evidence: Evidences): void {
  walk(node.iter, meanings, evidence);
  const over = about(node.iter, meanings, evidence);
  over?.kinds.add("list");
  const meaning = node.iter.type === "Name" ? meanings.get(node.iter.name) : undefined;
  const inner = new Map(meanings);
  for (const target of [node.target, ...childrenOf(node.target)])
    if (target.type === "Name")
      inner.set(
        target.name,
        node.target === target && over !== undefined && meaning !== undefined
          ? { variable: meaning.variable, isItem: true }
          : undefined,
      );
  for (const child of node.body) walk(child, inner, evidence);
  for (const child of node.otherwise) walk(child, meanings, evidence);
  if (node.test !== undefined) walk(node.test, inner, evidence);
}
