import { applyLines } from "../../../../domain/config/apply.ts";
import { countHunks, diffTrees } from "../../../../domain/config/diff.ts";
import { parseLines } from "../../../../domain/config/lines.ts";
import { parseConfig } from "../../../../domain/config/parse.ts";
import { TEMPLATE_SUFFIXES, templateNameOf, type TemplateOptions } from "../../../../domain/contract/template.ts";
import { JinjaError } from "../../../../domain/jinja/errors.ts";
import { compile, findVariables } from "../../../../domain/jinja/index.ts";
import { parseTemplate } from "../../../../domain/jinja/parse/template.ts";
import { Dict, type Value } from "../../../../domain/jinja/values.ts";
import { parseExact } from "../../../../domain/template/exact-json.ts";
import { referencesIn } from "../../../../domain/template/references.ts";
import type { Fault } from "./problems.ts";
import type {
  DiffAnswer,
  DiffRequest,
  Numbered,
  Output,
  RenderAnswer,
  RenderRequest,
  Reply,
  Request,
} from "./render-messages.ts";

/*
 * Runs beside the page with the engine that the server has, so that what shows here is what the server will say. It knows
 * nothing but the request; who asked ends it when it takes too long.
 */

self.addEventListener("message", ({ data }: MessageEvent<Numbered<Request>>) => {
  self.postMessage({ id: data.id, body: answer(data.body) } satisfies Reply);
});

function answer(request: Request): Reply["body"] {
  try {
    return request.op === "render" ? render(request) : diff(request);
  } catch (error) {
    return { op: "broken", why: error instanceof Error ? error.message : String(error) };
  }
}

function render({ source, options, templates, layers }: RenderRequest): RenderAnswer {
  const nothing: RenderAnswer = { op: "render", variables: [], references: [], output: null, holes: null, fault: null };
  const read = attempt(() => ({
    variables: findVariables(source, options),
    references: referencesIn(
      parseTemplate(source, {
        trimBlocks: options.trim_blocks,
        lstripBlocks: options.lstrip_blocks,
        keepTrailingNewline: options.keep_trailing_newline,
      }),
    ),
  }));
  if ("fault" in read) return { ...nothing, fault: read.fault };
  const output = attempt(() => print(source, options, templates, layers));
  if (!("fault" in output)) return { ...nothing, ...read, output };
  const missing = output.fault.kind === "UndefinedError" && options.undefined === "strict";
  const holes = missing
    ? attempt(() => print(source, { ...options, undefined: "default" }, templates, layers))
    : output;
  return { ...nothing, ...read, fault: output.fault, holes: "fault" in holes ? null : holes };
}

function print(source: string, options: TemplateOptions, templates: Record<string, string>, layers: string[]): Output {
  const called = Object.entries(templates).flatMap(([name, text]) =>
    ["", ...TEMPLATE_SUFFIXES].map((suffix) => [`${name}${suffix}`, text]),
  );
  const template = compile(source, { ...options, templates: Object.fromEntries(called) });
  const { rendered, source_map } = template.render(merged(layers), { sourceMap: true });
  return {
    rendered,
    source_map: source_map.map(({ sources, variables }) => ({
      sources: sources.map(({ template: name, line }) =>
        name === undefined ? { line } : { template: templateNameOf(name), line },
      ),
      variables: [...variables],
    })),
  };
}

/** One dict of all layers: of one name, the value in the last of them. */
function merged(layers: readonly string[]): Dict {
  const all = new Map<string, Value>();
  for (const layer of layers) {
    const read = parseExact(layer);
    if (!(read instanceof Dict)) throw new Error("variables are no object");
    for (const [name, value] of read.entries.values()) if (typeof name === "string") all.set(name, value);
  }
  return Dict.of(all);
}

/** What goes wrong in a template is an answer like any other. */
function attempt<T extends object>(work: () => T): T | { fault: Fault } {
  try {
    return work();
  } catch (error) {
    if (error instanceof JinjaError) {
      const { kind, message, place } = error;
      const template = place?.template === undefined ? null : templateNameOf(place.template);
      return { fault: { kind, message, template, line: place?.line ?? null, column: place?.column ?? null } };
    }
    // The stack, or the longest string that there can be, has ended before a bound of the engine did.
    if (error instanceof RangeError)
      return {
        fault: {
          kind: "LimitReached",
          message: `it needs more than a template may take (${error.message})`,
          template: null,
          line: null,
          column: null,
        },
      };
    throw error;
  }
}

function diff({ platform, running, rendered }: DiffRequest): DiffAnswer {
  const { lines, problems } = parseLines(platform, rendered);
  if (problems.length > 0)
    return {
      op: "diff",
      hunks: [],
      added: 0,
      removed: 0,
      notes: [],
      problems: problems.map(({ line, message }) => (line === undefined ? message : `Line ${line} ${message}.`)),
    };
  const before = parseConfig(platform, running);
  const { tree, notes } = applyLines(platform, before, lines);
  const hunks = diffTrees(before, tree);
  return { op: "diff", hunks, ...countHunks(hunks), notes, problems: [] };
}
