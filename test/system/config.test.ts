import { describe, expect, test } from "vitest";
import { hostInUrl, readConfig, requireEngines } from "../../system/config.ts";
import { StartError } from "../../system/start-error.ts";

const KEY = Buffer.alloc(32, 5);

test("an empty environment is the platform of one machine", () => {
  expect(readConfig({})).toMatchObject({
    port: 8080,
    host: "127.0.0.1",
    databaseUrl: undefined,
    temporal: { address: undefined, namespace: "default", tls: undefined },
    publicUrl: "http://127.0.0.1:8080",
    trustedProxies: [],
    lab: true,
    logLevel: "info",
  });
  expect(readConfig({}).dataDir).toBe(`${process.cwd()}/.netstacks`);
});

test("a variable that is set to nothing is not set", () => {
  expect(readConfig({ PORT: "", DATABASE_URL: "", NETSTACKS_LAB: "" })).toEqual(readConfig({}));
});

test("the lab runs by itself only where both engines are the embedded ones", () => {
  expect(readConfig({ DATABASE_URL: "postgres://db/netstacks" }).lab).toBe(false);
  expect(readConfig({ TEMPORAL_ADDRESS: "temporal:7233" }).lab).toBe(false);
  expect(readConfig({ TEMPORAL_ADDRESS: "temporal:7233", NETSTACKS_LAB: "on" }).lab).toBe(true);
  expect(readConfig({ NETSTACKS_LAB: "off" }).lab).toBe(false);
});

test("what may be written in two ways is read in both", () => {
  expect(readConfig({ NETSTACKS_MASTER_KEY: KEY.toString("hex") }).masterKey).toEqual(KEY);
  expect(readConfig({ NETSTACKS_MASTER_KEY: KEY.toString("base64") }).masterKey).toEqual(KEY);
  expect(readConfig({ NETSTACKS_PUBLIC_URL: "https://ns.example.net/" }).publicUrl).toBe("https://ns.example.net");
  expect(readConfig({ NETSTACKS_TRUSTED_PROXIES: "10.0.0.0/8, 2001:db8::1" }).trustedProxies).toEqual([
    "10.0.0.0/8",
    "2001:db8::1",
  ]);
});

test("Temporal's TLS files come as a pair", () => {
  const cert = { TEMPORAL_TLS_CLIENT_CERT_PATH: "c.pem" };
  expect(readConfig({ ...cert, TEMPORAL_TLS_CLIENT_KEY_PATH: "k.pem" }).temporal.tls).toEqual({
    ca: undefined,
    cert: "c.pem",
    key: "k.pem",
  });
  expect(readConfig({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: "ca.pem" }).temporal.tls).toEqual({ ca: "ca.pem" });
  expect(() => readConfig(cert)).toThrow(
    "TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH must be set together, each to a PEM file.",
  );
});

describe("a wrong value stops the start with one sentence that names it", () => {
  test.each([
    [{ PORT: "http" }, 'PORT must be a port number from 0 to 65535 (0 takes any free port), but is "http".'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" },
      'OTEL_EXPORTER_OTLP_ENDPOINT must be the address of an OTLP/HTTP receiver, such as http://127.0.0.1:4318, but is "collector:4318".',
    ],
    [{ PORT: "65536" }, 'PORT must be a port number from 0 to 65535 (0 takes any free port), but is "65536".'],
    [{ HOST: "a b" }, 'HOST must be an address to listen on, such as 127.0.0.1 or 0.0.0.0, but is "a b".'],
    [
      { TEMPORAL_ADDRESS: "temporal" },
      'TEMPORAL_ADDRESS must be host:port, such as temporal.example.net:7233, but is "temporal".',
    ],
    [
      { TEMPORAL_NAMESPACE: "a/b" },
      'TEMPORAL_NAMESPACE must be a namespace\'s name: letters, digits, dots, dashes, but is "a/b".',
    ],
    [
      { NETSTACKS_PUBLIC_URL: "https://a/b" },
      'NETSTACKS_PUBLIC_URL must be the address people open, without a path, such as https://netstacks.example.net, but is "https://a/b".',
    ],
    [
      { NETSTACKS_TRUSTED_PROXIES: "10.0.0.0/33" },
      'NETSTACKS_TRUSTED_PROXIES must be IP addresses or subnets separated by commas, such as 10.0.0.0/8,192.0.2.7, but is "10.0.0.0/33".',
    ],
    [{ NETSTACKS_LAB: "yes" }, 'NETSTACKS_LAB must be on or off, but is "yes".'],
    [{ LOG_LEVEL: "loud" }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "loud".'],
  ])("%o", (env, sentence) => {
    expect(() => readConfig(env)).toThrow(new StartError(sentence));
  });

  test.each([
    [
      { DATABASE_URL: "mysql://root:hunter2@db/x" },
      "DATABASE_URL must be a Postgres URL, such as postgres://user:password@host:5432/netstacks.",
    ],
    [
      { NETSTACKS_MASTER_KEY: "hunter2" },
      "NETSTACKS_MASTER_KEY must be 32 random bytes as 64 hexadecimal digits or as base64, such as the output of `openssl rand -base64 32`.",
    ],
    [{ NETSTACKS_ADMIN_PASSWORD: "hunter2" }, "NETSTACKS_ADMIN_PASSWORD must have at least 10 characters."],
  ])("without showing a secret (%#)", (env, sentence) => {
    expect(() => readConfig(env)).toThrow(new StartError(sentence));
  });
});

test("a part that is started by itself has to be told of both engines", () => {
  expect(() => requireEngines(readConfig({}), "api")).toThrow("DATABASE_URL must be set for `netstacks api`");
  expect(() => requireEngines(readConfig({ DATABASE_URL: "postgres://db/x" }), "worker")).toThrow(
    "TEMPORAL_ADDRESS must be set for `netstacks worker`",
  );
  expect(
    requireEngines(readConfig({ DATABASE_URL: "postgres://db/x", TEMPORAL_ADDRESS: "t:1" }), "api").temporal.address,
  ).toBe("t:1");
});

test("a host is written as an address that can be opened", () => {
  expect([hostInUrl("0.0.0.0"), hostInUrl("::"), hostInUrl("::1"), hostInUrl("192.0.2.1")]).toEqual([
    "localhost",
    "localhost",
    "[::1]",
    "192.0.2.1",
  ]);
});
