import { z } from "zod";
import { Id, Name, Timestamp, plainText, prose } from "./common.ts";

/** Netmiko's identifiers. */
export const PLATFORM_IDS = [
  "cisco_ios",
  "cisco_xe",
  "cisco_xr",
  "cisco_nxos",
  "cisco_asa",
  "arista_eos",
  "juniper_junos",
  "nokia_sros",
  "huawei_vrp",
  "hp_comware",
  "fortinet",
  "mikrotik_routeros",
  "vyos",
  "frr",
  "linux",
  "aruba_aoscx",
] as const;
export const PlatformId = z.enum(PLATFORM_IDS);
export type PlatformId = z.infer<typeof PlatformId>;

/** Algorithms that are off unless a device opts in by name. */
export const WEAK_ALGORITHMS = [
  "ssh-rsa",
  "ssh-dss",
  "diffie-hellman-group14-sha1",
  "diffie-hellman-group1-sha1",
  "diffie-hellman-group-exchange-sha1",
  "aes128-cbc",
  "aes256-cbc",
  "3des-cbc",
  "hmac-sha1",
  "hmac-md5",
] as const;
export const WeakAlgorithm = z.enum(WEAK_ALGORITHMS);
export type WeakAlgorithm = z.infer<typeof WeakAlgorithm>;

const IPV4_SHAPED = /^\d+(\.\d+){3}$/;
const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const HOSTNAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$/;
const isAddress = (host: string): boolean =>
  IPV4_SHAPED.test(host) ? IPV4.test(host) : z.ipv6().safeParse(host).success || HOSTNAME.test(host);

const Host = plainText(253)
  .min(1, "must not be empty")
  .refine(isAddress, { error: "is neither an IP address nor a host name", params: { code: "address_invalid" } });

const Port = z.number().int("must be a whole number").min(1, "must be 1..65535").max(65535, "must be 1..65535");
export const Tag = plainText(63).regex(/^[a-z0-9][a-z0-9._:-]*$/i, "may hold letters, digits, '.', '_', ':' and '-'");
export const Site = Name;

/** Seconds, by phase of a session. */
export const Timeouts = z.strictObject({
  connect: z.number().int().min(1).max(300).optional(),
  auth: z.number().int().min(1).max(300).optional(),
  idle: z.number().int().min(1).max(3600).optional(),
  total: z.number().int().min(1).max(86400).optional(),
});
export type Timeouts = z.infer<typeof Timeouts>;

const secretText = z.string().min(1).max(16_384);

/** `platform_unknown` with "did you mean" is added by the validator that knows the list. */
const deviceFields = {
  name: Name,
  host: Host,
  port: Port,
  device_type: PlatformId,
  site: Site.nullable(),
  tags: z.array(Tag).max(50),
  description: prose(2000),
  username: plainText(128).nullable(),
  password: secretText.nullable(),
  enable_password: secretText.nullable(),
  private_key: secretText.nullable(),
  passphrase: secretText.nullable(),
  credential_id: Id.nullable(),
  jump_device: Name.nullable(),
  weak_algorithms: z.array(WeakAlgorithm).max(WEAK_ALGORITHMS.length),
  timeouts: Timeouts,
  enabled: z.boolean(),
  disabled_reason: prose(500).nullable(),
  /** When it is enabled again by itself. */
  disabled_until: Timestamp.nullable(),
};

/** A new device. `ip_address` is accepted for `host`. */
export const NewDevice = z
  .strictObject({
    ...z.object(deviceFields).partial().shape,
    name: deviceFields.name,
    host: deviceFields.host.optional(),
    ip_address: deviceFields.host.optional(),
    device_type: deviceFields.device_type,
  })
  .refine((d) => (d.host === undefined) !== (d.ip_address === undefined), {
    path: ["host"],
    error: "give the address once, as host",
    params: { code: "host_missing" },
  })
  .meta({ id: "NewDevice" });
export type NewDevice = z.infer<typeof NewDevice>;

/** Only what is given changes; a secret given as null is removed. */
export const DevicePatch = z
  .strictObject({ ...z.object(deviceFields).partial().shape, ip_address: deviceFields.host.optional() })
  .meta({ id: "DevicePatch" });
export type DevicePatch = z.infer<typeof DevicePatch>;

export const DeviceFacts = z.object({
  vendor: z.string(),
  os_version: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  hostname: z.string().nullable(),
  uptime_s: z.number().int().nullable(),
});
export type DeviceFacts = z.infer<typeof DeviceFacts>;

export const HostKey = z.object({
  algorithm: z.string(),
  fingerprint: z.string().meta({ example: "SHA256:uNiVztksCsDhcc0u9e8BrqKRRa7Uz8…" }),
  status: z.enum(["accepted", "unknown", "changed"]),
  accepted_by: z.string().nullable(),
  accepted_at: Timestamp.nullable(),
});
export type HostKey = z.infer<typeof HostKey>;

export const Device = z
  .object({
    id: Id,
    name: z.string(),
    host: z.string(),
    port: z.number().int(),
    device_type: PlatformId,
    site: z.string().nullable(),
    tags: z.array(z.string()),
    description: z.string(),
    username: z.string().nullable(),
    has_password: z.boolean(),
    has_enable_password: z.boolean(),
    has_private_key: z.boolean(),
    credential_id: Id.nullable(),
    credential_name: z.string().nullable(),
    jump_device: z.string().nullable(),
    weak_algorithms: z.array(WeakAlgorithm),
    timeouts: Timeouts,
    enabled: z.boolean(),
    disabled_reason: z.string().nullable(),
    disabled_until: Timestamp.nullable(),
    disabled_by: z.string().nullable(),
    /** Which of the values above an override has put in place of the device's own: `host`, `port`, `login`, … */
    overridden: z.array(z.string()),
    /** Made by the lab: a virtual router of this installation. */
    is_lab: z.boolean(),
    state: z.enum(["unknown", "reachable", "unreachable", "disabled"]),
    state_since: Timestamp.nullable(),
    last_error: z.object({ code: z.string(), message: z.string(), what_to_do: z.string() }).nullable(),
    latency_ms: z.number().nullable(),
    facts: DeviceFacts.nullable(),
    /** The key accepted for this device. */
    host_key: HostKey.nullable(),
    /** The key it last showed, where that is not the accepted one: waits for a person. */
    offered_host_key: HostKey.nullable(),
    /** Which run holds the device now. */
    held_by: z.object({ run_id: Id, title: z.string() }).nullable(),
    last_change: z.object({ change_id: Id, title: z.string(), at: Timestamp, status: z.string() }).nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "Device" });
export type Device = z.infer<typeof Device>;

export const DeviceTest = z
  .object({
    device: z.string(),
    reachable: z.boolean(),
    latency_ms: z.number().nullable(),
    prompt: z.string().nullable(),
    facts: DeviceFacts.nullable(),
    host_key: HostKey.nullable(),
    error: z.object({ code: z.string(), message: z.string(), what_to_do: z.string() }).nullable(),
  })
  .meta({ id: "DeviceTest" });
export type DeviceTest = z.infer<typeof DeviceTest>;

/** Accepts host keys that were shown: each by its fingerprint, all as one enrolment by one person. */
export const Enrolment = z
  .strictObject({
    devices: z
      .array(z.strictObject({ device: Name, fingerprint: plainText(100) }))
      .min(1, "names no device")
      .max(500),
    reason: prose(2000).optional(),
  })
  .meta({ id: "Enrolment" });
export type Enrolment = z.infer<typeof Enrolment>;

/** Columns of the CSV that import reads and export writes; secrets are read, never written. */
export const CSV_COLUMNS = [
  "name",
  "host",
  "port",
  "device_type",
  "site",
  "tags",
  "username",
  "description",
  "credential",
  "enabled",
] as const;

export const ImportRow = z.object({
  row: z.number().int(),
  name: z.string().nullable(),
  action: z.enum(["create", "update", "unchanged", "error"]),
  errors: z.array(z.object({ column: z.string(), code: z.string(), message: z.string() })),
});
export type ImportRow = z.infer<typeof ImportRow>;

export const NewCredential = z
  .strictObject({
    name: Name,
    username: plainText(128).min(1, "must not be empty"),
    password: secretText.optional(),
    enable_password: secretText.optional(),
    private_key: secretText.optional(),
    passphrase: secretText.optional(),
    description: prose(500).optional(),
    is_default: z.boolean().optional(),
  })
  .meta({ id: "NewCredential" });
export type NewCredential = z.infer<typeof NewCredential>;

export const CredentialPatch = z
  .strictObject({
    name: Name.optional(),
    username: plainText(128).min(1).optional(),
    password: secretText.nullable().optional(),
    enable_password: secretText.nullable().optional(),
    private_key: secretText.nullable().optional(),
    passphrase: secretText.nullable().optional(),
    description: prose(500).optional(),
  })
  .meta({ id: "CredentialPatch" });
export type CredentialPatch = z.infer<typeof CredentialPatch>;

export const Credential = z
  .object({
    id: Id,
    name: z.string(),
    username: z.string(),
    has_password: z.boolean(),
    has_enable_password: z.boolean(),
    has_private_key: z.boolean(),
    description: z.string(),
    is_default: z.boolean(),
    devices: z.number().int(),
    paused_until: Timestamp.nullable(),
    secrets_set_at: Timestamp,
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "Credential" });
export type Credential = z.infer<typeof Credential>;
