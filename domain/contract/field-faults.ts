import type { z } from "zod";
import { PLATFORM_IDS } from "./device.ts";
import type { ErrorDetail } from "./errors.ts";

/** Codes that a field has whatever is wrong with its value. */
const FIELD_CODES: Record<string, string> = {
  limit: "limit_range",
  offset: "offset_range",
  sort: "sort_unknown",
  port: "port_range",
  host: "address_invalid",
  ip_address: "address_invalid",
  device_type: "platform_unknown",
  vendor_types: "platform_unknown",
};

/** Enough for a person to see what is wrong; a body may hold a hundred thousand wrong values. */
const MOST_FAULTS = 50;

/** What zod found, as details of our own: where, by which stable code, in which words. One for each place: the first says enough. */
export function fieldFaults(error: z.ZodError, input: unknown): ErrorDetail[] {
  const faults = new Map<string, ErrorDetail>();
  for (const issue of error.issues) {
    const found =
      issue.code === "unrecognized_keys"
        ? issue.keys.slice(0, MOST_FAULTS).map((key) => unknownField(pathText([...issue.path, key])))
        : [faultOf(issue, valueAt(input, issue.path))];
    for (const fault of found) if (!faults.has(fault.path)) faults.set(fault.path, fault);
    if (faults.size >= MOST_FAULTS) break;
  }
  return [...faults.values()];
}

export const unknownField = (path: string): ErrorDetail => ({
  path,
  code: "unknown_field",
  message: "is an unknown field; remove it",
});

function faultOf(issue: z.core.$ZodIssue, value: unknown): ErrorDetail {
  const path = pathText(issue.path);
  const field = issue.path.findLast((part) => typeof part === "string") ?? "";
  if (value === undefined) return { path, code: "field_missing", message: "is missing" };
  const own = issue.code === "custom" && typeof issue.params?.["code"] === "string" ? issue.params["code"] : undefined;
  if (own !== undefined) return { path, code: own, message: issue.message };
  if (issue.code === "too_small" && issue.origin === "array" && (field === "devices" || field === "targets"))
    return { path, code: "devices_empty", message: issue.message };
  const code = FIELD_CODES[field];
  return {
    path,
    code: code ?? GENERIC[issue.code] ?? "field_invalid",
    message: code === undefined ? sentence(issue) : fieldSentence(code, issue, value),
  };
}

const GENERIC: Partial<Record<z.core.$ZodIssue["code"], string>> = {
  invalid_type: "field_type",
  invalid_value: "field_value",
  invalid_format: "field_format",
  too_small: "field_range",
  too_big: "field_range",
};

function fieldSentence(code: string, issue: z.core.$ZodIssue, value: unknown): string {
  if (code === "limit_range") return "must be a whole number from 1 to 500";
  if (code === "offset_range") return "must be a whole number from 0";
  if (code === "port_range") return "must be a whole number from 1 to 65535";
  if (code === "sort_unknown" && issue.code === "invalid_value")
    return `must be one of ${issue.values.filter((v) => !String(v).startsWith("-")).join(", ")}, with - before it for descending`;
  if (code === "platform_unknown") return unknownPlatform(value);
  return sentence(issue);
}

/** `cisco_iso is no platform; did you mean cisco_ios?` */
function unknownPlatform(value: unknown): string {
  const given = typeof value === "string" ? value.slice(0, 60) : JSON.stringify(value)?.slice(0, 60);
  const near = typeof value === "string" ? nearest(value.toLowerCase(), PLATFORM_IDS) : undefined;
  return `${given} is no platform; ${near === undefined ? `it must be one of ${PLATFORM_IDS.join(", ")}` : `did you mean ${near}?`}`;
}

function nearest(text: string, known: readonly string[]): string | undefined {
  if (text.length > 60) return undefined;
  const [best] = known.map((name) => ({ name, far: distance(text, name) })).sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** Edits between two words, a swap of neighbours being one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let far = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        far = Math.min(far, (before[j - 2] ?? 0) + 1);
      row.push(far);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** zod's own words start with a capital and name no fix; ours go on after the path. */
function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `must be ${article(issue.expected)}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_big" && issue.message.startsWith("Too big"))
    return `must ${issue.origin === "number" ? "be" : "have"} at most ${issue.maximum}${unit(issue.origin)}`;
  if (issue.code === "too_small" && issue.message.startsWith("Too small"))
    return `must ${issue.origin === "number" ? "be" : "have"} at least ${issue.minimum}${unit(issue.origin)}`;
  return issue.message.replace(/^Invalid input: /, "").replace(/^./, (c) => c.toLowerCase());
}

const unit = (origin: string): string => (origin === "string" ? " characters" : origin === "array" ? " entries" : "");
const article = (type: string): string =>
  type === "int" ? "a whole number" : `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;

/** `targets[0].device` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
