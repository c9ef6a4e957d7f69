import type { PlatformId } from "../../domain/contract/device.ts";
import { arista_eos } from "./arista_eos.ts";
import { cisco_ios } from "./cisco_ios.ts";
import { frr } from "./frr.ts";
import { juniper_junos } from "./juniper_junos.ts";
import { linux } from "./linux.ts";
import { fortinet } from "./fortinet.ts";
import { hp_comware } from "./hp_comware.ts";
import { huawei_vrp } from "./huawei_vrp.ts";
import { mikrotik_routeros } from "./mikrotik_routeros.ts";
import { nokia_sros } from "./nokia_sros.ts";
import { vyos } from "./vyos.ts";
import type { Platform } from "./platform.ts";
import { cisco_xe } from "./cisco_xe.ts";
import { cisco_xr } from "./cisco_xr.ts";
import { cisco_nxos } from "./cisco_nxos.ts";
import { cisco_asa } from "./cisco_asa.ts";
import { aruba_aoscx } from "./aruba_aoscx.ts";

export const platforms: Readonly<Record<PlatformId, Platform>> = {
  cisco_ios,
  cisco_xe,
  cisco_xr,
  cisco_nxos,
  cisco_asa,
  arista_eos,
  juniper_junos,
  nokia_sros,
  huawei_vrp,
  hp_comware,
  fortinet,
  mikrotik_routeros,
  vyos,
  frr,
  linux,
  aruba_aoscx,
};
