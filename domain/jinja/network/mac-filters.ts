import { bind } from "../arguments.ts";
import type { Filter } from "../extension.ts";
import { normalize } from "../int.ts";
import { str } from "../print.ts";
import type { Value } from "../values.ts";
import { formatAddress } from "./ip/address.ts";
import { formatMac, interfaceIdOf, type Mac, MAC_STYLES, type MacStyle, parseMac } from "./ip/mac.ts";
import { firstOf } from "./ip/network.ts";
import { networkBehind } from "./ipaddr.ts";
import { fail } from "./support.ts";

const STYLES: ReadonlyMap<string, MacStyle> = new Map<string, MacStyle>([
  ["bare", MAC_STYLES.bare],
  ["cisco", MAC_STYLES.cisco],
  ["eui48", MAC_STYLES.eui48],
  ["linux", MAC_STYLES.linux],
  ["pgsql", MAC_STYLES.postgresql],
  ["postgresql", MAC_STYLES.postgresql],
  ["psql", MAC_STYLES.postgresql],
  ["unix", MAC_STYLES.unix],
  ["win", MAC_STYLES.eui48],
]);

const macFilter =
  (name: string): Filter =>
  (value, args, kwargs) => {
    const [query, alias] = bind(
      name,
      [
        ["query", ""],
        ["alias", name],
      ],
      args,
      kwargs,
    );
    return macAnswer(str(value), str(query), str(alias));
  };

function macAnswer(text: string, query: string, alias: string): Value {
  const mac = parseMac(text);
  if (mac === undefined)
    return query === "" || query === "bool" ? null : fail(alias, `not a hardware address: ${text}`);
  if (query === "") return text;
  if (query === "bool") return true;
  if (query === "int") return normalize(mac.value);
  return styled(mac, query, alias);
}

function styled(mac: Mac, query: string, alias: string): string {
  const style = STYLES.get(query) ?? fail(alias, `unknown filter type: ${query}`);
  return formatMac(mac, style) ?? fail(alias, `an address of more than 48 bits has no form ${query}`);
}

/** The address that a host with this hardware address gives itself in the network. */
const slaac: Filter = (value, args, kwargs) => {
  const [query] = bind("slaac", [["query", ""]], args, kwargs);
  const network = networkBehind(str(value));
  const mac = parseMac(str(query));
  if (network?.version !== 6 || mac === undefined) return false;
  const found = firstOf(network) + interfaceIdOf(mac);
  if (found >= 1n << 128n) return fail("slaac", `${str(value)} has no room for an interface identifier`);
  return formatAddress({ version: 6, value: found });
};

export const MAC_FILTERS: readonly (readonly [string, Filter])[] = [
  ["hwaddr", macFilter("hwaddr")],
  ["macaddr", macFilter("macaddr")],
  ["slaac", slaac],
];
