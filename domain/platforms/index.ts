import type { PlatformId } from "../contract/device.ts";
import { arista_eos } from "./arista_eos.ts";
import { cisco_ios } from "./cisco_ios.ts";
import { frr } from "./frr.ts";
import { juniper_junos } from "./juniper_junos.ts";
import type { PlatformLanguage } from "./language.ts";
import { linux } from "./linux.ts";

/** Every platform's language. A new platform is one file and one line here. */
export const languages: Record<PlatformId, PlatformLanguage> = { cisco_ios, arista_eos, juniper_junos, frr, linux };
