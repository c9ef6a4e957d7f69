import type { FetchedVariable } from "../domain/contract/api-resource.ts";
import { Unprocessable, type ErrorDetail } from "../domain/contract/errors.ts";
import type { FrozenVariables, StackDefinition } from "../domain/contract/stack.ts";
import type { PlannedService } from "../domain/stack/deploy-services.ts";
import type { Layer } from "../domain/variables/effective.ts";
import type { Db } from "../db/client.ts";
import type { ChangeContent } from "../db/queries/changes.ts";
import type { OwnedRow, StackRow } from "../db/queries/stacks.ts";
import { findTemplatesByName } from "../db/queries/templates.ts";
import type { Ctx } from "./context.ts";
import type { Renderer } from "./renderer.ts";
import { renderService, type RenderTarget } from "./stack-render.ts";

/** What one service is to send to each device, before anybody has looked at the devices. */
type ServiceContent = {
  planned: PlannedService;
  template: string;
  templateVersion: number | null;
  targets: ChangeContent["targets"];
};

const ofDevice = (all: StackDefinition["device_variables"], device: string): Record<string, unknown> =>
  Object.entries(all).find(([name]) => name.toLowerCase() === device.toLowerCase())?.[1] ?? {};

/** Renders every service for its devices; what is to be taken off comes from what was kept when it got there. */
export async function contentOf(
  ctx: Ctx,
  db: Db,
  renderer: Renderer,
  {
    stack,
    owned,
    devices,
    services,
    fetched,
    given,
  }: {
    stack: StackRow;
    owned: readonly OwnedRow[];
    devices: ReadonlyMap<string, RenderTarget>;
    services: readonly PlannedService[];
    fetched: readonly FetchedVariable[];
    /** Variables of this deploy alone. */
    given: Record<string, unknown>;
  },
): Promise<{ contents: ServiceContent[]; variables: FrozenVariables }> {
  const { definition } = stack;
  const faults: ErrorDetail[] = [];
  const variables: FrozenVariables = {};
  const contents: ServiceContent[] = [];
  const templates = new Map(
    (
      await findTemplatesByName(
        db,
        definition.services.map((s) => s.template),
      )
    ).map((t) => [t.name.toLowerCase(), t]),
  );
  for (const planned of services) {
    const targets = planned.devices.flatMap((name) => devices.get(name.toLowerCase()) ?? []);
    if (planned.action === "remove") {
      const rows = owned.filter((o) => o.service === planned.service);
      contents.push({
        planned,
        template: rows[0]?.template ?? "",
        templateVersion: rows[0]?.template_version ?? null,
        targets: targets.map((d) => ({
          device_id: d.id,
          device: d.name,
          lines: rows.find((o) => o.device_id === d.id)?.delete_lines ?? [],
        })),
      });
      continue;
    }
    const index = definition.services.findIndex((s) => s.name === planned.service);
    const service = definition.services[index];
    const path = `services[${index}].template`;
    const template = service && templates.get(service.template.toLowerCase());
    if (!service || !template) {
      faults.push({
        path,
        code: "template_unknown",
        message: `there is no template ${JSON.stringify(service?.template ?? "")}`,
      });
      continue;
    }
    const unfit = targets.filter(
      (d) => template.vendor_types.length > 0 && !template.vendor_types.includes(d.device_type),
    );
    for (const device of unfit)
      faults.push({
        path,
        code: "template_platform",
        message: `${template.name} is made for ${template.vendor_types.join(", ")}; ${device.name} is a ${device.device_type} device`,
      });
    if (unfit.length > 0) continue;
    const layersOf = (device: RenderTarget): Layer[] => [
      ...fetched.map(({ name, value, source }): Layer => ({
        origin: { kind: "api", id: source.resource_id, name: source.resource },
        variables: { [name]: value },
      })),
      {
        origin: { kind: "stack", id: stack.id, name: `${definition.name}, for ${device.name}` },
        variables: ofDevice(definition.device_variables, device.name),
      },
      { origin: { kind: "stack", id: stack.id, name: definition.name }, variables: definition.shared_variables },
      { origin: { kind: "service", id: null, name: service.name }, variables: service.variables },
      { origin: { kind: "run", id: null, name: "this deploy" }, variables: given },
    ];
    const made = await renderService(
      { db, vault: ctx.vault, renderer },
      { path, template, devices: targets, layersOf },
    );
    faults.push(...made.faults);
    variables[service.name] = Object.fromEntries(made.rendered.targets.map((t) => [t.device.name, t.variables]));
    contents.push({
      planned,
      template: template.name,
      templateVersion: template.version,
      targets: made.rendered.targets.map((t) => ({
        device_id: t.device.id,
        device: t.device.name,
        lines: t.lines,
        ...(t.deleteLines === null ? {} : { delete_lines: t.deleteLines }),
      })),
    });
  }
  const [first] = faults;
  if (first)
    throw new Unprocessable(first.code ?? "render_failed", `${first.path}: ${first.message}`, { details: faults });
  return { contents, variables };
}
