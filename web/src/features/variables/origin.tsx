import type { Origin, VariableScope } from "../../../../domain/contract/variables.ts";
import { ORDER } from "../../../../domain/variables/order.ts";
import { Go } from "../../components/go.tsx";
import { links } from "../../lib/links.ts";

const hrefOf = ({ kind, name }: Origin): string | undefined =>
  kind === "site" || kind === "tag"
    ? links.devices({ q: `${kind}:${name}` })
    : kind === "device"
      ? links.device(name, "variables")
      : kind === "group" || kind === "global"
        ? links.variables({ scope: kind, owner: name })
        : undefined;

/** Where a value is from: the level, then whose. */
export function OriginChip({ origin, here }: { origin: Origin; here?: string }) {
  const { label, what } = ORDER[origin.kind];
  const own = origin.kind === "device" && origin.name === here;
  const text = (
    <>
      <span className="k">{label}</span>
      {origin.kind !== "global" && origin.kind !== "built_in" && !own && <span className="ell">{origin.name}</span>}
    </>
  );
  const href = own ? undefined : hrefOf(origin);
  return href === undefined ? (
    <span className="ns-tag ns-origin" title={what}>
      {text}
    </span>
  ) : (
    <Go className="ns-tag ns-origin" href={href} title={what}>
      {text}
    </Go>
  );
}

export const originOf = (scope: VariableScope, owner: string): Origin => ({ kind: scope, id: null, name: owner });
