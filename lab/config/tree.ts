/** One line of a hierarchical config, with the lines of its section. A banner's text has line ends in it. */
export type ConfigNode = {
  /** The line as the box prints it. */
  text: string;
  /** The line's identity among its siblings: a new line with the same key takes this one's place. */
  key: string;
  /** The mode the line leads into; lines without sub-lines have none. */
  mode: string | undefined;
  /** Where the box prints the line among its siblings, compared part by part; equal places keep the order of entry. */
  place: readonly (number | string)[];
  children: ConfigNode[];
};

export const emptyConfig = (): ConfigNode => ({ text: "", key: "", mode: "config", place: [], children: [] });

export const cloneConfig = (node: ConfigNode): ConfigNode => ({ ...node, children: node.children.map(cloneConfig) });

export const findChild = (node: ConfigNode, key: string): ConfigNode | undefined =>
  node.children.find((child) => child.key === key);

/** The first child whose line matches, with the groups of the match. */
export function lineMatching(node: ConfigNode | undefined, pattern: RegExp): RegExpExecArray | undefined {
  for (const child of node?.children ?? []) {
    const found = pattern.exec(child.text);
    if (found) return found;
  }
  return undefined;
}

function comparePlaces(a: ConfigNode["place"], b: ConfigNode["place"]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === y) continue;
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    return typeof x === "number" && typeof y === "number"
      ? x - y
      : String(x).localeCompare(String(y), "en", { numeric: true });
  }
  return 0;
}

/** Puts the line where the box prints it, or in place of the one with its key. False when nothing changed. */
export function putChild(parent: ConfigNode, child: ConfigNode): boolean {
  const index = parent.children.findIndex((c) => c.key === child.key);
  const old = parent.children[index];
  if (old && old.text === child.text) return false;
  if (old && comparePlaces(old.place, child.place) === 0) {
    parent.children[index] = { ...child, children: old.children };
    return true;
  }
  if (old) parent.children.splice(index, 1);
  const before = parent.children.findIndex((c) => comparePlaces(c.place, child.place) > 0);
  parent.children.splice(
    before < 0 ? parent.children.length : before,
    0,
    old ? { ...child, children: old.children } : child,
  );
  return true;
}

/** Removes the children that `which` names; false when there were none. */
export function removeChildren(parent: ConfigNode, which: (child: ConfigNode) => boolean): boolean {
  const left = parent.children.filter((child) => !which(child));
  const changed = left.length !== parent.children.length;
  if (changed) parent.children = left;
  return changed;
}
