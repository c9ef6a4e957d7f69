import { planHash } from "../../domain/change/hash.ts";
import { planTarget } from "../../domain/change/plan-target.ts";
import { policy } from "../../domain/change/policy.ts";
import { json, type Pool } from "../../db/client.ts";
import { approvalMac } from "../../db/queries/approval-mac.ts";
import type { PlanBody } from "../../db/queries/plans.ts";
import { secretRef } from "../../db/queries/secrets.ts";
import { sendingWay } from "../../activities/plan-device.ts";
import { newId } from "../../system/ids.ts";
import type { BenchDatabase } from "../engine/database.ts";

/*
 * Volumes that take weeks to come about, put there by SQL in the form that the product writes: what is measured afterwards
 * goes through the product.
 */

const LINES = ["interface Loopback98", " description one of ten thousand"];

async function idOf(pool: Pool, username: string): Promise<string> {
  const [row] = await pool<{ id: string }[]>`select id from users where username = ${username}`;
  if (row === undefined) throw new Error(`there is no user ${username}`);
  return row.id;
}

/** Changes that wait for a decision, each with its run, its plan and a sealed approval. */
export async function storePendingApprovals({ pool, vault }: BenchDatabase, count: number): Promise<void> {
  const asker = await idOf(pool, "admin");
  const [device] = await pool<{ id: string; name: string; host: string }[]>`select id, name, host from devices
    where device_type = 'cisco_ios' and enabled order by name limit 1`;
  const way = sendingWay("cisco_ios", 0);
  if (device === undefined || way === null) throw new Error("there is no device to plan for");
  const target = planTarget({
    facts: {
      device: device.name,
      device_id: device.id,
      device_type: "cisco_ios",
      site: "bench",
      host: device.host,
      is_lab: false,
    },
    way,
    hostKey: null,
    config: `hostname ${device.name}\n`,
    baseHash: "bench",
    lines: LINES,
    mask: (value) => secretRef(vault, value),
  });
  const body: PlanBody = {
    targets: [target],
    groups: [],
    verify: [],
    on_interrupted: "ask",
    window: null,
    policy_version: policy.version,
  };
  const hash = planHash(body);
  for (let done = 0; done < count; done += 1000) {
    const rows = Array.from({ length: Math.min(1000, count - done) }, (_, i) => {
      const expires = new Date(Date.now() + (7 * 86_400 + done + i) * 1000);
      const ids = { approval_id: newId(), run_id: newId(), change_id: newId(), plan_id: newId() };
      const facts = {
        id: ids.approval_id,
        status: "pending",
        run_id: ids.run_id,
        change_id: ids.change_id,
        plan_id: ids.plan_id,
        change_hash: hash,
        required: 1,
        requested_by: asker,
        excluded: [asker],
        lab_only: false,
        expires_at: expires,
        valid_for: 14_400,
        valid_until: null,
        deploy_id: null,
      };
      return {
        ...ids,
        n: done + i,
        expires_at: expires.toISOString(),
        mac: approvalMac(vault, facts, []).toString("hex"),
      };
    });
    const given = pool`jsonb_to_recordset(${json(pool, rows)}) as r(n int, approval_id uuid, run_id uuid, change_id uuid, plan_id uuid, expires_at timestamptz, mac text)`;
    const title = pool`'stored change ' || n`;
    await pool`insert into runs (id, kind, title, change_id, started_by, workflow_started_at, status, message, started_at)
      select run_id, 'change', ${title}, change_id, 'admin', now(), 'waiting_approval', 'waits for approval', now() from ${given}`;
    await pool`insert into changes (id, run_id, title, status, content, origin, request_approval, plan_round, requested_by)
      select change_id, run_id, ${title}, 'pending_approval',
        ${json(pool, { targets: [{ device_id: device.id, device: device.name, lines: target.lines }], verify: [], on_interrupted: "ask", window: null, confirm_minutes: 0 })},
        ${json(pool, { kind: "ad_hoc", change_id: null })}, true, 1, ${asker} from ${given}`;
    await pool`insert into plans (id, change_id, version, content_version, hash, body, risk, devices, added, removed, diffs)
      select plan_id, change_id, 1, 1, ${hash}, ${json(pool, body)}, 'low', ${[device.name]}, 2, 0, 1 from ${given}`;
    await pool`insert into approvals (id, kind, run_id, change_id, plan_id, change_hash, title, reason, risk_level, required, requested_by,
        excluded, expires_at, valid_for, hmac)
      select approval_id, 'change', run_id, change_id, plan_id, ${hash}, ${title}, 'bench', 'low', 1, ${asker}, ${[asker]}, expires_at,
        14400, decode(mac, 'hex') from ${given}`;
    await pool`update changes c set plan_id = r.plan_id, approval_id = r.approval_id from ${given} where c.id = r.change_id`;
    await pool`insert into change_devices (change_id, device_id) select change_id, ${device.id} from ${given}`;
  }
  await pool`analyze`;
}

/** Ends what storePendingApprovals made, so that it burdens nothing that is measured later. */
export async function dropPendingApprovals({ pool }: BenchDatabase): Promise<void> {
  await pool`update runs set status = 'cancelled', completed_at = now() where title like 'stored change %'`;
  await pool`update approvals set status = 'cancelled', decided_at = now() where title like 'stored change %'`;
  await pool`update changes set status = 'cancelled' where title like 'stored change %'`;
}

/** Runs that have ended, over the last year, with the steps and events of a change on one device. */
export async function storeEndedRuns({ pool }: BenchDatabase, count: number): Promise<void> {
  const asker = await idOf(pool, "admin");
  const end = Date.now() + 900_000;
  for (let done = 0; done < count && Date.now() < end; done += 10_000) {
    await pool`with made as (
        select uuidv7() as run_id, uuidv7() as change_id, now() - (${count - done}::int - n) * interval '5 minutes' as at, ${done}::int + n as n
        from generate_series(1, ${Math.min(10_000, count - done)}::int) as s(n)
      ), r as (
        insert into runs (id, kind, title, change_id, started_by, created_at, workflow_started_at, last_seq, status, message, started_at, completed_at)
        select run_id, 'change', 'earlier change ' || n, change_id, 'admin', at, at, 4, 'success', 'done', at, at + interval '1 minute' from made
      ), c as (
        insert into changes (id, run_id, title, status, content, origin, plan_round, requested_by, created_at, updated_at)
        select change_id, run_id, 'earlier change ' || n, 'applied', ${json(pool, { targets: [], verify: [], on_interrupted: "ask", window: null, confirm_minutes: 0 })},
          ${json(pool, { kind: "ad_hoc", change_id: null })}, 1, ${asker}, at, at from made
      ), d as (
        insert into change_devices (change_id, device_id)
        select m.change_id, t.id from made m join (select id, row_number() over (order by name) as k, count(*) over () as all from devices) t
          on t.k = 1 + m.n % t.all
      ), s as (
        insert into run_steps (run_id, step, device, attempt, status, message, started_at, completed_at)
        select run_id, step, '', 1, 'success', 'done', at, at from made, unnest(array['plan', 'apply', 'verify', 'keep']) as t(step)
      )
      insert into run_events (run_id, seq, at, kind, step, status, message, key)
      select run_id, k, at, 'step', step, 'success', 'done', step from made,
        unnest(array['plan', 'apply', 'verify', 'keep']) with ordinality as t(step, k)`;
  }
  await pool`analyze`;
}

/** Journal rows of the ended runs, as a change of twenty lines leaves them. Gives how many rows there are now. */
export async function storeJournal({ pool }: BenchDatabase, rows: number): Promise<number> {
  const [perChange, atOnce] = [20, 5000];
  for (let done = 0; done * perChange < rows; done += atOnce)
    await pool`insert into journal (change_id, device_id, direction, seq, attempt, run_id, window_no, epoch, holder, line, line_hmac, state, sent_at, answered_at)
      select c.change_id, c.device_id, 'apply', n, 1, c.run_id, n, 1, 'bench', ' description line ' || n, decode(repeat('ab', 32), 'hex'), 'taken', c.at, c.at
      from (select c.id as change_id, c.run_id, d.device_id, c.created_at as at from changes c join change_devices d on d.change_id = c.id
        where c.title like 'earlier change %' order by c.id offset ${done} limit ${Math.min(atOnce, Math.ceil(rows / perChange) - done)}) c,
        generate_series(0, ${perChange - 1}) as s(n)`;
  await pool`analyze journal`;
  const [row] = await pool<{ n: number }[]>`select count(*)::int as n from journal`;
  return row?.n ?? 0;
}

/** Devices that nothing ever connects to, so that lists and searches have something to go through. */
export async function storeDevices({ pool }: BenchDatabase, count: number): Promise<void> {
  await pool`insert into devices (id, name, host, port, device_type, site, tags, description, username)
    select uuidv7(), 'edge-' || (n % 40) || '-rtr-' || n, '10.' || n / 65536 % 256 || '.' || n / 256 % 256 || '.' || n % 256, 22, 'cisco_xe', 'site-' || n % 40,
      array['campus', 'floor-' || n % 12], 'switch of floor ' || n % 12, 'netops'
    from generate_series(1, ${count}::int) as s(n)`;
  await pool`analyze devices`;
}
