import type { PlanTarget } from "../domain/contract/change.ts";
import { planTarget, leftOut, type SendingWay, type TargetFacts } from "../domain/change/plan-target.ts";
import { normaliseConfig } from "../domain/config/parse.ts";
import { secretValues } from "../domain/config/secrets.ts";
import { languages } from "../domain/platforms/index.ts";
import { serviceLines } from "../domain/stack/service-lines.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import type { Pool } from "../db/client.ts";
import type { ChangeContent } from "../db/queries/changes.ts";
import { putSecret, secretRef } from "../db/queries/secrets.ts";
import type { ServicePlace, StackPart } from "../db/queries/stack-deploys.ts";
import { loadAccess } from "../devices/access.ts";
import { failure, isFailure } from "../devices/failures.ts";
import { platforms } from "../devices/platforms/index.ts";
import { readRunningConfig } from "../devices/read.ts";
import type { Sessions } from "../devices/sessions.ts";
import type { Vault } from "../system/vault.ts";
import { keepDeviceState } from "./device-state.ts";
import { nameFailure } from "./name-failure.ts";

type Deps = { pool: Pool; vault: Vault; sessions: Sessions };
type Asked = {
  content: ChangeContent;
  deviceId: string;
  signal: AbortSignal;
  /** Of a change that is a service of a stack: what the service owns here, and what comes before it. */
  place?: ServicePlace | undefined;
};
export type PlannedDevice = {
  target: PlanTarget;
  /** As it was read; null when the device is left out. */ config: string | null;
  /** Of a service of a stack. */
  part: StackPart | null;
};

const NOT_WHOLLY =
  "what the service put here before and does not want any more cannot be taken away wholly by lines: compare by hand";

/** Reads a device and computes what the change would do to it now. A device that cannot be reached is left out, by name. */
export async function planDevice(
  { pool, vault, sessions }: Deps,
  { content, deviceId, signal, place }: Asked,
): Promise<PlannedDevice> {
  const facts = await loadFacts(pool, deviceId);
  const lines = content.targets.find((t) => t.device_id === deviceId)?.lines ?? [];
  const way = sendingWay(facts.device_type, content.confirm_minutes);
  try {
    if (way === null)
      throw failure(
        "wrong_platform",
        `${facts.device} is a ${languages[facts.device_type].label} device, which NetStacks only reads; leave it out of the change`,
      );
    const access = await loadAccess(pool, vault, deviceId);
    const readConfig = () =>
      sessions.use(
        access,
        "read",
        async (session, { latencyMs }) => ({ config: await readRunningConfig(session), latencyMs }),
        { signal },
      );
    // A kept session may have died without a word; reading again, on a new one, harms nothing.
    const { config, latencyMs } = await readConfig().catch((error: unknown) => {
      if (!signal.aborted && isFailure(error, "connection_lost", "timeout_idle")) return readConfig();
      throw error;
    });
    await keepDeviceState(pool, deviceId, { error: null, latencyMs });
    let part: StackPart | null = null;
    const target = planTarget({
      facts,
      way,
      hostKey: access.hostKey?.fingerprint ?? null,
      config,
      baseHash: `hmac:${vault.hmac("blob", normaliseConfig(facts.device_type, config)).toString("hex").slice(0, 32)}`,
      lines,
      mask: (value) => secretRef(vault, value),
      prepare:
        place &&
        ((running) => {
          const before = place.before.reduce(
            (tree, work) => serviceLines(facts.device_type, tree, work).after,
            running,
          );
          const mine = serviceLines(facts.device_type, before, place.work);
          part = { removes: mine.removes, reverse: mine.reverse };
          return { before, lines: mine.lines, notes: mine.complete ? [] : [NOT_WHOLLY] };
        }),
    });
    refuseLostText(target);
    await keepSecretsOf(pool, vault, target, part, config);
    return { target, config, part };
  } catch (error) {
    if (signal.aborted) throw error;
    const named = nameFailure(error);
    if (way !== null) await keepDeviceState(pool, deviceId, { error: named, latencyMs: null });
    const none = { mode: "line", transaction: "none", confirm_minutes: 0 } as const;
    return { target: leftOut(facts, way ?? none, lines, named), config: null, part: null };
  }
}

/** Bytes that are no UTF-8 are shown by a stand-in: sent back, that would be another text than the one that was there. */
function refuseLostText({ device, rollback_lines }: PlanTarget): void {
  const lost = rollback_lines.find((line) => line.includes("\ufffd"));
  if (lost !== undefined)
    throw failure(
      "text_undecodable",
      `the way back on ${device} would need the line “${lost.trim().slice(0, 200)}”, which holds bytes that are no UTF-8`,
    );
}

/** A way back that holds a secret of the device must be able to fill it in again. */
async function keepSecretsOf(
  pool: Pool,
  vault: Vault,
  target: PlanTarget,
  part: StackPart | null,
  config: string,
): Promise<void> {
  const back = [...target.rollback_lines, ...(part?.removes ?? []), ...(part?.reverse ?? [])];
  if (!back.some((line) => line.includes("secret://"))) return;
  for (const value of new Set(secretValues(target.device_type, config)))
    if (back.some((line) => line.includes(secretRef(vault, value))))
      await putSecret(pool, vault, value, "rollback_line");
}

async function loadFacts(pool: Pool, deviceId: string): Promise<TargetFacts> {
  const [row] = await pool<
    TargetFacts[]
  >`select name as device, id as device_id, device_type, site, host, is_lab from devices where id = ${deviceId}`;
  if (!row) throw failure("device_disabled", "the device was deleted");
  return { ...row };
}

/** How lines get onto this platform, and the words for it; null where nothing is ever sent. */
export function sendingWay(platform: PlatformId, confirmMinutes: number): SendingWay | null {
  const { transaction } = platforms[platform];
  switch (transaction.kind) {
    case "none":
      return null;
    case "immediate":
      return { mode: transaction.mode, transaction: "none", confirm_minutes: 0 };
    case "configure_session":
      return {
        mode: "staged",
        transaction: confirmMinutes > 0 ? "configure session, commit timer" : "configure session",
        confirm_minutes: confirmMinutes,
      };
    case "candidate": {
      const minutes = transaction.commitConfirmed === null ? 0 : confirmMinutes;
      return { mode: "staged", transaction: minutes > 0 ? "commit confirmed" : "commit", confirm_minutes: minutes };
    }
  }
}
