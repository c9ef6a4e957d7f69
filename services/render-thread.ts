import { parentPort } from "node:worker_threads";
import {
  TEMPLATE_SUFFIXES,
  templateNameOf,
  type SourceMapLine,
  type TemplateOptions,
} from "../domain/contract/template.ts";
import { compile, findVariables, JinjaError, type OutputLine } from "../domain/jinja/index.ts";
import { parseTemplate } from "../domain/jinja/parse/template.ts";
import { Dict, type Value } from "../domain/jinja/values.ts";
import { parseExact } from "../domain/template/exact-json.ts";
import { referencesIn } from "../domain/template/references.ts";
import type { Fault, InspectJob, Inspected, Job, RenderJob, RenderOutcome, Reply } from "./render-job.ts";

/*
 * Runs in a thread of its own (`renderer.ts`), which ends it when it takes too long: nothing here may wait for
 * anything, and nothing here knows more than the job that it was given.
 */

/** What one rendering may give: a configuration of a device is far below it. */
const OUTPUT = 1_048_576;
/** Of computing: a machine that is busy with other things ends no template. What gets by it is ended from outside. */
const TIME_MS = 2_000;
/** Of all renderings of a job together. */
const JOB_OUTPUT = 32 * OUTPUT;
/** Of all maps of a job together: they are larger than the output, and people look at few lines. */
const MAPPED_LINES = 100_000;

const port = parentPort;
if (port === null) throw new Error("this is the code of a thread");
const say = (reply: Reply): void => port.postMessage(reply);

port.on("message", (job: Job) => {
  say({ said: "taken" });
  try {
    if (job.op === "inspect") for (const item of job.items) say({ said: "result", result: inspect(item) });
    else render(job);
    say({ said: "done" });
  } catch (error) {
    say({ said: "broken", why: error instanceof Error ? `${error.stack}` : String(error) });
  }
});

function inspect({ source, options }: InspectJob["items"][number]): Inspected {
  return attempt(() => {
    const variables = findVariables(source, options);
    const template = parseTemplate(source, {
      trimBlocks: options.trim_blocks,
      lstripBlocks: options.lstrip_blocks,
      keepTrailingNewline: options.keep_trailing_newline,
    });
    return { variables, references: referencesIn(template) };
  });
}

function render({ source, templates, options, items }: RenderJob): void {
  let left = JOB_OUTPUT;
  let linesLeft = MAPPED_LINES;
  const seen = new Set<string>();
  const compiled = attempt(() => ({ template: compileWith(source, templates, options) }));
  for (const layers of items) {
    const result: RenderOutcome =
      "fault" in compiled
        ? compiled
        : left <= 0
          ? tooMuch
          : attempt(() => {
              const { rendered, source_map } = compiled.template.render(merged(layers), { sourceMap: true });
              // Devices with the same output are looked at once.
              return { rendered, source_map: seen.has(rendered) ? [] : source_map.slice(0, linesLeft).map(mapped) };
            });
    if ("rendered" in result) {
      left -= result.rendered.length;
      linesLeft -= result.source_map.length;
      seen.add(result.rendered);
    }
    say({ said: "result", result });
  }
}

const tooMuch: RenderOutcome = {
  fault: {
    kind: "LimitReached",
    message: "would give more output than one request may: render for fewer devices",
    template: null,
    line: null,
    column: null,
  },
};

function compileWith(source: string, templates: Record<string, string>, options: TemplateOptions) {
  const called = Object.entries(templates).flatMap(([name, text]) =>
    ["", ...TEMPLATE_SUFFIXES].map((suffix) => [`${name}${suffix}`, text]),
  );
  return compile(source, {
    ...options,
    templates: Object.fromEntries(called),
    limits: { output: OUTPUT, time: TIME_MS },
    clock: computedMs,
  });
}

function computedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const mapped = ({ sources, variables }: OutputLine): SourceMapLine => ({
  sources: sources.map(({ template, line }) =>
    template === undefined ? { line } : { template: templateNameOf(template), line },
  ),
  variables: [...variables],
});

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
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    return { fault };
  }
}

function faultOf(error: unknown): Fault | undefined {
  if (error instanceof JinjaError) {
    const { kind, message, place } = error;
    return {
      kind,
      message,
      template: place?.template ?? null,
      line: place?.line ?? null,
      column: place?.column ?? null,
    };
  }
  // The stack, or the longest string that there can be, has ended before a bound of the engine did.
  if (error instanceof RangeError)
    return {
      kind: "LimitReached",
      message: `needs more than a template may take (${error.message})`,
      template: null,
      line: null,
      column: null,
    };
  return undefined;
}
