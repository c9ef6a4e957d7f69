import { z } from "zod";
import { Name, Timestamp, plainText } from "./common.ts";
import { PlatformId } from "./device.ts";

const Command = plainText(500).min(1, "must not be empty");

export const ParseRequest = z
  .strictObject({ device_type: PlatformId, command: Command, output: z.string().max(1_000_000) })
  .meta({ id: "ParseRequest" });
export type ParseRequest = z.infer<typeof ParseRequest>;

/** By the names of the template's values, in small letters. A list holds texts, or named parts of them. */
export const ParsedRow = z.record(
  z.string(),
  z.union([z.string(), z.array(z.union([z.string(), z.record(z.string(), z.string().nullable())]))]),
);
export type ParsedRow = z.infer<typeof ParsedRow>;

/** `template` names the files of ntc-templates that read the output, joined by `:`. */
export const ParsedOutput = z.object({ rows: z.array(ParsedRow), template: z.string() }).meta({ id: "ParsedOutput" });
export type ParsedOutput = z.infer<typeof ParsedOutput>;

/** Commands of a platform that a template reads, for whoever types one. */
export const KnownCommands = z.object({
  commands: z.array(z.object({ command: z.string(), template: z.string() })),
});

export const ShowRequest = z
  .strictObject({
    command: Command,
    /** Also as rows, where a template reads this command. */
    use_textfsm: z.boolean().optional(),
  })
  .meta({ id: "ShowRequest" });
export type ShowRequest = z.infer<typeof ShowRequest>;
export const BulkShowRequest = ShowRequest.extend({
  devices: z.array(Name).min(1, "names no device").max(100),
}).meta({ id: "BulkShowRequest" });

const Why = z.object({ code: z.string(), message: z.string() });

/** What a device answered, secrets masked. `rows` and `template`, or `parse_error`, where rows were asked for. */
export const ShowOutput = z
  .object({
    device: z.string(),
    command: z.string(),
    output: z.string(),
    /** Of the stored output. */
    hash: z.string(),
    read_at: Timestamp,
    rows: z.array(ParsedRow).optional(),
    template: z.string().optional(),
    parse_error: Why.optional(),
  })
  .meta({ id: "ShowOutput" });
export type ShowOutput = z.infer<typeof ShowOutput>;

/** Of several devices: the output of each, or why there is none. */
export const BulkShowOutput = z.union([
  ShowOutput,
  z.object({ device: z.string(), command: z.string(), error: Why.extend({ what_to_do: z.string() }) }),
]);
export type BulkShowOutput = z.infer<typeof BulkShowOutput>;
