import { ApplicationFailure, asyncLocalStorage, type Context } from "@temporalio/activity";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alive } from "../../../activities/alive.ts";
import { sendPhase } from "../../../activities/send-phase.ts";
import { FAILURES, type FailureCode } from "../../../domain/contract/failures.ts";
import { NotFound } from "../../../domain/contract/errors.ts";
import { SecretRefused, failure, mayTryAgain } from "../../../devices/failures.ts";
import type { NewFault } from "../../../lab/faults.ts";
import { createLog } from "../../../system/log.ts";
import { createLabWorld, endRun, type LabWorld } from "../world.ts";

const CODES = Object.keys(FAILURES) as FailureCode[]; // the table's own keys
const again = (code: FailureCode, tries: number, reading: boolean) =>
  mayTryAgain(failure(code, "x"), { tries, reading });

test("a refused secret, a paused credential, another box and a question are never tried again, by a read neither", () => {
  const never: FailureCode[] = [
    "auth_failed",
    "enable_failed",
    "auth_method_unavailable",
    "credential_paused",
    "credential_missing",
    "key_passphrase",
    "login_dialog_unknown",
    "host_key_unknown",
    "host_key_changed",
    "wrong_device",
    "unexpected_question",
    "journal_tampered",
    "device_disabled",
  ];
  for (const code of never)
    for (const reading of [true, false]) expect(again(code, 1, reading), `${code} ${reading}`).toBe(false);
  expect(mayTryAgain(new SecretRefused("auth_failed", "x"), { tries: 1, reading: true })).toBe(false);
});

test("what the device may have judged without a word is tried once more, and not a third time", () => {
  for (const code of ["auth_timeout", "auth_unanswered", "login_method_changed"] as const) {
    expect(again(code, 1, false), code).toBe(true);
    expect(again(code, 2, false), code).toBe(false);
    expect(again(code, 2, true), code).toBe(false);
  }
});

test("what only kept from connecting is tried again; what a read met is, and a send is not", () => {
  for (const code of ["connection_refused", "session_refused", "connection_lost"] as const)
    expect(again(code, 50, false), code).toBe(true);
  for (const code of ["config_incomplete", "timeout_total", "echo_mismatch"] as const) {
    expect(again(code, 5, true), code).toBe(true);
    expect(again(code, 1, false), code).toBe(false);
  }
  // Every failure has been decided about, and nothing else is one.
  for (const code of CODES) expect(typeof again(code, 1, true), code).toBe("boolean");
  expect(mayTryAgain(new NotFound("device", "x"), { tries: 1, reading: true })).toBe(false);
  expect(mayTryAgain(new Error("a bug"), { tries: 1, reading: true })).toBe(false);
});

/** As much of an activity's context as is looked at here. */
const contextOf = (attempt: number): Context =>
  ({
    info: { attempt },
    cancelled: new Promise<never>(() => undefined),
    cancellationSignal: new AbortController().signal,
    heartbeat: () => undefined,
  }) as unknown as Context;

/** Runs an activity as its retry policy of ten attempts would; gives how often it ran. */
async function attempts(fail: () => Error): Promise<number> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const error: unknown = await asyncLocalStorage
      .run(contextOf(attempt), () => alive(() => Promise.reject(fail())))
      .catch((thrown: unknown) => thrown);
    if (error instanceof ApplicationFailure && error.nonRetryable === true) {
      expect(error.type).toMatch(/^[a-z_]+$/);
      return attempt;
    }
  }
  return 10;
}

test("an activity's retry policy does not send a refused password again", async () => {
  expect(await attempts(() => new SecretRefused("auth_failed", "refused"))).toBe(1);
  expect(await attempts(() => failure("credential_paused", "paused"))).toBe(1);
  expect(await attempts(() => failure("auth_timeout", "slow"))).toBe(2);
  expect(await attempts(() => failure("connection_lost", "gone"))).toBe(10);
  expect(await attempts(() => failure("config_incomplete", "cut"))).toBe(10);
  expect(await attempts(() => failure("stopped", "the worker is stopping"))).toBe(10);
});

describe("a change that cannot log in", () => {
  const NAME = "lab-ams-1";
  let w: LabWorld;
  beforeAll(async () => {
    w = await createLabWorld([NAME]);
  });
  afterAll(() => w.stop());
  beforeEach(() => w.pool`update devices set updated_at = clock_timestamp()`);
  afterEach(async () => {
    await w.control.clearFaults(NAME);
    await w.pool`delete from credential_refusals`;
  });

  const cases: { fault: NewFault; code: string; passwords: number }[] = [
    { fault: { kind: "refuse_auth" }, code: "auth_failed", passwords: 1 },
    { fault: { kind: "hang_up_at_login" }, code: "auth_unanswered", passwords: 2 },
  ];
  test.each(cases)("for $code sends $passwords password(s), and no line", async ({ fault, code, passwords }) => {
    const id = await w.device(NAME);
    const change = await w.approve([id], "ntp server 192.0.2.77");
    await w.pool`update devices set updated_at = clock_timestamp()`;
    await w.control.addFault(NAME, fault);
    const since = (await w.control.ledger(NAME)).at(-1)?.seq ?? 0;
    const { pool, vault, sessions, journal } = w;
    const deps = { pool, vault, sessions, journal, log: createLog("test", "silent"), holder: "test" };
    const where = { runId: change.runId, changeId: change.changeId, deviceId: id, phase: "apply" as const };
    expect((await sendPhase(deps, where, new AbortController().signal)).status).toBe("failed");
    const [step] = await w.pool<{ error: { code: string } }[]>`
      select error from run_steps where run_id = ${change.runId} and device = ${NAME} and step = 'apply'`;
    expect(step?.error.code).toBe(code);
    expect((await w.control.ledger(NAME, since)).filter((e) => e.kind === "auth")).toHaveLength(passwords);
    expect(await w.sent(NAME, since)).toEqual([]);
    await endRun(w, change);
  });
});
