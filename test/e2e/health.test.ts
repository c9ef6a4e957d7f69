import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Change } from "../../domain/contract/change.ts";
import { takeAway, type Engine, type Way } from "../support/away.ts";
import type { Answer, ApiClient } from "../support/api-client.ts";
import { ask, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";

let product: Product;
let operator: ApiClient;
beforeAll(async () => {
  product = await startProduct();
  operator = await product.admin.newUser("olga", ["operator"]);
});
afterAll(() => product.stop());

const CASES: { engine: Engine; way: Way; n: number }[] = [
  { engine: "temporal", way: "stopped", n: 1 },
  { engine: "temporal", way: "gone", n: 2 },
  { engine: "postgres", way: "stopped", n: 3 },
  { engine: "postgres", way: "gone", n: 4 },
];

test.each(CASES)(
  "$engine $way: /readyz names it within 5 s and is back within 15 s; what was answered holds, what was refused is not there",
  async ({ engine, way, n }) => {
    const { admin } = product;
    const router = `lab-ams-${(n % 2) + 1}`;
    const lines = [`ntp server 203.0.113.${60 + n}`];
    const waiting = await plan(operator, { title: `Waits ${n}`, targets: [{ device: router, lines }] });
    const asked = await ask(operator, waiting);
    expect(asked.status).toBe("pending_approval");

    const alive = watchHealthz();
    const bringBack = await takeAway(product, engine, way);
    const tellsAgain = { at: 0 };
    try {
      // At once, while nobody knows yet; and again when it is known.
      const early = writes(n, "early", lines, router);
      const away = await untilReady(5, (answer) => answer.status === 503);
      expect(away.body).toMatchObject({ code: "not_ready", error: `${engine} does not answer` });
      expect(away.retryAfter).toBe("5");
      const late = writes(n, "late", lines, router);
      const decided = admin.call("POST", `/approvals/${asked.approval_id}/approve`, { hash: asked.hash });
      const answers = { ...(await early), ...(await late) };
      const decision = await decided;

      if (engine === "temporal") {
        // Records are written, and the run is told later.
        expect(decision.status, JSON.stringify(decision.body)).toBe(200);
        expect((decision.data as unknown as { approval: { run_nudged: boolean } }).approval.run_nudged).toBe(false);
        for (const [what, { status, body }] of Object.entries(answers))
          expect([200, 201, 202], `${what}: ${JSON.stringify(body)}`).toContain(status);
      } else {
        for (const [what, answer] of Object.entries({ ...answers, decision })) {
          expect({ what, status: answer.status, code: answer.code, again: answer.headers.get("retry-after") }).toEqual({
            what,
            status: 503,
            code: "database_away",
            again: "5",
          });
        }
      }
      // Asking a device needs the engine: nothing waits for ever.
      const tested = await admin.call("POST", `/devices/${router}/test`, {});
      expect(tested.status, JSON.stringify(tested.body)).toBe(503);
      expect(Number(tested.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(tested.code).toBe(engine === "temporal" ? "engine_away" : "database_away");
    } finally {
      tellsAgain.at = Date.now();
      await bringBack();
    }
    await untilReady(15, (answer) => answer.status === 200);
    expect((await alive.stop()).filter((status) => status !== 200)).toEqual([]);

    if (engine === "postgres")
      expect((await admin.call("POST", `/approvals/${asked.approval_id}/approve`, { hash: asked.hash })).status).toBe(
        200,
      );
    for (const when of ["early", "late"] as const) {
      const name = `dev-${n}-${when}`;
      const device = await admin.call("GET", `/devices/${name}`);
      expect(device.status, name).toBe(engine === "temporal" ? 200 : 404);
      // The repeat with the same key: one change, whatever became of the first.
      const again = await sendChange(n, when, lines, router);
      expect(again.status, JSON.stringify(again.body)).toBe(202);
      const { changes } = await admin.get<{ changes: Change[] }>(
        `/changes?search=${encodeURIComponent(title(n, when))}`,
      );
      const mine = changes.filter((c) => c.title === title(n, when));
      expect(mine.map((c) => c.id)).toEqual([(again.data as unknown as { change: Change }).change.id]);
      await operator.untilChange(mine[0]?.id ?? "", ["draft", "stale"]);
    }
    const run = await operator.untilEnded(waiting.run.id);
    expect(run.status, JSON.stringify(run.error)).toBe("success");
  },
  180_000,
);

const title = (n: number, when: string): string => `Meanwhile ${n} ${when}`;
const sendChange = (n: number, when: string, lines: string[], device: string): Promise<Answer> =>
  operator.call(
    "POST",
    "/changes",
    { title: title(n, when), targets: [{ device, lines }] },
    { "idempotency-key": `key-${n}-${when}` },
  );

/** Writes of several kinds at once; each must be answered, and none may take longer than a person waits. */
async function writes(n: number, when: string, lines: string[], router: string): Promise<Record<string, Answer>> {
  const { admin } = product;
  const sent: Record<string, Promise<Answer>> = {
    [`change ${when}`]: sendChange(n, when, lines, router),
    [`device ${when}`]: admin.call("POST", "/devices", {
      name: `dev-${n}-${when}`,
      host: "127.0.0.1",
      device_type: "cisco_ios",
      username: "x",
      password: "x-password",
    }),
    [`edit ${when}`]: admin.call("PATCH", `/devices/${router}`, { description: `edited ${n} ${when}` }),
  };
  const answers = Object.entries(sent).map(async ([what, answer]) => {
    const late = sleep(15_000).then(() => Promise.reject(new Error(`${what} was not answered within 15 s`)));
    return [what, await Promise.race([answer, late])] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

type Ready = { status: number; body: unknown; retryAfter: string | null };

async function untilReady(seconds: number, as: (answer: Ready) => boolean): Promise<Ready> {
  const end = Date.now() + seconds * 1000;
  let last: Ready | undefined;
  while (Date.now() < end) {
    const answer = await fetch(`${product.address}/readyz`, { signal: AbortSignal.timeout(seconds * 1000) });
    last = { status: answer.status, body: await answer.json(), retryAfter: answer.headers.get("retry-after") };
    if (as(last)) return last;
    await sleep(100);
  }
  throw new Error(`/readyz did not say so within ${seconds} s; last: ${JSON.stringify(last)}`);
}

/** Asks /healthz all the time; gives every status. */
function watchHealthz(): { stop(): Promise<(number | string)[]> } {
  const seen: (number | string)[] = [];
  let going = true;
  const watching = (async () => {
    while (going) {
      const answer = await fetch(`${product.address}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(String);
      seen.push(typeof answer === "string" ? answer : answer.status);
      if (typeof answer !== "string") await answer.body?.cancel();
      await sleep(200);
    }
  })();
  return {
    async stop() {
      going = false;
      await watching;
      return seen;
    },
  };
}
