import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from "@opentelemetry/sdk-trace";
import { nextSpanId, tracingIsOn } from "./tracing.ts";

/** What is not sent within this time is not waited for when a part stops. */
const LAST_CALL_MS = 3000;

/**
 * Sends this process's spans to an OTLP/HTTP endpoint. The exporter reads the rest of the standard environment by itself
 * (OTEL_EXPORTER_OTLP_HEADERS, …_TIMEOUT, …_COMPRESSION).
 */
export function exportTraces({ endpoint, part, instance }: { endpoint: string; part: string; instance: string }): {
  stop(): Promise<void>;
} {
  const random = new RandomIdGenerator();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": `netstacks-${part}`,
      "service.namespace": "netstacks",
      "service.instance.id": instance,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces` }),
        scheduledDelayMillis: 2000,
      }),
    ],
    idGenerator: {
      generateTraceId: () => random.generateTraceId(),
      generateSpanId: () => nextSpanId() ?? random.generateSpanId(),
    },
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  tracingIsOn();
  return {
    async stop() {
      const last = provider.shutdown().catch(() => undefined);
      await Promise.race([last, new Promise((done) => setTimeout(done, LAST_CALL_MS).unref())]);
    },
  };
}
