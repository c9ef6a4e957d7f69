import type { Block, Expr, Extends, FromImport, Import, Include } from "../ast.ts";
import { JinjaError } from "../errors.ts";
import { pythonQuote } from "../quote.ts";
import { DONE, rootOf, type Evaluate, type Execute, type Frame } from "../run/frame.ts";
import { contextFor, defaultModule, makeModule, TemplateModule } from "../run/module.ts";
import { isNotFound, type CompiledTemplate } from "../run/templates.ts";
import { NO_OBJECT, Undefined, type Value } from "../values.ts";
import { failCompile, RestIsUnreachable, type Compiler } from "./compiler.ts";
import { originOf } from "./output.ts";
import { localVariables, writeSlot, type Scope } from "./scope.ts";

export function compileBlock(compiler: Compiler, node: Block, scope: Scope): Execute | undefined {
  if (scope.toplevel && compiler.hasKnownExtends) return undefined;
  const asks = scope.toplevel && compiler.extendsSoFar > 0;
  const locals = node.scoped ? localVariables(scope) : undefined;
  compiler.line = node.line;
  const { line } = compiler;
  const { name, required } = node;
  return (frame) => {
    const { run } = frame;
    if (asks && rootOf(frame).extended !== undefined) return DONE;
    run.line = line;
    const context = locals === undefined ? frame.context : frame.context.derive(locals(frame));
    const codes = context.blocks.get(name) ?? [];
    if (required && codes.length <= 1)
      throw new JinjaError("TemplateRuntimeError", `Required block ${pythonQuote(name)} not found`);
    codes[0]?.print(context);
    return DONE;
  };
}

export function compileExtends(compiler: Compiler, node: Extends, scope: Scope): Execute {
  if (!scope.toplevel) failCompile("cannot use extend from a non top-level scope", node.line);
  const { line: before } = compiler;
  const again = compiler.extendsSoFar > 0;
  const failAgain = (): never => {
    throw new JinjaError("TemplateRuntimeError", "extended multiple times");
  };
  if (again && compiler.hasKnownExtends)
    throw new RestIsUnreachable((frame) => {
      frame.run.line = before;
      return failAgain();
    });
  compiler.line = node.line;
  const { line } = compiler;
  const name = compiler.expression(node.template, scope);
  if (scope.rootlevel) compiler.hasKnownExtends = true;
  compiler.extendsSoFar++;
  return (frame) => {
    const { context, run } = frame;
    const root = rootOf(frame);
    if (root.extended !== undefined) {
      run.line = before;
      failAgain();
    }
    run.line = line;
    const template = context.templates.get(name(frame), compiler.mapped);
    root.extended = template;
    for (const block of template.blocks) {
      const codes = context.blocks.get(block.name);
      if (codes === undefined) context.blocks.set(block.name, [block]);
      else codes.push(block);
    }
    return DONE;
  };
}

/** How a template is found by the value of an expression: by one name, or the first of several. */
function compileSelection(compiler: Compiler, node: Expr, scope: Scope): (frame: Frame) => CompiledTemplate {
  const evaluate = compiler.expression(node, scope);
  const { mapped } = compiler;
  const isList = node.type === "Tuple" || node.type === "List";
  const isName = node.type === "Const" && typeof node.value === "string";
  return (frame) => {
    const { templates } = frame.context;
    const wanted = evaluate(frame);
    if (isName || (!isList && (typeof wanted === "string" || wanted instanceof Undefined)))
      return templates.get(wanted, mapped);
    return templates.select(wanted, mapped);
  };
}

export function compileInclude(compiler: Compiler, node: Include, scope: Scope): Execute {
  compiler.line = node.line;
  const { line } = compiler;
  const select = compileSelection(compiler, node.template, scope);
  const locals = localVariables(scope);
  const { ignoreMissing, withContext } = node;
  const origin = originOf(compiler, node.template, scope, line);
  const find = (frame: Frame): CompiledTemplate | undefined => {
    try {
      return select(frame);
    } catch (error) {
      if (ignoreMissing && isNotFound(error)) return undefined;
      throw error;
    }
  };
  return (frame) => {
    const { context, run } = frame;
    run.line = line;
    const template = find(frame);
    if (template === undefined) return DONE;
    if (withContext) {
      template.print(contextFor(template, run, context.templates, context.all(locals(frame))));
    } else {
      const { text } = defaultModule(template, context);
      run.writeFrom(text, origin);
    }
    return DONE;
  };
}

function compileModule(compiler: Compiler, node: Import | FromImport, scope: Scope): (frame: Frame) => TemplateModule {
  const name: Evaluate = compiler.expression(node.template, scope);
  const locals = node.withContext ? localVariables(scope) : undefined;
  return (frame) => {
    const { context, run } = frame;
    const template = context.templates.get(name(frame), compiler.mapped);
    if (locals === undefined) return defaultModule(template, context);
    return makeModule(template, contextFor(template, run, context.templates, context.all(locals(frame))));
  };
}

export function compileImport(compiler: Compiler, node: Import, scope: Scope): Execute {
  compiler.line = node.line;
  const { line } = compiler;
  const store = writeSlot(scope, scope.symbols.slotOf(node.target));
  const load = compileModule(compiler, node, scope);
  const { toplevel } = scope;
  const { target } = node;
  return (frame) => {
    frame.run.line = line;
    const module = load(frame);
    store(frame, module);
    if (toplevel) publishImported(frame, target, module);
    return DONE;
  };
}

/** Others see what a template imported while it runs, but cannot import it from there. */
function publishImported({ context }: Frame, name: string, value: Value): void {
  context.vars.set(name, value);
  context.exported.delete(name);
}

const notExported = (module: TemplateModule, name: string, where: string): string =>
  `the template ${module.quotedName()} (imported on ${where}) does not export the requested name ${pythonQuote(name)}`;

export function compileFromImport(compiler: Compiler, node: FromImport, scope: Scope): Execute {
  compiler.line = node.line;
  const { line } = compiler;
  const load = compileModule(compiler, node, scope);
  const { toplevel } = scope;
  const kind = compiler.options.undefinedKind;
  const where = `line ${node.line}${compiler.templateName === undefined ? "" : ` in ${pythonQuote(compiler.templateName)}`}`;
  const imports = node.names.map(({ name, alias }) => ({
    name,
    alias,
    store: writeSlot(scope, scope.symbols.slotOf(alias)),
  }));
  return (frame) => {
    frame.run.line = line;
    const module = load(frame);
    for (const { name, alias, store } of imports) {
      const exported = module.getAttribute(name);
      const value =
        exported === undefined ? new Undefined(kind, name, NO_OBJECT, notExported(module, name, where)) : exported;
      store(frame, value);
      if (toplevel) publishImported(frame, alias, value);
    }
    return DONE;
  };
}
