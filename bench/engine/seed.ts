import type { PlanTarget } from "../../domain/contract/change.ts";
import type { PlatformId } from "../../domain/contract/device.ts";
import { planHash } from "../../domain/change/hash.ts";
import { planTarget } from "../../domain/change/plan-target.ts";
import { policy } from "../../domain/change/policy.ts";
import { parseLines } from "../../domain/config/lines.ts";
import { json, type Pool } from "../../db/client.ts";
import { approvalMac } from "../../db/queries/approval-mac.ts";
import { getApprovalRow, getDecisions } from "../../db/queries/approvals.ts";
import { insertChange } from "../../db/queries/changes.ts";
import { insertPlan, type PlanBody } from "../../db/queries/plans.ts";
import { insertRun } from "../../db/queries/runs.ts";
import { secretRef } from "../../db/queries/secrets.ts";
import { sendingWay } from "../../activities/plan-device.ts";
import { newId } from "../../system/ids.ts";
import type { Vault } from "../../system/vault.ts";
import { addressOf, SIM_PLATFORMS, type Simulator } from "../lib/simulator.ts";

type Db = { pool: Pool; vault: Vault };

export const deviceName = (platform: PlatformId, index: number): string =>
  `${platform.replaceAll("_", "-")}-${String(index + 1).padStart(4, "0")}`;

/** One device row for each router of a simulator, known from an earlier login, with its key accepted, all on one named credential. */
export async function seedDevices({ pool, vault }: Db, sim: Simulator): Promise<void> {
  const credential = newId();
  const sealed = vault.seal(JSON.stringify({ password: "admin" }), `credential:${credential}`);
  await pool`insert into credentials (id, name, username, sealed, has_password, has_enable_password, has_private_key)
    values (${credential}, ${`credential-${credential}`}, 'admin', ${sealed}, true, false, false)`;
  const platform = SIM_PLATFORMS[sim.platform];
  await pool`delete from devices where device_type = ${platform} and not exists (select 1 from change_devices c where c.device_id = devices.id)`;
  await pool`update devices set name = name || '-' || id, enabled = false where device_type = ${platform} and enabled`;
  const rows = Array.from({ length: sim.n }, (_, i) => ({
    id: newId(),
    key_id: newId(),
    name: deviceName(platform, i),
    host: addressOf(sim.base, i),
    hostname: `r${String(i + 1).padStart(4, "0")}`,
  }));
  await pool`insert into devices (id, name, host, port, device_type, site, credential_id, login_method, facts)
    select id, name, host, ${sim.port}, ${platform}, 'bench', ${credential}, 'password', jsonb_build_object('hostname', hostname)
    from jsonb_to_recordset(${json(pool, rows)}) as r(id uuid, name text, host text, hostname text)`;
  await pool`insert into host_keys (id, device_id, algorithm, fingerprint, status, accepted_at)
    select key_id, id, 'ssh-ed25519', ${sim.fingerprint}, 'accepted', now()
    from jsonb_to_recordset(${json(pool, rows)}) as r(id uuid, key_id uuid)`;
}

/** People, of whom one asks and the other decides. */
async function seedPeople(pool: Pool): Promise<{ asker: string; approver: string }> {
  for (const username of ["asker", "approver"])
    await pool`insert into users (id, username, password_hash, roles) values (${newId()}, ${username}, 'x', '{admin}')
      on conflict do nothing`;
  const rows = await pool<{ id: string; username: string }[]>`select id, username from users`;
  const idOf = (name: string): string => rows.find((row) => row.username === name)?.id ?? "";
  return { asker: idOf("asker"), approver: idOf("approver") };
}

/**
 * A change of these lines on the first `n` devices, planned and approved as the services would have done it, against a short
 * running configuration: what is measured begins where a worker takes it up.
 */
export async function seedApprovedChange(
  db: Db,
  { platform, n, lines }: { platform: PlatformId; n: number; lines: readonly string[] },
): Promise<{ changeId: string; runId: string }> {
  const { pool, vault } = db;
  const people = await seedPeople(pool);
  const [runId, changeId, planId, approvalId] = [newId(), newId(), newId(), newId()];
  const way = sendingWay(platform, 0);
  if (way === null) throw new Error(`nothing is sent to ${platform} devices`);
  const parsed = parseLines(platform, lines.join("\n"));
  if (parsed.problems.length > 0) throw new Error(JSON.stringify(parsed.problems));
  const devices = await pool<{ id: string; name: string; host: string; fingerprint: string }[]>`
    select d.id, d.name, d.host, k.fingerprint from devices d join host_keys k on k.device_id = d.id and k.status = 'accepted'
    where d.device_type = ${platform} and d.enabled order by d.name limit ${n}`;
  const targets: PlanTarget[] = devices.map((device) =>
    planTarget({
      facts: {
        device: device.name,
        device_id: device.id,
        device_type: platform,
        site: "bench",
        host: device.host,
        is_lab: false,
      },
      way,
      hostKey: device.fingerprint,
      config: `hostname ${device.name}\n`,
      baseHash: "bench",
      lines: parsed.lines,
      mask: (value) => secretRef(vault, value),
    }),
  );
  const body: PlanBody = {
    targets,
    groups: [],
    verify: [],
    on_interrupted: "ask",
    window: null,
    policy_version: policy.version,
  };
  const hash = planHash(body);
  const title = `${lines.length} lines to ${devices.length} devices`;
  await insertRun(pool, { id: runId, title, changeId, startedBy: "asker" });
  await insertChange(pool, {
    id: changeId,
    run_id: runId,
    title,
    description: "",
    reason: null,
    content: {
      targets: targets.map((t) => ({ device_id: t.device_id, device: t.device, lines: t.lines })),
      verify: [],
      on_interrupted: "ask",
      window: null,
      confirm_minutes: 0,
    },
    origin: { kind: "ad_hoc", change_id: null },
    request_approval: false,
    requested_by: people.asker,
  });
  await insertPlan(pool, {
    id: planId,
    change_id: changeId,
    version: 1,
    content_version: 1,
    hash,
    body,
    risk: "low",
    devices: targets.map((t) => t.device),
    added: 1,
    removed: 0,
    diffs: 1,
  });
  const now = new Date();
  const later = new Date(now.getTime() + 3_600_000);
  await pool`insert into approvals (id, kind, status, run_id, change_id, plan_id, change_hash, title, risk_level, required, requested_by,
      excluded, expires_at, valid_for, valid_until, decided_at, consumed_at, hmac)
    values (${approvalId}, 'change', 'approved', ${runId}, ${changeId}, ${planId}, ${hash}, ${title}, 'low', 1, ${people.asker},
      ${[people.asker]}, ${later}, 3600, ${later}, now(), now(), ''::bytea)`;
  await pool`insert into approval_decisions (approval_id, user_id, username, decision, via, at)
    values (${approvalId}, ${people.approver}, 'approver', 'approved', 'session', ${now})`;
  const mac = approvalMac(vault, await getApprovalRow(pool, approvalId), await getDecisions(pool, [approvalId]));
  await pool`update approvals set hmac = ${mac} where id = ${approvalId}`;
  await pool`update changes set plan_id = ${planId}, approval_id = ${approvalId}, status = 'applying' where id = ${changeId}`;
  await pool`insert into device_locks (device_id, run_id, reason, reserved_at)
    select id, ${runId}, ${title}, now() from unnest(${devices.map((d) => d.id)}::uuid[]) as t(id)
    on conflict (device_id) do update set run_id = excluded.run_id, holder = null, expires_at = null`;
  return { changeId, runId };
}
