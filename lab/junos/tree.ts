import { SCHEMA, type SchemaNode } from "./schema.ts";

/** One statement of a Junos config. */
export type Statement = {
  schema: SchemaNode;
  /** A list entry's key. */ key: string;
  /** A leaf's value, or a list of them. */ values: string[];
  children: Statement[];
  inactive: boolean;
};

/** A way down the config; the last step may carry values. */
export type Step = { schema: SchemaNode; key: string; values: string[] };

export const emptyJunos = (): Statement => ({ schema: SCHEMA, key: "", values: [], children: [], inactive: false });
export const cloneStatement = (s: Statement): Statement => ({
  ...s,
  values: [...s.values],
  children: s.children.map(cloneStatement),
});

export const holdsOthers = (schema: SchemaNode): boolean => schema.kind === "container" || schema.kind === "list";

export const childAt = (parent: Statement, step: { schema: SchemaNode; key: string }): Statement | undefined =>
  parent.children.find((c) => c.schema === step.schema && c.key === step.key);

export function statementAt(
  root: Statement,
  path: readonly { schema: SchemaNode; key: string }[],
): Statement | undefined {
  return path.reduce<Statement | undefined>((at, step) => (at ? childAt(at, step) : undefined), root);
}

const before = (a: Statement, b: Statement): boolean => {
  if (a.schema !== b.schema) return a.schema.rank < b.schema.rank;
  return !a.schema.userOrder && a.key.localeCompare(b.key, "en", { numeric: true }) < 0;
};

function insert(parent: Statement, child: Statement): void {
  const at = parent.children.findIndex((other) => before(child, other));
  parent.children.splice(at < 0 ? parent.children.length : at, 0, child);
}

/** Sets a statement, making what leads to it. False when it was there already. */
export function setStatement(root: Statement, path: readonly Step[]): boolean {
  let at = root;
  let changed = false;
  for (const step of path) {
    let next = childAt(at, step);
    if (!next) {
      next = { schema: step.schema, key: step.key, values: [], children: [], inactive: false };
      insert(at, next);
      changed = true;
    }
    if (step.schema.kind === "leaf" && next.values[0] !== step.values[0]) {
      next.values = step.values.slice(0, 1);
      changed = true;
    }
    if (step.schema.kind === "values") {
      const added = step.values.filter((value) => !next?.values.includes(value));
      next.values.push(...added);
      changed ||= added.length > 0;
    }
    at = next;
  }
  return changed;
}

/** Deletes a statement, or values of it; what is left empty and may not stand empty goes too. False when there was none. */
export function deleteStatement(root: Statement, path: readonly Step[]): boolean {
  const step = path.at(-1);
  const parent = statementAt(root, path.slice(0, -1));
  const found = step && parent ? childAt(parent, step) : undefined;
  if (!step || !parent || !found) return false;
  if (step.values.length > 0) {
    const left = found.values.filter((value) => !step.values.includes(value));
    if (left.length === found.values.length) return false;
    found.values = left;
    if (left.length > 0) return true;
  }
  parent.children = parent.children.filter((c) => c !== found);
  prune(root, path.slice(0, -1));
  return true;
}

function prune(root: Statement, path: readonly Step[]): void {
  const at = statementAt(root, path);
  const last = path.at(-1);
  if (!at || !last || at.children.length > 0 || last.schema.mayBeEmpty) return;
  deleteStatement(root, path);
}

/** Moves an entry of a list that keeps its order. */
export function moveStatement(
  root: Statement,
  path: readonly Step[],
  where: "before" | "after",
  otherKey: string,
): boolean {
  const step = path.at(-1);
  const parent = statementAt(root, path.slice(0, -1));
  const moved = step && parent ? childAt(parent, step) : undefined;
  const other = parent && step ? childAt(parent, { schema: step.schema, key: otherKey }) : undefined;
  if (!parent || !moved || !other) return false;
  parent.children = parent.children.filter((c) => c !== moved);
  parent.children.splice(parent.children.indexOf(other) + (where === "after" ? 1 : 0), 0, moved);
  return true;
}

/** Puts what stands at `from` at `to` as well. */
export function copyStatement(root: Statement, from: readonly Step[], to: readonly Step[]): void {
  const source = statementAt(root, from);
  setStatement(root, to);
  const target = statementAt(root, to);
  if (source && target) target.children = cloneStatement(source).children;
}
