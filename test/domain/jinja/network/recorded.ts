import { readFileSync } from "node:fs";
import { z } from "zod";
import { setItem } from "../../../../domain/jinja/hash.ts";
import { normalize } from "../../../../domain/jinja/int.ts";
import { Dict, Float, Tuple, type Value } from "../../../../domain/jinja/values.ts";

/** As `record.py` writes values: what JSON cannot tell apart is marked. */
const Recorded = z.unknown();
const Case = z.object({
  kind: z.enum(["filter", "test"]),
  name: z.string(),
  value: Recorded,
  args: z.array(Recorded).default([]),
  kwargs: z.record(z.string(), Recorded).default({}),
  result: Recorded.optional(),
  /** The class of the error that Ansible's gave instead. */
  error: z.string().optional(),
});
export type RecordedCase = z.infer<typeof Case>;

const Marked = z.union([
  z.object({ $int: z.string() }),
  z.object({ $float: z.string() }),
  z.object({ $tuple: z.array(Recorded) }),
  z.object({ $dict: z.array(z.tuple([Recorded, Recorded])) }),
]);

const Header = z.object({ known: z.object({ filters: z.array(z.string()), tests: z.array(z.string()) }) });

function readLines(): string[] {
  return readFileSync(new URL("recorded.jsonl", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
}

/** Of all filters and tests that Ansible had when the cases were recorded. */
export function readKnownNames(): z.infer<typeof Header>["known"] {
  const [header = ""] = readLines();
  return Header.parse(JSON.parse(header)).known;
}

export function readCases(): RecordedCase[] {
  const [, ...lines] = readLines();
  return lines.map((line) => Case.parse(JSON.parse(line)));
}

const FLOATS: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: Number.NaN };

export function toValue(recorded: unknown): Value {
  if (recorded === null || typeof recorded === "boolean") return recorded;
  if (typeof recorded === "string" || typeof recorded === "number") return recorded;
  if (Array.isArray(recorded)) return recorded.map(toValue);
  const marked = Marked.parse(recorded);
  if ("$int" in marked) return normalize(BigInt(marked.$int));
  if ("$float" in marked) return new Float(FLOATS[marked.$float] ?? Number(marked.$float));
  if ("$tuple" in marked) return new Tuple(marked.$tuple.map(toValue));
  const dict = new Dict();
  for (const [key, value] of marked.$dict) setItem(dict, toValue(key), toValue(value));
  return dict;
}
