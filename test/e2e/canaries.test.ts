import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool } from "../../db/client.ts";
import { ask, ownDevice, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";

const CANARIES = {
  device_password: "cnry-devpw-5d1f0a",
  enable_password: "cnry-enable-77ab31",
  credential_password: "cnry-credpw-b91c22",
  user_password: "cnry-user-pass-0c7d1e",
  snmp_community: "cnrySnmpComm41",
  bgp_password: "cnryBgpPass93",
  user_secret: "cnryUserSecret58",
  key_string: "cnryKeyString27",
};

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());

/** A text in the forms in which it could hide. */
const forms = (text: string): string[] => [
  text,
  Buffer.from(text).toString("base64").replace(/=+$/, ""),
  Buffer.from(text).toString("hex"),
  encodeURIComponent(text),
];

const found = (where: string, haystack: string): string[] =>
  Object.entries(CANARIES).flatMap(([name, value]) =>
    forms(value).some((f) => haystack.includes(f)) ? [`${name} in ${where}`] : [],
  );

test(
  "secrets of devices, people and config lines are found nowhere outside the vault",
  { timeout: 240_000 },
  async () => {
    const { admin } = product;
    const hits: string[] = [];
    const see = (where: string, text: string) => hits.push(...found(where, text));

    const operator = await admin.newUser("olga", ["operator"]);
    await admin.call("POST", "/users", { username: "carl", password: CANARIES.user_password, roles: ["viewer"] });
    await admin.call("POST", "/auth/login", { username: "carl", password: `${CANARIES.user_password}x` });
    await admin.call("POST", "/credentials", {
      name: "canary",
      username: "canary",
      password: CANARIES.credential_password,
      enable_password: CANARIES.enable_password,
    });
    await ownDevice(product, "edge-ios", "lab-ams-1");
    await admin.call("POST", "/devices", {
      name: "bad-login",
      host: "127.0.0.1",
      port: (await product.lab.router("lab-ams-1")).port,
      device_type: "cisco_ios",
      username: "canary",
      password: CANARIES.device_password,
    });
    for (const device of ["bad-login", "bad-login", "edge-ios"])
      see("a device test", JSON.stringify((await admin.call("POST", `/devices/${device}/test`, {})).body));
    const key = (
      await admin.get<{ device: { offered_host_key: { fingerprint: string } | null } }>("/devices/bad-login")
    ).device.offered_host_key;
    await admin.call("POST", "/devices/bad-login/host-key", { fingerprint: key?.fingerprint });
    see("a refused login", JSON.stringify((await admin.call("POST", "/devices/bad-login/test", {})).body));

    // A kept change, a refused one and an undo, all with secrets in their lines.
    const lines = [
      `snmp-server community ${CANARIES.snmp_community} RO`,
      `username canary privilege 1 secret ${CANARIES.user_secret}`,
      "router bgp 65010",
      ` neighbor 192.0.2.77 remote-as 64999`,
      ` neighbor 192.0.2.77 password ${CANARIES.bgp_password}`,
      "key chain CANARY",
      " key 1",
      `  key-string ${CANARIES.key_string}`,
    ];
    const planned = await plan(operator, {
      title: "Secrets",
      targets: [
        { device: "edge-ios", lines },
        { device: "lab-ams-2", lines: [`snmp-server community ${CANARIES.snmp_community} ro`] },
      ],
    });
    see("the plan", JSON.stringify(planned));
    const stream = await fetch(`${product.address}/api/runs/${planned.run.id}/events`, {
      headers: { authorization: `Bearer ${operator.token()}` },
    });
    const streamed = collect(stream);
    const asked = await ask(operator, planned);
    await admin.post(`/approvals/${asked.approval_id}/approve`, {});
    const run = await operator.untilEnded(planned.run.id);
    expect(run.status, JSON.stringify(run.error)).toBe("success");
    const { running } = await product.lab.running("lab-ams-1");
    expect(running, "the real secret must be on the device").toContain(CANARIES.snmp_community);
    const undo = await operator.post<{
      change: { id: string; hash: string; approval_id: string };
      run: { id: string };
    }>(`/changes/${planned.change.id}/rollback?wait=30`, {});
    see("the undo", JSON.stringify(undo));
    await product.lab.addFault("lab-ams-1", { kind: "refused_line", match: "cnry" });
    const refused = await plan(operator, {
      title: "Refused secret",
      targets: [{ device: "edge-ios", lines: [`snmp-server community ${CANARIES.snmp_community}2 RO`] }],
    });
    const refusedAsk = await ask(operator, refused);
    await admin.post(`/approvals/${refusedAsk.approval_id}/approve`, {});
    see("a refused line's run", JSON.stringify(await operator.untilEnded(refused.run.id)));
    see(
      "a refused request",
      JSON.stringify(
        (
          await operator.call("POST", "/changes", {
            title: "x",
            targets: [{ device: "edge-ios", lines: [`username canary secret ${CANARIES.user_secret}`, "reload"] }],
          })
        ).body,
      ),
    );

    for (const path of [
      "/devices",
      "/credentials",
      "/users",
      "/changes",
      "/approvals",
      "/runs",
      "/audit",
      "/devices/edge-ios/config",
      ...[planned, refused].flatMap(({ change, run: r }) => [
        `/changes/${change.id}`,
        `/changes/${change.id}/diff`,
        `/runs/${r.id}`,
        `/runs/${r.id}/lines`,
        `/runs/${r.id}/transcript?limit=500`,
        `/runs/${r.id}/history`,
      ]),
      `/approvals/${asked.approval_id}`,
    ]) {
      const answer = await admin.call("GET", path);
      expect(answer.status, path).toBe(200);
      see(`GET ${path}`, JSON.stringify(answer.body));
    }
    see("the event stream", await streamed.stop());
    for (const [table, text] of await dumpDatabase()) see(`table ${table}`, text);
    for (const folder of ["logs", "temporal", "run"])
      for (const [file, text] of await readAll(join(product.dataDir, folder))) see(file, text);
    see("what the supervisor printed", product.output());
    expect(hits).toEqual([]);
  },
);

function collect(response: Response): { stop(): Promise<string> } {
  let text = "";
  const reader = response.body?.getReader();
  const done = (async () => {
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      text += Buffer.from(chunk.value).toString();
    }
  })().catch(() => undefined);
  return {
    async stop() {
      await reader?.cancel();
      await done;
      expect(text).toContain("event: run");
      return text;
    },
  };
}

/** Every table as text; sealed columns are in there as hex, and stay unreadable. */
async function dumpDatabase(): Promise<[string, string][]> {
  const pid = await product.pid("api");
  const url =
    (await readFile(`/proc/${pid}/environ`, "utf8"))
      .split("\0")
      .find((e) => e.startsWith("DATABASE_URL="))
      ?.slice("DATABASE_URL=".length) ?? "";
  const pool = openPool(url, { max: 1 });
  try {
    const tables = await pool<
      { name: string }[]
    >`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
    const dumps: [string, string][] = [];
    for (const { name } of tables)
      dumps.push([
        name,
        (await pool<{ t: string }[]>`select t::text as t from ${pool(name)} t`).map((r) => r.t).join("\n"),
      ]);
    expect(dumps.length).toBeGreaterThan(20);
    return dumps;
  } finally {
    await pool.end();
  }
}

async function readAll(folder: string): Promise<[string, string][]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return Promise.all(
    names
      .filter((e) => e.isFile())
      .map(
        async (e) =>
          [join(e.parentPath, e.name), (await readFile(join(e.parentPath, e.name))).toString("latin1")] as [
            string,
            string,
          ],
      ),
  );
}
