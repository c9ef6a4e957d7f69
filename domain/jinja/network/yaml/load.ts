import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, parseAllDocuments, Scalar } from "yaml";
import { JinjaError } from "../../errors.ts";
import { setItem } from "../../hash.ts";
import { Dict, type Value } from "../../values.ts";
import { entriesOf, isSequence, itemsOf } from "../support.ts";
import { kindOfPlain, type PlainKind, valueOfPlain } from "./resolve.ts";

const TAG = "tag:yaml.org,2002:";
const MAX_DEPTH = 500;

/** All documents of a YAML 1.1 text, as PyYAML's safe loader reads them. */
export function loadYaml(text: string, spend: (units: number) => void): Value[] {
  // The parser makes much of every character.
  spend(1 + 16 * text.length);
  const documents = parseAllDocuments(text, {
    version: "1.1",
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    logLevel: "silent",
  });
  return Array.from(documents, (document) => {
    const [error] = document.errors;
    if (error !== undefined)
      throw new JinjaError("ValueError", `from_yaml: ${error.message.split("\n")[0] ?? error.code}`);
    return new Reader(spend).read(document.contents, 0);
  });
}

class Reader {
  readonly spend: (units: number) => void;
  /** By the names of their anchors: each is one value, however often an alias names it. */
  readonly anchored = new Map<string, Value>();

  constructor(spend: (units: number) => void) {
    this.spend = spend;
  }

  read(node: unknown, depth: number): Value {
    this.spend(1);
    if (depth > MAX_DEPTH) throw new JinjaError("RecursionError", "from_yaml: the text is nested too deep");
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.alias(node.source);
    const value = this.readNew(node, depth);
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) this.anchored.set(node.anchor, value);
    return value;
  }

  alias(name: string): Value {
    const value = this.anchored.get(name);
    if (value === undefined) {
      throw new JinjaError("ValueError", `from_yaml: the alias *${name} names nothing that is complete before it`);
    }
    return value;
  }

  readNew(node: unknown, depth: number): Value {
    if (isScalar(node)) return readScalar(node);
    if (isSeq(node)) {
      checkTag(node.tag, "seq");
      return node.items.map((item) => this.read(item, depth + 1));
    }
    if (isMap(node)) {
      checkTag(node.tag, "map");
      return this.readMap(node.items, depth);
    }
    throw new JinjaError("ValueError", "from_yaml: the text holds what is neither scalar, sequence nor mapping");
  }

  readMap(pairs: readonly Pair[], depth: number): Dict {
    const own: [Value, Value][] = [];
    const merged: Dict[] = [];
    for (const { key, value } of pairs) {
      const read = this.read(value, depth + 1);
      if (isMerge(key)) merged.push(...dictsOf(read).toReversed());
      else own.push([this.read(key, depth + 1), read]);
    }
    const dict = new Dict();
    for (const other of merged) {
      this.spend(other.entries.size);
      for (const [key, value] of entriesOf(other)) setItem(dict, key, value);
    }
    for (const [key, value] of own) setItem(dict, key, value);
    return dict;
  }
}

const isMerge = (key: unknown): boolean => isScalar(key) && key.type === Scalar.PLAIN && key.value === "<<";

function dictsOf(value: Value): Dict[] {
  if (value instanceof Dict) return [value];
  if (isSequence(value)) return itemsOf(value).flatMap(dictsOf);
  throw new JinjaError("ValueError", "from_yaml: << needs a mapping or a list of mappings");
}

function readScalar(node: Scalar): Value {
  const text = typeof node.value === "string" ? node.value : "";
  const tag = node.tag?.startsWith(TAG) ? node.tag.slice(TAG.length) : node.tag;
  if (tag === undefined) return node.type === Scalar.PLAIN ? plainValue(text) : text;
  if (tag === "str" || tag === "!") return text;
  const kind = KINDS.get(tag);
  if (kind === undefined)
    throw new JinjaError("ValueError", `from_yaml: could not determine a constructor for the tag '${node.tag ?? ""}'`);
  if (kind === "float" && kindOfPlain(text) === "int") return valueOfPlain(`${text}.`, "float");
  if (kindOfPlain(text) !== kind) throw new JinjaError("ValueError", `from_yaml: ${JSON.stringify(text)} is no ${tag}`);
  return valueOfPlain(text, kind);
}

/** A lone `=` is a kind of its own in YAML 1.1, for which PyYAML has no value. */
function plainValue(text: string): Value {
  const kind = kindOfPlain(text);
  if (kind === "value") throw new JinjaError("ValueError", "from_yaml: a plain = has no value: put it in quotes");
  return valueOfPlain(text, kind);
}

const KINDS: ReadonlyMap<string, PlainKind> = new Map<string, PlainKind>([
  ["bool", "bool"],
  ["int", "int"],
  ["float", "float"],
  ["null", "null"],
  ["timestamp", "timestamp"],
]);

function checkTag(tag: string | undefined, kind: string): void {
  if (tag === undefined || tag === `${TAG}${kind}`) return;
  throw new JinjaError("ValueError", `from_yaml: could not determine a constructor for the tag '${tag}'`);
}
