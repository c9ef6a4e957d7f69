import { PLATFORM_IDS } from "../../../../domain/contract/device.ts";
import { TEMPLATE_TYPES } from "../../../../domain/contract/template.ts";
import type { FilterKey } from "../../components/filter-box.tsx";
import type { Query } from "../../lib/api.ts";
import { parseFilterLine, valuesOf } from "../../lib/filter-line.ts";

export const FILTERS: FilterKey[] = [
  { key: "type", hint: "what it is for", values: TEMPLATE_TYPES.map((value) => ({ value })) },
  { key: "for", hint: "device type", values: PLATFORM_IDS.map((value) => ({ value })) },
];
const KEYS = FILTERS.map(({ key }) => key);

/** The API's query for a filter line. */
export function templateFilter(line: string): Query {
  const parsed = parseFilterLine(line, KEYS);
  return { search: parsed.words, type: valuesOf(parsed, "type"), vendor_type: valuesOf(parsed, "for") };
}
