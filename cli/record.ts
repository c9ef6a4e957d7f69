import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { PlatformId } from "../domain/contract/device.ts";
import { StartError } from "../system/start-error.ts";
import { callApi } from "./call-api.ts";

const Answer = z.object({
  recording: z.object({ device_type: PlatformId, version: z.string().regex(/^[\w.()-]+$/), text: z.string() }),
});

/** `netstacks record <device> [<file>]`: asks for a recording of a device, and writes it down. */
export async function record([device, to]: readonly string[]): Promise<void> {
  if (device === undefined)
    throw new StartError("netstacks record needs the name of a device: netstacks record <device> [<file>].");
  const { recording } = await callApi(process.env, {
    method: "POST",
    path: `/api/devices/${encodeURIComponent(device)}/record`,
    needs: "devices:test",
    data: Answer,
  });
  const file = to ?? join("test", "recordings", recording.device_type, `${recording.version}.yaml`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, recording.text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    throw new StartError(
      error.code === "EEXIST"
        ? `${file} is there already; name another file: netstacks record ${device} <file>.`
        : `${file} could not be written: ${error.message}`,
    );
  });
  process.stdout.write(
    [
      `${file} holds what ${device} says to reads.`,
      "",
      "Replaced were secrets in the forms that your platform's rules know, and, where they could be told: names of hosts and users, domains,",
      "addresses, serial numbers, engine IDs, bodies of keys and certificates, descriptions and comments. Before you pass it on, read it once, and look at",
      "  - banners: they are your own words, and stay as they are",
      "  - names of VRFs, VLANs, servers, policies, access lists and groups, and host names that nothing marks as such, which may name a customer or a place",
      "  - lines of the configuration with a key, password or telephone number in a form that no rule knows",
      "",
      "It is played by: npx vitest run test/devices/recordings.test.ts",
      "",
    ].join("\n"),
  );
}
