import { placesOf } from "../../domain/config/apply.ts";
import type { PlatformId } from "../../domain/contract/device.ts";

/** Where the block begins that a line stands in: a banner's text is sent whole or not at all. Other lines begin themselves. */
export const blockStart = (platform: PlatformId, lines: readonly string[], seq: number): number =>
  placesOf(platform, lines).find((p) => p.kind === "block" && p.from <= seq && seq <= p.to)?.from ?? seq;
