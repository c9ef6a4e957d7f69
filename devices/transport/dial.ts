import { connect as tcpConnect, type Socket } from "node:net";
import type { FailureCode } from "../../domain/contract/failures.ts";
import { systemErrorCode } from "../../system/start-error.ts";
import { abortReason, failure } from "../failures.ts";

const CODES: Record<string, FailureCode> = {
  ENOTFOUND: "dns_failed",
  EAI_AGAIN: "dns_failed",
  EAI_FAIL: "dns_failed",
  EAI_NODATA: "dns_failed",
  EAI_NONAME: "dns_failed",
  ECONNREFUSED: "connection_refused",
  EHOSTUNREACH: "host_unreachable",
  ENETUNREACH: "host_unreachable",
  EHOSTDOWN: "host_unreachable",
  EADDRNOTAVAIL: "host_unreachable",
  EACCES: "host_unreachable",
  ETIMEDOUT: "connect_timeout",
};

const SAYS: Partial<Record<FailureCode, string>> = {
  dns_failed: "does not resolve",
  connection_refused: "refuses the connection",
  host_unreachable: "cannot be reached",
};

/** With several addresses tried, the last one's error tells most. */
function codeOf(error: Error): string {
  const inner =
    error instanceof AggregateError ? error.errors.findLast((e): e is Error => e instanceof Error) : undefined;
  return systemErrorCode(inner ?? error) ?? "";
}

/** Resolves and connects, without Nagle's delay from the first byte on: it stalls an SSH handshake twice for 40 ms. */
export function dial(to: {
  device: string;
  host: string;
  port: number;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}): Promise<Socket> {
  const { device, host, port, timeoutMs, signal } = to;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal, device));
      return;
    }
    let resolving = true;
    const socket = tcpConnect({ host, port, noDelay: true });
    const finish = (error: Error | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.removeAllListeners();
      if (error === null) {
        resolve(socket);
        return;
      }
      // A socket destroyed while it connects may still report an error, which nobody needs any more.
      socket.on("error", () => undefined);
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => {
      if (signal) finish(abortReason(signal, device));
    };
    const timer = setTimeout(() => {
      const seconds = timeoutMs / 1000;
      finish(
        resolving
          ? failure("dns_failed", `the host name ${host} of ${device} was not resolved within ${seconds} s`)
          : failure("connect_timeout", `${device} (${host} port ${port}) did not answer within ${seconds} s`),
      );
    }, timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.on("lookup", () => (resolving = false));
    socket.on("connectionAttempt", () => (resolving = false));
    socket.on("connect", () => finish(null));
    socket.on("error", (error) => {
      const code = CODES[codeOf(error)];
      finish(
        code === undefined
          ? failure("host_unreachable", `${device} (${host} port ${port}) cannot be reached: ${error.message}`, {
              cause: error,
            })
          : failure(
              code,
              code === "dns_failed"
                ? `the host name ${host} of ${device} ${SAYS[code]}`
                : `${device} (${host} port ${port}) ${SAYS[code] ?? "did not answer"}`,
              { cause: error },
            ),
      );
    });
  });
}
