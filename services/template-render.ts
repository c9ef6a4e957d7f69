import {
  templateNameOf,
  type Rendered,
  type RenderDevices,
  type RenderFailure,
  type RenderGroup,
  type RenderSource,
  type RenderStored,
  type TemplateOptions,
  type TemplateVariable,
} from "../domain/contract/template.ts";
import type { Db } from "../db/client.ts";
import type { Ctx } from "./context.ts";
import { requirePermission } from "./mutate.ts";
import type { Inspected, RenderOutcome } from "./render-job.ts";
import type { Renderer } from "./renderer.ts";
import { deviceLayers } from "./template-devices.ts";
import { faultError, faultSentence, faultTemplate } from "./template-faults.ts";
import { mustFindTemplate, mustFindVersion } from "./template-find.ts";
import { includable, includedTemplates } from "./template-includes.ts";

export const DEFAULT_OPTIONS: TemplateOptions = {
  trim_blocks: false,
  lstrip_blocks: false,
  keep_trailing_newline: false,
  undefined: "strict",
};

/** Reads one source; a fault in it is the caller's error. */
export async function inspectOne(
  renderer: Renderer,
  source: string,
  options: TemplateOptions,
): Promise<Exclude<Inspected, { fault: unknown }>> {
  const [read] = await renderer.inspect([{ source, options }]);
  if (!read) throw new Error("a source was read without a result");
  if ("fault" in read) throw faultError(read.fault);
  return read;
}

type Work = { source: string; options: TemplateOptions; given?: Record<string, string>; items: string[][] };

/** Renders a source once for each item, with the stored templates that it includes. A fault of its syntax is thrown. */
export async function renderItems(
  db: Db,
  renderer: Renderer,
  { source, options, given = {}, items }: Work,
): Promise<RenderOutcome[]> {
  const own = await inspectOne(renderer, source, options);
  const others = await renderer.inspect(Object.values(given).map((text) => ({ source: text, options })));
  // A given one that cannot be read is told of where it is included.
  const named = others.flatMap((read) => ("fault" in read ? [] : read.references));
  const templates = await includable(db, [...own.references, ...named], given);
  return renderer.render({ source, options, templates, items });
}

/** `variables` are texts of JSON objects, the later ones before the earlier ones. */
async function renderOne(
  db: Db,
  renderer: Renderer,
  work: Omit<Work, "items">,
  variables: string[],
): Promise<Rendered> {
  const [outcome] = await renderItems(db, renderer, { ...work, items: [variables] });
  if (!outcome) throw new Error("a template was rendered without a result");
  if ("fault" in outcome) throw faultError(outcome.fault);
  return outcome;
}

/** Renders a text that is not stored. `variables` is their JSON as it was sent. */
export async function renderSource(
  ctx: Ctx,
  renderer: Renderer,
  { content, templates = {}, device, options = DEFAULT_OPTIONS }: Omit<RenderSource, "variables">,
  variables: string,
): Promise<Rendered> {
  requirePermission(ctx, "templates:read");
  const given = Object.fromEntries(Object.entries(templates).map(([name, text]) => [templateNameOf(name), text]));
  const layers = [...(await layersOf(ctx, device)), variables];
  return renderOne(ctx.pool, renderer, { source: content, options, given }, layers);
}

export async function renderStored(
  ctx: Ctx,
  renderer: Renderer,
  name: string,
  { device, version }: Omit<RenderStored, "variables">,
  variables: string,
): Promise<Rendered> {
  requirePermission(ctx, "templates:read");
  const work = await storedSource(ctx.pool, name, version);
  return renderOne(ctx.pool, renderer, work, [...(await layersOf(ctx, device)), variables]);
}

async function layersOf(ctx: Ctx, device: string | undefined): Promise<string[]> {
  if (device === undefined) return [];
  requireDeviceRights(ctx);
  return (await deviceLayers(ctx.pool, [device])).get(device)?.layers ?? [];
}

/** A template can print all that it knows of a device. */
function requireDeviceRights(ctx: Ctx): void {
  requirePermission(ctx, "devices:read");
  requirePermission(ctx, "variables:read");
}

async function storedSource(
  db: Db,
  name: string,
  version: number | undefined,
): Promise<{ source: string; options: TemplateOptions }> {
  const template = await mustFindTemplate(db, name);
  const { content, options } = version === undefined ? template : await mustFindVersion(db, template, version);
  return { source: content, options };
}

/** Renders for many devices; those with the same output are one group. */
export async function renderForDevices(
  ctx: Ctx,
  renderer: Renderer,
  name: string,
  { devices, version, content, options }: Omit<RenderDevices, "variables">,
  variables: string,
): Promise<{ groups: RenderGroup[]; failures: RenderFailure[] }> {
  requirePermission(ctx, "templates:read");
  requireDeviceRights(ctx);
  const stored = await storedSource(ctx.pool, name, version);
  const known = await deviceLayers(ctx.pool, devices);
  // A device that was named twice, by name and by id, is one.
  const targets = [...new Map([...known.values()].map((t) => [t.device.id, t])).values()];
  const outcomes = await renderItems(ctx.pool, renderer, {
    source: content ?? stored.source,
    options: options ?? stored.options,
    items: targets.map(({ layers }) => [...layers, variables]),
  });
  const groups = new Map<string, RenderGroup>();
  const failures: RenderFailure[] = [];
  for (const [i, outcome] of outcomes.entries()) {
    const device = targets[i]?.device.name ?? "";
    if ("fault" in outcome) {
      const { line, column } = outcome.fault;
      const { code, sentence } = faultSentence(outcome.fault);
      failures.push({ device, code, error: sentence, line, column, template: faultTemplate(outcome.fault) });
      continue;
    }
    const group = groups.get(outcome.rendered);
    if (group) group.devices.push(device);
    else groups.set(outcome.rendered, { ...outcome, devices: [device] });
  }
  return { groups: [...groups.values()].sort((a, b) => b.devices.length - a.devices.length), failures };
}

export async function variablesOfSource(ctx: Ctx, renderer: Renderer, content: string): Promise<TemplateVariable[]> {
  requirePermission(ctx, "templates:read");
  return (await inspectOne(renderer, content, DEFAULT_OPTIONS)).variables;
}

/** What a stored template and those that it includes want to be given. */
export async function variablesOfStored(ctx: Ctx, renderer: Renderer, name: string): Promise<TemplateVariable[]> {
  requirePermission(ctx, "templates:read");
  const { source, options } = await storedSource(ctx.pool, name, undefined);
  const own = await inspectOne(renderer, source, options);
  // A computed name may be any template: what all of them want says nothing of this one.
  const named = own.references.filter((r) => r.name !== null);
  const included = (await includedTemplates(ctx.pool, named)).filter(
    (t) => t.name.toLowerCase() !== name.toLowerCase(),
  );
  const read = await renderer.inspect(included.map((t) => ({ source: t.content, options })));
  const found = new Map(own.variables.map((v) => [v.name, v]));
  for (const [i, one] of read.entries()) {
    const template = included[i]?.name;
    if ("fault" in one || template === undefined) continue;
    for (const variable of one.variables)
      if (!found.has(variable.name)) found.set(variable.name, { ...variable, template });
  }
  return [...found.values()];
}
