import { parseArgs } from "node:util";
import { parseRead } from "../../domain/read/parse-read.ts";
import { PlatformId } from "../../domain/contract/device.ts";
import { openPool } from "../../db/client.ts";
import { loadAccess } from "../../devices/access.ts";
import { apply } from "../../devices/apply.ts";
import { checkApproved } from "../../devices/approved-change.ts";
import { openJournal } from "../../devices/journal.ts";
import { openLease } from "../../devices/locks.ts";
import { read, readRunningConfig } from "../../devices/read.ts";
import { createSessions } from "../../devices/sessions.ts";
import { createLog } from "../../system/log.ts";
import { benchVault } from "../engine/database.ts";
import { checkAnswer, jobNamed, printReport, timeAll } from "./jobs.ts";

/*
 * The session engine alone, through its doors, as a worker uses it: secrets and refusals are looked up in the database at each login, and a
 * push takes the device's lease, proves the approval and journals what it sends. No API, no Temporal.
 */

const { values } = parseArgs({
  options: {
    job: { type: "string", default: "j1" },
    n: { type: "string", default: "1" },
    conc: { type: "string", default: "100" },
    platform: { type: "string", default: "cisco_ios" },
    /** J3: the approved change. */
    change: { type: "string", default: "" },
    run: { type: "string", default: "" },
    /** Seconds that all sessions are held open before they are closed. */
    hold: { type: "string", default: "0" },
  },
});
const job = jobNamed(values.job);
const platform = PlatformId.parse(values.platform);
const [n, conc] = [Number(values.n), Number(values.conc)];

// As many connections as a worker has.
const url = process.env.DATABASE_URL ?? "";
const pool = openPool(url, { max: 12, name: "bench-client" });
const journalPool = openPool(url, { max: 2, name: "bench-journal" });
const vault = benchVault();
const sessions = createSessions({ pool, vault, log: createLog("bench", "silent") });
const journal = openJournal(journalPool, vault, { connections: 2 });
const ids = (
  await pool<
    { id: string }[]
  >`select id from devices where device_type = ${platform} and enabled order by name limit ${n}`
).map((row) => row.id);
if (ids.length !== n) throw new Error(`the database has ${ids.length} devices of ${platform}, not ${n}`);

// Like the inventories of the peers, who is asked is known before the clock starts; secrets are opened at each login.
const inventory = job === "j3" ? [] : await Promise.all(ids.map((id) => loadAccess(pool, vault, id)));

const ask = async (index: number): Promise<void> => {
  const access = inventory[index];
  if (access === undefined) throw new Error(`there is no device ${index}`);
  const text = await sessions.use(access, "read", async (session) =>
    // As the test of a device reads it: nothing in it looks like a prompt, so the first one behind it is believed.
    job === "j1"
      ? (await read(session, parseRead(platform, "show version"), { quick: true })).text
      : readRunningConfig(session),
  );
  checkAnswer(job, index, text);
};

const push = async (index: number): Promise<void> => {
  const where = { runId: values.run, deviceId: ids[index] ?? "" };
  const lease = await openLease(pool, { ...where, holder: "bench" });
  try {
    const approved = await checkApproved(pool, vault, { ...where, changeId: values.change, phase: "apply" });
    const access = await loadAccess(pool, vault, where.deviceId);
    const outcome = await sessions.use(access, "write", (session) =>
      apply(session, approved, { pool, vault, journal, lease }),
    );
    if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  } finally {
    await lease.close();
  }
};

const cpuBefore = process.cpuUsage();
const beganUs = Number(process.hrtime.bigint() / 1000n);
const began = performance.now();
const outcomes = await timeAll({ n, conc }, job === "j3" ? push : ask);
const hold = Number(values.hold);
const memory = hold > 0 ? await holdSessions(hold) : null;
await sessions.closeAll();
const wall = (performance.now() - began) / 1000 - hold;
printReport(outcomes, wall, (cpuBefore.user + cpuBefore.system) / 1e6, { began_us: beganUs, ...memory });
await journal.close();
await Promise.all([pool.end({ timeout: 2 }), journalPool.end({ timeout: 2 })]);

/** The memory of the process while every session is open and nothing happens. */
async function holdSessions(seconds: number): Promise<{ held_rss_mib: number }> {
  await new Promise((done) => setTimeout(done, seconds * 1000));
  return { held_rss_mib: process.memoryUsage.rss() / 2 ** 20 };
}
