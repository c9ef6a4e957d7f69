/** What an order is made of: a name, and the names that come before it. */
export type Node = { name: string; depends_on: readonly string[] };

/** A way round in a circle, its first name once more at its end (`a`, `b`, `a`); null when there is none. */
export function findCycle(nodes: readonly Node[]): string[] | null {
  const byName = new Map(nodes.map((n) => [n.name, n]));
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): string[] | null => {
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    if (done.has(name)) return null;
    path.push(name);
    for (const before of byName.get(name)?.depends_on ?? []) {
      const cycle = visit(before);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(name);
    return null;
  };
  for (const { name } of nodes) {
    const cycle = visit(name);
    if (cycle) return cycle;
  }
  return null;
}

/** Each behind all that it depends on; where that leaves a choice, in the order in which they were given. */
export function inOrder<T extends Node>(nodes: readonly T[]): T[] {
  const left = [...nodes];
  const placed = new Set<string>();
  const known = new Set(nodes.map((n) => n.name));
  const ordered: T[] = [];
  while (left.length > 0) {
    const next = left.findIndex((n) => n.depends_on.every((d) => placed.has(d) || !known.has(d)));
    const [node] = left.splice(next, 1);
    if (next < 0 || node === undefined) throw new Error("a circle has no order");
    placed.add(node.name);
    ordered.push(node);
  }
  return ordered;
}
