import { readFile } from "node:fs/promises";
import type { TLSConfig } from "@temporalio/common/lib/internal-non-workflow/index.js";
import type { Config } from "./config.ts";

/** TLS as the environment asks for it: a CA, and a client certificate where the cluster wants one (mTLS). */
export async function temporalTls({ temporal: { tls } }: Pick<Config, "temporal">): Promise<TLSConfig | undefined> {
  if (!tls) return undefined;
  const ca = tls.ca === undefined ? undefined : await readFile(tls.ca);
  const client =
    "cert" in tls ? { clientCertPair: { crt: await readFile(tls.cert), key: await readFile(tls.key) } } : {};
  return { ...(ca ? { serverRootCACertificate: ca } : {}), ...client };
}
