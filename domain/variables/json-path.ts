/**
 * The part of JSONPath (RFC 9535) that picks values out of an answer: `$.results[0].name`, `['a key']`, `[-1]`, `[*]`, `.*`,
 * `[?@.role == 'core']`. `$` may be left out. With a `*` or a filter the result is the list of what was found.
 */
type Step =
  | { kind: "key"; key: string }
  | { kind: "index"; index: number }
  | { kind: "all" }
  | { kind: "where"; path: string[]; not: boolean; equals: unknown };

export class JsonPathError extends Error {
  readonly kind: "syntax" | "missing";
  constructor(kind: JsonPathError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

const TOKENS = [
  { take: /^\.?\[\s*(-?\d{1,9})\s*\]/, step: (m: RegExpExecArray): Step => ({ kind: "index", index: Number(m[1]) }) },
  {
    take: /^\.?\[\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]/,
    step: (m: RegExpExecArray): Step => ({ kind: "key", key: unquote(m[1] ?? m[2] ?? "") }),
  },
  { take: /^(?:\.?\[\s*\*\s*\]|\.\*)/, step: (): Step => ({ kind: "all" }) },
  {
    take: /^\.?\[\s*\?\s*\(?\s*@((?:\.[\w-]+)+)\s*(==|!=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|true|false|null)\s*\)?\s*\]/,
    step: (m: RegExpExecArray): Step => ({
      kind: "where",
      path: (m[1] ?? "").slice(1).split("."),
      not: m[2] === "!=",
      equals: literal(m[3] ?? ""),
    }),
  },
  { take: /^\.(\d{1,9})(?![\w-])/, step: (m: RegExpExecArray): Step => ({ kind: "key", key: m[1] ?? "" }) },
  { take: /^\.([\p{L}_][\p{L}\p{N}_-]*)/u, step: (m: RegExpExecArray): Step => ({ kind: "key", key: m[1] ?? "" }) },
];

const unquote = (text: string): string => text.replace(/\\(.)/g, "$1");
const literal = (text: string): unknown => (/^['"]/.test(text) ? unquote(text.slice(1, -1)) : JSON.parse(text));

function parse(path: string): Step[] {
  const trimmed = path.trim();
  let rest = trimmed.startsWith("$")
    ? trimmed.slice(1)
    : /^[.[]/.test(trimmed) || trimmed === ""
      ? trimmed
      : `.${trimmed}`;
  const steps: Step[] = [];
  while (rest !== "") {
    const found = next(rest);
    if (!found)
      throw new JsonPathError(
        "syntax",
        `the JSON path is not understood from ${JSON.stringify(rest.slice(0, 40))} on; write it as in $.results[0].name`,
      );
    steps.push(found.step);
    rest = rest.slice(found.length);
  }
  return steps;
}

function next(rest: string): { step: Step; length: number } | undefined {
  for (const { take, step } of TOKENS) {
    const match = take.exec(rest);
    if (match) return { step: step(match), length: match[0].length };
  }
  return undefined;
}

export function isJsonPath(path: string): boolean {
  try {
    parse(path);
    return true;
  } catch (error) {
    if (error instanceof JsonPathError) return false;
    throw error;
  }
}

/** Throws JsonPathError where the path is none, or leads nowhere. */
export function pickJson(value: unknown, path: string): unknown {
  const steps = parse(path);
  const many = steps.some((s) => s.kind === "all" || s.kind === "where");
  let found = [value];
  for (const [i, step] of steps.entries()) {
    found = found.flatMap((v) => take(v, step));
    if (found.length === 0 && !many)
      throw new JsonPathError("missing", `the answer holds nothing at ${describe(steps.slice(0, i + 1))}`);
  }
  return many ? found : found[0];
}

function take(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case "key":
      if (Array.isArray(value)) return /^\d+$/.test(step.key) ? at(value, Number(step.key)) : [];
      return isObject(value) && Object.hasOwn(value, step.key) ? [value[step.key]] : [];
    case "index":
      return Array.isArray(value) ? at(value, step.index) : [];
    case "all":
      return children(value);
    case "where":
      return children(value).filter((child) => holds(child, step));
  }
}

const at = (list: readonly unknown[], index: number): unknown[] => {
  const i = index < 0 ? list.length + index : index;
  return i >= 0 && i < list.length ? [list[i]] : [];
};
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const children = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];

function holds(value: unknown, { path, not, equals }: Extract<Step, { kind: "where" }>): boolean {
  let found: unknown[] = [value];
  for (const key of path) found = found.flatMap((v) => take(v, { kind: "key", key }));
  return (found.length === 1 && found[0] === equals) !== not;
}

const describe = (steps: readonly Step[]): string =>
  `$${steps.map((s) => (s.kind === "key" ? `[${JSON.stringify(s.key)}]` : s.kind === "index" ? `[${s.index}]` : "[*]")).join("")}`;
