import { childrenOf, type Node, type Template } from "../ast.ts";
import { JinjaError } from "../errors.ts";

/** Python gives up at about as many. */
const LONGEST = 900;

/**
 * `a + b + c + …` and `a | f | g | …` lie in each other without any bracket. What walks the tree later calls itself once
 * a level, so trees too deep for the stack are refused here; this walk alone keeps a list instead.
 */
export function refuseLongChains(template: Template): void {
  const waiting: { node: Node; depth: number }[] = [{ node: template, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    if (depth > LONGEST)
      throw new JinjaError("RecursionError", "maximum recursion depth exceeded", { line: node.line });
    if (node.type === "TemplateData" || node.type === "Const" || node.type === "Name") continue;
    for (const child of childrenOf(node)) waiting.push({ node: child, depth: depth + 1 });
  }
}
