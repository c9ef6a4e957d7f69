import type { Query } from "../../lib/api.ts";

const FIELDS: Record<string, string> = { site: "site", tag: "tag", platform: "device_type", type: "device_type", state: "state", lab: "is_lab" };
const PLATFORMS: Record<string, string> = { ios: "cisco_ios", "ios-xe": "cisco_ios", eos: "arista_eos", junos: "juniper_junos" };
const YES: Record<string, string> = { yes: "true", no: "false" };

/** `site:ams tag:core edge`: fields by name, every other word is searched for. */
export function parseDeviceFilter(text: string): Query {
  const query: Record<string, string> = {};
  const words: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const [name = "", ...rest] = word.split(":");
    const value = rest.join(":");
    const field = FIELDS[name.toLowerCase()];
    if (field === undefined || value === "") words.push(word);
    else if (field === "device_type") query[field] = PLATFORMS[value.toLowerCase()] ?? value;
    else query[field] = field === "is_lab" ? (YES[value.toLowerCase()] ?? value) : value;
  }
  const search = words.join(" ").trim();
  return search === "" ? query : { ...query, search };
}
