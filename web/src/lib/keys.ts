import type { Query } from "./api.ts";

/**
 * Query keys. The first word is the topic of the hints that refetch it, so `invalidate(topic)` needs no table.
 * What is expensive to read (a live config) or has its own stream (a run) does not stand under a topic.
 */
export const keys = {
  me: ["me"] as const,
  stats: ["stats"] as const,
  health: ["health"] as const,
  workers: ["workers"] as const,
  devices: {
    list: (query: Query) => ["devices", "list", query] as const,
    facets: ["devices", "facets"] as const,
    one: (name: string) => ["devices", "one", name] as const,
    runs: (name: string) => ["runs", "list", { device: name }] as const,
    override: (name: string) => ["devices", "override", name] as const,
  },
  knownCommands: (deviceType: string) => ["known-commands", deviceType] as const,
  deviceConfig: (name: string) => ["device-config", name] as const,
  credentials: { list: ["credentials", "list"] as const },
  users: { list: ["users", "list"] as const },
  tokens: ["tokens"] as const,
  audit: { list: (query: Query) => ["audit", "list", query] as const, chain: ["audit", "chain"] as const },
  changes: {
    list: (query: Query) => ["changes", "list", query] as const,
    one: (id: string) => ["changes", "one", id] as const,
  },
  approvals: {
    list: (query: Query) => ["approvals", "list", query] as const,
    one: (id: string) => ["approvals", "one", id] as const,
    stats: ["approvals", "stats"] as const,
  },
  runs: { list: (query: Query) => ["runs", "list", query] as const },
  /** A run page follows its own stream. */
  run: (id: string) => ["run", id] as const,
  runLines: (id: string, device: string) => ["run", id, "lines", device] as const,
  runHistory: (id: string) => ["run", id, "history"] as const,
  backups: {
    list: (query: Query) => ["backups", "list", query] as const,
    health: (query: Query) => ["backups", "health", query] as const,
    running: ["runs", "backing-up"] as const,
  },
  /** What was stored once stays as it is, and each read is in the audit log: no hint reads it again. */
  backup: (id: string) => ["backup", id] as const,
  backupDiff: (a: string, b: string) => ["backup-diff", a, b] as const,
  templates: {
    list: (query: Query) => ["templates", "list", query] as const,
    one: (name: string) => ["templates", "one", name] as const,
    versions: (name: string) => ["templates", "versions", name] as const,
    uses: (name: string) => ["templates", "uses", name] as const,
    includes: (names: readonly string[]) => ["templates", "includes", names] as const,
  },
  deviceVariables: (name: string) => ["variables", "device", name] as const,
  variables: {
    list: (query: Query) => ["variables", "list", query] as const,
    groups: ["variables", "groups"] as const,
  },
  apiResources: ["api-resources"] as const,
  egress: ["api-resources", "egress"] as const,
  templateVersion: (name: string, version: number) => ["template-version", name, version] as const,
  lab: ["lab"] as const,
};
