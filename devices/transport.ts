import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import ssh2, { type ClientChannel } from "ssh2";
import { DeviceFailure } from "../domain/contract/errors.ts";
import type { DeviceAccess, LoginMethod } from "./access.ts";
import { HostKeyFailure, SecretRefused, abortReason, failure, type OfferedKey } from "./failures.ts";
import { algorithmsFor } from "./transport/algorithms.ts";
import { dial } from "./transport/dial.ts";
import { gatherWrites } from "./transport/few-writes.ts";
import { useKeyObjects } from "./transport/key-objects.ts";
import { createLogin } from "./transport/login.ts";
import { describeOffers, readOffers } from "./transport/offers.ts";
import { openShell } from "./transport/shell-channel.ts";

/** An authenticated SSH connection to a device whose key is the accepted one. */
export type Connection = {
  /** A shell on a terminal that is wide enough never to wrap. */
  shell(): Promise<ClientChannel>;
  /** A stream to another address, as seen from this device. */
  forward(to: { device: string; host: string; port: number }): Promise<Duplex>;
  /** Milliseconds from the first packet to the login. */
  latencyMs: number;
  /** What the device said at login, before its shell. */
  banner: string;
  /** By which method it took the password, when one was sent. */
  loginMethod: LoginMethod | null;
  isOpen(): boolean;
  ended: Promise<void>;
  close(): void;
};

export type ConnectOptions = {
  /** The way there: a stream through a jump host, or nothing for TCP. */
  through?: Duplex | undefined;
  signal?: AbortSignal | undefined;
};

/** Of the bytes that a device sends first, as many as its offer of algorithms takes. */
const OFFER_BYTES = 8192;
/** ssh2 gives up at the next interval after this many unanswered questions: at the third interval. */
const KEEPALIVES = 2;
const LINGER_MS = 1000;

const loginName = ({ username, platform }: DeviceAccess): string => `${username}${platform.loginSuffix ?? ""}`;

/**
 * The one place that opens an SSH connection. The key that the device shows is compared with the accepted one before
 * anything secret is even opened; each secret goes out at most once.
 */
export async function connect(access: DeviceAccess, { through, signal }: ConnectOptions = {}): Promise<Connection> {
  const started = performance.now();
  const stream: Duplex =
    through ??
    (await dial({
      device: access.name,
      host: access.host,
      port: access.port,
      timeoutMs: access.timeouts.connect,
      signal,
    }));
  gatherWrites(stream);
  const client = new ssh2.Client();
  const first: Buffer[] = [];
  let firstBytes = 0;
  const tap = (chunk: Buffer): void => {
    first.push(chunk);
    firstBytes += chunk.length;
    if (firstBytes >= OFFER_BYTES) stream.off("data", tap);
  };
  // Not stream.on: that would let the bytes flow before ssh2 listens.
  EventEmitter.prototype.on.call(stream, "data", tap);

  let phase: "handshake" | "auth" | "ready" = "handshake";
  let banner = "";
  return new Promise<Connection>((resolve, reject) => {
    let failed: Error | null = null;
    let closed = false;
    let timer: NodeJS.Timeout | undefined;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();

    const settle = (error: Error): void => {
      if (failed !== null) return;
      failed = error;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      stream.off("data", tap);
      end();
      client.destroy();
      stream.destroy();
      reject(error);
    };
    const onAbort = (): void => {
      if (signal) settle(abortReason(signal, access.name));
    };
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener("abort", onAbort, { once: true });

    const login = createLogin({
      device: access.name,
      username: loginName(access),
      known: access.loginMethod,
      // The device is not to blame for the time that this takes, and is timed from then on.
      openSecrets: async () => {
        clearTimeout(timer);
        const secrets = await access.openSecrets();
        if (failed === null) waitForVerdict();
        return secrets;
      },
      fail: settle,
    });
    const waitAtMost = (ms: number, late: () => DeviceFailure): void => {
      clearTimeout(timer);
      timer = setTimeout(() => settle(late()), ms);
    };
    const waitForVerdict = (): void =>
      waitAtMost(access.timeouts.auth, () =>
        failure(
          "auth_timeout",
          `${access.name} did not decide about the login within ${access.timeouts.auth / 1000} s`,
        ),
      );
    const { handshake } = access.timeouts;
    waitAtMost(handshake, () =>
      failure("handshake_failed", `${access.name} did not finish the SSH handshake within ${handshake / 1000} s`),
    );

    client.on("handshake", () => {
      useKeyObjects(client);
      if (phase !== "handshake") return;
      phase = "auth";
      stream.off("data", tap);
      first.length = 0;
      waitForVerdict();
    });
    client.on("banner", (text) => (banner += text));
    client.on("change password", () =>
      settle(failure("login_dialog_unknown", `${access.name} demands a new password for ${access.username}`)),
    );
    const over = (error: Error | null): void => {
      if (failed !== null || closed) return;
      const { sent, refused } = login;
      settle(explain(error, { access, phase, sent: sent(), refused: refused(), first: Buffer.concat(first) }));
    };
    client.on("error", over);
    client.on("close", () => over(null));
    client.on("ready", () => {
      phase = "ready";
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve({
        shell: () => openShell(client, access.name),
        forward: (to) => forward(client, access.name, to),
        latencyMs: performance.now() - started,
        banner,
        loginMethod: login.method(),
        isOpen: () => failed === null && !closed,
        ended,
        close: () => {
          closed = true;
          end();
          client.end();
          // A peer that is gone never answers the goodbye.
          setTimeout(() => stream.destroy(), LINGER_MS).unref();
        },
      });
    });

    client.connect({
      sock: stream,
      username: loginName(access),
      algorithms: algorithmsFor(access.weakAlgorithms, access.hostKey?.algorithm ?? null),
      hostVerifier: (key: Buffer) => {
        const wrong = judgeHostKey(access, key);
        if (wrong !== null) settle(wrong);
        return wrong === null;
      },
      authHandler: login.handler,
      readyTimeout: 0,
      keepaliveInterval: Math.floor(access.timeouts.silence / (KEEPALIVES + 1)),
      keepaliveCountMax: KEEPALIVES,
    });
  });
}

/** As OpenSSH prints it. The algorithm is that of the key, not of its signature. */
export function fingerprintOf(key: Buffer): OfferedKey {
  const length = key.readUInt32BE(0);
  return {
    algorithm: key.subarray(4, 4 + length).toString("latin1"),
    fingerprint: `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`,
  };
}

function judgeHostKey(access: DeviceAccess, key: Buffer): HostKeyFailure | null {
  const offered = fingerprintOf(key);
  if (access.hostKey === null)
    return new HostKeyFailure(
      "host_key_unknown",
      `nobody has accepted the host key of ${access.name} yet; it shows ${offered.fingerprint} (${offered.algorithm})`,
      offered,
    );
  if (access.hostKey.fingerprint === offered.fingerprint) return null;
  return new HostKeyFailure(
    "host_key_changed",
    `${access.name} shows the host key ${offered.fingerprint} (${offered.algorithm}), but ${access.hostKey.fingerprint} was accepted`,
    offered,
  );
}

const FULL =
  /\b(vty|too many|maximum|max\.? (number|sessions)|all .*(lines|connections|sessions).*(use|busy)|no (free|available) |connection limit|session limit)/i;
const SSH_DISCONNECT_TOO_MANY_CONNECTIONS = 12;

type Circumstances = {
  access: DeviceAccess;
  phase: "handshake" | "auth" | "ready";
  sent: boolean;
  refused: boolean;
  first: Buffer;
};

/** Names what ended a connection; a null error is a plain close. */
function explain(
  error: (Error & { level?: string; code?: unknown }) | null,
  { access, phase, sent, refused, first }: Circumstances,
): DeviceFailure {
  const { name } = access;
  const said = error?.message ?? "it closed the connection";
  if (phase === "ready")
    return failure("connection_lost", `the connection to ${name} broke${error === null ? "" : `: ${said}`}`, {
      cause: error,
    });
  if (/no matching/.test(said))
    return failure(
      "no_common_algorithm",
      `${name} and this service have no algorithm in common: ${describeOffers(said, readOffers(first))}`,
    );
  const text = first.toString("latin1");
  const greeting = text.includes("SSH-") ? "" : text.trim().slice(0, 200);
  if (error?.code === SSH_DISCONNECT_TOO_MANY_CONNECTIONS || FULL.test(said) || FULL.test(greeting))
    return failure("vty_lines_exhausted", `${name} takes no more sessions${greeting === "" ? "" : `: “${greeting}”`}`, {
      retryAfter: 30,
    });
  if (phase === "auth") {
    // A device that hangs up with a reason after a refusal has judged; repeating it could lock the account.
    if (sent && (refused || typeof error?.code === "number"))
      return new SecretRefused("auth_failed", `${name} refused the login of ${access.username}`, { cause: error });
    // One that hangs up without a word may have judged as well.
    if (sent)
      return failure("auth_unanswered", `${name} hung up when it had the credential of ${access.username}`, {
        cause: error,
      });
    return failure("connection_lost", `${name} broke the connection during the login`, { cause: error });
  }
  if (first.length === 0)
    return failure("session_refused", `${name} closed the connection before it said a word`, {
      retryAfter: 30,
      cause: error,
    });
  return failure(
    "handshake_failed",
    `${name} broke the connection during the SSH handshake${greeting === "" ? (error === null ? "" : `: ${said}`) : `: “${greeting}”`}`,
    { cause: error },
  );
}

function forward(
  client: ssh2.Client,
  jump: string,
  to: { device: string; host: string; port: number },
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut("127.0.0.1", 0, to.host, to.port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else
        reject(
          failure(
            /refused/i.test(error.message) ? "connection_refused" : "host_unreachable",
            `the jump host ${jump} cannot reach ${to.device} (${to.host} port ${to.port}): ${error.message}`,
            { cause: error },
          ),
        );
    });
  });
}
