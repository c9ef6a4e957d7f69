import { afterAll, beforeAll, expect, test } from "vitest";
import { sawWorker } from "../../db/queries/workers.ts";
import { createMeters } from "../../worker/meters.ts";
import { startApi, type Api } from "./api.ts";

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi();
  token = (await api.as(["viewer"])).token;
});
afterAll(() => api.stop());

const scrape = async () => (await api.call("GET", "/metrics", { token })).text;

test("what workers measured is shown under one head, each with its own name; one that died is not", async () => {
  for (const [name, devices] of [
    ["ams-1", 2],
    ["fra-1", 3],
    ["gone-1", 9],
  ] as const) {
    const meters = createMeters(name);
    for (let n = 0; n < devices; n += 1) meters.sessions.opened("write", 0.2);
    meters.sessions.closed("write");
    meters.sessions.failed("auth_failed");
    await sawWorker(api.pool, name, await meters.registry.metrics());
  }
  await api.pool`update workers set seen_at = now() - interval '31 seconds' where id = 'gone-1'`;
  const text = await scrape();
  expect(text.match(/^# TYPE netstacks_sessions_open gauge$/gm)).toHaveLength(1);
  expect(text).toContain('netstacks_sessions_open{purpose="write",worker="ams-1"} 1');
  expect(text).toContain('netstacks_sessions_open{purpose="write",worker="fra-1"} 2');
  expect(text).toContain('netstacks_session_failures_total{code="auth_failed",worker="fra-1"} 1');
  expect(text).not.toContain("gone-1");
});

test("what waits is counted, with the age of the oldest", async () => {
  const [user] = await api.pool<{ id: string }[]>`select id from users limit 1`;
  const id = "00000000-0000-7000-8000-000000000001";
  await api.pool`insert into runs (id, kind, title, change_id, started_by, created_at) values (${id}, 'change', 'forgotten', ${id}, 'olga', now() - interval '90 seconds')`;
  await api.pool`insert into audit (actor, action, hmac, at) values ('olga', 'x', ''::bytea, now() - interval '40 seconds')`;
  const text = await scrape();
  expect(user).toBeDefined();
  expect(text).toMatch(/^netstacks_waiting\{what="run_start"\} 1$/m);
  expect(Number(/^netstacks_waiting_oldest_seconds\{what="run_start"\} (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(89);
  expect(Number(/^netstacks_waiting_oldest_seconds\{what="audit_seal"\} (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(39);
  expect(text).toMatch(/^netstacks_runs\{kind="change",status="pending"\} 1$/m);
  expect(text).toMatch(/^netstacks_task_queue_backlog\{kind="activity"\} 3$/m);
  expect(text).toMatch(/^netstacks_task_queue_oldest_seconds\{kind="activity"\} 1.5$/m);
});

test("with an engine away the scrape says so, and leaves out what it cannot know", async () => {
  api.engine.answers.reachable = false;
  try {
    const text = await scrape();
    expect(text).toContain('netstacks_engine_up{engine="temporal"} 0');
    expect(text).toContain('netstacks_engine_up{engine="postgres"} 1');
    expect(text).not.toContain("netstacks_task_queue");
  } finally {
    api.engine.answers.reachable = true;
  }
});
