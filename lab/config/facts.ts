import { lineMatching, type ConfigNode } from "./tree.ts";
import { ipNumber, maskLength, networkOf } from "../grammar/values.ts";

/** What a router is, read from its config alone: what the show commands and its neighbors need to know. */
export type Facts = {
  hostname: string;
  interfaces: InterfaceFact[];
  bgp: BgpFacts | undefined;
  ospf: OspfFacts | undefined;
  statics: { network: string; length: number; via: string }[];
  ntp: string[];
};
export type InterfaceFact = {
  name: string;
  description: string;
  address: string | undefined;
  length: number;
  enabled: boolean;
  vrf: string;
  mtu: number;
};
export type BgpFacts = {
  asn: string;
  routerId: string;
  neighbors: BgpNeighbor[];
  networks: { network: string; length: number }[];
};
export type BgpNeighbor = { address: string; remoteAs: string; description: string; enabled: boolean };
export type OspfFacts = {
  process: string;
  routerId: string;
  interfaces: { name: string; area: string; passive: boolean }[];
};

/** `0` and `0.0.0.0` are one area. */
export const areaText = (area: string): string =>
  area.includes(".") ? area : [24, 16, 8, 0].map((shift) => (Number(area) >>> shift) & 255).join(".");

function interfaceFacts(root: ConfigNode): InterfaceFact[] {
  return root.children
    .filter((node) => node.mode === "if")
    .map((node) => {
      const ip = lineMatching(node, /^ip address (\d[\d.]*)(?:\/(\d+)| (\S+))(?! \S* ?secondary)/);
      return {
        name: node.text.slice("interface ".length),
        description: lineMatching(node, /^description (.*)/)?.[1] ?? "",
        address: ip?.[1],
        length: ip?.[2] ? Number(ip[2]) : (maskLength(ip?.[3] ?? "") ?? 32),
        enabled: !node.children.some((child) => child.text === "shutdown"),
        vrf: lineMatching(node, /^(?:ip )?vrf (?:forwarding )?(\S+)/)?.[1] ?? "",
        mtu: Number(lineMatching(node, /^mtu (\d+)/)?.[1] ?? 1500),
      };
    });
}

/** The highest loopback address, else the highest address: what a box takes where no router id is set. */
export function chosenRouterId(interfaces: InterfaceFact[]): string {
  const addresses = (loopback: boolean): string[] =>
    interfaces
      .flatMap((i) => (i.address && i.enabled && /^lo/i.test(i.name) === loopback ? [i.address] : []))
      .sort((a, b) => ipNumber(b) - ipNumber(a));
  return addresses(true)[0] ?? addresses(false)[0] ?? "0.0.0.0";
}

function bgpFacts(root: ConfigNode, interfaces: InterfaceFact[]): BgpFacts | undefined {
  const section = root.children.find((node) => node.mode === "router-bgp");
  if (!section) return undefined;
  const lines = [section, ...section.children.filter((child) => child.mode !== undefined)].flatMap((node) =>
    node.children.map((child) => child.text),
  );
  const own = (peer: string, pattern: RegExp): string | undefined => {
    const prefix = `neighbor ${peer} `;
    for (const line of lines) {
      const found = line.startsWith(prefix) ? pattern.exec(line.slice(prefix.length)) : null;
      if (found) return found[1] ?? found[0];
    }
    return undefined;
  };
  const attribute = (peer: string, pattern: RegExp): string | undefined => {
    const group = own(peer, /^peer[- ]group (\S+)/);
    return own(peer, pattern) ?? (group === undefined ? undefined : own(group, pattern));
  };
  const peers = [...new Set(lines.flatMap((line) => /^neighbor (\d+\.\d+\.\d+\.\d+) /.exec(line)?.[1] ?? []))];
  const networks = lines.flatMap((line) => {
    const found = /^network (\d[\d.]*)(?:\/(\d+)| mask (\S+))?/.exec(line);
    return found?.[1]
      ? [{ network: found[1], length: found[2] ? Number(found[2]) : (maskLength(found[3] ?? "") ?? 24) }]
      : [];
  });
  return {
    asn: section.text.slice("router bgp ".length),
    routerId: lineMatching(section, /^(?:bgp )?router-id (\S+)/)?.[1] ?? chosenRouterId(interfaces),
    networks,
    neighbors: peers.flatMap((address) => {
      const remoteAs = attribute(address, /^remote-as (\S+)/);
      if (remoteAs === undefined) return [];
      return [
        {
          address,
          remoteAs,
          description: attribute(address, /^description (.*)/) ?? "",
          enabled: attribute(address, /^shutdown/) === undefined,
        },
      ];
    }),
  };
}

function ospfFacts(root: ConfigNode, interfaces: InterfaceFact[]): OspfFacts | undefined {
  const section = root.children.find((node) => node.mode === "router-ospf");
  if (!section) return undefined;
  const networks = section.children.flatMap((child) => {
    const found = /^network (\S+?)(?:\/(\d+)| (\S+)) area (\S+)/.exec(child.text);
    if (!found?.[1]) return [];
    const wildcard = ipNumber(found[3] ?? "0.0.0.0");
    const length = found[2] ? Number(found[2]) : 32 - Math.round(Math.log2(wildcard + 1));
    return [{ network: found[1], length, area: areaText(found[4] ?? "0") }];
  });
  const quiet = section.children.some((child) => child.text === "passive-interface default");
  return {
    process: section.text.split(" ")[2] ?? "1",
    routerId: lineMatching(section, /^router-id (\S+)/)?.[1] ?? chosenRouterId(interfaces),
    interfaces: interfaces.flatMap(({ name, address }) => {
      const node = root.children.find((child) => child.text === `interface ${name}`);
      const own = lineMatching(node, /^ip ospf (?:\d+ )?area (\S+)/)?.[1];
      const covering = networks.find(
        (n) => address !== undefined && networkOf(address, n.length) === networkOf(n.network, n.length),
      );
      const area = own === undefined ? covering?.area : areaText(own);
      if (address === undefined || area === undefined) return [];
      const said = section.children.find((child) => child.key === `passive-interface ${name}`)?.text;
      const passive = said === undefined ? quiet || /^lo/i.test(name) : !said.startsWith("no ");
      return [{ name, area, passive }];
    }),
  };
}

/** Facts of a config of IOS's or EOS's kind. */
export function lineFacts(root: ConfigNode, nameless: string): Facts {
  const interfaces = interfaceFacts(root);
  return {
    hostname: lineMatching(root, /^hostname (\S+)/)?.[1] ?? nameless,
    interfaces,
    bgp: bgpFacts(root, interfaces),
    ospf: ospfFacts(root, interfaces),
    statics: root.children.flatMap((node) => {
      const found = /^ip route (\d\S*?)(?:\/(\d+)| (\d\S*)) (\S+)/.exec(node.text);
      return found?.[1]
        ? [
            {
              network: found[1],
              length: found[2] ? Number(found[2]) : (maskLength(found[3] ?? "") ?? 32),
              via: found[4] ?? "",
            },
          ]
        : [];
    }),
    ntp: root.children.flatMap((node) => /^ntp server (?:vrf \S+ )?(\S+)/.exec(node.text)?.[1] ?? []),
  };
}
