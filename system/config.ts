import { BlockList, isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import { Password } from "../domain/contract/user.ts";
import { StartError } from "./start-error.ts";

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const port = z
  .string()
  .regex(/^\d{1,5}$/, "must be a port number from 0 to 65535 (0 takes any free port)")
  .transform(Number)
  .refine((n) => n <= 65_535, "must be a port number from 0 to 65535 (0 takes any free port)");

const address = z
  .string()
  .regex(/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i, "must be host:port, such as temporal.example.net:7233");

const postgresUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol),
    "must be a Postgres URL, such as postgres://user:password@host:5432/netstacks",
  );

const publicUrl = z
  .string()
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return (
      /^https?:$/.test(url.protocol) &&
      url.pathname === "/" &&
      url.search === "" &&
      url.hash === "" &&
      url.username === ""
    );
  }, "must be the address people open, without a path, such as https://netstacks.example.net")
  .transform((text) => new URL(text).origin);

const httpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    "must be the address of an OTLP/HTTP receiver, such as http://127.0.0.1:4318",
  );

const proxies = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  )
  .refine(
    (list) => list.every((entry) => isAddressOrSubnet(entry)),
    "must be IP addresses or subnets separated by commas, such as 10.0.0.0/8,192.0.2.7",
  );

const masterKey = z
  .string()
  .transform(decodeKey)
  .refine(
    (key) => key.length === 32,
    "must be 32 random bytes as 64 hexadecimal digits or as base64, such as the output of `openssl rand -base64 32`",
  );

const Environment = z.object({
  PORT: port.default(8080),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "must be an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    .default("127.0.0.1"),
  NETSTACKS_DATA_DIR: z.string().default(".netstacks"),
  DATABASE_URL: postgresUrl.optional(),
  TEMPORAL_ADDRESS: address.optional(),
  TEMPORAL_NAMESPACE: z
    .string()
    .regex(/^[\w.-]+$/, "must be a namespace's name: letters, digits, dots, dashes")
    .default("default"),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().optional(),
  NETSTACKS_PUBLIC_URL: publicUrl.optional(),
  NETSTACKS_TRUSTED_PROXIES: proxies.default([]),
  NETSTACKS_MASTER_KEY: masterKey.optional(),
  NETSTACKS_ADMIN_PASSWORD: Password.optional(),
  NETSTACKS_LAB: z.enum(["on", "off"], "must be on or off").optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info"),
});

/** What the environment says, checked. Every process of the platform reads the same one. */
export type Config = {
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  /** Not set: the embedded Postgres, whose address `netstacks up` puts into its children's environment. */
  databaseUrl: string | undefined;
  temporal: {
    /** Not set: the embedded server, as with `databaseUrl`. */
    address: string | undefined;
    namespace: string;
    /** Paths of PEM files. */
    tls: { ca: string | undefined; cert: string; key: string } | { ca: string } | undefined;
  };
  /** An origin, without a slash at its end. */
  publicUrl: string;
  /** IP addresses and subnets whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  masterKey: Buffer | undefined;
  adminPassword: string | undefined;
  lab: boolean;
  /** Where traces go; not set: nowhere. */
  otlpEndpoint: string | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
};

/** A config whose engines are known: what every part but the supervisor works with. */
export type EngineConfig = Config & { databaseUrl: string; temporal: Config["temporal"] & { address: string } };

/** Throws a StartError that names the variable, when `part` is started by itself without saying where the engines are. */
export function requireEngines(config: Config, part: string): EngineConfig {
  const { databaseUrl, temporal } = config;
  if (databaseUrl === undefined)
    throw new StartError(
      `DATABASE_URL must be set for \`netstacks ${part}\`; \`netstacks up\` starts a Postgres of its own instead.`,
    );
  if (temporal.address === undefined) {
    throw new StartError(
      `TEMPORAL_ADDRESS must be set for \`netstacks ${part}\`; \`netstacks up\` starts a Temporal server of its own instead.`,
    );
  }
  return { ...config, databaseUrl, temporal: { ...temporal, address: temporal.address } };
}

/** Throws a StartError with one sentence that names the variable, what is wrong with it and what is allowed. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // An empty variable is how a compose file or a shell says "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StartError(`${issue?.path.join(".")} ${issue?.message}${shown(issue?.path[0], env)}.`);
  }
  const e = parsed.data;
  return {
    port: e.PORT,
    host: e.HOST,
    dataDir: resolve(e.NETSTACKS_DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    temporal: { address: e.TEMPORAL_ADDRESS, namespace: e.TEMPORAL_NAMESPACE, tls: readTls(e) },
    publicUrl: e.NETSTACKS_PUBLIC_URL ?? `http://${hostInUrl(e.HOST)}:${e.PORT}`,
    trustedProxies: e.NETSTACKS_TRUSTED_PROXIES,
    masterKey: e.NETSTACKS_MASTER_KEY,
    adminPassword: e.NETSTACKS_ADMIN_PASSWORD,
    lab:
      e.NETSTACKS_LAB === undefined
        ? e.DATABASE_URL === undefined && e.TEMPORAL_ADDRESS === undefined
        : e.NETSTACKS_LAB === "on",
    otlpEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: e.LOG_LEVEL,
  };
}

/** A server that listens everywhere is reached as localhost by whoever sits at it. */
export function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** A list of IP addresses and subnets, to ask whether an address is in it. */
export function blockListOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [ip = "", bits] = entry.split("/");
    const family = isIP(ip) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(ip, family);
    else list.addSubnet(ip, Number(bits), family);
  }
  return list;
}

function isAddressOrSubnet(entry: string): boolean {
  const [ip = "", bits, more] = entry.split("/");
  const family = isIP(ip);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function decodeKey(text: string): Buffer {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
}

function readTls(e: z.infer<typeof Environment>): Config["temporal"]["tls"] {
  const {
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: ca,
    TEMPORAL_TLS_CLIENT_CERT_PATH: cert,
    TEMPORAL_TLS_CLIENT_KEY_PATH: key,
  } = e;
  if (cert !== undefined && key !== undefined) return { ca, cert, key };
  if (cert !== undefined || key !== undefined) {
    throw new StartError(
      "TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH must be set together, each to a PEM file.",
    );
  }
  return ca === undefined ? undefined : { ca };
}

const SECRET_VARIABLES = new Set<PropertyKey>(["DATABASE_URL", "NETSTACKS_MASTER_KEY", "NETSTACKS_ADMIN_PASSWORD"]);

function shown(name: PropertyKey | undefined, env: NodeJS.ProcessEnv): string {
  if (name === undefined || SECRET_VARIABLES.has(name)) return "";
  return `, but is ${JSON.stringify(env[String(name)])}`;
}
