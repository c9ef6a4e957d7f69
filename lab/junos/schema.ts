import { COMMON_VALUES, isIpv4, isPrefix, range, type Value, type Values } from "../grammar/values.ts";
import { SCHEMA_TEXT } from "./schema-text.ts";

export type SchemaNode = {
  name: string;
  kind: "container" | "list" | "leaf" | "values" | "flag";
  /** Kinds with a value or a key. */
  value: Value | undefined;
  valueName: string;
  children: SchemaNode[];
  /** Only the key is written, not the name. */
  bare: boolean;
  oneLine: boolean;
  mayBeEmpty: boolean;
  userOrder: boolean;
  secret: boolean;
  /** Printed on the same line as what is below it: `family inet`. */
  joined: boolean;
  rank: number;
};

const INTERFACE = /^(ge|xe|et)-\d\/\d\/\d{1,2}$|^ae\d{1,3}$|^(lo0|fxp0|em0|irb|me0|st0|vme|gr-0\/0\/0|em1)$/;
const INTERFACE_UNIT =
  /^(ge|xe|et)-\d\/\d\/\d{1,2}(\.\d{1,5})?$|^ae\d{1,3}(\.\d{1,5})?$|^(lo0|fxp0|em0|irb|me0|st0|vme)(\.\d{1,5})?$/;
const strict = (test: (token: string) => boolean): Value => ({
  loose: false,
  parse: (token) => (test(token) ? token : undefined),
});
const isAddress = (token: string): boolean =>
  isIpv4(token) || (COMMON_VALUES.ip6?.parse(token) ?? undefined) !== undefined;

const VALUES: Values = {
  ...COMMON_VALUES,
  string: { loose: true, parse: (token) => token },
  ip: strict(isAddress),
  prefix: strict((t) => isPrefix(t) || isPrefix(t, 128)),
  "ip-or-prefix": {
    loose: false,
    parse: (t) =>
      isPrefix(t) || isPrefix(t, 128) ? t : isAddress(t) ? `${t}/${t.includes(":") ? 128 : 32}` : undefined,
  },
  "ip-or-word": strict((t) => isAddress(t) || /^(lo0|address)$/.test(t)),
  ifname: strict((t) => INTERFACE.test(t) || INTERFACE_UNIT.test(t)),
  "ifname-or-all": strict((t) => t === "all" || INTERFACE_UNIT.test(t)),
  "ip-or-ifname": strict((t) => isAddress(t) || INTERFACE_UNIT.test(t)),
};

function valueOf(text: string): { value: Value; valueName: string } {
  const words = /^\((.*)\)$/.exec(text)?.[1]?.split("|");
  if (words)
    return {
      value: {
        loose: false,
        parse: (token) => words.find((w) => w === token) ?? only(words.filter((w) => w.startsWith(token))),
      },
      valueName: "keyword",
    };
  const name = text.replace(/^<|>$/g, "");
  const numbers = /^(\d+)-(\d+)$/.exec(name);
  const value = numbers ? range(Number(numbers[1]), Number(numbers[2])) : VALUES[name];
  if (!value) throw new Error(`the schema uses the unknown kind ${text}`);
  return { value, valueName: name };
}
const only = (words: string[]): string | undefined => (words.length === 1 ? words[0] : undefined);

function parseLine(line: string, rank: number): SchemaNode {
  const [first = "", ...rest] = line.trim().split(/\s+/);
  const listed = first.startsWith("*");
  const name = first.replace(/^\*|=$/g, "");
  const values = rest.find((part) => part.startsWith("["));
  const kindText = values?.slice(1, -1) ?? rest.find((part) => /^[<(]/.test(part));
  const marks = new Set(rest.filter((part) => /^[!?^#%]$/.test(part)));
  return {
    name,
    kind: listed ? "list" : values ? "values" : kindText ? "leaf" : marks.has("?") ? "container" : "flag",
    ...(kindText ? valueOf(kindText) : { value: undefined, valueName: "" }),
    children: [],
    bare: first.endsWith("="),
    oneLine: marks.has("!"),
    mayBeEmpty: marks.has("?") || listed,
    userOrder: marks.has("^"),
    secret: marks.has("#"),
    joined: marks.has("%"),
    rank,
  };
}

function parseSchema(text: string): SchemaNode {
  const root: SchemaNode = { ...parseLine("root", 0), kind: "container" };
  const stack: { node: SchemaNode; indent: number }[] = [{ node: root, indent: -1 }];
  let rank = 0;
  for (const line of text.split("\n").filter((l) => l.trim() !== "")) {
    const indent = line.search(/\S/);
    while ((stack.at(-1)?.indent ?? -1) >= indent) stack.pop();
    const node = parseLine(line, ++rank);
    const parent = stack.at(-1)?.node ?? root;
    // What has something below it is a container, even without a mark.
    if (parent.kind === "flag") parent.kind = "container";
    parent.children.push(node);
    stack.push({ node, indent });
  }
  return root;
}

export const SCHEMA = parseSchema(SCHEMA_TEXT);

/** The child that a token names, by its name, an unambiguous beginning, or as the key of a nameless list. */
export function childNamed(
  schema: SchemaNode,
  token: string,
): { child: SchemaNode; key: string | undefined } | undefined {
  const named = schema.children.filter((c) => !c.bare);
  const exact = named.find((c) => c.name === token);
  if (exact) return { child: exact, key: undefined };
  for (const child of schema.children.filter((c) => c.bare)) {
    const key = child.value?.parse(token);
    if (key !== undefined) return { child, key };
  }
  const beginning = only(named.filter((c) => c.name.startsWith(token)).map((c) => c.name));
  const child = named.find((c) => c.name === beginning);
  return child ? { child, key: undefined } : undefined;
}
