import type { RenderFailure } from "../../../../domain/contract/template.ts";
import { count } from "../../components/bits.tsx";
import type { ForDevices } from "./templates-api.ts";

/** What came of one template for many devices. */
export type Shown = ForDevices & { total: number };

export const letter = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : `${index + 1}`);

const FEW = 4;
export const named = (devices: readonly string[]): string =>
  `${devices.slice(0, FEW).join(", ")}${devices.length > FEW ? ` and ${devices.length - FEW} more` : ""}`;

export function sentenceOf({ groups, failures, total }: Shown): string {
  if (total === 0) return "No device fits this line.";
  const [first] = groups;
  const n = failures.length;
  const failed = n === 0 ? "" : ` ${n} ${n === 1 ? "does" : "do"} not render.`;
  if (!first) return `It renders for none of ${count(total, "device")}.`;
  if (groups.length === 1 && n === 0) return `The same output for all ${count(total, "device")}.`;
  if (groups.length > 1 && first.devices.length === 1)
    return `${count(groups.length, "different output")} for ${total} devices.${failed}`;
  const outputs = groups.length > 1 ? `, ${groups.length} outputs in all` : "";
  return `Same output for ${first.devices.length} of ${total} devices${outputs}.${failed}`;
}

/** Those that fail for one reason stand together. */
export function byReason(failures: readonly RenderFailure[]): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (const { device, error, line, template } of failures) {
    const reason = `${line === null ? "" : `line ${line}${template === null ? "" : ` of ${template}`}: `}${error}`;
    found.set(reason, [...(found.get(reason) ?? []), device]);
  }
  return [...found];
}
