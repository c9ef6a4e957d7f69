import { ctime, junosTime, shortDuration } from "../clock.ts";
import type { Facts } from "../config/facts.ts";
import { networkOf } from "../grammar/values.ts";
import { serialOf } from "../ios/show.ts";
import { processId } from "./commit.ts";
import { junosFacts } from "./facts.ts";
import type { JunosSession, JunosState } from "./state.ts";

const pad = (value: string | number, width: number): string => String(value).padEnd(width);
const left = (value: string | number, width: number): string => String(value).padStart(width);

export function factsOf(state: JunosState): Facts {
  state.facts ??= junosFacts(state.active);
  return state.facts;
}
export const hostnameOf = (state: JunosState): string =>
  state.context.faults.armed("other_box")?.hostname ?? factsOf(state).hostname;

export const version = (state: JunosState): string => `Hostname: ${hostnameOf(state)}
Model: vmx
Junos: ${state.context.faults.armed("other_box")?.os_version ?? "22.4R3.25"}
VIRTUAL LAB ROUTER: this is a simulation, not a Juniper product. No packet is forwarded.
JUNOS OS Kernel 64-bit  [20230913.145bb39_builder_stable_12_224]
JUNOS OS libs [20230913.145bb39_builder_stable_12_224]
`;

export function interfacesTerse(state: JunosState, name?: string): string {
  const ports = new Map<string, string[]>();
  for (const i of factsOf(state).interfaces) {
    const [port = ""] = i.name.split(".");
    if (name !== undefined && port !== name && i.name !== name) continue;
    const admin = i.enabled ? "up" : "down";
    const rows = ports.get(port) ?? [`${pad(port, 23)} ${pad(admin, 5)} ${admin}`];
    rows.push(
      `${pad(i.name, 23)} ${pad(admin, 5)} ${pad(admin, 4)} ${pad(i.address ? "inet" : "", 8)} ${i.address ? `${i.address}/${i.length}` : ""}`.trimEnd(),
    );
    ports.set(port, rows);
  }
  return `${pad("Interface", 23)} Admin Link Proto    Local                 Remote\n${[...ports.values()]
    .flat()
    .map((row) => `${row}\n`)
    .join("")}`;
}

export function interfaces(state: JunosState, name?: string): string {
  return factsOf(state)
    .interfaces.filter((i) => name === undefined || i.name === name || i.name.split(".")[0] === name)
    .map(
      (i) =>
        `Physical interface: ${i.name.split(".")[0]}, ${i.enabled ? "Enabled" : "Administratively down"}, Physical link is ${i.enabled ? "Up" : "Down"}\n${i.description ? `  Description: ${i.description}\n` : ""}  Link-level type: Ethernet, MTU: ${i.mtu}, Speed: 1000mbps\n  Input rate     : 0 bps (0 pps)\n  Output rate    : 0 bps (0 pps)\n\n  Logical interface ${i.name}\n    Protocol inet, MTU: ${i.mtu - 14}\n${i.address ? `      Addresses, Flags: Is-Preferred Is-Primary\n        Destination: ${networkOf(i.address, i.length)}/${i.length}, Local: ${i.address}\n` : ""}\n`,
    )
    .join("");
}

export const interfacesDescriptions = (state: JunosState): string =>
  `Interface       Admin Link Description\n${factsOf(state)
    .interfaces.filter((i) => i.description)
    .map(
      (i) =>
        `${pad(i.name, 15)} ${pad(i.enabled ? "up" : "down", 5)} ${pad(i.enabled ? "up" : "down", 4)} ${i.description}\n`,
    )
    .join("")}`;

export function bgpSummary(state: JunosState): string {
  const { context } = state;
  if (!factsOf(state).bgp) return "BGP is not running\n";
  const peers = context.network().bgp(context.member());
  const rows = peers.map((peer) => {
    const up = shortDuration((context.now() - peer.since) * context.timeScale);
    const end = peer.established
      ? `Establ\n  inet.0: ${peer.prefixes}/${peer.prefixes}/${peer.prefixes}/0`
      : peer.neighbor.enabled
        ? "Active"
        : "Idle";
    return `${pad(peer.neighbor.address, 20)} ${left(peer.neighbor.remoteAs, 10)} ${left(peer.established ? 140 : 0, 10)} ${left(peer.established ? 142 : 0, 10)}       0       0 ${left(up, 11)} ${end}\n`;
  });
  const down = peers.filter((peer) => !peer.established).length;
  return `Threading mode: BGP I/O\nDefault eBGP mode: advertise - accept, receive - accept\nGroups: ${peers.length > 0 ? 1 : 0} Peers: ${peers.length} Down peers: ${down}\nTable          Tot Paths  Act Paths Suppressed    History Damp State    Pending\ninet.0               \n                       4          4          0          0          0          0\nPeer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted/Damped...\n${rows.join("")}`;
}

export function ospfNeighbors(state: JunosState): string {
  const { context } = state;
  if (!factsOf(state).ospf) return "OSPF instance is not running\n";
  const rows = context
    .network()
    .ospf(context.member())
    .map(
      (n) =>
        `${pad(n.address, 16)} ${pad(n.interface, 22)} ${pad(n.full ? "Full" : "Init", 9)} ${pad(n.routerId, 16)} 128    35\n`,
    );
  return `Address          Interface              State     ID               Pri  Dead\n${rows.join("")}`;
}

export function route(state: JunosState): string {
  const facts = factsOf(state);
  const rows = [
    ...facts.statics.map((s) => ({
      key: s.network,
      text: `${pad(`${s.network}/${s.length}`, 18)} *[Static/5] 00:10:00\n                    >  to ${s.via}\n`,
    })),
    ...facts.interfaces.flatMap((i) =>
      i.enabled && i.address
        ? [
            {
              key: networkOf(i.address, i.length),
              text: `${pad(`${networkOf(i.address, i.length)}/${i.length}`, 18)} *[Direct/0] 00:10:00\n                    >  via ${i.name}\n`,
            },
          ]
        : [],
    ),
  ].sort((a, b) => a.key.localeCompare(b.key, "en", { numeric: true }));
  return `\ninet.0: ${rows.length} destinations, ${rows.length} routes (${rows.length} active, 0 holddown, 0 hidden)\n+ = Active Route, - = Last Active, * = Both\n\n${rows.map((row) => row.text).join("")}`;
}

export function uptime(state: JunosState): string {
  const { now, bootedAt, timeScale } = state.context;
  const [last] = state.commits;
  return `Current time: ${junosTime(now())}\nTime Source:  NTP CLOCK\nSystem booted: ${junosTime(bootedAt())} (${shortDuration((now() - bootedAt()) * timeScale)} ago)\nProtocols started: ${junosTime(bootedAt())} (${shortDuration((now() - bootedAt()) * timeScale)} ago)\nLast configured: ${junosTime(last?.at ?? bootedAt())} by ${last?.user ?? "root"}\n`;
}

export const systemCommit = (state: JunosState): string =>
  state.commits
    .map(
      (c, n) =>
        `${pad(n, 3)} ${junosTime(c.at)} by ${c.user} via ${c.via}${c.confirmMinutes === undefined ? "" : ` commit confirmed, rollback in ${c.confirmMinutes}mins`}\n${c.comment === "" ? "" : `    ${c.comment}\n`}`,
    )
    .join("");

export const users = ({ state }: JunosSession): string =>
  ` ${junosTime(state.context.now()).slice(11, 16)}  up ${shortDuration((state.context.now() - state.context.bootedAt()) * state.context.timeScale)}, ${state.context.sessions().length} users, load averages: 0.10, 0.12, 0.10\nUSER     TTY      FROM                              LOGIN@  IDLE WHAT\n${state.context
    .sessions()
    .map(
      (s) =>
        `${pad(s.user, 8)} ${pad(`pts/${s.line}`, 8)} ${pad(s.from, 33)} ${ctime(s.since).slice(11, 16)}       - -cli (cli)\n`,
    )
    .join("")}`;

export const hardware = (state: JunosState): string =>
  `Hardware inventory:\nItem             Version  Part number  Serial number     Description\nChassis                                ${pad(serialOf(state.context), 17)} VMX, VIRTUAL LAB ROUTER\nRouting Engine 0                                         RE-VMX\n`;

export const ntp = (state: JunosState): string =>
  `     remote         refid           st t when poll reach   delay   offset  jitter\n===============================================================================\n${factsOf(
    state,
  )
    .ntp.map(
      (server, n) =>
        `${n === 0 ? "*" : "+"}${pad(server, 15)} .GPS.            1 u   ${30 + n}   64  377    1.${100 + n}    0.${200 + n}   0.9${n}\n`,
    )
    .join("")}`;

/** Who else edits, as `configure` and `status` print it. */
export const editors = (state: JunosState, not: string | undefined): string[] =>
  state.editors
    .filter((e) => e.session.id !== not)
    .map(
      (e) =>
        `  ${e.session.user} terminal p${e.session.line} (pid ${processId(e.session.line)}) on since ${junosTime(e.since)}\n      ${e.how === "shared" ? "" : `${e.how} `}[edit]\n`,
    );
