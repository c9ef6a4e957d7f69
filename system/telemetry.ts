import type { Config } from "./config.ts";

export type Telemetry = { stop(): Promise<void> };

/** Begins to export traces when an endpoint is set. What that takes is loaded only then: it is 25 MB. */
export async function startTelemetry(
  { otlpEndpoint }: Pick<Config, "otlpEndpoint">,
  who: { part: string; instance: string },
): Promise<Telemetry> {
  if (otlpEndpoint === undefined) return { stop: () => Promise.resolve() };
  const { exportTraces } = await import("./otlp.ts");
  return exportTraces({ endpoint: otlpEndpoint, ...who });
}
