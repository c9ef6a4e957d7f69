import { readdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import type { Payload } from "@temporalio/common";
import { openPool, type Pool } from "../../db/client.ts";
import { payloadCodec } from "../../system/payload-codec.ts";
import { openVault } from "../../system/vault.ts";
import type { Product } from "./product.ts";

/** The database of a product, by the URL that its own parts were given. */
export async function databaseUrlOf(product: Product): Promise<string> {
  const environment = await readFile(`/proc/${await product.pid("api")}/environ`, "utf8");
  const given = environment.split("\0").find((e) => e.startsWith("DATABASE_URL="));
  return given?.slice("DATABASE_URL=".length) ?? "";
}

/** Every table as text, as a dump would hold it; sealed columns are in there as hex. */
export async function dumpTables(product: Product): Promise<[string, string][]> {
  const pool: Pool = openPool(await databaseUrlOf(product), { max: 1 });
  try {
    const tables = await pool<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
    const dumps: [string, string][] = [];
    for (const { name } of tables) {
      const rows = await pool<{ t: string }[]>`select t::text as t from ${pool(name)} t`;
      dumps.push([name, rows.map((r) => r.t).join("\n")]);
    }
    return dumps;
  } finally {
    await pool.end();
  }
}

/** Every file below the folders, as it lies on the disk. */
export async function readFiles(...folders: string[]): Promise<[string, Buffer][]> {
  const lists = folders.map(async (folder) => {
    const root = await realpath(folder);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
    // Postgres removes files of its own while we read.
    return Promise.all(
      files.map(async (file) => [file, await readFile(file).catch(() => Buffer.alloc(0))] as [string, Buffer]),
    );
  });
  return (await Promise.all(lists)).flat();
}

/** The history of every workflow: as the engine keeps it, and with all its payloads opened. */
export async function readHistories(product: Product): Promise<{ id: string; stored: string; opened: string }[]> {
  const key = Buffer.from((await readFile(join(product.dataDir, "keys", "master.key"), "utf8")).trim(), "base64");
  const codec = payloadCodec(openVault(key));
  const { address } = JSON.parse(await readFile(join(product.dataDir, "run", "temporal.json"), "utf8")) as {
    address: string;
  };
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const histories = [];
    for await (const { workflowId, runId } of client.workflow.list()) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const payloads: string[] = [];
      for (const payload of payloadsIn(history)) {
        const [open] = await codec.decode([payload]);
        payloads.push(Buffer.from(open?.data ?? []).toString());
      }
      histories.push({ id: workflowId, stored: JSON.stringify(history, bytesAsText), opened: payloads.join("\n") });
    }
    return histories;
  } finally {
    await connection.close();
  }
}

const bytesAsText = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;

/** Wherever in a history they stand: inputs, results, headers, markers of local activities, failures. */
function* payloadsIn(value: unknown): Generator<Payload> {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  if ("metadata" in value && "data" in value && value.data instanceof Uint8Array) yield value as Payload;
  else for (const each of Object.values(value)) yield* payloadsIn(each);
}
