import type { PlatformId } from "../../domain/contract/device.ts";
import { arista_eos } from "./arista_eos.ts";
import { cisco_ios } from "./cisco_ios.ts";
import { frr } from "./frr.ts";
import { juniper_junos } from "./juniper_junos.ts";
import { linux } from "./linux.ts";
import type { Platform } from "./platform.ts";

export const platforms: Readonly<Record<PlatformId, Platform>> = { arista_eos, cisco_ios, frr, juniper_junos, linux };
