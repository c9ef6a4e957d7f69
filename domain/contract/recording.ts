import { parse, stringify } from "yaml";
import { z } from "zod";
import { DeviceFacts, PlatformId } from "./device.ts";

/** Control characters as one can read them in a file: `␍` is a carriage return, `␛` an escape. Line ends and tabs stay. */
export const shown = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (c) =>
    c === "\u007f" ? "\u2421" : String.fromCharCode(0x2400 + c.charCodeAt(0)),
  );
export const unshown = (text: string): string =>
  text.replace(/[\u2400-\u241f\u2421]/g, (c) =>
    c === "\u2421" ? "\u007f" : String.fromCharCode(c.charCodeAt(0) - 0x2400),
  );

/**
 * What a device prints, in order; `awaits` is what must be typed before it goes on: a key at a pager, an answer with its `\n` at a
 * question. `{{password}}`, `{{enable_password}}` stand for the player's own, `{{label}}` for the label of a commit, and pictures like `␍` for control
 * characters.
 */
const Said = z.union([
  z.string(),
  z.array(z.union([z.string(), z.strictObject({ awaits: z.string() })])).min(1, "says nothing"),
]);
export type Said = z.infer<typeof Said>;

const Exchange = z.strictObject({
  /** Only at this prompt; without it, at any. */
  at: z.string().optional(),
  send: z.string().min(1),
  /** What the device shows of the line; without it, the line and a line end. */
  echo: z.string().optional(),
  /** From behind the echo up to and with the next prompt. */
  answer: Said,
});
export type Exchange = z.infer<typeof Exchange>;

/** A change that the recorded device takes, and one that it refuses. */
const RecordedChange = z.strictObject({
  lines: z.array(z.string()).min(1),
  /** Above 0, the change is committed with a timer and confirmed. */
  confirm_minutes: z.number().int().min(0).default(0),
  refused: z.strictObject({ lines: z.array(z.string()).min(1), line: z.string(), says: z.string().min(1) }).optional(),
});

const Expectations = z.strictObject({
  /** The prompt at rest, rights raised. */
  prompt: z.string(),
  facts: DeviceFacts.partial(),
  /** The running config as it is read: how many lines, the first, the last, some between. Null on a platform without one. */
  running: z
    .strictObject({
      lines: z.number().int().min(1),
      first: z.string(),
      last: z.string(),
      contains: z.array(z.string()),
    })
    .nullable(),
  /** Reads that the device does not understand. */
  refused: z.array(z.strictObject({ send: z.string(), says: z.string().min(1) })),
  /** Lines that change or end something: they must never be sent as reads. */
  not_reads: z.array(z.string()).min(1),
  /** Lines whose question is not answered. */
  questions: z.array(z.strictObject({ send: z.string(), asks: z.string() })).default([]),
  /** Prompts of the device, and what stands in their parentheses. */
  prompts: z.array(z.strictObject({ line: z.string(), mode: z.string() })).default([]),
  change: RecordedChange.optional(),
});

/** What one device of one version says, and what must be understood of it: a test plays it in the place of the device. */
export const Recording = z.strictObject({
  device_type: PlatformId,
  version: z.string().min(1),
  source: z.strictObject({
    /** `recorded` from a device, from a `virtual` one of the lab, or `written` after what others published. */
    kind: z.enum(["recorded", "virtual", "written"]),
    from: z.array(z.strictObject({ title: z.string().min(1), url: z.string().optional() })).min(1, "names no source"),
    note: z.string().optional(),
  }),
  /** How the device ends its lines; each `\n` below goes out as this. */
  line_end: z.string().default("\r\n"),
  /** From the opening of the shell up to the first prompt. */
  opens: Said,
  exchanges: z.array(Exchange),
  expect: Expectations,
});
export type Recording = z.infer<typeof Recording>;

export const parseRecording = (text: string): Recording => Recording.parse(parse(text));
export const printRecording = (recording: z.input<typeof Recording>): string =>
  stringify(recording, { lineWidth: 0, blockQuote: "literal" });
