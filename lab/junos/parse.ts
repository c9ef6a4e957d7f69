import { hashSecret } from "../config/secrets.ts";
import { childNamed, SCHEMA, type SchemaNode } from "./schema.ts";
import { holdsOthers, setStatement, statementAt, type Statement, type Step } from "./tree.ts";

export type Word = { text: string; start: number; quoted: boolean };
/** Why a statement is not understood, and where. */
export type ParseError = { message: string; offset: number };

/** Words as the Junos CLI splits them: quotes hold together, brackets and braces stand alone. */
export function words(line: string): Word[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"?|[[\]{};]|[^\s[\]{};"]+/g)].map((m) => ({
    text: m[1] === undefined ? m[0] : m[1].replace(/\\"/g, '"'),
    start: m.index,
    quoted: m[1] !== undefined,
  }));
}

function badValue(schema: SchemaNode, word: Word): ParseError {
  const numbers = /^(\d+)-(\d+)$/.exec(schema.valueName);
  if (numbers && /^\d+$/.test(word.text))
    return { message: `Value ${word.text} is not within range (${numbers[1]}..${numbers[2]})`, offset: word.start };
  if (/^\d[\d.:/]*$/.test(word.text) && /ip|prefix|host|address/.test(schema.valueName))
    return { message: `invalid value '${word.text}' in ip address: '${word.text}'`, offset: word.start };
  return { message: "syntax error.", offset: word.start };
}

type Values = { values: string[]; next: number };
function readValues(schema: SchemaNode, all: Word[], at: number): Values | ParseError {
  const word = all[at];
  if (!word) return { message: "missing argument.", offset: -1 };
  const bracketed = schema.kind === "values" && word.text === "[" && !word.quoted;
  const values: string[] = [];
  let next = bracketed ? at + 1 : at;
  for (; next < all.length; next++) {
    const item = all[next];
    if (!item || (bracketed && item.text === "]" && !item.quoted)) break;
    const value = schema.value?.parse(item.text);
    if (value === undefined) return badValue(schema, item);
    values.push(value);
    if (!bracketed) break;
  }
  return { values, next: next + 1 };
}

export type Parsed = { paths: Step[][] };

/**
 * Reads the words of one statement below `base`. One line may set several things of one level
 * (`server 192.0.2.1 prefer version 4`): each is a path of its own.
 */
export function parseStatement(base: readonly Step[], all: Word[]): Parsed | ParseError {
  const current: Step[] = [...base];
  const paths: Step[][] = [];
  let open = true;
  for (let i = 0; i < all.length;) {
    const word = all[i];
    const schema = current.at(-1)?.schema ?? SCHEMA;
    const found = word ? childNamed(schema, word.text) : undefined;
    if (!word || !found) return { message: "syntax error.", offset: word?.start ?? 0 };
    const { child } = found;
    i++;
    if (child.kind === "list") {
      const keyWord = all[i];
      const key = found.key ?? (keyWord ? child.value?.parse(keyWord.text) : undefined);
      if (key === undefined) return keyWord ? badValue(child, keyWord) : { message: "missing argument.", offset: -1 };
      if (found.key === undefined) i++;
      current.push({ schema: child, key, values: [] });
      open = true;
    } else if (child.kind === "container") {
      current.push({ schema: child, key: "", values: [] });
      open = true;
    } else if (child.kind === "flag") {
      paths.push([...current, { schema: child, key: "", values: [] }]);
      open = false;
    } else {
      const read = readValues(child, all, i);
      if ("message" in read) {
        // `delete … description` names the leaf without its value.
        if (i < all.length || read.offset >= 0) return read;
        paths.push([...current, { schema: child, key: "", values: [] }]);
        return { paths };
      }
      paths.push([...current, { schema: child, key: "", values: read.values }]);
      i = read.next;
      open = false;
    }
  }
  return { paths: open ? [...paths, current] : paths };
}

/** A path that `set` may end with: a leaf with its value, an entry, or what may stand empty. */
export const isComplete = (path: readonly Step[]): boolean => {
  const last = path.at(-1);
  if (!last) return false;
  if (last.schema.kind === "leaf" || last.schema.kind === "values") return last.values.length > 0;
  return last.schema.kind === "flag" || last.schema.mayBeEmpty;
};

/** Secrets are stored hidden, as the box does when it takes them. */
export function hideSecrets(path: Step[]): Step[] {
  return path.map((step) => {
    const [value] = step.values;
    if (!step.schema.secret || value === undefined || /^\$\w\$/.test(value)) return step;
    return {
      ...step,
      values: [
        step.schema.name === "encrypted-password"
          ? value
          : hashSecret("junos", value).replace("$6$", "$9$").slice(0, 30),
      ],
    };
  });
}

/** Reads a config in braces into `root`, at `base`. Gives the first thing it does not understand. */
export function loadBraces(root: Statement, text: string, base: readonly Step[] = []): ParseError | undefined {
  const all = words(text.replace(/\/\*[\s\S]*?\*\/|^\s*#.*$|(?<=;)\s*##.*$/gm, " "));
  const stack: Step[][] = [[...base]];
  let statement: Word[] = [];
  let inactive = false;
  for (const word of all) {
    if (word.quoted || !/^[{};]$|^inactive:$/.test(word.text)) {
      statement.push(word);
      continue;
    }
    if (word.text === "inactive:") {
      inactive = true;
      continue;
    }
    if (word.text === "}") {
      stack.pop();
      if (stack.length === 0) return { message: "syntax error", offset: word.start };
      continue;
    }
    const here = stack.at(-1) ?? [];
    const parsed = parseStatement(here, statement);
    if ("message" in parsed)
      return { ...parsed, message: `${parsed.message} at '${statement.map((w) => w.text).join(" ")}'` };
    statement = [];
    const last = parsed.paths.at(-1) ?? [];
    for (const path of parsed.paths) if (isComplete(path) || word.text === ";") setStatement(root, hideSecrets(path));
    const target = inactive ? statementAt(root, last) : undefined;
    if (target) target.inactive = true;
    inactive = false;
    if (word.text === "{") {
      if (!last.at(-1) || !holdsOthers(last.at(-1)?.schema ?? SCHEMA))
        return { message: "syntax error", offset: word.start };
      stack.push(last);
    }
  }
  return statement.length > 0 || stack.length !== 1
    ? { message: "syntax error, unexpected end of the configuration", offset: 0 }
    : undefined;
}
