import type { PlatformId } from "../../domain/contract/device.ts";

export type Sample = { platform: PlatformId; command: string; output: string };

const range = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const pad = (text: string | number, width: number): string => String(text).padEnd(width);
const right = (text: string | number, width: number): string => String(text).padStart(width);
const mac = (i: number): string => `02a1.${(0x1000 + (i >> 8)).toString(16)}.${(0x4000 + i).toString(16)}`;

/** Outputs of the size that a busy box gives, in the form that its platform prints. The addresses are nobody's. */
export const SAMPLES: Sample[] = [
  { platform: "cisco_ios", command: "show interfaces", output: range(48, iosInterface).join("") },
  {
    platform: "cisco_ios",
    command: "show ip interface brief",
    output: `Interface              IP-Address      OK? Method Status                Protocol\n${range(
      200,
      (i) =>
        `${pad(`GigabitEthernet1/0/${i}`, 23)}${pad(i % 3 ? "unassigned" : `192.0.2.${i}`, 16)}YES ${pad("NVRAM", 7)}${pad(i % 4 ? "up" : "administratively down", 22)}${i % 4 ? "up" : "down"}\n`,
    ).join("")}`,
  },
  {
    platform: "cisco_ios",
    command: "show ip bgp summary",
    output: `BGP router identifier 192.0.2.1, local AS number 64500\nBGP table version is 512185206, main routing table version 512185206\n566019 network entries using 140372712 bytes of memory\nBGP using 752895712 total bytes of memory\n\nNeighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n${range(
      200,
      (i) =>
        `${pad(`198.51.100.${i}`, 16)}4        ${64500 + (i % 30)} ${right(27_467_67 + i, 7)} ${right(2_396_274 - i, 7)} 512185206    0    0 3w0d     ${right(i % 9 ? 1351 + i : "Idle (Admin)", 8)}\n`,
    ).join("")}`,
  },
  {
    platform: "arista_eos",
    command: "show interfaces status",
    output: `Port       Name                   Status       Vlan        Duplex  Speed Type\n${range(
      96,
      (i) =>
        `${pad(`Et${i + 1}`, 11)}${pad(i % 2 ? `server rack ${i}` : "", 23)}${pad(i % 5 ? "connected" : "notconnect", 13)}${pad(i % 7 ? 100 + i : "trunk", 12)}full    ${pad("10G", 6)}10GBASE-SR\n`,
    ).join("")}`,
  },
  {
    platform: "cisco_nxos",
    command: "show mac address-table",
    output: `Legend: \n        * - primary entry, G - Gateway MAC, (R) - Routed MAC, O - Overlay MAC\n        age - seconds since last seen,+ - primary entry using vPC Peer-Link,\n        (T) - True, (F) - False, C - ControlPlane MAC, ~ - vsan\n   VLAN     MAC Address      Type      age     Secure NTFY Ports\n---------+-----------------+--------+---------+------+----+------------------\n${range(
      1000,
      (i) => `* ${right(100 + (i % 40), 4)}     ${mac(i)}   dynamic  0         F      F    Eth1/${1 + (i % 48)}\n`,
    ).join("")}`,
  },
  { platform: "juniper_junos", command: "show interfaces", output: range(48, junosInterface).join("\n") },
];

function iosInterface(i: number): string {
  return `GigabitEthernet1/0/${i} is up, line protocol is up (connected)
  Hardware is Gigabit Ethernet, address is ${mac(i)} (bia ${mac(i)})
  Description: to server ${i} in row ${i % 6}
  Internet address is 192.0.2.${i}/31
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,
     reliability 255/255, txload 1/255, rxload 1/255
  Encapsulation ARPA, loopback not set
  Keepalive set (10 sec)
  Full-duplex, 1000Mb/s, media type is 10/100/1000BaseTX
  input flow-control is off, output flow-control is unsupported
  ARP type: ARPA, ARP Timeout 04:00:00
  Last input 00:00:02, output 00:00:00, output hang never
  Last clearing of "show interface" counters never
  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0
  Queueing strategy: fifo
  Output queue: 0/40 (size/max)
  5 minute input rate ${1000 * i} bits/sec, ${i} packets/sec
  5 minute output rate ${2000 * i} bits/sec, ${2 * i} packets/sec
     ${324 * i} packets input, ${48614 * i} bytes, 0 no buffer
     Received 0 broadcasts (0 multicasts)
     0 runts, 0 giants, 0 throttles
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     0 watchdog, 0 multicast, 0 pause input
     ${703 * i} packets output, ${62737 * i} bytes, 0 underruns
     0 output errors, 0 collisions, 2 interface resets
     0 unknown protocol drops
     0 babbles, 0 late collision, 0 deferred
     0 lost carrier, 0 no carrier, 0 pause output
     0 output buffer failures, 0 output buffers swapped out
`;
}

function junosInterface(i: number): string {
  return `Physical interface: ge-0/0/${i}, Enabled, Physical link is Up
  Interface index: ${134 + i}, SNMP ifIndex: ${502 + i}
  Description: to server ${i}
  Link-level type: Ethernet, MTU: 1514, MRU: 0, LAN-PHY mode,
  Link-mode: Full-duplex, Speed: 1000mbps, BPDU Error: None,
  MAC-REWRITE Error: None, Loopback: Disabled, Source filtering: Disabled,
  Flow control: Enabled, Auto-negotiation: Enabled, Remote fault: Online
  Device flags   : Present Running
  Interface flags: SNMP-Traps Internal: 0x4000
  Link flags     : None
  CoS queues     : 8 supported, 8 maximum usable queues
  Current address: 02:a1:00:00:00:${(16 + i).toString(16)}, Hardware address: 02:a1:00:00:00:${(16 + i).toString(16)}
  Last flapped   : 2026-02-09 13:37:59 UTC (23:39:35 ago)
  Input rate     : ${1000 * i} bps (${i} pps)
  Output rate    : ${2000 * i} bps (${2 * i} pps)
  Active alarms  : None
  Active defects : None
  Interface transmit statistics: Disabled

  Logical interface ge-0/0/${i}.0 (Index ${74 + i}) (SNMP ifIndex ${535 + i})
    Flags: Up SNMP-Traps 0x0 Encapsulation: ENET2
    Input packets : ${12439 * i}
    Output packets: ${2552 * i}
    Security: Zone: Null
    Protocol inet, MTU: 1500
      Flags: Sendbcast-pkt-to-re
      Addresses, Flags: Is-Preferred Is-Primary
        Destination: 192.0.2.${2 * i}/31, Local: 192.0.2.${2 * i}, Broadcast: 192.0.2.${2 * i + 1}
`;
}
