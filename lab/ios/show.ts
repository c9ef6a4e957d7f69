import type { BoxContext } from "../box.ts";
import { iosClock, iosTime, longDuration, shortDuration } from "../clock.ts";
import { factsOf, hostnameOf, type LineState } from "../cli/line-box.ts";
import type { LineSession } from "../cli/line-cli.ts";
import { cloneConfig, lineMatching } from "../config/tree.ts";
import { networkOf } from "../grammar/values.ts";
import { iosLines } from "./render.ts";

const pad = (value: string | number, width: number): string => String(value).padEnd(width);
const left = (value: string | number, width: number): string => String(value).padStart(width);

export function version(state: LineState): string {
  const { context } = state;
  return `Cisco IOS Software, IOSv Software (VIOS-ADVENTERPRISEK9-M), Version ${otherBox(context)?.os_version ?? "15.9(3)M6"}, RELEASE SOFTWARE (fc1)
VIRTUAL LAB ROUTER: this is a simulation, not a Cisco product. No packet is forwarded.

ROM: Bootstrap program is IOSv

${hostnameOf(state)} uptime is ${longDuration((context.now() - context.bootedAt()) * context.timeScale)}
System returned to ROM by reload
System image file is "flash0:/vios-adventerprisek9-m"
Last reload reason: Unknown reason

Cisco IOSv (revision 1.0) with 460033K/62464K bytes of memory.
Processor board ID ${serialOf(context)}
16 Gigabit Ethernet interfaces
DRAM configuration is 72 bits wide with parity disabled.
256K bytes of non-volatile configuration memory.
2097152K bytes of ATA System CompactFlash 0 (Read/Write)

Configuration register is 0x0

`;
}

const otherBox = ({ faults }: Pick<BoxContext, "faults">) => faults.armed("other_box");

/** As the router tells it. */
export const serialOf = (context: Pick<BoxContext, "faults" | "spec">): string =>
  otherBox(context)?.serial ?? serial(context.spec.name);

/** A serial number of the lab's own, always the same for one router. */
export function serial(name: string): string {
  const sum = Array.from(Buffer.from(name)).reduce((n, byte) => (n * 31 + byte) % 9_999_999, 7);
  return `LAB${String(sum).padStart(8, "0")}`;
}

export function runningConfig(state: LineState, section?: string): string {
  const root = cloneConfig(state.root);
  const hostname = root.children.find((node) => node.key === "hostname");
  if (hostname) hostname.text = `hostname ${hostnameOf(state)}`;
  if (section !== undefined) {
    root.children = root.children.filter((node) => node.text === section);
    const lines = iosLines(root);
    return `Building configuration...\n\nCurrent configuration : ${lines.join("\n").length} bytes\n!\n${lines.filter((l) => l !== "!").join("\n")}\nend\n\n`;
  }
  const { lastChange, savedAt } = state;
  const head = [
    "!",
    ...(lastChange ? [`! Last configuration change at ${iosTime(lastChange.at)} by ${lastChange.user}`] : []),
    ...(savedAt === undefined ? [] : [`! NVRAM config last updated at ${iosTime(savedAt)}`]),
    ...(lastChange || savedAt !== undefined ? ["!"] : []),
  ];
  const body = `${[...head, ...iosLines(root)].join("\n")}\nend\n`;
  return `Building configuration...\n\nCurrent configuration : ${body.length} bytes\n${body}\n`;
}

export const startupConfig = (state: LineState): string =>
  `Using ${state.startup.length} out of 262144 bytes\n!\n${state.startup}end\n\n`;

export function ipInterfaceBrief(state: LineState): string {
  const rows = factsOf(state).interfaces.map((i) => {
    const method = i.address === undefined ? "unset" : "NVRAM";
    const status = i.enabled ? "up" : "administratively down";
    return `${pad(i.name, 26)} ${pad(i.address ?? "unassigned", 15)} YES ${pad(method, 6)} ${pad(status, 21)} ${i.enabled ? "up" : "down"}`;
  });
  return `${pad("Interface", 26)} ${pad("IP-Address", 15)} OK? ${pad("Method", 6)} ${pad("Status", 21)} Protocol\n${rows.join("\n")}\n`;
}

export function interfaces(state: LineState, name?: string): string {
  const wanted = factsOf(state).interfaces.filter((i) => name === undefined || i.name === name);
  return wanted
    .map((i, n) => {
      const up = i.enabled ? "up" : "administratively down";
      const loopback = i.name.startsWith("Loopback");
      const mac = `0c${serial(state.context.spec.name).slice(-2)}.${String(1000 + n)}.0000`;
      return [
        `${i.name} is ${up}, line protocol is ${i.enabled ? "up" : "down"} `,
        `  Hardware is ${loopback ? "Loopback" : `iGbE, address is ${mac} (bia ${mac})`}`,
        ...(i.description ? [`  Description: ${i.description}`] : []),
        ...(i.address ? [`  Internet address is ${i.address}/${i.length}`] : []),
        `  MTU ${i.mtu} bytes, BW ${loopback ? 8000000 : 1000000} Kbit/sec, DLY ${loopback ? 5000 : 10} usec, `,
        `     reliability 255/255, txload 1/255, rxload 1/255`,
        `  Encapsulation ${loopback ? "LOOPBACK" : "ARPA"}, loopback not set`,
        `  Last input never, output never, output hang never`,
        `  Last clearing of "show interface" counters never`,
        `  5 minute input rate 0 bits/sec, 0 packets/sec`,
        `  5 minute output rate 0 bits/sec, 0 packets/sec`,
        `     0 packets input, 0 bytes, 0 no buffer`,
        `     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored`,
        `     0 packets output, 0 bytes, 0 underruns`,
        "",
      ].join("\n");
    })
    .join("");
}

export function interfacesDescription(state: LineState): string {
  const rows = factsOf(state).interfaces.map(
    (i) =>
      `${pad(shortName(i.name), 30)} ${pad(i.enabled ? "up" : "admin down", 14)} ${pad(i.enabled ? "up" : "down", 8)} ${i.description}`,
  );
  return `${pad("Interface", 30)} ${pad("Status", 14)} ${pad("Protocol", 8)} Description\n${rows.join("\n")}\n`;
}
const shortName = (name: string): string =>
  name
    .replace("GigabitEthernet", "Gi")
    .replace("Loopback", "Lo")
    .replace("Port-channel", "Po")
    .replace("Vlan", "Vl")
    .replace("Tunnel", "Tu");

export function bgpSummary(state: LineState): string {
  const { context } = state;
  const bgp = factsOf(state).bgp;
  if (!bgp) return "% BGP not active\n";
  const rows = context
    .network()
    .bgp(context.member())
    .map((peer) => {
      const up = shortDuration((context.now() - peer.since) * context.timeScale);
      const end = peer.established
        ? left(peer.prefixes, 8)
        : left(peer.neighbor.enabled ? "Active" : "Idle (Admin)", 8);
      return `${pad(peer.neighbor.address, 15)} 4 ${left(peer.neighbor.remoteAs, 12)} ${left(peer.established ? 120 : 0, 7)} ${left(peer.established ? 122 : 0, 7)} ${left(peer.established ? 21 : 1, 8)}    0    0 ${pad(peer.established ? up : up === "00:00:00" ? "never" : up, 8)} ${end}`;
    });
  return `BGP router identifier ${bgp.routerId}, local AS number ${bgp.asn}
BGP table version is 21, main routing table version 21
${bgp.networks.length + 4} network entries using ${(bgp.networks.length + 4) * 144} bytes of memory

${pad("Neighbor", 15)} V ${left("AS", 12)} MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
${rows.join("\n")}
`;
}

export function ospfNeighbors(state: LineState): string {
  const { context } = state;
  const rows = context
    .network()
    .ospf(context.member())
    .map((n) => {
      const stateText = n.full ? "FULL/  -" : "INIT/  -";
      return `${pad(n.routerId, 15)} ${left(0, 3)}   ${pad(stateText, 15)} 00:00:35    ${pad(n.address, 15)} ${n.interface}`;
    });
  return rows.length === 0
    ? ""
    : `\n${pad("Neighbor ID", 15)} Pri   ${pad("State", 15)} Dead Time   ${pad("Address", 15)} Interface\n${rows.join("\n")}\n`;
}

export function ipRoute(state: LineState): string {
  const facts = factsOf(state);
  const gateway = facts.statics.find((s) => s.length === 0)?.via;
  const rows: { key: string; text: string }[] = [];
  for (const i of facts.interfaces) {
    if (!i.enabled || !i.address) continue;
    rows.push({
      key: networkOf(i.address, i.length),
      text: `C        ${networkOf(i.address, i.length)}/${i.length} is directly connected, ${i.name}`,
    });
    if (i.length < 32) rows.push({ key: i.address, text: `L        ${i.address}/32 is directly connected, ${i.name}` });
  }
  for (const s of facts.statics)
    rows.push({
      key: s.network,
      text: `S${s.length === 0 ? "*" : " "}       ${s.network}/${s.length} [1/0] via ${s.via}`,
    });
  rows.sort((a, b) => a.key.localeCompare(b.key, "en", { numeric: true }));
  return `Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       O - OSPF, IA - OSPF inter area, * - candidate default

Gateway of last resort is ${gateway === undefined ? "not set" : `${gateway} to network 0.0.0.0`}

${rows.map((row) => row.text).join("\n")}
`;
}

export const clock = (state: LineState): string => `*${iosClock(state.context.now())}\n`;

export function ntpAssociations(state: LineState): string {
  const rows = factsOf(state).ntp.map(
    (server, n) =>
      `${n === 0 ? "*~" : "+~"}${pad(server, 16)} .GPS.            1     ${left(30 + n, 2)}     64   377  1.${100 + n}   0.${200 + n}  0.9${n}`,
  );
  return `\n  address         ref clock       st   when   poll reach  delay  offset   disp\n${rows.join("\n")}\n * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured\n`;
}
export const ntpStatus = (state: LineState): string =>
  factsOf(state).ntp.length === 0
    ? "Clock is unsynchronized, stratum 16, no reference clock\n"
    : `Clock is synchronized, stratum 2, reference is ${factsOf(state).ntp[0]}\n`;

export const inventory = (state: LineState): string =>
  `NAME: "IOSv", DESCR: "IOSv chassis, VIRTUAL LAB ROUTER, Hw Serial#: ${serialOf(state.context)}, Hw Revision: 1.0"\nPID: IOSv              , VID: 1.0  , SN: ${serialOf(state.context)}\n\n`;

export function users(session: LineSession): string {
  const rows = session.state.context
    .sessions()
    .map(
      (s) =>
        `${s.id === session.info.id ? "*" : " "} ${left(s.line + 1, 3)} vty ${pad(s.line, 5)} ${pad(s.user, 10)} ${pad("idle", 20)} 00:00:00 ${s.from}`,
    );
  return `    Line       User       Host(s)              Idle       Location\n${rows.join("\n")}\n\n  Interface    User               Mode         Idle     Peer Address\n\n`;
}

export function logging(state: LineState): string {
  const hosts = state.root.children.flatMap((node) => /^logging host (\S+)/.exec(node.text)?.[1] ?? []);
  return `Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns)

    Console logging: level debugging, ${state.log.length} messages logged
    Buffer logging:  level debugging, ${state.log.length} messages logged
${hosts.map((host) => `        Logging to ${host}  (udp port 514, audit disabled, link up)\n`).join("")}
Log Buffer (${lineMatching(state.root, /^logging buffered (\d+)/)?.[1] ?? "4096"} bytes):

${state.log.join("\n")}
`;
}

export function vlans(state: LineState): string {
  const rows = state.root.children
    .filter((node) => node.mode === "vlan")
    .map(
      (node) =>
        `${pad(node.text.slice(5), 4)} ${pad(lineMatching(node, /^name (\S+)/)?.[1] ?? `VLAN${node.text.slice(5).padStart(4, "0")}`, 32)} active    `,
    );
  return `\nVLAN Name                             Status    Ports\n---- -------------------------------- --------- -------------------------------\n1    default                          active    \n${rows.join("\n")}\n`;
}
