import { ORIGIN_KINDS, type OriginKind } from "../contract/variables.ts";

/**
 * The one order: a value from a kind further up stands before the same name from one further down. It replaces the whole
 * value, also where both are objects: what a device gets can be read off one place, and nothing is mixed from two.
 */
export const ORDER: Record<OriginKind, { rank: number; label: string; what: string }> = {
  run: { rank: 0, label: "Run", what: "given for this run" },
  service: { rank: 1, label: "Service", what: "of this service of the stack" },
  api: { rank: 2, label: "API", what: "fetched from an external API when the plan was made" },
  stack: { rank: 3, label: "Stack", what: "shared by all services of the stack" },
  device: { rank: 4, label: "Device", what: "of this device" },
  group: { rank: 5, label: "Group", what: "of a group of devices; a higher priority first, then by name" },
  tag: { rank: 6, label: "Tag", what: "of a tag; by name" },
  site: { rank: 7, label: "Site", what: "of a site" },
  global: { rank: 8, label: "Global", what: "of all devices" },
  built_in: { rank: 9, label: "Built in", what: "what NetStacks knows of the device itself" },
};

export const KINDS_IN_ORDER: readonly OriginKind[] = ORIGIN_KINDS.toSorted((a, b) => ORDER[a].rank - ORDER[b].rank);
