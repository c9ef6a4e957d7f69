import { AppError, Conflict, DeviceFailure, Invalid, NotFound } from "../domain/contract/errors.ts";
import { FAILURES } from "../domain/contract/failures.ts";
import type { CommandRead } from "../domain/contract/messages.ts";
import type { BulkShowOutput, ShowOutput, ShowRequest } from "../domain/contract/parse.ts";
import { parseRead } from "../domain/read/parse-read.ts";
import { getBlob } from "../db/queries/blobs.ts";
import { findDevice, findDevicesByName, type NamedDevice } from "../db/queries/devices.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { parseText } from "./parsing.ts";

/** One read on one device, through a worker. Where rows are asked for and there are none, the answer says why. */
export async function showCommand(
  ctx: Ctx,
  idOrName: string,
  { command, use_textfsm }: ShowRequest,
): Promise<ShowOutput> {
  requirePermission(ctx, "devices:test");
  const device = await findDevice(ctx.pool, idOrName);
  if (!device) throw new NotFound("device", idOrName);
  if (!device.enabled) throw new Conflict("device_disabled", `${disabledSentence(device)}; enable it first`);
  const read = parseRead(device.device_type, command);
  const [answer] = await readOn(ctx, [device], read);
  if (answer === undefined) throw new Error(`a worker gave no result for ${device.name}`);
  if ("error" in answer) throw new DeviceFailure(answer.error.code, answer.error.message);
  return shown(ctx, device, { command: read, use_textfsm }, answer);
}

/** One read on several devices, in the order asked. What one of them lacks stands in its own answer. */
export async function showOnDevices(
  ctx: Ctx,
  idsOrNames: readonly string[],
  { command, use_textfsm }: ShowRequest,
): Promise<BulkShowOutput[]> {
  requirePermission(ctx, "devices:test");
  const known = await findDevicesByName(ctx.pool, idsOrNames);
  const asked = idsOrNames.map((called, i) => {
    const device = known.find((d) => d.id === called.toLowerCase() || d.name.toLowerCase() === called.toLowerCase());
    if (!device)
      throw new Invalid("device_unknown", `there is no device ${JSON.stringify(called)}`, {
        details: [{ path: `devices[${i}]`, code: "device_unknown", message: "does not exist" }],
      });
    return device;
  });
  const devices = [...new Map(asked.map((d) => [d.id, d])).values()];
  const refused = new Map(
    devices.flatMap((device) => {
      const why = whyNotAsked(device, command);
      return why === null ? [] : [[device.id, why] as const];
    }),
  );
  const answers = await readOn(
    ctx,
    devices.filter((d) => !refused.has(d.id)),
    command.trim(),
  );
  return Promise.all(
    devices.map(async (device) => {
      const read = answers.find((answer) => answer.deviceId === device.id);
      const error = refused.get(device.id) ?? (read !== undefined && "error" in read ? read.error : undefined);
      if (error !== undefined) return { device: device.name, command, error };
      if (read === undefined || "error" in read) throw new Error(`a worker gave no result for ${device.name}`);
      return shown(ctx, device, { command: command.trim(), use_textfsm }, read);
    }),
  );
}

type Why = { code: string; message: string; what_to_do: string };

const disabledSentence = ({ name, disabled_reason }: Pick<NamedDevice, "name" | "disabled_reason">): string =>
  `${name} is disabled (${disabled_reason ?? "no reason given"})`;

function whyNotAsked(device: NamedDevice, command: string): Why | null {
  if (!device.enabled)
    return { code: "device_disabled", message: disabledSentence(device), what_to_do: FAILURES.device_disabled };
  try {
    parseRead(device.device_type, command);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, message: error.message, what_to_do: FAILURES.command_not_a_read };
  }
}

async function readOn(
  ctx: Ctx,
  devices: readonly Pick<NamedDevice, "id" | "name">[],
  command: string,
): Promise<CommandRead[]> {
  if (devices.length === 0) return [];
  // A login on a device is worth a record, though it changes nothing.
  await mutate(ctx, "devices:test", "device.show", async (_db, note) => {
    note(devices.length === 1 ? (devices[0]?.name ?? null) : null, { command, devices: devices.map((d) => d.name) });
  });
  return ctx.engine.readCommand(
    devices.map((d) => d.id),
    command,
  );
}

async function shown(
  ctx: Ctx,
  device: Pick<NamedDevice, "name" | "device_type">,
  { command, use_textfsm }: { command: string; use_textfsm: boolean | undefined },
  { ref, read_at }: Extract<CommandRead, { ref: string }>,
): Promise<ShowOutput> {
  const output = await getBlob(ctx.pool, ctx.vault, ref);
  const answer: ShowOutput = { device: device.name, command, output, hash: ref, read_at };
  if (use_textfsm !== true) return answer;
  try {
    return { ...answer, ...parseText(device.device_type, command, output) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...answer, parse_error: { code: error.code, message: error.message } };
  }
}
