import { z } from "zod";
import { Id, Timestamp, prose } from "./common.ts";
import { DevicePatch, PlatformId, Timeouts } from "./device.ts";

const { host, port, device_type, username, credential_id, password, enable_password, private_key, passphrase } =
  DevicePatch.shape;

/** Only what is given changes; null gives the device its own value back. */
export const OverridePatch = z
  .strictObject({
    host: host.nullable(),
    port: port.nullable(),
    device_type: device_type.nullable(),
    username,
    credential_id,
    password,
    enable_password,
    private_key,
    passphrase,
    /** Seconds, by phase; those that are not given stay the device's own. */
    timeouts: Timeouts.nullable().optional(),
    notes: prose(2000).optional(),
    /** The same switch as the device's `enabled`: a disabled device is reached by nothing. */
    disabled: z.boolean().optional(),
    disabled_reason: prose(500).nullable().optional(),
    /** When it is enabled again by itself; null: when somebody does it. */
    disabled_until: Timestamp.nullable().optional(),
  })
  .meta({ id: "OverridePatch" });
export type OverridePatch = z.infer<typeof OverridePatch>;

export const DeviceOverride = z
  .object({
    device: z.string(),
    device_id: Id,
    /** null: the device's own holds. */
    host: z.string().nullable(),
    port: z.number().int().nullable(),
    device_type: PlatformId.nullable(),
    username: z.string().nullable(),
    credential_id: Id.nullable(),
    credential_name: z.string().nullable(),
    has_password: z.boolean(),
    has_enable_password: z.boolean(),
    has_private_key: z.boolean(),
    timeouts: Timeouts,
    notes: z.string(),
    disabled: z.boolean(),
    disabled_reason: z.string().nullable(),
    disabled_until: Timestamp.nullable(),
    disabled_by: z.string().nullable(),
    /** What the device has of its own, and what holds again when the override goes. */
    own: z.object({
      host: z.string(),
      port: z.number().int(),
      device_type: PlatformId,
      username: z.string().nullable(),
      credential_id: Id.nullable(),
      has_password: z.boolean(),
      has_private_key: z.boolean(),
      timeouts: Timeouts,
    }),
    updated_by: z.string().nullable(),
    updated_at: Timestamp.nullable(),
  })
  .meta({ id: "DeviceOverride" });
export type DeviceOverride = z.infer<typeof DeviceOverride>;
