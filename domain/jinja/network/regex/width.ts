import type { Node } from "./syntax.ts";

/** How many characters it matches, if that is always the same number. A reference to a group may match any. */
export function widthOf(node: Node): number | undefined {
  switch (node.type) {
    case "char":
    case "any":
    case "set":
      return 1;
    case "empty":
    case "assert":
    case "look":
      return 0;
    case "sequence":
      return node.items
        .map(widthOf)
        .reduce((sum, width) => (sum === undefined || width === undefined ? undefined : sum + width), 0);
    case "choice":
      return same(node.options.map(widthOf));
    case "conditional":
      return same([widthOf(node.whenSet), widthOf(node.otherwise)]);
    case "repeat": {
      const width = widthOf(node.body);
      return width !== undefined && node.min === node.max ? width * node.min : undefined;
    }
    case "group":
    case "atomic":
    case "flags":
      return widthOf(node.body);
    case "backreference":
      return undefined;
  }
}

const same = (widths: readonly (number | undefined)[]): number | undefined =>
  widths.every((width) => width === widths[0]) ? widths[0] : undefined;
