import { NotFound } from "../domain/contract/errors.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import { openPool, transaction, type Db } from "../db/client.ts";
import { insertAudit } from "../db/queries/audit.ts";
import { armFault, readLab, type LabFile } from "../connectors/lab.ts";
import type { Config, EngineConfig } from "../system/config.ts";
import { newId } from "../system/ids.ts";
import { openVault, type Vault } from "../system/vault.ts";
import { readContent } from "./change-content.ts";
import { insertNew, showStarted, type Started } from "./changes.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";

const CREDENTIAL = "lab";

/**
 * Makes the lab's virtual routers known as devices, with their keys accepted: they are this installation's own. This is
 * the only place that marks a device as one of the lab.
 */
export async function seedLab(config: EngineConfig, masterKey: Uint8Array): Promise<void> {
  const lab = await readLab(config.dataDir);
  if (!lab) return;
  const vault = openVault(masterKey);
  const pool = openPool(config.databaseUrl, { max: 1, name: "netstacks-lab" });
  try {
    await transaction(pool, async (db) => {
      const credentialId = await seedCredential(db, vault, lab);
      let made = 0;
      for (const router of lab.routers) made += (await seedRouter(db, router, credentialId)) ? 1 : 0;
      if (made > 0)
        await insertAudit(db, vault, {
          actor: "lab",
          action: "lab.seed",
          subject: null,
          detail: { routers: lab.routers.map((r) => r.name) },
          ip: null,
          requestId: null,
        });
    });
  } finally {
    await pool.end({ timeout: 2 });
  }
}

async function seedCredential(db: Db, vault: Vault, lab: LabFile): Promise<string> {
  const [known] = await db<{ id: string }[]>`select id from credentials where lower(name) = ${CREDENTIAL}`;
  if (known) return known.id;
  const id = newId();
  const [router] = lab.routers;
  const sealed = vault.seal(
    JSON.stringify({ password: router?.password, enable_password: router?.enable_password }),
    `credential:${id}`,
  );
  await db`insert into credentials (id, name, username, sealed, has_password, has_enable_password, has_private_key, description)
    values (${id}, ${CREDENTIAL}, ${router?.username ?? "lab"}, ${sealed}, true, true, false, 'Of the virtual routers of this installation')`;
  return id;
}

async function seedRouter(db: Db, router: LabFile["routers"][number], credentialId: string): Promise<boolean> {
  const [known] = await db<
    { id: string; is_lab: boolean }[]
  >`select id, is_lab from devices where lower(name) = ${router.name.toLowerCase()}`;
  // Somebody's own device of that name is left alone.
  if (known && !known.is_lab) return false;
  const id = known?.id ?? newId();
  if (known) {
    await db`update devices set host = ${router.host}, port = ${router.port} where id = ${id} and (host, port) is distinct from (${router.host}, ${router.port})`;
    // What an override of something else would put back; an address of the lab is never overridden.
    await db`update device_overrides set own_host = ${router.host}, own_port = ${router.port} where device_id = ${id}`;
  } else
    await db`insert into devices (id, name, host, port, device_type, site, tags, description, credential_id, is_lab)
      values (${id}, ${router.name}, ${router.host}, ${router.port}, ${router.device_type}, ${router.site}, ${["lab"]},
        'Virtual router of this installation', ${credentialId}, true)`;
  const [key] = await db<
    { fingerprint: string }[]
  >`select fingerprint from host_keys where device_id = ${id} and status = 'accepted'`;
  if (key?.fingerprint !== router.host_key_sha256) {
    await db`update host_keys set status = 'replaced' where device_id = ${id} and status = 'accepted'`;
    await db`insert into host_keys (id, device_id, algorithm, fingerprint, status, accepted_by, accepted_at)
      values (${newId()}, ${id}, 'ssh-ed25519', ${router.host_key_sha256}, 'accepted', 'lab', now())`;
  }
  return !known;
}

type LabRouter = { name: string; device_type: PlatformId; site: string; host: string; port: number };

async function labOf(ctx: Ctx, config: Pick<Config, "dataDir">): Promise<LabFile> {
  requirePermission(ctx, "devices:read");
  const lab = await readLab(config.dataDir);
  if (!lab) throw new NotFound("lab", "lab");
  return lab;
}

export async function getLab(ctx: Ctx, config: Pick<Config, "dataDir">): Promise<{ routers: LabRouter[] }> {
  const lab = await labOf(ctx, config);
  return {
    routers: lab.routers.map(({ name, device_type, site, host, port }) => ({ name, device_type, site, host, port })),
  };
}

const OLD = ["192.0.2.10"];
const NEW = ["192.0.2.123 prefer", "192.0.2.124"];

/** The welcome page's change: other NTP servers on the first site's three routers, and back again the next time. */
export async function startWelcome(ctx: Ctx, config: Pick<Config, "dataDir">): Promise<Started> {
  const lab = await labOf(ctx, config);
  const routers = lab.routers.filter((r) => r.site === lab.routers[0]?.site).slice(0, 3);
  const [kept] = await ctx.pool<
    { n: number }[]
  >`select count(*)::int as n from changes where origin->>'kind' = 'welcome' and status = 'applied'
    and title like 'NTP%'`;
  const back = (kept?.n ?? 0) % 2 === 1;
  const [remove, add] = back ? [NEW, OLD] : [OLD, NEW];
  const first = (server: string) => server.split(" ")[0] ?? server;
  return makeLabChange(ctx, {
    title: back ? "NTP: back to the old server" : "NTP: two new servers",
    targets: routers.map((r) => ({
      device: r.name,
      lines:
        r.device_type === "juniper_junos"
          ? [
              ...remove.map((s) => `delete system ntp server ${first(s)}`),
              ...add.map((s) => `set system ntp server ${s}`),
            ]
          : [...remove.map((s) => `no ntp server ${first(s)}`), ...add.map((s) => `ntp server ${s}`)],
    })),
    verify: routers.map((r) => ({
      device: r.name,
      command:
        r.device_type === "juniper_junos" ? "show configuration system ntp" : "show running-config | include ntp",
      expect: first(add[0] ?? ""),
    })),
  });
}

const CUT_AT = 3;

/** The welcome page's second lesson: a change on an IOS router whose session breaks after its third line. */
export async function startCut(
  ctx: Ctx,
  config: Pick<Config, "dataDir">,
): Promise<Started & { device: string; line: number }> {
  const lab = await labOf(ctx, config);
  const router = lab.routers.find((r) => r.device_type === "cisco_ios");
  if (!router) throw new NotFound("lab router", "cisco_ios");
  const n = 100 + (Math.floor(Date.now() / 1000) % 800);
  const started = await makeLabChange(ctx, {
    title: `Cut the cable on ${router.name}`,
    targets: [
      {
        device: router.name,
        lines: [
          `interface Loopback${n}`,
          ` description cable lesson ${n}`,
          ` ip address 198.51.100.${n % 250} 255.255.255.255`,
          ` ip ospf cost 10`,
          ` no shutdown`,
        ],
      },
    ],
    verify: [],
  });
  await armFault(lab, router.name, { kind: "cut_at_line", line: CUT_AT, phase: "before_prompt", applied: true });
  return { ...started, device: router.name, line: CUT_AT };
}

async function makeLabChange(
  ctx: Ctx,
  change: {
    title: string;
    targets: { device: string; lines: string[] }[];
    verify: { device: string; command: string; expect: string }[];
  },
): Promise<Started> {
  const id = await mutate(ctx, "lab:use", "lab.change", async (db, note) => {
    const content = await readContent(db, ctx.vault, change);
    const made = await insertNew(ctx, db, {
      title: change.title,
      content,
      origin: { kind: "welcome", change_id: null },
    });
    note(made, { title: change.title });
    return made;
  });
  return showStarted(ctx, id);
}
