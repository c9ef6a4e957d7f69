/** The platforms the lab has, by Netmiko's identifiers. */
export const LAB_PLATFORMS = ["cisco_ios", "arista_eos", "juniper_junos"] as const;
export type LabPlatform = (typeof LAB_PLATFORMS)[number];

/** One virtual router as it is ordered: the rest follows from its initial config. */
export type RouterSpec = {
  name: string;
  site: string;
  device_type: LabPlatform;
  username: string;
  password: string;
  enable_password: string;
  /** What it boots with the first time, and after a reset. */
  config: string;
  /** How one may log in; password and keyboard-interactive when left out. */
  auth?: { password?: boolean; keyboard_interactive?: boolean; /** OpenSSH public keys. */ public_keys?: string[] };
  /** How many sessions it takes at once; 16 when left out. */
  vty_lines?: number;
};

/** A router as others see it: how to reach it, and what it is. */
export type RouterInfo = {
  name: string;
  host: string;
  port: number;
  device_type: LabPlatform;
  site: string;
  username: string;
  password: string;
  enable_password: string;
  /** As OpenSSH prints it: `SHA256:…`. */
  host_key_sha256: string;
};

export type SessionInfo = {
  id: string;
  /** The vty line's number. */
  line: number;
  user: string;
  from: string;
  since: number;
  /** The client's terminal; 0 rows never page. */
  rows: number;
  columns: number;
};
