import { z } from "zod";
import { ApiVariable, FetchedVariable } from "./api-resource.ts";
import { Drift, Hunk, PlanTarget, Risk } from "./change.ts";
import { Id, Name, Reason, Timestamp, plainText, prose } from "./common.ts";
import { PlatformId } from "./device.ts";
import { Run, RunStatus } from "./run.ts";
import { TemplateName } from "./template.ts";
import { Origin } from "./variables.ts";

/**
 * What happens to the rest when a service fails. `halt`: nothing more is sent. `continue`: those that depend on it are left
 * out. `rollback`: everything that this deploy has put on devices is taken back.
 */
const ON_FAILURE = ["rollback", "halt", "continue"] as const;
export const OnFailure = z.enum(ON_FAILURE);
export type OnFailure = z.infer<typeof OnFailure>;

export const StackVariables = z.record(z.string().min(1).max(200), z.unknown());
export const ServiceName = plainText(120).min(1, "must not be empty");
/** A stack as an address has it: by its id or by its name. */
export const StackRef = plainText(120)
  .min(1, "must not be empty")
  .refine((name) => !name.includes("/"), { error: "must not hold a slash", params: { code: "name_characters" } });
export const StackName = StackRef.refine((name) => !Id.safeParse(name).success, {
  error: "looks like an id; choose another name",
  params: { code: "name_characters" },
});

const MOST_SERVICES = 100;
const MOST_DEVICES = 200;
const Devices = z.array(Name).max(MOST_DEVICES, `may name at most ${MOST_DEVICES} devices`);

/** As a list, or by name as older stack templates have them. */
export const ApiVariables = z.union([
  z.array(ApiVariable).max(100),
  z.record(ApiVariable.shape.name, ApiVariable.omit({ name: true })),
]);
export type ApiVariables = z.infer<typeof ApiVariables>;

/** A template on devices. Without devices of its own it goes to those that a deploy names. */
export const StackService = z.object({
  name: z.string(),
  template: z.string(),
  devices: z.array(z.string()),
  variables: StackVariables,
  depends_on: z.array(z.string()),
});
export type StackService = z.infer<typeof StackService>;

/** What is kept of a stack, a version each time it is saved. */
export const StackDefinition = z.object({
  name: z.string(),
  description: z.string(),
  services: z.array(StackService),
  shared_variables: StackVariables,
  /** By device: they stand before the shared ones. */
  device_variables: z.record(z.string(), StackVariables),
  /** Fetched when a plan is made, and frozen into it. */
  api_variables: z.array(ApiVariable),
  on_failure: OnFailure,
});
export type StackDefinition = z.infer<typeof StackDefinition>;

/**
 * A stack as it is given. `order`, `device`, `templates`, `dependencies` and `variables` are those of older forms, and are
 * made into services with `depends_on`.
 */
export const StackInput = z
  .strictObject({
    name: StackName,
    description: prose(10_000).nullish(),
    services: z
      .array(
        z.strictObject({
          name: ServiceName,
          template: TemplateName,
          device: Name.nullish(),
          devices: Devices.nullish(),
          variables: StackVariables.nullish(),
          depends_on: z.array(ServiceName).max(MOST_SERVICES).nullish(),
          order: z.number().int().nullish(),
        }),
      )
      .max(MOST_SERVICES, `may be at most ${MOST_SERVICES}`)
      .optional(),
    shared_variables: StackVariables.nullish(),
    device_variables: z.record(Name, StackVariables).nullish(),
    api_variables: ApiVariables.nullish(),
    templates: z
      .array(z.strictObject({ id: z.union([z.string(), z.number()]).nullish(), name: TemplateName }))
      .max(MOST_SERVICES)
      .optional(),
    dependencies: z.record(z.string(), z.array(z.union([z.string(), z.number()])).max(MOST_SERVICES)).optional(),
    variables: StackVariables.nullish(),
    devices: Devices.nullish(),
    on_failure: OnFailure.optional(),
  })
  .meta({ id: "StackInput" });
export type StackInput = z.infer<typeof StackInput>;

/** As StackInput; what is absent stays as it is. With `version`, only if that still is the newest. */
export const StackPatch = z
  .strictObject({ ...StackInput.partial().shape, version: z.number().int().min(1).optional() })
  .meta({ id: "StackPatch" });
export type StackPatch = z.infer<typeof StackPatch>;

const STACK_STATES = ["pending", "deploying", "deployed", "partial", "failed"] as const;
export const StackState = z.enum(STACK_STATES);
export type StackState = z.infer<typeof StackState>;

const DEPLOY_STATUSES = [
  "planning",
  "planned",
  "pending_approval",
  "approved",
  "deploying",
  "deployed",
  "unchanged",
  "partial",
  "failed",
  "rolled_back",
  "cancelled",
  "rejected",
  "expired",
] as const;
export const DeployStatus = z.enum(DEPLOY_STATUSES);
export type DeployStatus = z.infer<typeof DeployStatus>;

export const StackSummary = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    version: z.number().int(),
    state: StackState,
    /** What is on the devices is not what the newest version says. */
    has_pending_changes: z.boolean(),
    /** The version that is on the devices; null while none is, or more than one. */
    deployed_version: z.number().int().nullable(),
    deleting: z.boolean(),
    services: z.number().int(),
    devices: z.array(z.string()),
    on_failure: OnFailure,
    last_deploy: z
      .object({ id: Id, run_id: Id, status: DeployStatus, action: z.enum(["deploy", "delete"]), at: Timestamp })
      .nullable(),
    created_by: z.string(),
    created_at: Timestamp,
    updated_by: z.string(),
    updated_at: Timestamp,
  })
  .meta({ id: "StackSummary" });
export type StackSummary = z.infer<typeof StackSummary>;

/** What a service owns on a device. */
const OwnedLines = z.object({
  service: z.string(),
  device: z.string(),
  template: z.string(),
  template_version: z.number().int().nullable(),
  stack_version: z.number().int(),
  change_id: Id,
  /** Exactly as they were sent; secrets as `secret://` references. */
  lines: z.array(z.string()),
  at: Timestamp,
});
export type OwnedLines = z.infer<typeof OwnedLines>;

export const Stack = StackSummary.omit({ services: true })
  .extend({
    services: z.array(StackService),
    shared_variables: StackVariables,
    device_variables: z.record(z.string(), StackVariables),
    api_variables: z.array(ApiVariable),
    owned: z.array(OwnedLines),
  })
  .meta({ id: "Stack" });
export type Stack = z.infer<typeof Stack>;

export const StackVersion = z
  .object({ version: z.number().int(), author: z.string(), created_at: Timestamp, definition: StackDefinition })
  .meta({ id: "StackVersion" });
export type StackVersion = z.infer<typeof StackVersion>;

/** Values for this time only: they come before all others. `devices` cuts a deploy down to these. */
export const PlanRequest = z
  .strictObject({ variables: StackVariables.optional(), devices: Devices.min(1, "names no device").optional() })
  .meta({ id: "StackPlanRequest" });
export type PlanRequest = z.infer<typeof PlanRequest>;

export const DeployRequest = z
  .strictObject({
    ...PlanRequest.shape,
    /** A plan that stands: exactly that is asked for. Without it a new one is made. */
    plan_id: Id.optional(),
    /** The hash of the plan that was read. */
    hash: z.string().max(100).optional(),
    /** Plans, tells what would be sent, and ends. */
    dry_run: z.boolean().optional(),
    /** false: whoever asks also decides, where every device is a virtual one of the lab; elsewhere it is refused. */
    require_approval: z.boolean().optional(),
    reason: Reason.optional(),
  })
  .meta({ id: "StackDeployRequest" });
export type DeployRequest = z.infer<typeof DeployRequest>;

const DeployTarget = PlanTarget.extend({
  /** Of `lines`, those that take away what the service owned before and does not any more. */
  removes: z.array(z.string()),
});

const SERVICE_STATES = [
  "planning",
  "ready",
  "unchanged",
  "unreachable",
  "working",
  "kept",
  "failed",
  "skipped",
  "undone",
  "cancelled",
] as const;

const DeployService = z.object({
  service: z.string(),
  action: z.enum(["deploy", "remove"]),
  position: z.number().int(),
  depends_on: z.array(z.string()),
  /** Services that it waits for only because they share a device. */
  waits_for: z.array(z.string()),
  template: z.string(),
  template_version: z.number().int().nullable(),
  change_id: Id,
  run_id: Id,
  hash: z.string().nullable(),
  state: z.enum(SERVICE_STATES),
  message: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  targets: z.array(DeployTarget),
  drift: z.array(Drift),
});
export type DeployService = z.infer<typeof DeployService>;

/** A variable as it was when the plan was made. */
export const FrozenVariable = z.object({ value: z.unknown(), is_secret: z.boolean(), origin: Origin });
export type FrozenVariable = z.infer<typeof FrozenVariable>;
/** By service, then device, then name. */
export const FrozenVariables = z.record(z.string(), z.record(z.string(), z.record(z.string(), FrozenVariable)));
export type FrozenVariables = z.infer<typeof FrozenVariables>;

export const StackDeploySummary = z
  .object({
    id: Id,
    run_id: Id,
    stack_id: Id.nullable(),
    stack_name: z.string(),
    stack_version: z.number().int(),
    action: z.enum(["deploy", "delete"]),
    status: DeployStatus,
    run_status: RunStatus,
    message: z.string().nullable(),
    on_failure: OnFailure,
    dry_run: z.boolean(),
    /** Over all services, their order, policy and variables; null until the plan stands, and when nothing would be sent. */
    hash: z.string().nullable(),
    approval_id: Id.nullable(),
    requested_by: z.string(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "StackDeploySummary" });
export type StackDeploySummary = z.infer<typeof StackDeploySummary>;

export const StackDeploy = StackDeploySummary.extend({
  risk: Risk.nullable(),
  services: z.array(DeployService),
  variables: FrozenVariables,
  /** Where the variables of origin `api` were fetched, and when. */
  fetched: z.array(FetchedVariable),
  added: z.number().int(),
  removed: z.number().int(),
}).meta({ id: "StackDeploy" });
export type StackDeploy = z.infer<typeof StackDeploy>;

export const DeployStarted = z.object({
  deploy: StackDeploy,
  execution_id: z.string(),
  status: z.string(),
  run: Run,
});

/** Whether a device still holds what a service owns there. `drifted` shows what sending it again would change. */
export const StackCheck = z.object({
  service: z.string(),
  device: z.string(),
  device_type: PlatformId,
  state: z.enum(["holds", "drifted", "unreachable"]),
  missing: z.number().int(),
  diff: z.array(Hunk),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type StackCheck = z.infer<typeof StackCheck>;

export const StackValidation = z
  .object({
    /** Every device holds all of what the stack owns there. */
    valid: z.boolean(),
    checked_at: Timestamp,
    checks: z.array(StackCheck),
    /** Services and devices of the definition that nothing was deployed to yet. */
    not_deployed: z.array(z.object({ service: z.string(), device: z.string() })),
  })
  .meta({ id: "StackValidation" });
export type StackValidation = z.infer<typeof StackValidation>;

/** A service of a stack on one device, as older scripts know it. */
export const ServiceInstance = z
  .object({
    id: Id,
    service: z.string(),
    stack_id: Id,
    stack: z.string(),
    device: z.string(),
    template: z.string(),
    stack_version: z.number().int(),
    change_id: Id,
    state: z.enum(["deployed"]),
    deployed_at: Timestamp,
  })
  .meta({ id: "ServiceInstance" });
export type ServiceInstance = z.infer<typeof ServiceInstance>;

/** One service of a deploy, as it was approved. */
export type HashedService = {
  service: string;
  action: "deploy" | "remove";
  position: number;
  needs: number[];
  after: number[];
  template: string;
  template_version: number | null;
  change_id: string;
  /** null where nothing would be sent. */
  plan_id: string | null;
  plan_hash: string | null;
};

/** All that the one approval of a deploy is about. */
export type DeployBody = {
  stack: string;
  stack_version: number;
  action: "deploy" | "delete";
  on_failure: OnFailure;
  services: HashedService[];
  variables: FrozenVariables;
  policy_version: string;
};

/** What a service is to do to one device. */
export type ServiceWork = {
  /** As its template rendered them. */
  lines: readonly string[];
  /** What takes off again all that the service has put there before; empty where it owns nothing. */
  reverse: readonly string[];
  /** Lines of other services on this device, each in an array of its own: what they share with this one stays. */
  others: readonly (readonly string[])[];
};
