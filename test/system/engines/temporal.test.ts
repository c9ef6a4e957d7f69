import { randomUUID } from "node:crypto";
import { Client, Connection } from "@temporalio/client";
import { expect, onTestFinished, test } from "vitest";
import { startTemporal, type Temporal } from "../../../system/engines/temporal.ts";
import { tempFolder } from "../../setup/launch.ts";

async function start(dataDir: string, port?: number): Promise<Temporal> {
  const engine = await startTemporal({ dataDir, namespace: "default", port });
  onTestFinished(() => engine.stop());
  return engine;
}

async function withClient<T>(address: string, use: (client: Client, connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }), connection);
  } finally {
    await connection.close();
  }
}

test("it listens on loopback, keeps closed runs for 90 days, and keeps its runs over SIGKILL on the same port", async () => {
  const dataDir = await tempFolder();
  const first = await start(dataDir);
  expect(first.address).toBe(`127.0.0.1:${first.port}`);
  const workflowId = randomUUID();
  await withClient(first.address, async (client, connection) => {
    const { config } = await connection.workflowService.describeNamespace({ namespace: "default" });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 86_400);
    await client.workflow.start("nobody-runs-this", { taskQueue: "nobody", workflowId });
  });

  process.kill(first.mark.pid, "SIGKILL");
  expect(await first.exited).toBe("was ended by signal 9");
  const second = await start(dataDir, first.port);
  expect(second.address).toBe(first.address);
  const { status } = await withClient(second.address, (client) => client.workflow.getHandle(workflowId).describe());
  expect(status.name).toBe("RUNNING");
});
