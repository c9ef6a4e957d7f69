import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

export type Metrics = {
  registry: Registry;
  /** `route` is the pattern, never the path: a label per id would have no end. */
  observe(request: { method: string; route: string; status: number; seconds: number }): void;
  streams: Gauge;
  /** Seconds from an event to its live viewers. */
  eventLag(seconds: number): void;
};

/** A registry of its own for each app, so that two in one process do not share counters. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to the end of the answer's head, by route",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    registers: [registry],
  });
  const failures = new Counter({
    name: "http_request_failures_total",
    help: "Answers with a status of 500 or above",
    labelNames: ["route"],
    registers: [registry],
  });
  const streams = new Gauge({ name: "http_streams_open", help: "Open event streams", registers: [registry] });
  const lag = new Histogram({
    name: "netstacks_event_lag_seconds",
    help: "From an event of a run until it is on its way to a live viewer",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    eventLag: (seconds) => lag.observe(seconds),
    observe({ method, route, status, seconds }) {
      duration.observe({ method, route, status: String(status) }, seconds);
      if (status >= 500) failures.inc({ route });
    },
    streams,
  };
}
