import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type Api } from "./api.ts";

const CLI = fileURLToPath(new URL("../../cli/netstacks.ts", import.meta.url));
let api: Api;
let server: Server;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  api = await startApi();
  const operator = await api.as(["operator"]);
  server = createServer(getRequestListener(api.app.fetch));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  env = {
    PATH: process.env["PATH"],
    NETSTACKS_URL: `http://127.0.0.1:${address.port}`,
    NETSTACKS_TOKEN: operator.token,
  };
  folder = await mkdtemp(join(tmpdir(), "templates-"));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true, force: true });
  await api.stop();
});

async function netstacks(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [CLI, "templates", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, out, err };
}

async function files(texts: Record<string, string | Buffer>): Promise<string> {
  const directory = await mkdtemp(join(folder, "d-"));
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  return directory;
}

test("a folder is imported, listed, shown and rendered", async () => {
  const directory = await files({
    "base.j2": "base {{ mtu }} {% include 'cli/part.j2' %}",
    "cli/part.j2": "part {{ vlan }}\n",
    "notes.txt": "{% if",
    ".git/x.j2": "{% if",
  });
  const dry = await netstacks("import", directory, "--dry-run");
  expect([dry.code, dry.out]).toEqual([
    0,
    expect.stringContaining("2 created, 0 updated, 0 unchanged; nothing was done"),
  ]);
  const imported = await netstacks("import", directory);
  expect([imported.code, imported.out]).toEqual([
    0,
    "base.j2  create\ncli/part.j2  create\n\n2 created, 0 updated, 0 unchanged\n",
  ]);
  expect((await netstacks("list", "part")).out).toMatch(/^cli\/part\tdeploy\tversion 1\t/);
  expect((await netstacks("show", "cli/part.j2")).out).toBe("part {{ vlan }}\n");
  const variables = join(directory, "variables.json");
  await writeFile(variables, '{"mtu": 1500.0, "vlan": 1}');
  const rendered = await netstacks("render", "base", "--variables", variables, "--set", "vlan=10", "--set", "x=a b");
  expect(rendered).toMatchObject({ code: 0, out: "base 1500.0 part 10" });
});

test("what is wrong is told by file and line, and nothing is imported", async () => {
  const directory = await files({ "good.j2": "fine", "bad.j2": "\n{% if %}", "worse.j2": "{{ x|nope }}" });
  const { code, err } = await netstacks("import", directory);
  expect(code).toBe(1);
  expect(err).toMatch(/line 2: bad\.j2: /);
  expect(err).toMatch(/line 1: worse\.j2: /);
  expect((await netstacks("show", "good")).err).toContain("not_found");
  const undefinedVariable = await netstacks("render", "base", "--set", "vlan=1");
  expect([undefinedVariable.code, undefinedVariable.err]).toEqual([
    1,
    expect.stringMatching(/variable_undefined.*mtu/),
  ]);
});

test("a wrong call is told the right ones", async () => {
  const latin = await files({ "latin.j2": Buffer.from([0x61, 0xe4]) });
  for (const [args, says] of [
    [[], /templates list/],
    [["constructor"], /templates list/],
    [["show"], /templates show/],
    [["render", "x", "--nope"], /--nope/],
    [["render", "x", "--set", "novalue"], /<name>=<value>/],
    [["import", join(folder, "nowhere")], /cannot be read/],
    [["import", latin], /latin\.j2 is not UTF-8/],
    [["import", await files({ "a.txt": "" })], /holds no file/],
  ] as const) {
    const { code, err } = await netstacks(...args);
    expect([code, err]).toEqual([1, expect.stringMatching(says)]);
  }
});
