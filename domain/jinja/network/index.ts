import type { Filter, Test } from "../extension.ts";
import { ADDRESS_FILTERS } from "./address-filters.ts";
import { ADDRESS_TESTS } from "./address-tests.ts";
import { COLLECTION_FILTERS } from "./collection-filters.ts";
import { DATA_FILTERS } from "./data-filters.ts";
import { HASH_FILTERS } from "./hash-filters.ts";
import { MAC_FILTERS } from "./mac-filters.ts";
import { NUMBER_FILTERS } from "./number-filters.ts";
import { REGEX_FILTERS } from "./regex/filters.ts";
import { SET_FILTERS } from "./set-filters.ts";
import { SUBNET_FILTERS } from "./subnet-filters.ts";
import { TEXT_FILTERS } from "./text-filters.ts";
import { TIME_FILTERS } from "./time-filters.ts";
import { VALUE_TESTS } from "./value-tests.ts";
import { VLAN_FILTERS } from "./vlan-filters.ts";

export { LEFT_OUT } from "./left-out.ts";

/** Each under its short name and under the name with its collection, as templates of Ansible may call it. */
const named = <T>(collection: string, entries: readonly (readonly [string, T])[]): [string, T][] =>
  entries.flatMap(([name, what]): [string, T][] => [
    [name, what],
    [`${collection}.${name}`, what],
  ]);

export const NETWORK_FILTERS: ReadonlyMap<string, Filter> = new Map([
  ...named("ansible.builtin", [
    ...REGEX_FILTERS,
    ...COLLECTION_FILTERS,
    ...SET_FILTERS,
    ...DATA_FILTERS,
    ...HASH_FILTERS,
    ...TEXT_FILTERS,
    ...NUMBER_FILTERS,
    ...TIME_FILTERS,
  ]),
  ...named("ansible.utils", [...ADDRESS_FILTERS, ...SUBNET_FILTERS, ...MAC_FILTERS]),
  ...named("ansible.netcommon", VLAN_FILTERS),
]);

export const NETWORK_TESTS: ReadonlyMap<string, Test> = new Map([
  ...named("ansible.builtin", VALUE_TESTS),
  ...named("ansible.utils", ADDRESS_TESTS),
]);
