import type { BgpNeighbor, Facts, InterfaceFact } from "./config/facts.ts";
import { networkOf } from "./grammar/values.ts";

/** A router as its neighbors see it. */
export type Member = {
  name: string;
  up: boolean;
  bootedAt: number;
  facts: () => Facts;
  /** Neighbors that a fault holds down. */
  heldDown: (address: string, protocol: "bgp" | "ospf") => boolean;
};

export type BgpState = { neighbor: BgpNeighbor; established: boolean; since: number; prefixes: number };
export type OspfAdjacency = {
  routerId: string;
  address: string;
  interface: string;
  area: string;
  full: boolean;
  since: number;
};

export type Network = {
  members: Member[];
  bgp: (of: Member) => BgpState[];
  ospf: (of: Member) => OspfAdjacency[];
};

const sameSubnet = (a: InterfaceFact, b: InterfaceFact): boolean =>
  a.address !== undefined &&
  b.address !== undefined &&
  a.length === b.length &&
  a.length < 32 &&
  a.address !== b.address &&
  networkOf(a.address, a.length) === networkOf(b.address, b.length);

/** The routers as one network: who reaches whom follows from their configs, from who is up, and from faults. */
export function createNetwork(members: Member[], now: () => number): Network {
  const sinceMemory = new Map<string, { state: string; since: number }>();
  /** Since when something has been as it is; the first time it is asked, since the router booted. */
  const since = (of: Member, what: string, state: string): number => {
    const id = `${of.name} ${what}`;
    const known = sinceMemory.get(id);
    const booted = known !== undefined && known.since < of.bootedAt;
    if (known && known.state === state && !booted) return known.since;
    const at = known && !booted ? now() : of.bootedAt;
    sinceMemory.set(id, { state, since: at });
    return at;
  };
  const owner = (address: string): { member: Member; via: InterfaceFact } | undefined => {
    for (const member of members) {
      const via = member.facts().interfaces.find((i) => i.address === address);
      if (via) return { member, via };
    }
    return undefined;
  };
  const linked = (a: Member, b: Member): boolean =>
    a.up &&
    b.up &&
    a.facts().interfaces.some((i) => i.enabled && b.facts().interfaces.some((j) => j.enabled && sameSubnet(i, j)));
  const reaches = (from: Member, to: Member): boolean => {
    const seen = new Set([from]);
    for (const member of seen) {
      if (member === to) return true;
      for (const next of members) if (!seen.has(next) && linked(member, next)) seen.add(next);
    }
    return false;
  };

  const established = (of: Member, neighbor: BgpNeighbor): boolean => {
    const bgp = of.facts().bgp;
    if (!bgp || !neighbor.enabled || of.heldDown(neighbor.address, "bgp")) return false;
    const peer = owner(neighbor.address);
    if (!peer) {
      const beside: InterfaceFact = {
        name: "",
        description: "",
        address: neighbor.address,
        length: 0,
        enabled: true,
        vrf: "",
        mtu: 1500,
      };
      return of.facts().interfaces.some((i) => i.enabled && sameSubnet(i, { ...beside, length: i.length }));
    }
    const mine = new Set(of.facts().interfaces.map((i) => i.address));
    const theirs = peer.member.facts().bgp;
    const back = theirs?.neighbors.find((n) => mine.has(n.address) && n.remoteAs === bgp.asn && n.enabled);
    if (!theirs || !back || theirs.asn !== neighbor.remoteAs || !peer.via.enabled) return false;
    return !peer.member.heldDown(back.address, "bgp") && reaches(of, peer.member);
  };

  return {
    members,
    bgp: (of) =>
      (of.facts().bgp?.neighbors ?? []).map((neighbor) => {
        const up = established(of, neighbor);
        const peer = owner(neighbor.address);
        const prefixes = up ? (peer ? (peer.member.facts().bgp?.networks.length ?? 0) : 4) : 0;
        return { neighbor, established: up, since: since(of, `bgp ${neighbor.address}`, String(up)), prefixes };
      }),
    ospf: (of) => {
      const mine = of.facts().ospf;
      return (mine?.interfaces ?? []).flatMap(({ name, area, passive }) => {
        const here = of.facts().interfaces.find((i) => i.name === name);
        if (!here?.enabled || passive) return [];
        return members.flatMap((member) => {
          const theirs = member.facts().ospf;
          if (member === of || !member.up || !theirs) return [];
          return theirs.interfaces.flatMap((other) => {
            const there = member.facts().interfaces.find((i) => i.name === other.name);
            if (!there?.enabled || !there.address || other.passive || other.area !== area || !sameSubnet(here, there))
              return [];
            const full = !of.heldDown(there.address, "ospf") && !member.heldDown(here.address ?? "", "ospf");
            return [
              {
                routerId: theirs.routerId,
                address: there.address,
                interface: name,
                area,
                full,
                since: since(of, `ospf ${there.address}`, String(full)),
              },
            ];
          });
        });
      });
    },
  };
}
