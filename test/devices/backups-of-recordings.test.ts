import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PLATFORM_IDS } from "../../domain/contract/device.ts";
import { parseRecording } from "../../domain/contract/recording.ts";
import { sayingLines } from "../../domain/config/text-diff.ts";
import { languages } from "../../domain/platforms/index.ts";
import { platforms } from "../../devices/platforms/index.ts";
import { readTrustedConfig } from "../../devices/read/trusted-config.ts";
import { open } from "./fake-device.ts";
import { startRecordedDevice } from "./recorded-device.ts";

const folder = new URL("../recordings/", import.meta.url);
const recordings = readdirSync(folder).flatMap((platform) =>
  readdirSync(new URL(`${platform}/`, folder)).map((file) => {
    const recording = parseRecording(readFileSync(new URL(`${platform}/${file}`, folder), "utf8"));
    return { file: `${platform}/${file}`, recording, platform: platforms[recording.device_type] };
  }),
);

test.each(PLATFORM_IDS)("%s has a configuration in both of its descriptions, or in none", (id) => {
  expect(platforms[id].running === null).toBe(languages[id].config.style === "none");
});

describe("what real devices answer is backed up, at once", () => {
  test.each(recordings.filter(({ platform }) => platform.running !== null))("$file", async ({ recording }) => {
    const device = await startRecordedDevice(recording);
    try {
      const read = await readTrustedConfig(
        {
          use: async (_access, _purpose, fn) => {
            const session = await open(device);
            return fn(session, { latencyMs: 1 }).finally(() => session.close());
          },
          closeAll: () => Promise.resolve(),
        },
        device.access,
        {
          last: null,
          digest: (text) => sayingLines(recording.device_type, text),
          now: async () => new Date(),
          signal: AbortSignal.timeout(20_000),
        },
      );
      expect(read.text.trimEnd().split("\n")).toHaveLength(recording.expect.running?.lines ?? 0);
      // A prompt of Nokia's and a configuration in its blocks name the device each in its way.
      if (recording.device_type === "nokia_sros") return;
      expect(read.hostname, "the name in the configuration").not.toBeNull();
      expect(recording.expect.prompt.toLowerCase()).toContain(read.hostname?.toLowerCase().slice(0, 10));
    } finally {
      await device.stop();
    }
  });
});
