import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Context, type Span } from "@opentelemetry/api";

/**
 * Spans, from a click to the device's prompt. They hold ids, names, counts and codes: no text of a device, of a line or of
 * an error. Without an exporter (see otlp.ts) everything here does nothing, and costs nothing.
 */
let on = false;

/** What an exporter says when it has begun. */
export function tracingIsOn(): void {
  on = true;
}
export const tracingRuns = (): boolean => on;

export type { Span } from "@opentelemetry/api";

const tracer = () => trace.getTracer("netstacks");

type Kind = "server" | "client" | "consumer" | "internal";
const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** Runs `fn` inside a span; a throw marks it as failed, with the error's code alone. */
export function span<T>(
  name: string,
  { kind = "internal", ...attributes }: Attributes & { kind?: Kind },
  fn: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (!on) return fn(undefined);
  return tracer().startActiveSpan(name, { kind: KINDS[kind], attributes }, async (it) => {
    try {
      return await fn(it);
    } catch (error) {
      it.setAttribute("error.type", codeOf(error));
      it.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      it.end();
    }
  });
}

/** A span that has happened already, under an id that its children were told before. */
export function pastSpan(
  name: string,
  attributes: Attributes,
  { parent, at, spanId }: { parent: string; at: number; spanId: string },
): void {
  if (!on) return;
  givenSpanId = spanId;
  const it = tracer().startSpan(name, { kind: KINDS.consumer, attributes, startTime: at }, contextOf(parent));
  givenSpanId = undefined;
  it.end(at);
}

let givenSpanId: string | undefined;
/** The id that the span which is being started must have. */
export const nextSpanId = (): string | undefined => givenSpanId;

/** The id of the trace that this work belongs to; undefined outside of any. */
export const traceId = (): string | undefined => (on ? trace.getActiveSpan()?.spanContext().traceId : undefined);

/** The W3C header that carries the current span to another process. */
export function traceparent(): string | undefined {
  const current = on ? trace.getActiveSpan()?.spanContext() : undefined;
  if (current === undefined) return undefined;
  return `00-${current.traceId}-${current.spanId}-${current.traceFlags.toString(16).padStart(2, "0")}`;
}

/** Spans of `fn` belong below the span that the header names. A header that is none leaves everything as it is. */
export function underTraceparent<T>(header: string | undefined, fn: () => T): T {
  return on && header !== undefined ? context.with(contextOf(header), fn) : fn();
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function contextOf(header: string): Context {
  const [, id = "", spanId = "", flags = ""] = TRACEPARENT.exec(header) ?? [];
  if (/^0*$/.test(id) || /^0*$/.test(spanId)) return context.active();
  return trace.setSpanContext(context.active(), {
    traceId: id,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
  });
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.name : "unknown";
}
