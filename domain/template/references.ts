import { templateNameOf, type TemplateReference } from "../contract/template.ts";
import { descendants, type Expr, type Template } from "../jinja/ast.ts";

const HOW = { Include: "include", Extends: "extends", Import: "import", FromImport: "import" } as const;

/** Which other templates it names, in order. A name that is computed is null: it is known only when it is rendered. */
export function referencesIn(template: Template): Omit<TemplateReference, "exists">[] {
  const found: Omit<TemplateReference, "exists">[] = [];
  for (const node of descendants(template)) {
    if (node.type !== "Include" && node.type !== "Extends" && node.type !== "Import" && node.type !== "FromImport")
      continue;
    for (const name of namesOf(node.template)) found.push({ name, how: HOW[node.type], line: node.line });
  }
  return found;
}

/** `"a"`, `["a", "b"]`, and `"a" if x else "b"` name theirs. */
function namesOf(node: Expr): (string | null)[] {
  if (node.type === "Const" && typeof node.value === "string") return [templateNameOf(node.value)];
  if (node.type === "Tuple" || node.type === "List") return node.items.flatMap(namesOf);
  if (node.type === "CondExpr") return [...namesOf(node.whenTrue), ...(node.whenFalse ? namesOf(node.whenFalse) : [])];
  return [null];
}

const STATEMENT = /\{%[-+]?\s*(?:include|extends|import|from)\b[\s\S]*?%\}/g;
const LITERAL = /(["'])([^"'\\\n]+)\1/g;

/**
 * The source with one name in place of another where it includes, extends or imports. `replaced` is how many there were:
 * text that only looks like a statement may be among them, which the caller finds out by counting.
 */
export function renameReferences(source: string, from: string, to: string): { source: string; replaced: number } {
  let replaced = 0;
  const renamed = source.replace(STATEMENT, (statement) =>
    statement.replace(LITERAL, (literal, quote: string, name: string) => {
      if (templateNameOf(name) !== from) return literal;
      replaced += 1;
      return `${quote}${to}${name.slice(from.length)}${quote}`;
    }),
  );
  return { source: renamed, replaced };
}
