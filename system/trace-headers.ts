import type { WorkflowClientInterceptor } from "@temporalio/client";
import { defaultPayloadConverter, type Headers } from "@temporalio/common";
import { TRACE_HEADER } from "../domain/contract/messages.ts";
import { span, traceparent } from "./tracing.ts";

/** Which span a message of the workflow engine was sent from. */
export function readTraceHeader(headers: Headers): string | undefined {
  const payload = headers[TRACE_HEADER];
  const value: unknown = payload && defaultPayloadConverter.fromPayload(payload);
  return typeof value === "string" ? value : undefined;
}

const withTraceHeader = <I extends { readonly headers: Headers }>(input: I): I => {
  const value = traceparent();
  if (value === undefined) return input;
  return { ...input, headers: { ...input.headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(value) } };
};

/** Starts, signals and updates of workflows are spans, and carry the trace on. */
export const traceWorkflowCalls: WorkflowClientInterceptor = {
  startWithDetails: (input, next) =>
    span(`start ${input.workflowType}`, { kind: "client", workflow_id: input.options.workflowId }, () =>
      next(withTraceHeader(input)),
    ),
  signal: (input, next) =>
    span(`signal ${input.signalName}`, { kind: "client", workflow_id: input.workflowExecution.workflowId ?? "" }, () =>
      next(withTraceHeader(input)),
    ),
  startUpdate: (input, next) =>
    span(`update ${input.updateName}`, { kind: "client", workflow_id: input.workflowExecution.workflowId ?? "" }, () =>
      next(withTraceHeader(input)),
    ),
};
