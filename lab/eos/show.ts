import { ctime, longDuration, shortDuration } from "../clock.ts";
import { factsOf, hostnameOf } from "../cli/line-box.ts";
import { cloneConfig, lineMatching } from "../config/tree.ts";
import { networkOf } from "../grammar/values.ts";
import { serial, serialOf } from "../ios/show.ts";
import { shortInterface } from "./grammar.ts";
import { eosLines } from "./render.ts";
import type { EosSession, EosState } from "./state.ts";

const VERSION = "EOS-4.30.1F";
const pad = (value: string | number, width: number): string => String(value).padEnd(width);
const left = (value: string | number, width: number): string => String(value).padStart(width);

export function version(state: EosState): string {
  const { context } = state;
  const mac = `5254.00${serial(context.spec.name).slice(-6, -4)}.${serial(context.spec.name).slice(-4)}`;
  return `Arista vEOS-lab
VIRTUAL LAB ROUTER: this is a simulation, not an Arista product. No packet is forwarded.
Hardware version: 
Serial number: ${serialOf(context)}
Hardware MAC address: ${mac}
System MAC address: ${mac}

Software image version: ${context.faults.armed("other_box")?.os_version ?? "4.30.1F"}
Architecture: x86_64
Internal build version: 4.30.1F-32315456.4301F
Image format version: 1.0
Image optimization: None

Uptime: ${longDuration((context.now() - context.bootedAt()) * context.timeScale).replace(/, (?=[^,]*$)/, " and ")}
Total memory: 2006640 kB
Free memory: 1104564 kB

`;
}

function withHostname(state: EosState) {
  const root = cloneConfig(state.root);
  const hostname = root.children.find((node) => node.key === "hostname");
  if (hostname) hostname.text = `hostname ${hostnameOf(state)}`;
  return root;
}

export function runningConfig(state: EosState, section?: string): string {
  const root = withHostname(state);
  if (section !== undefined) {
    root.children = root.children.filter((node) => node.text === section);
    return `${eosLines(root).slice(0, -1).join("\n")}\n`;
  }
  return `! Command: show running-config\n! device: ${hostnameOf(state)} (vEOS-lab, ${VERSION})\n!\n! boot system flash:/vEOS-lab.swi\n!\n${eosLines(root).join("\n")}\nend\n`;
}
export const startupConfig = (state: EosState): string =>
  `! Command: show startup-config\n! Startup-config last modified at ${ctime(state.savedAt ?? state.context.bootedAt())} by ${state.lastChange?.user ?? "root"}\n! device: ${hostnameOf(state)} (vEOS-lab, ${VERSION})\n!\n! boot system flash:/vEOS-lab.swi\n!\n${state.startup}end\n`;

export function ipInterfaceBrief(state: EosState): string {
  const rows = factsOf(state)
    .interfaces.filter((i) => i.address !== undefined)
    .map(
      (i) =>
        `${pad(i.name, 17)} ${pad(`${i.address}/${i.length}`, 19)} ${pad(i.enabled ? "up" : "admin down", 11)} ${pad(i.enabled ? "up" : "down", 15)} ${left(i.name.startsWith("Loopback") ? 65535 : i.mtu, 6)}`,
    );
  const head = `${" ".repeat(82)}Address\n${pad("Interface", 17)} ${pad("IP Address", 19)} ${pad("Status", 11)} ${pad("Protocol", 15)}    MTU    Owner  \n${"-".repeat(17)} ${"-".repeat(19)} ${"-".repeat(11)} ${"-".repeat(15)} ------ -------`;
  return `${head}\n${rows.join("\n")}\n`;
}

export function interfaces(state: EosState, name?: string): string {
  return factsOf(state)
    .interfaces.filter((i) => name === undefined || i.name === name)
    .map((i) => {
      const up = i.enabled;
      return [
        `${i.name} is ${up ? "up" : "administratively down"}, line protocol is ${up ? "up (connected)" : "down (disabled)"}`,
        `  Hardware is ${i.name.startsWith("Loopback") ? "Loopback" : "Ethernet"}`,
        ...(i.description ? [`  Description: ${i.description}`] : []),
        ...(i.address
          ? [`  Internet address is ${i.address}/${i.length}`, "  Broadcast address is 255.255.255.255"]
          : []),
        `  IP MTU ${i.mtu} bytes`,
        "  Full-duplex, 1Gb/s, auto negotiation: off, uni-link: n/a",
        "  5 minutes input rate 0 bps (0.0% with framing overhead), 0 packets/sec",
        "  5 minutes output rate 0 bps (0.0% with framing overhead), 0 packets/sec",
        "     0 packets input, 0 bytes",
        "     0 packets output, 0 bytes",
        "",
      ].join("\n");
    })
    .join("");
}

export function interfacesStatus(state: EosState): string {
  const rows = factsOf(state)
    .interfaces.filter((i) => /^(Ethernet|Management|Port-Channel)/.test(i.name))
    .map(
      (i) =>
        `${pad(shortInterface(i.name), 10)} ${pad(i.description.slice(0, 18), 18)} ${pad(i.enabled ? "connected" : "disabled", 12)} ${pad("routed", 8)} full   1G    EbraTestPhyPort`,
    );
  return `${pad("Port", 10)} ${pad("Name", 18)} ${pad("Status", 12)} ${pad("Vlan", 8)} Duplex Speed Type\n${rows.join("\n")}\n`;
}

export function interfacesDescription(state: EosState): string {
  const rows = factsOf(state).interfaces.map(
    (i) =>
      `${pad(shortInterface(i.name), 30)} ${pad(i.enabled ? "up" : "admin down", 14)} ${pad(i.enabled ? "up" : "down", 18)} ${i.description}`,
  );
  return `${pad("Interface", 30)} ${pad("Status", 14)} ${pad("Protocol", 18)} Description\n${rows.join("\n")}\n`;
}

export function bgpSummary(state: EosState): string {
  const { context } = state;
  const bgp = factsOf(state).bgp;
  if (!bgp) return "% BGP inactive\n";
  const rows = context
    .network()
    .bgp(context.member())
    .map((peer) => {
      const up = shortDuration((context.now() - peer.since) * context.timeScale);
      const status = peer.established ? "Estab" : peer.neighbor.enabled ? "Active" : "Idle(Admin)";
      const counts = peer.established ? `${pad(peer.prefixes, 6)} ${peer.prefixes}` : "";
      return `  ${pad(peer.neighbor.description.slice(0, 24), 24)} ${pad(peer.neighbor.address, 15)} 4 ${pad(peer.neighbor.remoteAs, 10)} ${left(peer.established ? 140 : 0, 8)} ${left(peer.established ? 142 : 0, 8)}    0    0 ${left(up, 8)} ${pad(status, 7)} ${counts}`.trimEnd();
    });
  return `BGP summary information for VRF default\nRouter identifier ${bgp.routerId}, local AS number ${bgp.asn}\nNeighbor Status Codes: m - Under maintenance\n  ${pad("Description", 24)} ${pad("Neighbor", 15)} V ${pad("AS", 10)}  MsgRcvd  MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc\n${rows.join("\n")}\n`;
}

export function ospfNeighbors(state: EosState): string {
  const { context } = state;
  const rows = context
    .network()
    .ospf(context.member())
    .map(
      (n) =>
        `${pad(n.routerId, 15)} ${pad(1, 8)} ${pad("default", 8)} ${pad(0, 4)} ${pad(n.full ? "FULL" : "INIT", 22)} 00:00:35    ${pad(n.address, 15)} ${n.interface}`,
    );
  return `${pad("Neighbor ID", 15)} ${pad("Instance", 8)} ${pad("VRF", 8)} ${pad("Pri", 4)} ${pad("State", 22)} Dead Time   ${pad("Address", 15)} Interface\n${rows.map((row) => `${row}\n`).join("")}`;
}

export function ipRoute(state: EosState): string {
  const facts = factsOf(state);
  const rows = [
    ...facts.statics.map((s) => ({ key: s.network, text: ` S        ${s.network}/${s.length} [1/0] via ${s.via}` })),
    ...facts.interfaces.flatMap((i) =>
      i.enabled && i.address
        ? [
            {
              key: networkOf(i.address, i.length),
              text: ` C        ${networkOf(i.address, i.length)}/${i.length} is directly connected, ${i.name}`,
            },
          ]
        : [],
    ),
  ].sort((a, b) => a.key.localeCompare(b.key, "en", { numeric: true }));
  return `\nVRF: default\nCodes: C - connected, S - static, K - kernel, O - OSPF, B - BGP\n\nGateway of last resort${facts.statics.some((s) => s.length === 0) ? ":" : " is not set"}\n${rows.map((row) => `${row.text}\n`).join("")}\n`;
}

export const clock = (state: EosState): string =>
  `${ctime(state.context.now())}\nTimezone: UTC\nClock source: ${factsOf(state).ntp.length > 0 ? `NTP server (${factsOf(state).ntp[0]})` : "local"}\n`;

export function ntpAssociations(state: EosState): string {
  const rows = factsOf(state).ntp.map(
    (server, n) =>
      `${n === 0 ? "*" : "+"}${pad(server, 15)} .GPS.            1 u   ${30 + n}   64  377    1.${100 + n}    0.${200 + n}   0.9${n}`,
  );
  return `     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n${rows.map((row) => `${row}\n`).join("")}`;
}

export const inventory = (state: EosState): string =>
  `System information\n    Model                    Description\n    ------------------------ ----------------------------------------------------\n    vEOS-lab                 VIRTUAL LAB ROUTER\n\n    HW Version  Serial Number  Mfg Date   Epoch\n    ----------- -------------- ---------- -----\n                ${serialOf(state.context)}               \n\n`;

export function users({ state, info }: EosSession): string {
  const rows = state.context
    .sessions()
    .map(
      (s) =>
        `${s.id === info.id ? "*" : " "} ${left(s.line + 1, 3)} vty ${pad(s.line, 5)} ${pad(s.user, 10)} idle                 00:00:00 ${s.from}`,
    );
  return `    Line      User        Host(s)       Idle        Location\n${rows.join("\n")}\n`;
}

export const logging = (state: EosState): string =>
  `Syslog logging: enabled\n    Buffer logging: level debugging\n\nLog Buffer:\n${state.log.map((line) => `${line}\n`).join("")}`;

export function vlans(state: EosState): string {
  const rows = state.root.children
    .filter((node) => node.mode === "vlan")
    .map(
      (node) =>
        `${pad(node.text.slice(5), 5)} ${pad(lineMatching(node, /^name (\S+)/)?.[1] ?? `VLAN${node.text.slice(5).padStart(4, "0")}`, 32)} active    `,
    );
  return `VLAN  Name                             Status    Ports\n----- -------------------------------- --------- -------------------------------\n1     default                          active    \n${rows.map((row) => `${row}\n`).join("")}`;
}
