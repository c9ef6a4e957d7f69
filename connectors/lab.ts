import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Unavailable } from "../domain/contract/errors.ts";
import { PlatformId } from "../domain/contract/device.ts";

/** What the lab's process says of itself in `<data>/lab/lab.json`. */
const LabFile = z.object({
  url: z.string(),
  token: z.string(),
  routers: z.array(
    z.object({
      name: z.string(),
      host: z.string(),
      port: z.number().int(),
      device_type: PlatformId,
      site: z.string(),
      username: z.string(),
      password: z.string(),
      enable_password: z.string(),
      host_key_sha256: z.string(),
    }),
  ),
});
export type LabFile = z.infer<typeof LabFile>;

/** The virtual routers of this installation, or undefined when no lab runs. */
export async function readLab(dataDir: string): Promise<LabFile | undefined> {
  try {
    return LabFile.parse(JSON.parse(await readFile(join(dataDir, "lab", "lab.json"), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Arms a fault on a virtual router, which acts once. */
export async function armFault(lab: LabFile, router: string, fault: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${lab.url}/routers/${encodeURIComponent(router)}/faults`, {
    method: "POST",
    headers: { authorization: `Bearer ${lab.token}` },
    body: JSON.stringify({ ...fault, once: true }),
    signal: AbortSignal.timeout(5000),
  }).catch((error: unknown) => {
    throw new Unavailable("lab_away", "the lab does not answer; it is being restarted", {
      retryAfter: 5,
      cause: error,
    });
  });
  if (!response.ok) throw new Unavailable("lab_away", `the lab answered ${response.status}`, { retryAfter: 5 });
}
