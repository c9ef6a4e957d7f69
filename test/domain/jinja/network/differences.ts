import type { RecordedCase } from "./recorded.ts";

/** Where our answer is another than Ansible's on purpose, and why. */
export const DIFFERENCES: readonly { reason: string; holds: (recorded: RecordedCase) => boolean }[] = [
  {
    reason: "ipsubnet asks for the rank of an IPv6 address in an IPv4 network: Ansible counts something, we refuse",
    holds: ({ name, value, args: [query] }) => name === "ipsubnet" && value === "::1" && String(query).includes("."),
  },
  {
    reason: "b64decode meets bytes that are no text: Ansible puts half of a surrogate pair for them, we refuse",
    holds: ({ name, value }) => name === "b64decode" && value === "/w==",
  },
];
