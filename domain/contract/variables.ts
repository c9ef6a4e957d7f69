import { z } from "zod";
import { Id, Name, Timestamp, plainText, prose } from "./common.ts";

/** What a stored variable may belong to. */
export const VARIABLE_SCOPES = ["device", "group", "tag", "site", "global"] as const;
export const VariableScope = z.enum(VARIABLE_SCOPES);
export type VariableScope = z.infer<typeof VariableScope>;

/** All places a value may come from, the strongest first: `domain/variables/order.ts` says in words what each is. */
export const ORIGIN_KINDS = ["run", "service", "api", "stack", ...VARIABLE_SCOPES, "built_in"] as const;
export const OriginKind = z.enum(ORIGIN_KINDS);
export type OriginKind = z.infer<typeof OriginKind>;

/** Where a value was given: the group `core`, the site `fra`, a run. `id` where the thing has one. */
export const Origin = z.object({ kind: OriginKind, id: Id.nullable(), name: z.string() }).meta({ id: "Origin" });
export type Origin = z.infer<typeof Origin>;

/** `device` is what templates know of the device itself. */
const RESERVED = ["device"];

export const VariableName = plainText(63)
  .regex(
    /^[A-Za-z][A-Za-z0-9_]*$/,
    "may hold letters, digits and '_', and starts with a letter: it is a name in templates",
  )
  .refine((name) => !RESERVED.includes(name), {
    error: "is what templates know of the device itself; choose another name",
    params: { code: "variable_reserved" },
  });

const LONGEST_VALUE = 65_536;
const value = z.unknown().refine((v) => v !== undefined && JSON.stringify(v).length <= LONGEST_VALUE, {
  error: `must be JSON of at most ${LONGEST_VALUE} characters`,
  params: { code: "variable_size" },
});

/** It is filled into one line of a configuration. */
const secret = z
  .string()
  .min(1, "must not be empty")
  .max(1000)
  .refine((text) => !/[\u0000-\u001f\u007f-\u009f]/.test(text), {
    error: "holds a line end or another control character; it has to fit into one line",
    params: { code: "secret_characters" },
  });

const MOST_AT_ONCE = 200;
const few = (given: object) => Object.keys(given).length <= MOST_AT_ONCE;
const tooMany = { error: `may hold at most ${MOST_AT_ONCE} at once`, params: { code: "variables_many" } };

/** What is given is set, what stands in `remove` goes, all else stays. */
export const VariablesPatch = z
  .strictObject({
    /** By name, any JSON. */
    variables: z.record(VariableName, value).refine(few, tooMany).default({}),
    /** By name: sealed at once, and never shown again. Templates print the reference, which is filled in when a line is sent. */
    secrets: z.record(VariableName, secret).refine(few, tooMany).default({}),
    /** By name: what it is for. */
    descriptions: z.record(VariableName, prose(500)).refine(few, tooMany).default({}),
    remove: z.array(VariableName).max(MOST_AT_ONCE).default([]),
  })
  .meta({ id: "VariablesPatch" });
export type VariablesPatch = z.infer<typeof VariablesPatch>;

export const Variable = z
  .object({
    id: Id,
    scope: VariableScope,
    /** The name of the device, group, tag or site; `all` for global. */
    owner: z.string(),
    owner_id: Id.nullable(),
    name: z.string(),
    /** Of a secret its reference, `secret://…`. */
    value: z.unknown(),
    is_secret: z.boolean(),
    description: z.string(),
    updated_by: z.string(),
    updated_at: Timestamp,
  })
  .meta({ id: "Variable" });
export type Variable = z.infer<typeof Variable>;

export const EffectiveVariable = z
  .object({
    name: z.string(),
    value: z.unknown(),
    is_secret: z.boolean(),
    origin: Origin,
    /** What it stands before, the strongest first. */
    hides: z.array(z.object({ value: z.unknown(), is_secret: z.boolean(), origin: Origin })),
  })
  .meta({ id: "EffectiveVariable" });
export type EffectiveVariable = z.infer<typeof EffectiveVariable>;

const groupFields = {
  name: Name,
  description: prose(2000),
  /** Of two groups of a device the one with the higher priority is asked first; of equal ones the first by name. */
  priority: z.number().int().min(-1000).max(1000),
  devices: z.array(Name).max(2000, "may name at most 2000 devices"),
};
export const NewDeviceGroup = z
  .strictObject({ ...z.object(groupFields).partial().shape, name: groupFields.name })
  .meta({ id: "NewDeviceGroup" });
export type NewDeviceGroup = z.infer<typeof NewDeviceGroup>;

/** Only what is given changes. */
export const DeviceGroupPatch = z.strictObject(z.object(groupFields).partial().shape).meta({ id: "DeviceGroupPatch" });
export type DeviceGroupPatch = z.infer<typeof DeviceGroupPatch>;

export const DeviceGroup = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    priority: z.number().int(),
    devices: z.array(z.string()),
    variables: z.number().int(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "DeviceGroup" });
export type DeviceGroup = z.infer<typeof DeviceGroup>;
