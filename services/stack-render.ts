import type { ErrorDetail } from "../domain/contract/errors.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import type { FrozenVariable } from "../domain/contract/stack.ts";
import type { EffectiveVariable } from "../domain/contract/variables.ts";
import { valuesOf, type Layer } from "../domain/variables/effective.ts";
import type { Db } from "../db/client.ts";
import { findTemplatesByName, type StoredTemplate } from "../db/queries/templates.ts";
import type { Vault } from "../system/vault.ts";
import type { Renderer } from "./renderer.ts";
import { linesOf } from "./stack-lines.ts";
import { deviceLayers } from "./template-devices.ts";
import { faultSentence, faultTemplate } from "./template-faults.ts";
import { renderItems } from "./template-render.ts";
import { effectiveVariables } from "./variables.ts";

export type RenderTarget = { id: string; name: string; device_type: PlatformId };
export type RenderedService = {
  template: StoredTemplate;
  targets: {
    device: RenderTarget;
    lines: string[];
    /** Of the delete template; null where there is none. */
    deleteLines: string[] | null;
    variables: Record<string, FrozenVariable>;
  }[];
};

/** Renders a service's templates for each of its devices. Every fault is told, with the device that it is about. */
export async function renderService(
  deps: { db: Db; vault: Vault; renderer: Renderer },
  service: {
    path: string;
    template: StoredTemplate;
    devices: readonly RenderTarget[];
    /** What stands before the variables that are stored for a device. */
    layersOf: (device: RenderTarget) => readonly Layer[];
  },
): Promise<{ rendered: RenderedService; faults: ErrorDetail[] }> {
  const { db } = deps;
  const { template, devices, path } = service;
  const faults: ErrorDetail[] = [];
  const base = await deviceLayers(
    db,
    devices.map((d) => d.id),
  );
  const merged: EffectiveVariable[][] = [];
  for (const device of devices)
    merged.push((await effectiveVariables(db, device.id, service.layersOf(device))).variables);
  const items = devices.map((device, i) => [
    ...(base.get(device.id)?.layers ?? []),
    JSON.stringify(valuesOf(merged[i] ?? [])),
  ]);
  const undo = template.delete_template_id === null ? undefined : await findById(db, template.delete_template_id);
  const texts = async (of: StoredTemplate): Promise<(string | null)[]> => {
    const outcomes = await renderItems(db, deps.renderer, { source: of.content, options: of.options, items });
    return outcomes.map((outcome, i) => {
      if (!("fault" in outcome)) return outcome.rendered;
      const { code, sentence } = faultSentence(outcome.fault);
      const where = `template ${faultTemplate(outcome.fault) ?? of.name}`;
      const { line, column } = outcome.fault;
      faults.push({
        path,
        code,
        message: `${devices[i]?.name ?? ""}, ${where}: ${sentence}`,
        ...(line === null ? {} : { line }),
        ...(column === null ? {} : { column }),
      });
      return null;
    });
  };
  const wanted = await texts(template);
  const removal = undo ? await texts(undo) : undefined;
  const targets: RenderedService["targets"] = [];
  for (const [i, device] of devices.entries()) {
    const lines = async (text: string | null | undefined): Promise<string[] | null> => {
      if (text === null || text === undefined) return null;
      const made = await linesOf(db, deps.vault, { platform: device.device_type, text, path, device: device.name });
      faults.push(...made.faults);
      return made.lines;
    };
    targets.push({
      device,
      lines: (await lines(wanted[i])) ?? [],
      deleteLines: await lines(removal?.[i]),
      variables: Object.fromEntries(
        (merged[i] ?? []).map(({ name, value, is_secret, origin }) => [name, { value, is_secret, origin }]),
      ),
    });
  }
  return { rendered: { template, targets }, faults };
}

async function findById(db: Db, id: string): Promise<StoredTemplate | undefined> {
  const [row] = await db<{ name: string }[]>`select name from templates where id = ${id} and deleted_at is null`;
  return row ? (await findTemplatesByName(db, [row.name]))[0] : undefined;
}
