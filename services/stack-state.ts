import type { StackDefinition, StackState, StackSummary } from "../domain/contract/stack.ts";
import type { DeployRow } from "../db/queries/stack-deploys.ts";
import type { OwnedRow, StackRow } from "../db/queries/stacks.ts";

type Owned = Pick<OwnedRow, "service" | "device" | "stack_version">;
type Last = Pick<DeployRow, "id" | "run_id" | "status" | "action" | "created_at">;

const pair = (service: string, device: string): string => `${service}\u0000${device.toLowerCase()}`;

/** Where a stack stands, from what is on devices and from how its last deploy came out. */
function stateOf(
  row: Pick<StackRow, "version" | "definition">,
  owned: readonly Owned[],
  last: Last | undefined,
): { state: StackState; has_pending_changes: boolean; deployed_version: number | null } {
  const there = new Set(owned.map((o) => pair(o.service, o.device)));
  const wanted = wantedPairs(row.definition);
  const lacking = wanted.filter((w) => !there.has(w));
  const wantedNow = new Set(wanted);
  // A service without devices of its own is wanted wherever it was deployed.
  const free = new Set(row.definition.services.filter((s) => s.devices.length === 0).map((s) => s.name));
  const extra = owned.filter((o) => !free.has(o.service) && !wantedNow.has(pair(o.service, o.device)));
  const versions = new Set(owned.map((o) => o.stack_version));
  const [only] = versions;
  const pending =
    owned.length > 0 && (lacking.length > 0 || extra.length > 0 || owned.some((o) => o.stack_version !== row.version));
  return {
    state: shown(owned.length, lacking.length, last),
    has_pending_changes: owned.length === 0 ? row.definition.services.length > 0 : pending,
    deployed_version: versions.size === 1 ? (only ?? null) : null,
  };
}

const wantedPairs = ({ services }: StackDefinition): string[] =>
  services.flatMap((s) => s.devices.map((d) => pair(s.name, d)));

function shown(owned: number, lacking: number, last: Last | undefined): StackState {
  if (last?.status === "deploying" || last?.status === "approved") return "deploying";
  const broke = last?.status === "failed" || last?.status === "partial" || last?.status === "rolled_back";
  if (owned === 0) return broke && last.action === "deploy" ? "failed" : "pending";
  if (broke || last?.status === "cancelled") return lacking > 0 || last?.status === "partial" ? "partial" : "deployed";
  return lacking > 0 ? "partial" : "deployed";
}

export function showSummary(row: StackRow, owned: readonly Owned[], last: Last | undefined): StackSummary {
  const { definition } = row;
  const devices = [...definition.services.flatMap((s) => s.devices), ...owned.map((o) => o.device)];
  return {
    id: row.id,
    name: row.name,
    description: definition.description,
    version: row.version,
    ...stateOf(row, owned, last),
    deleting: row.deleting,
    services: definition.services.length,
    devices: [...new Map(devices.map((d) => [d.toLowerCase(), d])).values()].sort((a, b) => a.localeCompare(b)),
    on_failure: definition.on_failure,
    last_deploy: last
      ? {
          id: last.id,
          run_id: last.run_id,
          status: last.status,
          action: last.action,
          at: last.created_at.toISOString(),
        }
      : null,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_by: row.updated_by,
    updated_at: row.updated_at.toISOString(),
  };
}
