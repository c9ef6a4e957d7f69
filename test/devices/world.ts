import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLines } from "../../domain/config/lines.ts";
import { cutSecrets } from "../../domain/config/secrets.ts";
import { planHash } from "../../domain/change/hash.ts";
import { planTarget } from "../../domain/change/plan-target.ts";
import { policy } from "../../domain/change/policy.ts";
import type { PlanTarget } from "../../domain/contract/change.ts";
import { openPool, type Pool } from "../../db/client.ts";
import { approvalMac } from "../../db/queries/approval-mac.ts";
import { getApprovalRow, getDecisions } from "../../db/queries/approvals.ts";
import { insertChange } from "../../db/queries/changes.ts";
import { insertPlan, type PlanBody } from "../../db/queries/plans.ts";
import { insertRun } from "../../db/queries/runs.ts";
import { putSecret, secretRef } from "../../db/queries/secrets.ts";
import { sendingWay } from "../../activities/plan-device.ts";
import { loadAccess, type DeviceAccess } from "../../devices/access.ts";
import { apply, type ApplyOutcome } from "../../devices/apply.ts";
import { checkApproved, type Phase } from "../../devices/approved-change.ts";
import { openJournal, type Journal } from "../../devices/journal.ts";
import { openLease, release, reserve } from "../../devices/locks.ts";
import { readRunningConfig } from "../../devices/read.ts";
import { createSessions, type Sessions } from "../../devices/sessions.ts";
import { settle, type Settled } from "../../devices/settle.ts";
import type { Recorder } from "../../devices/session/transcript.ts";
import { labControl, type LabControl } from "../../lab/control.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { LAB_ROUTERS } from "../../lab/inventory.ts";
import { newId } from "../../system/ids.ts";
import { createLog } from "../../system/log.ts";
import { openVault, type Vault } from "../../system/vault.ts";
import { createTestDatabase } from "../support/engines.ts";

export type Target = {
  host: string;
  port: number;
  device_type: PlanTarget["device_type"];
  username: string;
  password: string;
  enable_password?: string;
  host_key_sha256: string | null;
};

/** A database with people and devices in it, and a worker's sessions and journal. */
export type World = {
  pool: Pool;
  vault: Vault;
  sessions: Sessions;
  journal: Journal;
  /** What a device is given in time, instead of what it is given as a rule. For sessions that are opened from then on. */
  limits: Partial<DeviceAccess["timeouts"]>;
  people: { asker: string; approver: string; other: string };
  addDevice(
    name: string,
    at: Target,
    more?: { isLab?: boolean; hostname?: string; jump?: string; weak?: string[]; timeouts?: Record<string, number> },
  ): Promise<string>;
  access(deviceId: string): Promise<DeviceAccess>;
  /** Plans a change on devices as they are now, approves it, takes the approval and reserves the devices. */
  approve(devices: string[], lines: string | Record<string, string>, options?: ApproveOptions): Promise<Change>;
  run(
    change: Change,
    deviceId: string,
    phase: Phase,
    options?: { record?: Recorder; signal?: AbortSignal; holder?: string },
  ): Promise<ApplyOutcome>;
  settle(change: Change, deviceId: string, force?: boolean): Promise<Settled>;
  rows(
    change: Change,
    direction?: string,
  ): Promise<
    {
      device_id: string;
      seq: number;
      attempt: number;
      state: string;
      line: string;
      answer: string | null;
      window_no: number;
    }[]
  >;
  stop(): Promise<void>;
};
export type ApproveOptions = {
  confirmMinutes?: number;
  window?: { from: string; to: string };
  validFor?: number;
  title?: string;
};
export type Change = { runId: string; changeId: string; planId: string; approvalId: string; targets: PlanTarget[] };

export async function createWorld(): Promise<World> {
  const database = await createTestDatabase();
  const pool = openPool(database.url, { max: 10 });
  const journalPool = openPool(database.url, { max: 2, name: "netstacks-journal" });
  const vault = openVault(Buffer.alloc(32, 7));
  const log = createLog("test", "silent");
  const sessions = createSessions({ pool, vault, log });
  const journal = openJournal(journalPool, vault, { connections: 2 });
  const people = { asker: newId(), approver: newId(), other: newId() };
  for (const [username, id] of Object.entries(people))
    await pool`insert into users (id, username, password_hash, roles) values (${id}, ${username}, 'x', '{admin}')`;

  const limits: World["limits"] = {};
  const world: World = {
    pool,
    vault,
    sessions,
    journal,
    people,
    addDevice: async (name, at, more = {}) => {
      const id = newId();
      const { password, enable_password } = at;
      const sealed = vault.seal(
        JSON.stringify({ password, ...(enable_password === undefined ? {} : { enable_password }) }),
        `device:${id}`,
      );
      await pool`insert into devices (id, name, host, port, device_type, username, sealed, has_password, has_enable_password, is_lab, jump_device_id, weak_algorithms, timeouts, facts)
        values (${id}, ${name}, ${at.host}, ${at.port}, ${at.device_type}, ${at.username}, ${sealed}, true, ${enable_password !== undefined}, ${more.isLab ?? false},
          ${more.jump ?? null}, ${more.weak ?? []}, ${pool.json(more.timeouts ?? {})}, ${more.hostname === undefined ? null : pool.json({ hostname: more.hostname })})`;
      if (at.host_key_sha256 !== null)
        await pool`insert into host_keys (id, device_id, algorithm, fingerprint, status) values (${newId()}, ${id}, 'ssh-ed25519', ${at.host_key_sha256}, 'accepted')`;
      return id;
    },
    access: async (id) => {
      const access = await loadAccess(pool, vault, id);
      // A session that was opened with other limits is not used again.
      const version = `${access.version} ${JSON.stringify(limits)}`;
      return { ...access, version, timeouts: { ...access.timeouts, ...limits } };
    },
    limits,
    approve: async (deviceIds, text, options = {}) => {
      const runId = newId();
      const changeId = newId();
      const planId = newId();
      const approvalId = newId();
      const title = options.title ?? "a change";
      const targets: PlanTarget[] = [];
      for (const id of deviceIds) {
        const access = await world.access(id);
        const given = typeof text === "string" ? text : (text[id] ?? "");
        const { lines, problems } = parseLines(access.platform.id, given);
        if (problems.length > 0) throw new Error(JSON.stringify(problems));
        const values: string[] = [];
        const cut = cutSecrets(access.platform.id, lines, (value) => {
          values.push(value);
          return secretRef(vault, value);
        });
        for (const value of values) await putSecret(pool, vault, value, "config_line");
        const way = sendingWay(access.platform.id, options.confirmMinutes ?? 0);
        if (way === null) throw new Error("nothing is sent to this platform");
        const config = await world.sessions.use(access, "read", readRunningConfig);
        const facts = {
          device: access.name,
          device_id: id,
          device_type: access.platform.id,
          site: null,
          host: access.host,
          is_lab: access.isLab,
        };
        targets.push(
          planTarget({
            facts,
            way,
            hostKey: access.hostKey?.fingerprint ?? null,
            config,
            baseHash: "x",
            lines: cut,
            mask: (value) => secretRef(vault, value),
          }),
        );
      }
      const content = {
        targets: targets.map((t) => ({ device_id: t.device_id, device: t.device, lines: t.lines })),
        verify: [],
        on_interrupted: "ask" as const,
        window: options.window ?? null,
        confirm_minutes: options.confirmMinutes ?? 0,
      };
      const body: PlanBody = {
        targets,
        groups: [],
        verify: [],
        on_interrupted: "ask",
        window: options.window ?? null,
        policy_version: policy.version,
      };
      const hash = planHash(body);
      await insertRun(pool, { id: runId, title, changeId, startedBy: "asker" });
      await insertChange(pool, {
        id: changeId,
        run_id: runId,
        title,
        description: "",
        reason: null,
        content,
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
      const validUntil = new Date(now.getTime() + (options.validFor ?? 3600) * 1000);
      await pool`insert into approvals (id, kind, status, run_id, change_id, plan_id, change_hash, title, risk_level, required, requested_by, excluded, expires_at, valid_for, valid_until, decided_at, consumed_at, hmac)
        values (${approvalId}, 'change', 'approved', ${runId}, ${changeId}, ${planId}, ${hash}, ${title}, 'low', 1, ${people.asker}, ${[people.asker]}, ${new Date(now.getTime() + 86_400_000)},
          ${options.validFor ?? 3600}, ${validUntil}, now(), now(), ''::bytea)`;
      await pool`insert into approval_decisions (approval_id, user_id, username, decision, via, at) values (${approvalId}, ${people.approver}, 'approver', 'approved', 'session', ${now})`;
      await sealApproval(world, approvalId);
      await pool`update changes set plan_id = ${planId}, approval_id = ${approvalId}, status = 'applying' where id = ${changeId}`;
      for (const id of deviceIds) {
        const got = await reserve(pool, { deviceId: id, runId, reason: title });
        if (!got.granted) throw new Error("the device is held by another run");
      }
      return { runId, changeId, planId, approvalId, targets };
    },
    run: async (change, deviceId, phase, options = {}) => {
      const approved = await checkApproved(pool, vault, {
        runId: change.runId,
        changeId: change.changeId,
        deviceId,
        phase,
      });
      const access = await world.access(deviceId);
      const lease = await openLease(pool, { deviceId, runId: change.runId, holder: options.holder ?? "test" });
      try {
        return await sessions.use(
          access,
          "write",
          (session) => apply(session, approved, { pool, vault, journal, lease, signal: options.signal }),
          { record: options.record, signal: options.signal },
        );
      } finally {
        await lease.close();
      }
    },
    settle: async (change, deviceId, force = false) => {
      const approved = await checkApproved(pool, vault, {
        runId: change.runId,
        changeId: change.changeId,
        deviceId,
        phase: "read_back",
      });
      const lease = await openLease(pool, { deviceId, runId: change.runId, holder: "test" });
      try {
        return await sessions.use(await world.access(deviceId), "write", (session) =>
          settle(session, approved, { pool, vault, lease, force }),
        );
      } finally {
        await lease.close();
      }
    },
    rows: (change, direction = "apply") =>
      pool`select device_id, seq, attempt, state, line, answer, window_no from journal where change_id = ${change.changeId} and direction = ${direction} order by device_id, seq, attempt`,
    stop: async () => {
      await sessions.closeAll();
      await journal.close();
      await journalPool.end({ timeout: 5 });
      await pool.end({ timeout: 5 });
      await database.drop();
    },
  };
  return world;
}

/** Writes the seal that the approval service would write over the row as it is. */
export async function sealApproval({ pool, vault }: World, approvalId: string): Promise<void> {
  const mac = approvalMac(vault, await getApprovalRow(pool, approvalId), await getDecisions(pool, [approvalId]));
  await pool`update approvals set hmac = ${mac} where id = ${approvalId}`;
}

export const endRun = (world: World, change: Change): Promise<void> => release(world.pool, change.runId);

export type LabWorld = World & {
  lab: Lab;
  control: LabControl;
  device(name: string): Promise<string>;
  config(name: string): Promise<string>;
  sent(name: string, since?: number): Promise<string[]>;
};

/** The same, with routers of the lab as its devices. */
export async function createLabWorld(names: readonly string[], { timeScale = 60 } = {}): Promise<LabWorld> {
  const dir = await mkdtemp(join(tmpdir(), "netstacks-lab-"));
  const world = await createWorld();
  const lab = await startLab({ dir, timeScale, routers: LAB_ROUTERS.filter((r) => names.includes(r.name)) });
  const control = labControl(lab.control);
  const ids = new Map<string, string>();
  for (const r of lab.routers) ids.set(r.name, await world.addDevice(r.name, r, { hostname: r.name }));
  return {
    ...world,
    lab,
    control,
    device: async (name) => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`no router ${name}`);
      return id;
    },
    config: async (name) => (await control.running(name)).running,
    /** The lines that reached the router in configuration mode. */
    sent: async (name, since = 0) =>
      (await control.ledger(name, since)).filter((e) => e.kind === "config" || e.kind === "text").map((e) => e.line),
    stop: async () => {
      await world.stop();
      await lab.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
