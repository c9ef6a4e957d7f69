import { descendants, type Block, type Template } from "../ast.ts";
import { JinjaError } from "../errors.ts";
import { parseTemplate } from "../parse/template.ts";
import { pythonQuote } from "../quote.ts";
import { superOf, TemplateReference } from "../run/block-reference.ts";
import type { BlockCode, Context } from "../run/context.ts";
import { Frame } from "../run/frame.ts";
import type { CompiledTemplate, EngineOptions } from "../run/templates.ts";
import { analyseAll, findUndeclared } from "./analyse.ts";
import { failCompile, type Compiler } from "./compiler.ts";
import { compileExpression } from "./expressions.ts";
import { foldEngine } from "./fold-engine.ts";
import { Layout } from "./layout.ts";
import { Provenance } from "./provenance.ts";
import { enterScope, rootScope, type EscapeKnown } from "./scope.ts";
import { compileBody } from "./statements.ts";

/** Throws a JinjaError of kind TemplateSyntaxError or TemplateAssertionError. */
export function compileTemplate(source: string, options: EngineOptions, about: About): CompiledTemplate {
  try {
    return compileParsed(parseTemplate(source, options.space), options, about);
  } catch (error) {
    if (error instanceof JinjaError && error.place !== undefined && about.name !== undefined)
      error.place = { template: about.name, ...error.place };
    throw error;
  }
}

type About = { name: string | undefined; mapped: boolean; onLookUp?: (name: string) => void };

function compileParsed(template: Template, options: EngineOptions, about: About): CompiledTemplate {
  const folding = foldEngine(options);
  const compiler: Compiler = {
    options,
    templateName: about.name,
    mapped: about.mapped,
    line: 1,
    extendsSoFar: 0,
    hasKnownExtends: false,
    expression: (node, scope) => compileExpression(compiler, node, scope),
    body: (nodes, scope) => compileBody(compiler, nodes, scope),
    onLookUp: about.onLookUp ?? (() => undefined),
    foldEngine: folding,
    constants: new WeakMap(),
    provenance: new Provenance(),
  };
  const escape: EscapeKnown = { autoescape: options.autoescape, volatile: false };
  const blocks = findBlocks(template);
  const print = compileRoot(compiler, template, escape);
  return { name: about.name, print, blocks: blocks.map((block) => compileBlockCode(compiler, block, escape)) };
}

function findBlocks(template: Template): Block[] {
  const blocks = new Map<string, Block>();
  for (const node of descendants(template)) {
    if (node.type !== "Block") continue;
    if (blocks.has(node.name)) failCompile(`block ${pythonQuote(node.name)} defined twice`, node.line);
    blocks.set(node.name, node);
  }
  return [...blocks.values()];
}

function compileRoot(compiler: Compiler, template: Template, escape: EscapeKnown): (context: Context) => void {
  const layout = new Layout(undefined);
  const hasExtends = [...descendants(template)].some((node) => node.type === "Extends");
  const scope = rootScope(layout, escape, true, hasExtends);
  const self = findUndeclared(template.body, ["self"]).has("self") ? scope.symbols.declareParameter("self") : undefined;
  analyseAll(scope.symbols, template.body);
  const enter = enterScope(compiler, scope);
  const body = compiler.body(template.body, scope);
  const { templateName } = compiler;
  return (context) =>
    context.run.enter(templateName, () => {
      const frame = new Frame(layout.size, context);
      if (self !== undefined) frame.slots[self.index] = new TemplateReference(context);
      enter(frame);
      body(frame);
      frame.extended?.print(context);
    });
}

/** A block is a function by itself: of what surrounds it, it sees only what is set at the top level. */
function compileBlockCode(compiler: Compiler, block: Block, escape: EscapeKnown): BlockCode {
  compiler.line = block.line;
  const layout = new Layout(undefined);
  const scope = rootScope(layout, escape, false, false);
  const undeclared = findUndeclared(block.body, ["self", "super"]);
  const self = undeclared.has("self") ? scope.symbols.declareParameter("self") : undefined;
  const above = undeclared.has("super") ? scope.symbols.declareParameter("super") : undefined;
  analyseAll(scope.symbols, block.body);
  const enter = enterScope(compiler, scope);
  const body = compiler.body(block.body, scope);
  const { templateName } = compiler;
  const code: BlockCode = {
    name: block.name,
    print: (context) =>
      context.run.enter(templateName, () => {
        const frame = new Frame(layout.size, context);
        if (self !== undefined) frame.slots[self.index] = new TemplateReference(context);
        if (above !== undefined) frame.slots[above.index] = superOf(context, code);
        enter(frame);
        body(frame);
      }),
  };
  return code;
}
