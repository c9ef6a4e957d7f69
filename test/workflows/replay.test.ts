import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import proto from "@temporalio/proto";
import { DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { payloadCodec } from "../../system/payload-codec.ts";
import { openVault } from "../../system/vault.ts";
import { workflowBundle } from "../../worker/bundle.ts";
import { HISTORY_KEY } from "../support/history-key.ts";

const FOLDER = fileURLToPath(new URL("../histories/", import.meta.url));
const histories = (await readdir(FOLDER)).filter((name) => name.endsWith(".bin"));

describe("recorded histories replay with today's workflow code", () => {
  let cache: string;
  let code: string;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger("ERROR") });
    cache = await mkdtemp(join(tmpdir(), "netstacks-bundle-"));
    const bundle = await workflowBundle(cache);
    code = "code" in bundle ? bundle.code : "";
  });
  afterAll(() => rm(cache, { recursive: true, force: true }));

  const replay = async (name: string, workflowCode: string): Promise<void> => {
    const history = proto.temporal.api.history.v1.History.decode(await readFile(join(FOLDER, name)));
    await Worker.runReplayHistory(
      {
        workflowBundle: { code: workflowCode },
        dataConverter: { payloadCodecs: [payloadCodec(openVault(Buffer.from(HISTORY_KEY, "base64")))] },
      },
      history,
    );
  };

  test("there is a history of each way that a change can go", () => {
    for (const way of ["kept", "rejected", "rolled_back", "cut_verify", "cut_rollback", "cut_skip", "paused"])
      expect(histories).toContain(`change-0.1.0-${way}.bin`);
  });

  test.each(histories)("%s", (name) => replay(name, code), 60_000);

  test("workflow code that does other things than it did is noticed", async () => {
    // What a careless edit does: the plan is begun twice.
    const broken = code.replace(
      /const round = await records\.beginPlanning\(input\);/,
      (line) => `await records.beginPlanning(input); ${line}`,
    );
    expect(broken).not.toBe(code);
    await expect(replay("change-0.1.0-kept.bin", broken)).rejects.toThrow(/[Nn]ondeterminism/);
  });
});
