import type { PlatformId } from "../contract/device.ts";

/**
 * What ntc-templates calls each device type; null where it has no templates for it. IOS XE has none of its own and speaks
 * as IOS does, as Netmiko assumes as well. SR OS stands under Alcatel, VyOS under what it was made from.
 */
export const NTC_PLATFORMS: Record<PlatformId, string | null> = {
  cisco_ios: "cisco_ios",
  cisco_xe: "cisco_ios",
  cisco_xr: "cisco_xr",
  cisco_nxos: "cisco_nxos",
  cisco_asa: "cisco_asa",
  arista_eos: "arista_eos",
  juniper_junos: "juniper_junos",
  nokia_sros: "alcatel_sros",
  huawei_vrp: "huawei_vrp",
  hp_comware: "hp_comware",
  fortinet: "fortinet",
  mikrotik_routeros: "mikrotik_routeros",
  vyos: "vyatta_vyos",
  frr: null,
  linux: "linux",
  aruba_aoscx: "aruba_aoscx",
};
