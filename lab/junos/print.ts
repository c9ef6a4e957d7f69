import { childAt, holdsOthers, type Statement, type Step } from "./tree.ts";

const quote = (value: string): string => (/^[\w.,:/+@%=*-]+$/.test(value) ? value : `"${value.replace(/"/g, '\\"')}"`);

const valuesText = ({ values }: { values: string[] }): string =>
  values.length === 1 ? quote(values[0] ?? "") : `[ ${values.map(quote).join(" ")} ]`;

const header = ({ schema, key }: { schema: Step["schema"]; key: string }): string =>
  [...(schema.bare ? [] : [schema.name]), ...(key === "" ? [] : [quote(key)])].join(" ");

const leafText = (s: Statement): string => {
  const secret = s.schema.secret ? " ## SECRET-DATA" : "";
  return s.schema.kind === "flag" ? `${s.schema.name};` : `${s.schema.name} ${valuesText(s)};${secret}`;
};

/** A config in braces, without the outermost ones. */
export function printBraces(statements: readonly Statement[], indent = ""): string[] {
  return statements.flatMap((s) => {
    const mark = s.inactive ? "inactive: " : "";
    if (!holdsOthers(s.schema)) return [`${indent}${mark}${leafText(s)}`];
    if (s.schema.joined) return s.children.flatMap((child) => printOne(child, indent, `${mark}${s.schema.name} `));
    return printOne(s, indent, mark);
  });
}

function printOne(s: Statement, indent: string, before: string): string[] {
  if (!holdsOthers(s.schema)) return [`${indent}${before}${leafText(s)}`];
  const head = `${indent}${before}${header(s)}`;
  const [only] = s.children;
  if (!only) return [`${head};`];
  if (s.schema.oneLine && s.children.length === 1 && !holdsOthers(only.schema) && !only.inactive)
    return [`${head} ${leafText(only)}`];
  return [`${head} {`, ...printBraces(s.children, `${indent}    `), `${indent}}`];
}

const stepWords = (s: { schema: Step["schema"]; key: string }): string[] => {
  const text = header(s);
  return text === "" ? [] : [text];
};

/** The config as the commands that make it. */
export function printSet(root: Statement, above: readonly string[] = []): string[] {
  return root.children.flatMap((s) => {
    const path = [...above, ...stepWords(s)];
    const off = s.inactive ? [`deactivate ${path.join(" ")}`] : [];
    const set = (rest: string): string => `set ${[...path, ...(rest === "" ? [] : [rest])].join(" ")}`;
    if (s.schema.kind === "leaf") return [set(quote(s.values[0] ?? "")), ...off];
    if (s.schema.kind === "values") return [...s.values.map((value) => set(quote(value))), ...off];
    if (s.schema.kind === "flag" || s.children.length === 0) return [set(""), ...off];
    return [...printSet(s, path), ...off];
  });
}

export const pathText = (path: readonly Step[]): string =>
  path
    .map(header)
    .filter((text) => text !== "")
    .join(" ");

const sameValues = (a: Statement, b: Statement): boolean =>
  a.values.join("\n") === b.values.join("\n") && a.inactive === b.inactive;

/** What `show | compare` prints: per level of the hierarchy, what went and what came. */
export function compare(before: Statement, after: Statement, path: readonly Step[] = []): string[] {
  const changed: string[] = [];
  const below: string[] = [];
  const pad = (depth: number): string => " ".repeat(path.length + depth);
  const keep = (s: Statement): Statement => ({ ...s, inactive: false });
  const signed = (sign: "+" | "-", s: Statement, depth: number): string[] =>
    printBraces([keep(s)], pad(depth)).map((line) => sign + line);
  for (const old of before.children) if (!childAt(after, old)) changed.push(...signed("-", old, 2));
  for (const now of after.children) {
    const old = childAt(before, now);
    if (!old) changed.push(...signed("+", now, 2));
    else if (holdsOthers(now.schema)) {
      if (old.inactive !== now.inactive)
        changed.push(`!${pad(2)}${now.inactive ? "inactive" : "active"}: ${header(now)} { ... }`);
      below.push(...compare(old, now, [...path, { schema: now.schema, key: now.key, values: [] }]));
    } else if (!sameValues(old, now)) changed.push(...signed("-", old, 1), ...signed("+", now, 1));
  }
  const order = (s: Statement): string =>
    s.children
      .filter((c) => c.schema.userOrder && childAt(before, c) && childAt(after, c))
      .map((c) => c.key)
      .join("\n");
  if (order(before) !== order(after))
    changed.push(...after.children.filter((c) => c.schema.userOrder).map((c) => `!${pad(2)}${header(c)} { ... }`));
  const edit = pathText(path);
  return [...(changed.length > 0 ? [edit === "" ? "[edit]" : `[edit ${edit}]`, ...changed] : []), ...below];
}
