import { expect, test } from "vitest";
import { Overtaken, TooSlow, createBackground, type Thread } from "../../../web/src/features/templates/background.ts";
import type { Answer, Numbered, Request } from "../../../web/src/features/templates/render-messages.ts";

/** A thread that answers when the test says so. */
function rig() {
  const threads: { thread: Thread; got: Numbered<Request>[]; ended: boolean }[] = [];
  const open = (): Thread => {
    const made = { got: [] as Numbered<Request>[], ended: false };
    const thread: Thread = {
      postMessage: (message) => made.got.push(message),
      terminate: () => (entry.ended = true),
      onmessage: null,
      onerror: null,
    };
    const entry = { thread, ...made };
    threads.push(entry);
    return thread;
  };
  const answer = (n: number): void => {
    const entry = threads[n];
    const last = entry?.got.at(-1);
    if (entry && last) entry.thread.onmessage?.({ data: { id: last.id, body: answerTo(last.body) } });
  };
  return { open, threads, answer };
}
const OPTIONS = {
  trim_blocks: false,
  lstrip_blocks: false,
  keep_trailing_newline: false,
  undefined: "strict",
} as const;
const ask = (rendered: string): Request => ({ op: "diff", platform: "cisco_ios", running: "", rendered });
const answerTo = (request: Request): Answer => ({
  op: "diff",
  hunks: [],
  added: 0,
  removed: 0,
  notes: request.op === "diff" ? [request.rendered] : [],
  problems: [],
});
const notesOf = async (asked: Promise<Answer>): Promise<string[]> => {
  const answer = await asked;
  return answer.op === "diff" ? answer.notes : [];
};

test("one at a time; of those that wait only the newest", async () => {
  const { open, threads, answer } = rig();
  const background = createBackground(open);
  const first = notesOf(background.ask(ask("1")));
  const second = background.ask(ask("2"));
  const third = notesOf(background.ask(ask("3")));
  await expect(second).rejects.toBeInstanceOf(Overtaken);
  answer(0);
  expect(await first).toEqual(["1"]);
  answer(0);
  expect(await third).toEqual(["3"]);
  expect(threads).toHaveLength(1);
});

test("what is asked of another kind waits beside it", async () => {
  const { open, answer } = rig();
  const background = createBackground(open);
  const first = notesOf(background.ask(ask("1")));
  const second = notesOf(background.ask(ask("2")));
  const other = background.ask({ op: "render", source: "", options: OPTIONS, templates: {}, layers: [] });
  answer(0);
  answer(0);
  answer(0);
  expect(await Promise.all([first, second])).toEqual([["1"], ["2"]]);
  await expect(other).resolves.toBeDefined();
});

test("what runs too long is ended with its thread, and the next one gets another", async () => {
  const { open, threads, answer } = rig();
  const background = createBackground(open, { limitMs: 5, startMs: 5 });
  const endless = background.ask(ask("loop"));
  const next = background.ask(ask("after"));
  await expect(endless).rejects.toBeInstanceOf(TooSlow);
  expect(threads.map((entry) => entry.ended)).toEqual([true, false]);
  answer(1);
  expect(await notesOf(next)).toEqual(["after"]);
});

test("a fault of the thread itself is told, and leaving the page ends it", async () => {
  const { open, threads } = rig();
  const background = createBackground(open);
  const broken = background.ask(ask("x"));
  threads[0]?.thread.onerror?.({ message: "no such file" });
  await expect(broken).rejects.toThrow("no such file");
  const left = background.ask(ask("y"));
  background.close();
  await expect(left).rejects.toBeInstanceOf(Overtaken);
  expect(threads.every((entry) => entry.ended)).toBe(true);
});
