import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { openStream, sseParser, type SseMessage, type Stream } from "../../web/src/lib/sse.ts";

const parseAll = (chunks: string[]): SseMessage[] => {
  const found: SseMessage[] = [];
  const feed = sseParser((message) => found.push(message));
  for (const chunk of chunks) feed(chunk);
  return found;
};

test("messages, ids and comments are told apart, whatever ends the lines", () => {
  expect(parseAll(["id: 7\nevent: line\ndata: a\ndata: b\n\n: hello\n\ndata:c\r\n\r\n"])).toEqual([
    { id: "7", event: "line", data: "a\nb" },
    { id: "7", event: "message", data: "c" },
  ]);
});

test("how the network cuts the stream does not matter", () => {
  const text = 'id: 1\r\nevent: a\r\ndata: {"x":1}\r\n\r\nid: 2\ndata: zwei\n\n';
  const whole = parseAll([text]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(parseAll(at.slice(1).map((end, i) => text.slice(at[i], end)))).toEqual(whole);
    }),
  );
  expect(whole).toHaveLength(2);
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the test's server has no port");
  return `http://127.0.0.1:${address.port}/`;
}
const keep = (stream: Stream): void => void closers.push(stream.close);

test("a stream that breaks goes on after the last event, and says that it was away", async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    const last = request.headers["last-event-id"];
    asked.push(typeof last === "string" ? last : undefined);
    response.writeHead(200, { "content-type": "text/event-stream" });
    const next = Number(last ?? 0) + 1;
    response.write(`id: ${next}\ndata: ${next}\n\n`);
    if (next < 3) setTimeout(() => response.destroy(), 20);
  });
  const got: string[] = [];
  let reconnects = 0;
  await new Promise<void>((done) => {
    keep(
      openStream({
        url,
        onState: () => undefined,
        onReconnect: () => (reconnects += 1),
        onMessage: ({ data }) => {
          got.push(data);
          if (data === "3") done();
        },
      }),
    );
  });
  expect(got).toEqual(["1", "2", "3"]);
  expect(asked).toEqual([undefined, "1", "2"]);
  expect(reconnects).toBe(2);
});

test("a session that is over ends the stream", async () => {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked += 1;
    response.writeHead(401);
    response.end();
  });
  await new Promise<void>((done) =>
    keep(openStream({ url, onState: () => undefined, onMessage: () => undefined, onSignedOut: done })),
  );
  expect(asked).toBe(1);
});

test("a stream that speaks is live", async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("event: ping\ndata: {}\n\n");
  });
  const status = await new Promise<string>((done) =>
    keep(
      openStream({
        url,
        onMessage: () => undefined,
        onState: (state) => state.status === "live" && done(state.status),
      }),
    ),
  );
  expect(status).toBe("live");
});
