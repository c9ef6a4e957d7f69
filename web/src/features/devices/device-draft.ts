import type {
  Device,
  DevicePatch,
  NewDevice,
  PlatformId,
  Timeouts,
  WeakAlgorithm,
} from "../../../../domain/contract/device.ts";

export const SECRETS = ["password", "enable_password", "private_key", "passphrase"] as const;
export type SecretField = (typeof SECRETS)[number];

/** What the form holds. A secret is never read back: "" keeps what is set, null takes it away. */
export type DeviceDraft = {
  name: string;
  host: string;
  port: number | string;
  device_type: PlatformId | null;
  site: string;
  tags: string[];
  description: string;
  credential_id: string | null;
  username: string;
  secrets: Record<SecretField, string | null>;
  jump_device: string;
  weak_algorithms: WeakAlgorithm[];
  timeouts: Record<keyof Timeouts, number | string>;
};

export const draftOf = (device: Device | undefined): DeviceDraft => ({
  name: device?.name ?? "",
  host: device?.host ?? "",
  port: device?.port ?? 22,
  device_type: device?.device_type ?? null,
  site: device?.site ?? "",
  tags: device?.tags ?? [],
  description: device?.description ?? "",
  credential_id: device?.credential_id ?? null,
  username: device?.username ?? "",
  secrets: { password: "", enable_password: "", private_key: "", passphrase: "" },
  jump_device: device?.jump_device ?? "",
  weak_algorithms: device?.weak_algorithms ?? [],
  timeouts: {
    connect: device?.timeouts.connect ?? "",
    auth: device?.timeouts.auth ?? "",
    idle: device?.timeouts.idle ?? "",
    total: device?.timeouts.total ?? "",
  },
});

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

function secretsOf(draft: DeviceDraft): Partial<Record<SecretField, string | null>> {
  return Object.fromEntries(
    SECRETS.flatMap((field) => (draft.secrets[field] === "" ? [] : [[field, draft.secrets[field]]])),
  );
}

function timeoutsOf(draft: DeviceDraft): Timeouts {
  return Object.fromEntries(
    Object.entries(draft.timeouts).flatMap(([phase, value]) => (value === "" ? [] : [[phase, Number(value)]])),
  );
}

/** Everything that the form holds, as the API takes it; the API says what of it is wrong. */
export function patchOf(draft: DeviceDraft): DevicePatch {
  return {
    name: draft.name.trim(),
    host: draft.host.trim(),
    port: Number(draft.port),
    ...(draft.device_type ? { device_type: draft.device_type } : {}),
    site: orNull(draft.site),
    tags: draft.tags,
    description: draft.description,
    credential_id: draft.credential_id,
    username: orNull(draft.username),
    ...secretsOf(draft),
    jump_device: orNull(draft.jump_device),
    weak_algorithms: draft.weak_algorithms,
    timeouts: timeoutsOf(draft),
  };
}

export function newDeviceOf(draft: DeviceDraft): NewDevice | null {
  const { device_type } = draft;
  return device_type === null
    ? null
    : { ...patchOf(draft), name: draft.name.trim(), host: draft.host.trim(), device_type };
}
