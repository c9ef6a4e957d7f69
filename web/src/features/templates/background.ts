import type { Answer, Numbered, Reply, Request } from "./render-messages.ts";

/** What of a Worker is used: a test has one of its own. */
export type Thread = {
  postMessage: (message: Numbered<Request>) => void;
  terminate: () => void;
  onmessage: ((event: { data: Reply }) => void) | null;
  onerror: ((event: { message: string }) => void) | null;
};

/** It took longer than a template may take, and was ended. */
export class TooSlow extends Error {}
/** A newer request took its place before it was at work. */
export class Overtaken extends Error {}

type Job = { body: Request; done: (answer: Answer) => void; failed: (error: Error) => void };

/**
 * One thread that renders beside the page. Of each kind only the newest request waits; one that runs too long, whatever it
 * does, is ended with its thread.
 */
export function createBackground(open: () => Thread, { limitMs = 2500, startMs = 20_000 } = {}) {
  let thread: Thread | null = null;
  let warm = false;
  let at = 0;
  let busy: Job | null = null;
  const waiting = new Map<Request["op"], Job>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const end = (error: Error): void => {
    clearTimeout(timer);
    thread?.terminate();
    thread = null;
    warm = false;
    const job = busy;
    busy = null;
    job?.failed(error);
    next();
  };
  const start = (): Thread => {
    const opened = open();
    opened.onerror = ({ message }) => end(new Error(message || "the page's own part that renders failed"));
    opened.onmessage = ({ data }) => {
      if (data.id !== at || busy === null) return;
      clearTimeout(timer);
      warm = true;
      const job = busy;
      busy = null;
      if (data.body.op === "broken") job.failed(new Error(data.body.why));
      else job.done(data.body);
      next();
    };
    return opened;
  };
  const next = (): void => {
    if (busy !== null) return;
    const [job] = waiting.values();
    if (job === undefined) return;
    waiting.delete(job.body.op);
    busy = job;
    at += 1;
    thread ??= start();
    // A thread that still has to load its code gets the time for it.
    timer = setTimeout(() => end(new TooSlow("rendering took too long and was ended")), warm ? limitMs : startMs);
    thread.postMessage({ id: at, body: job.body });
  };
  return {
    ask: (body: Request): Promise<Answer> =>
      new Promise((done, failed) => {
        waiting.get(body.op)?.failed(new Overtaken("a newer text is rendered instead"));
        waiting.delete(body.op);
        waiting.set(body.op, { body, done, failed });
        next();
      }),
    close(): void {
      for (const job of waiting.values()) job.failed(new Overtaken("the page was left"));
      waiting.clear();
      end(new Overtaken("the page was left"));
    },
  };
}
export type Background = ReturnType<typeof createBackground>;
