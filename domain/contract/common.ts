import { z } from "zod";

/** UUIDv7 as text; any UUID is accepted on the way in. */
export const Id = z.uuid({ error: "must be an id as the API gives it (a UUID)" });
export const Timestamp = z.iso.datetime({ offset: true });

/** Code points that must never be in a name: controls, and those that deceive the eye (bidi, zero-width, BOM). */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

const codePoint = (text: string): string => {
  const found = UNSAFE.exec(text)?.[0]?.codePointAt(0) ?? 0;
  return `U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
};

/** One line of text without control, bidi or zero-width characters. */
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !UNSAFE.test(text), {
      error: (issue) => `holds the character ${codePoint(String(issue.input))}, which is not allowed; remove it`,
      params: { code: "name_characters" },
    });

/** Text of several lines: as plainText, but with line ends and tabs. */
export const prose = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !UNSAFE.test(text.replace(/[\r\n\t]/g, "")), {
      error: (issue) =>
        `holds the character ${codePoint(String(issue.input).replace(/[\r\n\t]/g, ""))}, which is not allowed; remove it`,
      params: { code: "name_characters" },
    });

/** Names that stand in URLs and on prompts: letters, digits, `.`, `_`, `-`. */
export const Name = plainText(63)
  .min(1, "must not be empty")
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "may hold letters, digits, '.', '_' and '-', and starts with a letter or digit",
  );

export const limitSchema = z.coerce.number().int().min(1).max(500).default(50);
export const offsetSchema = z.coerce.number().int().min(0).max(10_000_000).default(0);

/** Query of every list. `sort` is one of the route's columns, `-` before it turns it round. */
export const listQuery = <const C extends readonly [string, ...string[]]>(columns: C) =>
  z.strictObject({
    limit: limitSchema,
    offset: offsetSchema,
    search: plainText(200).optional(),
    sort: z.enum(columns.flatMap((c) => [c, `-${c}`]) as [string, ...string[]]).optional(),
  });

export const ok = <T extends z.ZodType>(data: T) =>
  z.object({ success: z.literal(true), data, message: z.string().optional() });

export const Failure = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.string(),
  details: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        code: z.string().optional(),
        line: z.number().int().optional(),
        column: z.number().int().optional(),
      }),
    )
    .optional(),
  request_id: z.string(),
});
export type Failure = z.infer<typeof Failure>;

/** The reason a person gives for what they do; kept in the audit log. */
export const Reason = prose(2000);
