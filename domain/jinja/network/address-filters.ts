import { bind } from "../arguments.ts";
import type { Filter } from "../extension.ts";
import { isInt, normalize } from "../int.ts";
import { toList } from "../iterate.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { Float, Lazy, Markup, Tuple, type Value } from "../values.ts";
import { type Answer, ipaddr, type Subject } from "./ipaddr.ts";
import { formatAddress, parseAddress, type Version } from "./ip/address.ts";
import { mergeNetworks, spanningNetwork } from "./ip/merge.ts";
import { formatNetwork, parseNetwork } from "./ip/network.ts";
import { fail, intParameter, listParameter, shown } from "./support.ts";

const toValue = (answer: Answer): Value => (typeof answer === "bigint" ? normalize(answer) : answer);

/** What `ipaddr` can tell apart; everything that is no address anyway is `true`. */
function subjectOf(value: Value): Subject {
  if (value === null || typeof value === "boolean" || typeof value === "string" || typeof value === "bigint")
    return value;
  if (typeof value === "number") return BigInt(value);
  if (value instanceof Markup) return value.text;
  return isTrue(value);
}

const isList = (value: Value): boolean => Array.isArray(value) || value instanceof Tuple || value instanceof Lazy;

function refuseNothing(filter: string, value: Value): void {
  if (value === null || value instanceof Float)
    fail(filter, `needs an address, a network or a list of them, not ${shown(value)}`);
}

/** A list gives the list of what is left of it. */
function eachAddress(value: Value, query: string, version: Version | undefined, alias: string): Value {
  if (!isList(value)) return toValue(ipaddr(subjectOf(value), query, version, alias));
  return toList(value)
    .map((item) => eachAddress(item, query, version, alias))
    .filter(isTrue);
}

const ipaddrFilter: Filter = (value, args, kwargs) => {
  const [query, version, alias] = bind(
    "ipaddr",
    [
      ["query", ""],
      ["version", false],
      ["alias", "ipaddr"],
    ],
    args,
    kwargs,
  );
  const number = isTrue(version) ? intParameter("ipaddr", "version", version) : undefined;
  if (number !== undefined && number !== 4n && number !== 6n) return fail("ipaddr", "version must be 4 or 6");
  refuseNothing("ipaddr", value);
  return eachAddress(value, str(query), number === undefined ? undefined : number === 4n ? 4 : 6, str(alias));
};

const ofVersion =
  (name: string, version: Version): Filter =>
  (value, args, kwargs) => {
    const [query] = bind(name, [["query", ""]], args, kwargs);
    refuseNothing(name, value);
    return eachAddress(value, str(query), version, name);
  };

/** What is no address stays as it is. */
function wrapOne(value: Value): Value {
  const subject = subjectOf(value);
  const found = ipaddr(subject);
  if (found === false || found === null) return value;
  return toValue(ipaddr(typeof subject === "bigint" ? subject : found, "wrap"));
}

const ipwrap: Filter = (value, args, kwargs) => {
  bind("ipwrap", [["query", ""]], args, kwargs);
  if (isList(value)) return toList(value).map(wrapOne);
  if (isInt(value) && typeof value !== "boolean")
    return fail("ipwrap", `needs a string or a list, not ${shown(value)}`);
  refuseNothing("ipwrap", value);
  return wrapOne(value);
};

const ipmath: Filter = (value, args, kwargs) => {
  const [amount] = bind("ipmath", ["amount"], args, kwargs);
  const text = str(value);
  const ip = text.includes("/") ? parseNetwork(text) : parseAddress(text);
  if (ip === undefined) return fail("ipmath", `you must pass a valid IP address; ${text} is invalid`);
  const moved = ip.value + intParameter("ipmath", "amount", amount);
  const end = ip.version === 4 ? 32n : 128n;
  if (moved < 0n || moved >= 1n << end) return fail("ipmath", `${text} has no address ${str(amount)} further`);
  return formatAddress({ version: ip.version, value: moved });
};

const ip4Hex: Filter = (value, args, kwargs) => {
  const [delimiter] = bind("ip4_hex", [["delimiter", ""]], args, kwargs);
  const ip = parseAddress(str(value), 4);
  if (ip === undefined) return fail("ip4_hex", `you must pass a valid IPv4 address; ${str(value)} is invalid`);
  return (ip.value.toString(16).padStart(8, "0").match(/../g) ?? []).join(str(delimiter));
};

const cidrMerge: Filter = (value, args, kwargs, engine) => {
  const [action] = bind("cidr_merge", [["action", "merge"]], args, kwargs);
  const texts = listParameter(value);
  engine.spend(texts.length);
  const networks = texts.map(
    (text) => parseNetwork(text) ?? fail("cidr_merge", `${text} is not an address or a network`),
  );
  if (action === "merge") return mergeNetworks(networks).map(formatNetwork);
  if (action !== "span") return fail("cidr_merge", `invalid action '${str(action)}': it is merge or span`);
  const [first] = networks;
  if (first === undefined) return null;
  if (networks.length === 1) return formatNetwork(first);
  const span = spanningNetwork(networks);
  return span === undefined ? fail("cidr_merge", "one network cannot span IPv4 and IPv6") : formatNetwork(span);
};

export const ADDRESS_FILTERS: readonly (readonly [string, Filter])[] = [
  ["ipaddr", ipaddrFilter],
  ["ipv4", ofVersion("ipv4", 4)],
  ["ipv6", ofVersion("ipv6", 6)],
  ["ipwrap", ipwrap],
  ["ipmath", ipmath],
  ["ip4_hex", ip4Hex],
  ["cidr_merge", cidrMerge],
];
