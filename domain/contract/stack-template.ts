import { z } from "zod";
import { ApiVariable } from "./api-resource.ts";
import { Id, Name, Reason, Timestamp, plainText, prose } from "./common.ts";
import { Tag } from "./device.ts";
import { ApiVariables, DeployStarted, OnFailure, ServiceName, Stack, StackName, StackVariables } from "./stack.ts";
import { TemplateName, TemplateVariable } from "./template.ts";

/** A variable that whoever makes a stack of the template is asked for; a name alone asks for it without more words. */
export const AskedVariable = z.strictObject({
  name: plainText(200).min(1),
  description: prose(1000).default(""),
  default: z.unknown().optional(),
});
export type AskedVariable = z.infer<typeof AskedVariable>;
const Asked = z.array(z.union([plainText(200).min(1), AskedVariable])).max(200);

const fields = {
  name: StackName,
  description: prose(10_000),
  tags: z.array(Tag).max(50),
  services: z
    .array(
      z.strictObject({
        name: ServiceName.optional(),
        template: TemplateName,
        variables: StackVariables.optional(),
        depends_on: z.array(ServiceName).max(100).optional(),
        order: z.number().int().nullish(),
      }),
    )
    .min(1, "holds no service")
    .max(100),
  shared_variables: StackVariables,
  /** Asked for once. */
  required_variables: Asked,
  /** Asked for each device. */
  per_device_variables: Asked,
  api_variables: ApiVariables,
  on_failure: OnFailure,
};

export const StackTemplateInput = z
  .strictObject({ ...z.object(fields).partial().shape, name: fields.name, services: fields.services })
  .meta({ id: "StackTemplateInput" });
export type StackTemplateInput = z.infer<typeof StackTemplateInput>;
export const StackTemplatePatch = z.strictObject(z.object(fields).partial().shape).meta({ id: "StackTemplatePatch" });
export type StackTemplatePatch = z.infer<typeof StackTemplatePatch>;

export const StackTemplateDefinition = z.object({
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  services: z.array(
    z.object({
      name: z.string(),
      template: z.string(),
      variables: StackVariables,
      depends_on: z.array(z.string()),
    }),
  ),
  shared_variables: StackVariables,
  required_variables: z.array(AskedVariable),
  per_device_variables: z.array(AskedVariable),
  api_variables: z.array(ApiVariable),
  on_failure: OnFailure,
});
export type StackTemplateDefinition = z.infer<typeof StackTemplateDefinition>;

export const StackTemplate = StackTemplateDefinition.extend({
  id: Id,
  created_by: z.string(),
  created_at: Timestamp,
  updated_by: z.string(),
  updated_at: Timestamp,
}).meta({ id: "StackTemplate" });
export type StackTemplate = z.infer<typeof StackTemplate>;

/** One field of the form that a stack template is. */
export const FormField = z
  .object({
    name: z.string(),
    /** Asked for once, for each device, or fetched when a plan is made. */
    asked: z.enum(["once", "per_device", "fetched"]),
    description: z.string(),
    default: z.unknown(),
    has_default: z.boolean(),
    type: TemplateVariable.shape.type,
    /** Templates that print it. */
    templates: z.array(z.string()),
    /** The template asks for it; false: one of its templates does, and the stack template says nothing of it. */
    declared: z.boolean(),
  })
  .meta({ id: "StackFormField" });
export type FormField = z.infer<typeof FormField>;

/** Makes a stack of a template, and plans it; with `deploy` it is asked for as well. */
export const FormFilled = z
  .strictObject({
    name: StackName,
    description: prose(10_000).optional(),
    devices: z.array(Name).min(1, "names no device").max(200),
    variables: StackVariables.default({}),
    device_variables: z.record(Name, StackVariables).default({}),
    on_failure: OnFailure.optional(),
    deploy: z.boolean().optional(),
    require_approval: z.boolean().optional(),
    reason: Reason.optional(),
  })
  .meta({ id: "StackFormFilled" });
export type FormFilled = z.infer<typeof FormFilled>;

export const MadeOfTemplate = DeployStarted.extend({ stack: Stack });
