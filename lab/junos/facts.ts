import { areaText, chosenRouterId, type BgpNeighbor, type Facts, type InterfaceFact } from "../config/facts.ts";
import { below, flag, leaf } from "./check.ts";
import type { Statement } from "./tree.ts";

function interfaceFacts(root: Statement): InterfaceFact[] {
  return below(root, "interfaces").flatMap((port) =>
    port.children
      .filter((c) => c.schema.name === "unit" && !c.inactive)
      .map((unit) => {
        const inet = unit.children
          .find((c) => c.schema.name === "family")
          ?.children.find((c) => c.schema.name === "inet");
        const [address, length = "32"] = inet?.children.find((c) => c.schema.name === "address")?.key.split("/") ?? [];
        return {
          name: `${port.key}.${unit.key}`,
          description: leaf(unit, "description") ?? leaf(port, "description") ?? "",
          address,
          length: Number(length),
          enabled: !flag(port, "disable") && !flag(unit, "disable"),
          vrf: "",
          mtu: Number(leaf(port, "mtu") ?? 1514),
        };
      }),
  );
}

/** Facts of a Junos config; interfaces are logical ones, `ge-0/0/0.0`. */
export function junosFacts(root: Statement): Facts {
  const interfaces = interfaceFacts(root);
  const system = root.children.find((c) => c.schema.name === "system");
  const routing = root.children.find((c) => c.schema.name === "routing-options");
  const asn = leaf(routing, "autonomous-system");
  const routerId = leaf(routing, "router-id") ?? chosenRouterId(interfaces);
  const groups = below(root, "protocols bgp", "group");
  const neighbors: BgpNeighbor[] = groups.flatMap((group) =>
    group.children
      .filter((c) => c.schema.name === "neighbor" && !c.inactive)
      .map((n) => ({
        address: n.key,
        remoteAs: leaf(n, "peer-as") ?? leaf(group, "peer-as") ?? asn ?? "0",
        description: leaf(n, "description") ?? leaf(group, "description") ?? "",
        enabled: !flag(n, "shutdown"),
      })),
  );
  const areas = below(root, "protocols ospf", "area");
  return {
    hostname: leaf(system, "host-name") ?? "Amnesiac",
    interfaces,
    bgp: groups.length === 0 || asn === undefined ? undefined : { asn, routerId, neighbors, networks: [] },
    ospf:
      areas.length === 0
        ? undefined
        : {
            process: "default",
            routerId,
            interfaces: areas.flatMap((area) =>
              area.children
                .filter((c) => c.schema.name === "interface" && !c.inactive && !flag(c, "disable"))
                .map((c) => ({
                  name: c.key.includes(".") ? c.key : `${c.key}.0`,
                  area: areaText(area.key),
                  passive: flag(c, "passive") || c.key.startsWith("lo0"),
                })),
            ),
          },
    statics: below(root, "routing-options static", "route").map((route) => {
      const [network = "", length = "32"] = route.key.split("/");
      return { network, length: Number(length), via: leaf(route, "next-hop") ?? "discard" };
    }),
    ntp: below(root, "system ntp", "server").map((server) => server.key),
  };
}
