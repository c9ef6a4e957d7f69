import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import proto from "@temporalio/proto";
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { payloadCodec } from "../../system/payload-codec.ts";
import { openVault } from "../../system/vault.ts";
import { workflowBundle } from "../../worker/bundle.ts";
import { HISTORY_KEY } from "../support/history-key.ts";
import { otherBuild, type Edit } from "../support/other-build.ts";

const FOLDER = fileURLToPath(new URL("../histories/", import.meta.url));
const histories = (await readdir(FOLDER)).filter((name) => name.endsWith(".bin"));

describe("recorded histories replay with today's workflow code", () => {
  let cache: string;
  let code: string;
  beforeAll(async () => {
    Runtime.install({
      logger: new DefaultLogger("ERROR"),
      // What the careless edits below do is told by the tests themselves.
      telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: "ERROR", other: "ERROR" }) } },
    });
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

  test("there is a history of each workflow, and of each way that a change can go", async () => {
    for (const type of await workflowTypes())
      expect(
        histories.filter((name) => name.startsWith(`${type}-`)),
        `no history of ${type}: node test/support/record-histories.ts`,
      ).not.toEqual([]);
    for (const way of [
      "kept",
      "rejected",
      "rolled_back",
      "cut_verify",
      "cut_rollback",
      "cut_skip",
      "paused",
      "held_stay",
      "held_undo",
    ])
      expect(histories).toContain(`change-0.1.0-${way}.bin`);
  });

  test.each(histories)("%s", (name) => replay(name, code), 60_000);

  /** What careless edits do: something once more than before, in the middle of what is recorded. */
  const again = (file: string, call: string, before = call) => ({
    file,
    from: before,
    to: `await ${call};\n${before}`,
  });
  const CARELESS: { history: string; edit: Edit }[] = [
    {
      history: "change-0.1.0-kept.bin",
      edit: again("change.ts", "records.beginPlanning(input)", "const round = await records.beginPlanning(input)"),
    },
    {
      history: "change-0.1.0-rolled_back.bin",
      edit: again("carry-out.ts", "records.loadControls(input)", "const back = await forEachLimit(touched"),
    },
    {
      history: "change-0.1.0-paused.bin",
      edit: again(
        "device-walk.ts",
        "walk.records.loadControls(walk.input)",
        "const controls = await walk.records.loadControls(walk.input)",
      ),
    },
    {
      history: "change-0.1.0-cut_verify.bin",
      edit: again(
        "device-walk.ts",
        "walk.records.loadControls(walk.input)",
        "const known = await walk.records.inspect",
      ),
    },
    {
      history: "testDevices-0.1.0-done.bin",
      edit: again("device-reads.ts", "reads.testDevices({ deviceIds })", "return (await forEachLimit("),
    },
    {
      history: "readConfig-0.1.0-done.bin",
      edit: again("device-reads.ts", "reads.readConfig({ deviceId })", "return reads.readConfig("),
    },
    {
      history: "readCommand-0.1.0-done.bin",
      edit: again("device-reads.ts", "reads.readCommand({ deviceIds, command })", "const parts = await forEachLimit("),
    },
    {
      history: "recordDevice-0.1.0-done.bin",
      edit: again("record-device.ts", "activities.recordDevice({ deviceId })", "return activities.recordDevice("),
    },
    {
      history: "change-0.1.0-held_undo.bin",
      edit: again("carry-out.ts", "records.loadVerdict(input)", "const said = await records.loadVerdict(input)"),
    },
    {
      history: "change-0.1.0-held_stay.bin",
      edit: again("carry-out.ts", "records.hold(input)", "await records.hold(input)"),
    },
    {
      history: "stackDeploy-0.1.0-deployed.bin",
      edit: again("stack-deploy.ts", "records.lookAtDeploy(input)", "const look = await records.lookAtDeploy(input)"),
    },
    {
      history: "backupFleet-0.1.0-done.bin",
      edit: again("backup-fleet.ts", "records.lookAtBackup(input)", "await records.finishBackup(input)"),
    },
    {
      history: "backupFleet-0.1.0-cancelled.bin",
      edit: again(
        "backup-fleet.ts",
        "records.lookAtBackup(input)",
        "const { next, parts } = await records.lookAtBackup",
      ),
    },
  ];

  test.each(CARELESS.map((c) => ({ ...c, place: `${c.edit.file}, “${c.edit.from}”` })))(
    "a build that does something more before $place cannot replay $history",
    async ({ history, edit }) => {
      await expect(replay(history, await otherBuild([edit]))).rejects.toThrow(/[Nn]ondeterminism/);
    },
    60_000,
  );

  test("every workflow has a careless edit here", async () => {
    for (const type of await workflowTypes())
      expect(CARELESS.map(({ history }) => history.split("-")[0])).toContain(type);
  });
});

async function workflowTypes(): Promise<string[]> {
  const index = await readFile(new URL("../../workflows/index.ts", import.meta.url), "utf8");
  const types = [...index.matchAll(/export \{ ([^}]+) \}/g)].flatMap(([, names = ""]) => names.split(", "));
  expect(types).toContain("change");
  return types;
}
