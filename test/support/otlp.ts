import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type ReceivedSpan = {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  attributes: Record<string, string | number | boolean>;
};

/** An OTLP/HTTP receiver, as a collector is one: keeps what it is sent, as spans and as it came. */
export async function startOtlpReceiver(): Promise<{
  endpoint: string;
  spans(): ReceivedSpan[];
  raw(): string;
  until(has: (spans: ReceivedSpan[]) => boolean, seconds: number): Promise<ReceivedSpan[]>;
  stop(): Promise<void>;
}> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url === "/v1/traces") bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const spans = (): ReceivedSpan[] => bodies.flatMap((body) => readSpans(JSON.parse(body) as Body));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw: () => bodies.join("\n"),
    async until(has, seconds) {
      for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200))
        if (has(spans())) return spans();
      throw new Error(`no such spans within ${seconds} s; there are: ${names(spans()).join(", ")}`);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export const names = (spans: readonly ReceivedSpan[]): string[] => [
  ...new Set(spans.map((s) => `${s.service}: ${s.name}`)),
];

type Value = { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
type Attribute = { key: string; value: Value };
type Body = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: { name: string; traceId: string; spanId: string; parentSpanId?: string; attributes?: Attribute[] }[];
    }[];
  }[];
};

const valueOf = ({ stringValue, intValue, doubleValue, boolValue }: Value): string | number | boolean =>
  stringValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? boolValue ?? "";

const readAttributes = (list: readonly Attribute[] = []): ReceivedSpan["attributes"] =>
  Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));

const readSpans = (body: Body): ReceivedSpan[] =>
  body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: String(readAttributes(resource.attributes)["service.name"]),
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? "",
        attributes: readAttributes(span.attributes),
      })),
    ),
  );
