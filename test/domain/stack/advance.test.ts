import fc from "fast-check";
import { expect, test } from "vitest";
import type { OnFailure } from "../../../domain/contract/stack.ts";
import { decideNext, type ServiceFacts } from "../../../domain/stack/advance.ts";

const service = (position: number, more: Partial<ServiceFacts> = {}): ServiceFacts => ({
  position,
  name: `s${position}`,
  needs: [],
  after: [...(more.needs ?? [])],
  stand: "ready",
  verdict: null,
  leaves: "nothing",
  ...more,
});
const on = (onFailure: OnFailure, more = {}) => ({ onFailure, paused: false, cancelled: false, ...more });

test("a service begins when all before it are done, and those beside it begin together", () => {
  const all = [service(0), service(1), service(2, { needs: [0] })];
  expect(decideNext(all, on("halt")).release).toEqual([0, 1]);
  const later = [service(0, { stand: "kept" }), service(1, { stand: "working" }), service(2, { needs: [0] })];
  expect(decideNext(later, on("halt")).release).toEqual([2]);
  expect(decideNext(all, on("halt", { paused: true }))).toMatchObject({ release: [], skip: [], end: null });
});

test("halt: nothing more is sent once one has failed, what was kept stays", () => {
  const all = [
    service(0, { stand: "kept" }),
    service(1, { stand: "failed" }),
    service(2, { stand: "working" }),
    service(3),
  ];
  expect(decideNext(all, on("halt")).skip).toEqual([{ position: 3, why: "“s1” failed" }]);
  const then = all.map((s) => (s.position === 3 ? { ...s, stand: "skipped" as const } : s));
  expect(decideNext(then, on("halt")).end).toBeNull();
  const last = then.map((s) => (s.position === 2 ? { ...s, stand: "kept" as const } : s));
  expect(decideNext(last, on("halt")).end).toBe("partial");
});

test("continue: those that depend on it are left out, also at second hand; the others go on", () => {
  const all = [
    service(0, { stand: "failed" }),
    service(1, { needs: [0] }),
    service(2, { needs: [1] }),
    service(3, { after: [0] }),
  ];
  expect(decideNext(all, on("continue")).skip.map((s) => s.position)).toEqual([1]);
  const then = all.map((s) => (s.position === 1 ? { ...s, stand: "skipped" as const } : s));
  expect(decideNext(then, on("continue")).skip.map((s) => s.position)).toEqual([2]);
  const last = then.map((s) => (s.position === 2 ? { ...s, stand: "skipped" as const } : s));
  expect(decideNext(last, on("continue")).release).toEqual([3]);
});

test("rollback: what is held goes back in reverse, each when all behind it are gone", () => {
  const held = { stand: "held" as const };
  const all = [
    service(0, held),
    service(1, { ...held, needs: [0] }),
    service(2, { ...held, needs: [0] }),
    service(3, { stand: "failed", leaves: "taken_back", needs: [1] }),
  ];
  expect(decideNext(all, on("rollback")).undo).toEqual([1, 2]);
  const half = all.map((s): ServiceFacts => (s.position === 1 ? { ...s, stand: "undone", verdict: "undo" } : s));
  expect(decideNext(half, on("rollback")).undo).toEqual([2]);
  const then = half.map((s): ServiceFacts => (s.position === 2 ? { ...s, stand: "undone", verdict: "undo" } : s));
  expect(decideNext(then, on("rollback")).undo).toEqual([0]);
  const last = then.map((s): ServiceFacts => (s.position === 0 ? { ...s, stand: "undone", verdict: "undo" } : s));
  expect(decideNext(last, on("rollback")).end).toBe("rolled_back");
  const stuck = then.map((s): ServiceFacts =>
    s.position === 0 ? { ...s, stand: "failed", verdict: "undo", leaves: "left" } : s,
  );
  expect(decideNext(stuck, on("rollback")).end).toBe("failed");
});

test("without a failure everything that is held stays, and the deploy is done", () => {
  const all = [service(0, { stand: "held" }), service(1, { stand: "held", needs: [0] })];
  expect(decideNext(all, on("rollback")).stay).toEqual([0, 1]);
  expect(
    decideNext(
      all.map((s) => ({ ...s, stand: "kept" as const })),
      on("rollback"),
    ).end,
  ).toBe("deployed");
});

test("a cancel leaves what was kept, and sends nothing more", () => {
  const all = [service(0, { stand: "held" }), service(1, { stand: "working" }), service(2)];
  expect(decideNext(all, on("rollback", { cancelled: true })).skip).toHaveLength(1);
  const then: ServiceFacts[] = [
    service(0, { stand: "held" }),
    service(1, { stand: "cancelled" }),
    service(2, { stand: "skipped" }),
  ];
  expect(decideNext(then, on("rollback", { cancelled: true })).stay).toEqual([0]);
});

test("whatever fails, a deploy comes to its end, sends nothing before its turn, and takes back in reverse", () => {
  const graph = fc.array(
    fc.tuple(fc.array(fc.nat(9), { maxLength: 3 }), fc.array(fc.nat(9), { maxLength: 2 }), fc.nat(9)),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(graph, fc.constantFrom<OnFailure>("rollback", "halt", "continue"), (nodes, onFailure) => {
      const fails = nodes.map(([, , chance]) => chance < 2);
      let all: ServiceFacts[] = nodes.map(([needs, beside], position) => {
        const before = [...new Set(needs.filter((n) => n < position))];
        const after = [...new Set([...before, ...beside.filter((n) => n < position)])];
        return service(position, { needs: before, after });
      });
      const set = (position: number, more: Partial<ServiceFacts>): void => {
        all = all.map((s) => (s.position === position ? { ...s, ...more } : s));
      };
      for (let step = 0; step < 200; step += 1) {
        const decision = decideNext(all, on(onFailure));
        if (decision.end !== null) {
          const broke = all.some((s) => s.stand === "failed");
          expect(decision.end === "deployed").toBe(!broke);
          if (onFailure === "rollback" && broke)
            expect(all.filter((s) => s.stand === "kept" || s.stand === "held")).toEqual([]);
          return;
        }
        for (const position of decision.release) {
          const mine = all.find((s) => s.position === position);
          for (const before of mine?.after ?? [])
            expect(["kept", "held", "failed", "skipped"]).toContain(all.find((s) => s.position === before)?.stand);
          for (const need of mine?.needs ?? [])
            expect(["kept", "held"]).toContain(all.find((s) => s.position === need)?.stand);
          if (fails[position] === true) set(position, { stand: "failed", leaves: "taken_back" });
          else set(position, { stand: onFailure === "rollback" ? "held" : "kept" });
        }
        for (const { position } of decision.skip) set(position, { stand: "skipped" });
        for (const position of decision.stay) set(position, { stand: "kept", verdict: "stay" });
        for (const position of decision.undo) {
          const behind = all.filter((s) => s.after.includes(position));
          expect(behind.some((s) => s.stand === "held")).toBe(false);
          set(position, { stand: "undone", verdict: "undo" });
        }
      }
      throw new Error("it never ended");
    }),
    { numRuns: 500 },
  );
});

test("while the deploy is paused nothing reaches a device, a way back neither", () => {
  const all = [service(0, { stand: "held" }), service(1, { stand: "failed" })];
  expect(decideNext(all, on("rollback", { paused: true }))).toMatchObject({ undo: [], stay: [], end: null });
  expect(decideNext(all, on("rollback")).undo).toEqual([0]);
});

test("rolled back is said only where nothing of it is left, also of a service that somebody cancelled", () => {
  const all = [service(0, { stand: "undone", verdict: "undo" }), service(1, { stand: "cancelled", leaves: "left" })];
  expect(decideNext(all, on("rollback")).end).toBe("failed");
});
