import type { EffectiveVariable, Origin } from "../contract/variables.ts";
import { ORDER } from "./order.ts";

/** Variables given in one place. Of two layers of one kind the one that comes first stands before the other. */
export type Layer = {
  origin: Origin;
  variables: Readonly<Record<string, unknown>>;
  /** Which of them are secrets, by name; their values are references. */
  secrets?: ReadonlySet<string>;
};

/** Every name once, with the value of the strongest layer that gives it and what that hides; by name. */
export function mergeLayers(layers: readonly Layer[]): EffectiveVariable[] {
  const ranked = layers.toSorted((a, b) => ORDER[a.origin.kind].rank - ORDER[b.origin.kind].rank);
  const byName = new Map<string, EffectiveVariable>();
  for (const { origin, variables, secrets } of ranked)
    for (const [name, value] of Object.entries(variables)) {
      const given = { value, is_secret: secrets?.has(name) ?? false, origin };
      const stronger = byName.get(name);
      if (stronger) stronger.hides.push(given);
      else byName.set(name, { name, ...given, hides: [] });
    }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** As a template takes them. Built so that a name such as `__proto__` is a name like any other. */
export const valuesOf = (variables: readonly EffectiveVariable[]): Record<string, unknown> =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]));
