import { randomUUID } from "node:crypto";
import {
  Client,
  Connection,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from "@temporalio/client";
import { ApplicationFailure, WorkflowIdReusePolicy } from "@temporalio/common";
import proto from "@temporalio/proto";
import { Conflict, DeviceFailure, Unavailable } from "../domain/contract/errors.ts";
import type { DeviceTest } from "../domain/contract/device.ts";
import {
  DECIDE,
  NUDGE,
  TASK_QUEUE,
  type BackupInput,
  type ChangeInput,
  type CommandRead,
  type ConfigRead,
  type Recorded,
  type DecideInput,
  type StackDeployInput,
} from "../domain/contract/messages.ts";
import type { EngineConfig } from "../system/config.ts";
import type { Logger } from "../system/log.ts";
import { payloadCodec } from "../system/payload-codec.ts";
import { temporalTls } from "../system/temporal-connection.ts";
import { traceWorkflowCalls } from "../system/trace-headers.ts";
import type { Vault } from "../system/vault.ts";
import type { Engine, RunStart, TaskQueue } from "./engine.ts";

const SOON = 3000;
/** A server that was away for an hour is wanted back at once; the driver's own waits grow to two minutes. */
const RECONNECT = { "grpc.initial_reconnect_backoff_ms": 250, "grpc.max_reconnect_backoff_ms": 2000 };
const away = () =>
  new Unavailable("workers_away", "no worker answers; nothing was done, repeat it in a few seconds", { retryAfter: 5 });

/** The workflow engine over Temporal. Connects when it is first needed, so that the API starts and stays up without it. */
export async function openTemporalEngine(deps: {
  config: EngineConfig;
  vault: Vault;
  log: Logger;
  taskQueue?: string;
}): Promise<Engine & { close(): Promise<void> }> {
  const { config, vault, log, taskQueue = TASK_QUEUE } = deps;
  const tls = await temporalTls(config);
  const connection = Connection.lazy({
    address: config.temporal.address,
    channelArgs: RECONNECT,
    ...(tls ? { tls } : {}),
  });
  const client = new Client({
    connection,
    namespace: config.temporal.namespace,
    dataConverter: { payloadCodecs: [payloadCodec(vault)] },
    interceptors: { workflow: [traceWorkflowCalls] },
  });
  const soon = <T>(fn: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + SOON, fn);

  /** Runs a short workflow whose result the caller waits for. */
  async function ask<T>(workflow: string, args: unknown[], seconds: number): Promise<T> {
    if ((await workers()) === 0) throw away();
    try {
      return await connection.withDeadline(Date.now() + seconds * 1000, () =>
        client.workflow.execute(workflow, {
          taskQueue,
          workflowId: `${workflow}-${randomUUID()}`,
          args,
          workflowExecutionTimeout: `${seconds} seconds`,
        }),
      );
    } catch (error) {
      if (isGrpcServiceError(error) || error instanceof WorkflowFailedError) throw away();
      throw error;
    }
  }

  async function describeQueue(kind: TaskQueue["kind"]): Promise<TaskQueue> {
    const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;
    const { pollers, stats } = await soon(() =>
      connection.workflowService.describeTaskQueue({
        namespace: config.temporal.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: kind === "activity" ? TASK_QUEUE_TYPE_ACTIVITY : TASK_QUEUE_TYPE_WORKFLOW,
        reportStats: true,
      }),
    );
    // The server lists a poller for minutes after its last poll; a live one polls at least every minute.
    const alive = (pollers ?? []).filter((p) => Date.now() - Number(p.lastAccessTime?.seconds ?? 0) * 1000 < 75_000);
    return {
      kind,
      backlog: Number(stats?.approximateBacklogCount ?? 0),
      age: Number(stats?.approximateBacklogAge?.seconds ?? 0) + (stats?.approximateBacklogAge?.nanos ?? 0) / 1e9,
      pollers: alive.length,
    };
  }

  async function workers(): Promise<number> {
    try {
      return (await describeQueue("activity")).pollers;
    } catch (error) {
      log.debug({ err: error }, "the workflow engine does not answer");
      throw new Unavailable(
        "engine_away",
        "the workflow engine does not answer; nothing was done, repeat it in a few seconds",
        { retryAfter: 5 },
      );
    }
  }

  return {
    async start(run) {
      const { runId } = run;
      const { workflow, input } = workflowOf(run);
      try {
        await soon(() =>
          client.workflow.start(workflow, {
            taskQueue,
            workflowId: runId,
            args: [input],
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return true;
        log.warn({ err: error, run_id: runId }, "the run could not be started now; the sweeper repeats it");
        return false;
      }
    },
    async nudge(runId) {
      try {
        await soon(() => client.workflow.getHandle(runId).signal(NUDGE));
        return true;
      } catch (error) {
        // A run that has ended needs no nudge.
        if (error instanceof WorkflowNotFoundError) return true;
        log.warn({ err: error, run_id: runId }, "the run could not be told now; the sweeper repeats it");
        return false;
      }
    },
    async isOpen(runId) {
      try {
        const { status } = await soon(() => client.workflow.getHandle(runId).describe());
        return status.name === "RUNNING";
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        log.debug({ err: error, run_id: runId }, "the workflow engine does not answer");
        return undefined;
      }
    },
    async decide(runId, input: DecideInput, requestId) {
      try {
        await connection.withDeadline(Date.now() + 5000, () =>
          client.workflow.getHandle(runId).executeUpdate(DECIDE, { args: [input], updateId: requestId }),
        );
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) {
          const cause = error.cause instanceof ApplicationFailure ? error.cause : undefined;
          throw new Conflict(cause?.type ?? "choice_refused", cause?.message ?? "the run refused this choice");
        }
        if (error instanceof WorkflowNotFoundError) throw new Conflict("run_ended", "this run has ended");
        if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcServiceError(error)) throw away();
        throw error;
      }
    },
    testDevices: (deviceIds) => ask<DeviceTest[]>("testDevices", [{ deviceIds }], 120),
    async readConfig(deviceId) {
      const read = await ask<ConfigRead>("readConfig", [{ deviceId }], 120);
      if ("error" in read) throw new DeviceFailure(read.error.code, read.error.message);
      return read;
    },
    readCommand: (deviceIds, command) => ask<CommandRead[]>("readCommand", [{ deviceIds, command }], 120),
    async queues() {
      try {
        return await Promise.all([describeQueue("workflow"), describeQueue("activity")]);
      } catch (error) {
        log.debug({ err: error }, "the workflow engine does not answer");
        return undefined;
      }
    },
    async recordDevice(deviceId) {
      const made = await ask<Recorded>("recordDevice", [{ deviceId }], 330);
      if ("error" in made) throw new DeviceFailure(made.error.code, made.error.message);
      return made;
    },
    async health() {
      try {
        const count = await workers();
        return { reachable: true, workers: count, detail: count === 0 ? "no worker polls" : `${count} polling` };
      } catch (error) {
        return { reachable: false, workers: 0, detail: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => connection.close(),
  };
}

/** The workflow that carries a run out. */
function workflowOf({ runId, kind, changeId }: RunStart): {
  workflow: string;
  input: ChangeInput | BackupInput | StackDeployInput;
} {
  if (kind === "backup") return { workflow: "backupFleet", input: { runId } };
  if (kind === "stack_deploy") return { workflow: "stackDeploy", input: { runId } };
  if (changeId === null) throw new Error(`run ${runId} of kind ${kind} names no change`);
  return { workflow: "change", input: { runId, changeId } };
}
