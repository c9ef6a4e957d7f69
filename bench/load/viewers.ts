import { connect, type Socket } from "node:net";

export type Viewer = { lagsMs: number[]; events: number; close(): void; done: Promise<void> };

/** Follows a run as a browser does, and notes how long after each event it hears of it. */
export function watchRun({ address, token, runId }: { address: string; token: string; runId: string }): Viewer {
  const stop = new AbortController();
  const viewer: Viewer = { lagsMs: [], events: 0, close: () => stop.abort(), done: Promise.resolve() };
  viewer.done = read(viewer, `${address}/api/runs/${runId}/events`, token, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return viewer;
}

async function read(viewer: Viewer, url: string, token: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  if (answer.status !== 200 || answer.body === null) throw new Error(`the stream answered ${answer.status}`);
  const opened = Date.now();
  let rest = "";
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      if (!/^event: event$/m.test(block)) continue;
      viewer.events += 1;
      const at = /"at":"([^"]+)"/.exec(block)?.[1];
      const happened = at === undefined ? 0 : Date.parse(at);
      // What had happened before it began to look is no news.
      if (happened > opened) viewer.lagsMs.push(Date.now() - happened);
    }
  }
}

/** A viewer whose connection is open, and which reads nothing. */
export function stuckViewer({ address, token, runId }: { address: string; token: string; runId: string }): Socket {
  const url = new URL(address);
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  socket.on("error", () => undefined);
  socket.pause();
  socket.write(`GET /api/runs/${runId}/events HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  return socket;
}
