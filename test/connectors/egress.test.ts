import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { opens, parseAddress, parseNetwork, specialKind } from "../../connectors/egress-address.ts";
import { EgressFailure, fetchOutside } from "../../connectors/egress.ts";
import { parseEntry, parseList } from "../../connectors/egress-list.ts";

/** Listens on every address of this machine: whatever gets through reaches it. */
let port = 0;
let hits: { url: string; host: string | undefined; authorization: string | undefined }[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = (_q, s) => s.end("{}");
const canary = createServer((request, response) => {
  hits.push({ url: request.url ?? "", host: request.headers.host, authorization: request.headers.authorization });
  answer(request, response);
});
beforeAll(async () => {
  await new Promise<void>((done) => canary.listen(0, "::", done));
  port = (canary.address() as AddressInfo).port;
});
afterAll(async () => {
  canary.closeAllConnections();
  await new Promise((done) => canary.close(done));
});
beforeEach(() => {
  hits = [];
  answer = (_q, s) => s.end("{}");
});

const NAMES: Record<string, string[]> = {
  "inside.example.net": ["127.0.0.1"],
  "inside6.example.net": ["::1"],
  "mapped.example.net": ["::ffff:127.0.0.1"],
  "private.example.net": ["10.1.2.3"],
  "meta.example.net": ["169.254.169.254"],
  "both.example.net": ["93.184.216.34", "127.0.0.1"],
  "any.example.net": ["0.0.0.0"],
};
const resolve = async (host: string) =>
  (NAMES[host] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
const ask = (
  allow: string[],
  url: string,
  more: { withinMs?: number; method?: string; headers?: Record<string, string> } = {},
) =>
  fetchOutside(
    parseList(allow),
    { url, method: more.method ?? "GET", headers: more.headers ?? {} },
    { resolve, ...(more.withinMs === undefined ? {} : { withinMs: more.withinMs }) },
  );
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "sent",
    (error: unknown) => (error instanceof EgressFailure ? error.code : String(error)),
  );

/** Every way to say "this machine", "inside" or "the cloud's metadata" that a browser would follow. */
const INSIDE = [
  "http://127.0.0.1:PORT/",
  "http://127.1:PORT/",
  "http://127.0.1:PORT/",
  "http://2130706433:PORT/",
  "http://0x7f000001:PORT/",
  "http://0x7f.1:PORT/",
  "http://0177.0.0.1:PORT/",
  "http://017700000001:PORT/",
  "http://127.0.0.1.:PORT/",
  "http://127.8.8.8:PORT/",
  "http://0:PORT/",
  "http://0.0.0.0:PORT/",
  "http://[::]:PORT/",
  "http://[::1]:PORT/",
  "http://[0:0:0:0:0:0:0:1]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://[::ffff:7f00:1]:PORT/",
  "http://[::127.0.0.1]:PORT/",
  "http://[64:ff9b::7f00:1]:PORT/",
  "http://[2002:7f00:1::]:PORT/",
  "http://[2001:0:7f00:1::]:PORT/",
  "http://[fe80::1]:PORT/",
  "http://[fc00::1]:PORT/",
  "http://[fd00:ec2::254]/latest/meta-data/",
  "http://169.254.169.254/latest/meta-data/",
  "http://0xa9fea9fe/latest/meta-data/",
  "http://2852039166/latest/meta-data/",
  "http://[::ffff:169.254.169.254]/",
  "http://10.0.0.1/",
  "http://172.31.255.255/",
  "http://192.168.0.1/",
  "http://100.64.0.1/",
  "http://198.18.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "http://１２７.０.０.１:PORT/",
  "http://①②⑦.0.0.1:PORT/",
  "http://inside.example.net:PORT/",
  "http://INSIDE.EXAMPLE.NET.:PORT/",
  "http://inside6.example.net:PORT/",
  "http://mapped.example.net:PORT/",
  "http://private.example.net/",
  "http://meta.example.net/",
  "http://both.example.net:PORT/",
  "http://any.example.net:PORT/",
];

test.each(INSIDE)("%s is refused, also where every name and every public address is allowed", async (form) => {
  const url = form.replace("PORT", String(port));
  expect(["egress_denied", "dns_failed"]).toContain(
    await codeOf(ask(["*.example.net", "0.0.0.0/0", "::/0", "127.0.0.1.example.net"], url)),
  );
  expect(hits).toEqual([]);
});

test.each([
  "ftp://example.net/",
  "file:///etc/passwd",
  "gopher://127.0.0.1:70/",
  "data:application/json,{}",
  "http://user@inside.example.net/",
  "http://93.184.216.34@127.0.0.1/",
  "http://user:word@93.184.216.34/",
  "http://",
  "//127.0.0.1/",
  "http://127.0.0.1:0/",
  "http://[::1%25lo]/",
  "http://256.1.1.1/",
  "not an address",
])("%s is no address that is followed", async (url) => {
  expect(await codeOf(ask(["127.0.0.0/8", "*.example.net", "0.0.0.0/0"], url))).toBe("url_invalid");
});

test("nothing is open until somebody opens it", async () => {
  expect(await codeOf(ask([], "http://93.184.216.34/"))).toBe("egress_denied");
  expect(await codeOf(ask([], `http://inside.example.net:${port}/`))).toBe("egress_denied");
});

test("a network opens its addresses, by number and by any name, and sends the name as the host", async () => {
  expect((await ask(["127.0.0.0/8"], `http://inside.example.net:${port}/a?b=c`)).status).toBe(200);
  expect((await ask(["::1"], `http://[::1]:${port}/`)).status).toBe(200);
  expect((await ask(["127.0.0.1"], `http://[::ffff:7f00:1]:${port}/`)).status).toBe(200);
  expect(hits[0]).toMatchObject({ url: "/a?b=c", host: `inside.example.net:${port}` });
});

test("the name is resolved once, and the connection goes where it was judged", async () => {
  let asked = 0;
  const rebinding = async () => {
    asked += 1;
    return [{ address: asked === 1 ? "127.0.0.1" : "169.254.169.254", family: 4 }];
  };
  const list = parseList(["127.0.0.1"]);
  const got = await fetchOutside(
    list,
    { url: `http://moving.example.net:${port}/`, method: "GET", headers: {} },
    { resolve: rebinding },
  );
  expect([got.status, asked]).toEqual([200, 1]);
});

test.each([
  ["http://169.254.169.254/latest/", "egress_denied"],
  ["http://[::1]:PORT/", "egress_denied"],
  ["http://meta.example.net/", "egress_denied"],
  ["file:///etc/passwd", "url_invalid"],
  ["http://user:word@127.0.0.1:PORT/", "url_invalid"],
])("a redirect to %s is judged like any address", async (to, code) => {
  answer = (_q, s) => s.writeHead(302, { location: to.replace("PORT", String(port)) }).end();
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`))).toBe(code);
  expect(hits).toHaveLength(1);
});

test("redirects are followed three times, and only for GET", async () => {
  answer = (_q, s) => s.writeHead(302, { location: "/again" }).end();
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`))).toBe("redirect_refused");
  expect(hits).toHaveLength(4);
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`, { method: "POST" }))).toBe("redirect_refused");
  expect(hits).toHaveLength(5);
});

test("what authenticates goes to the origin it was given for, and to no other", async () => {
  answer = (q, s) =>
    q.url === "/" ? s.writeHead(307, { location: `http://127.0.0.2:${port}/other` }).end() : s.end("{}");
  const headers = { authorization: "Bearer CANARY" };
  await ask(["127.0.0.0/8"], `http://127.0.0.1:${port}/`, { headers });
  expect(hits.map((h) => [h.url, h.authorization])).toEqual([
    ["/", "Bearer CANARY"],
    ["/other", undefined],
  ]);
});

test("an answer is bounded in size, in time and in form", async () => {
  answer = (_q, s) => s.end(Buffer.alloc(1_048_577, 0x20));
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`))).toBe("too_large");
  answer = (_q, s) => s.write("{");
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`, { withinMs: 300 }))).toBe("timeout");
  answer = () => undefined;
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`, { withinMs: 300 }))).toBe("timeout");
  answer = (_q, s) => s.writeHead(200, { "content-encoding": "gzip" }).end("x");
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`))).toBe("answer_encoded");
  answer = (q) => q.socket.destroy();
  expect(await codeOf(ask(["127.0.0.1"], `http://127.0.0.1:${port}/`))).toBe("connection_failed");
  expect(await codeOf(ask(["127.0.0.1"], `https://127.0.0.1:${port}/`))).toMatch(/^(tls|connection)_failed$/);
});

test("a network opens only addresses of one kind", () => {
  const open = (network: string, address: string): boolean => {
    const [n, a] = [parseNetwork(network), parseAddress(address)];
    if (!n || !a) throw new Error("no address");
    return opens(n, a);
  };
  expect(open("0.0.0.0/0", "93.184.216.34")).toBe(true);
  expect(open("::/0", "2606:2800:220:1::1")).toBe(true);
  expect(open("0.0.0.0/0", "10.0.0.1")).toBe(false);
  expect(open("8.0.0.0/5", "10.0.0.1")).toBe(false);
  expect(open("10.0.0.0/8", "10.0.0.1")).toBe(true);
  expect(open("10.0.0.0/24", "10.0.1.1")).toBe(false);
  expect(open("169.254.0.0/16", "169.254.169.254")).toBe(false);
  expect(open("169.254.169.254", "169.254.169.254")).toBe(true);
  expect(open("::ffff:10.0.0.0/104", "10.9.9.9")).toBe(true);
});

test("addresses are read as numbers, and entries as names or networks", () => {
  expect(specialKind(parseAddress("2606:2800:220:1:248:1893:25c8:1946") ?? { bits: 32, value: 0n })).toBe(undefined);
  expect(parseAddress("::ffff:1.2.3.4")).toEqual({ bits: 32, value: 0x01020304n });
  expect(parseAddress("2001:db8::1:0:0:1")?.value).toBe(0x20010db8000000000001000000000001n);
  expect(parseEntry("*.Example.NET.")).toEqual({ name: "example.net", below: true });
  for (const none of [
    "",
    "*",
    "*.",
    "http://x",
    "a b",
    "10.0.0.0/33",
    "x/8",
    "1.2.3",
    "0x7f000001",
    "-a.net",
    "10.0.0.0/8/8",
    "a..b",
    "netbox:8000",
  ])
    expect([none, parseEntry(none)]).toEqual([none, undefined]);
});

test("however an IPv6 address is shortened, it is the same number", () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const value = groups.reduce((all, g) => (all << 16n) | BigInt(g), 0n);
      const long = groups.map((g) => g.toString(16)).join(":");
      const short = new URL(`http://[${long}]/`).hostname.slice(1, -1);
      const mapped = value >> 32n === 0xffffn;
      const expected = mapped ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
      expect([parseAddress(long), parseAddress(short)]).toEqual([expected, expected]);
    }),
    { numRuns: 2000 },
  );
});
