import {
  defaultPayloadConverter,
  proxySinks,
  workflowInfo,
  type Headers,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from "@temporalio/workflow";
import { TRACE_HEADER, type TookMessage } from "../domain/contract/messages.ts";

interface TraceSinks extends Sinks {
  traces: { took(message: TookMessage): void };
}
const { traces } = proxySinks<TraceSinks>();

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;
const LAST_16_DIGITS = (1n << 64n) - 1n;

/**
 * Carries a trace through a workflow: what it does next belongs to the message that it took last, so that an approval's
 * trace goes on to the device. It only copies headers; without one it does nothing, and no command depends on it.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let current: string | undefined;
  let taken = 0;

  const take = (name: string, headers: Headers): void => {
    const payload = headers[TRACE_HEADER];
    const parent: unknown = payload && defaultPayloadConverter.fromPayload(payload);
    const [, traceId, flags] = (typeof parent === "string" && TRACEPARENT.exec(parent)) || [];
    if (typeof parent !== "string" || traceId === undefined || flags === undefined) return;
    const { runId, workflowId } = workflowInfo();
    // Made of the run's id and not by chance: a replay must not draw other random numbers than the first time.
    const number = (BigInt(`0x${runId.replaceAll("-", "")}`) + BigInt(taken)) & LAST_16_DIGITS;
    const spanId = number.toString(16).padStart(16, "0");
    taken += 1;
    current = `00-${traceId}-${spanId}-${flags}`;
    traces.took({ name, runId: workflowId, parent, spanId, at: Date.now() });
  };
  const carrying = <I extends { readonly headers: Headers }>(input: I): I =>
    current === undefined
      ? input
      : { ...input, headers: { ...input.headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(current) } };

  return {
    inbound: [
      {
        execute(input, next) {
          take(`workflow ${workflowInfo().workflowType}`, input.headers);
          return next(input);
        },
        handleSignal(input, next) {
          take(`workflow took ${input.signalName}`, input.headers);
          return next(input);
        },
        handleUpdate(input, next) {
          take(`workflow took ${input.name}`, input.headers);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(carrying(input)),
        scheduleLocalActivity: (input, next) => next(carrying(input)),
        startChildWorkflowExecution: (input, next) => next(carrying(input)),
        continueAsNew: (input, next) => next(carrying(input)),
      },
    ],
  };
};
