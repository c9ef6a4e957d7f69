import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PLATFORM_IDS } from "../../domain/contract/device.ts";
import { parseRead } from "../../domain/read/parse-read.ts";
import { platforms } from "../../devices/platforms/index.ts";
import { refusalIn } from "../../devices/session/answers.ts";
import { readPrompt } from "../../devices/session/prompt.ts";

const folder = new URL("../../devices/", import.meta.url);

test("every file of the folder is in the registry, under its own name", () => {
  const files = readdirSync(new URL("platforms/", folder)).filter((f) => !["index.ts", "platform.ts"].includes(f));
  expect(files.map((f) => f.replace(/\.ts$/, "")).sort()).toEqual([...PLATFORM_IDS].sort());
  for (const id of PLATFORM_IDS) expect(platforms[id].id).toBe(id);
});

test.each(PLATFORM_IDS)("what %s is asked for by itself is a read", (id) => {
  const { running, facts } = platforms[id];
  for (const command of [...(running === null ? [] : [running.command]), ...facts.map((f) => f.command)])
    expect(parseRead(id, command)).toBe(command);
});

const prompts: [keyof typeof platforms, string, { host: string; mode: string; level: string } | null][] = [
  ["cisco_ios", "r1#", { host: "r1", mode: "", level: "#" }],
  ["cisco_ios", "R1-core.lab>", { host: "R1-core.lab", mode: "", level: ">" }],
  ["cisco_ios", "r1(config-if)#", { host: "r1", mode: "config-if", level: "#" }],
  ["cisco_ios", "r1(config-router-af)#", { host: "r1", mode: "config-router-af", level: "#" }],
  ["cisco_ios", "interface Gi0/1", null],
  ["cisco_ios", " description r1#", null],
  ["arista_eos", "leaf1(config-s-ns-0a1-if-Et1)#", { host: "leaf1", mode: "config-s-ns-0a1-if-Et1", level: "#" }],
  ["arista_eos", "leaf1.12:30:01#", { host: "leaf1", mode: "", level: "#" }],
  ["juniper_junos", "admin@mx1> ", { host: "admin@mx1", mode: "", level: ">" }],
  ["juniper_junos", "admin@mx1# ", { host: "admin@mx1", mode: "", level: "#" }],
  ["juniper_junos", "[edit]", null],
  ["frr", "edge1(config-router-af)#", { host: "edge1", mode: "config-router-af", level: "#" }],
  ["linux", "root@host:/# ", { host: "root@host", mode: "", level: "#" }],
];
test.each(prompts)("%s: the line “%s” as a prompt", (id, line, expected) => {
  const found = readPrompt(platforms[id], line);
  expect(found && { host: found.host, mode: found.mode, level: found.level }).toEqual(expected);
});

const refusals: [keyof typeof platforms, string, boolean][] = [
  ["cisco_ios", "                ^\n% Invalid input detected at '^' marker.\n", true],
  ["cisco_ios", "% Incomplete command.", true],
  ["cisco_ios", '% Ambiguous command:  "sh"', true],
  ["cisco_ios", "% 10.0.0.0 overlaps with GigabitEthernet0/1", true],
  ["cisco_ios", "%Warning: portfast should only be enabled on ports connected to a single host", false],
  ["cisco_ios", "*Mar  1 00:00:01.000: %LINK-3-UPDOWN: Interface up", false],
  ["cisco_ios", "the text % Invalid input stands inside of a line", false],
  ["arista_eos", "% Invalid input at line 1", true],
  ["juniper_junos", "                    ^\nsyntax error.", true],
  ["juniper_junos", "error: mgd: could not open", true],
  ["juniper_junos", "warning: statement not found", false],
  ["frr", "% Unknown command: foo bar", true],
];
test.each(refusals)("%s: “%s” is a refusal: %s", (id, text, expected) => {
  expect(refusalIn(platforms[id], text) !== null).toBe(expected);
});

/** What is said to a line of a change: platform, sentence, whether it is a refusal. */
const toChanges: [keyof typeof platforms, string, boolean][] = [
  ["cisco_nxos", "command failed: port not compatible [Ethernet Layer]", true],
  ["cisco_nxos", "ERROR: Vlan 4000 is reserved", true],
  ["cisco_nxos", "VLAN(s) not created/changed: 4000", true],
  ["cisco_nxos", "'x' feature not enabled", true],
  ["cisco_nxos", "Warning: Could not apply the policy", true],
  ["cisco_nxos", "Warning: Deleted all L3 config on interface Ethernet1/1", false],
  ["cisco_nxos", "% Deleted all L3 config on interface Ethernet1/1", false],
  ["cisco_nxos", "2025 Dec  1 14:37:05 leaf1 %ETHPORT-5-IF_UP: Interface Ethernet1/2 is up in mode access", false],
  [
    "cisco_nxos",
    "Warning: Edge port type (portfast) should only be enabled on ports connected to a single\n host. Connecting hubs, concentrators, switches, bridges, etc...  to this\n interface when edge port type (portfast) is enabled, can cause temporary bridging loops.\n Use with CAUTION\n\nEdge Port Type (Portfast) has been configured on Ethernet1/5 but will only\n have effect when the interface is in a non-trunking mode.",
    false,
  ],
  ["huawei_vrp", " Error: The VLAN does not exist.", true],
  ["huawei_vrp", "  ^\nError[1]: Unrecognized command found at '^' position.", true],
  ["huawei_vrp", "The password is too short.", true],
  ["huawei_vrp", "Warning: The operation failed.", true],
  ["huawei_vrp", "Please renew the default configurations.", true],
  ["huawei_vrp", "Info: This operation may take a few seconds. Please wait for a moment...done.", false],
  ["huawei_vrp", "Nov 24 2026 10:11:12+00:00 SW1 %%01IFNET/4/IF_STATE(l)[3]:Interface Vlanif10 is up.", false],
  ["hp_comware", "VLAN 4000 is reserved.", true],
  ["hp_comware", " The interface is a member of an aggregation group.", true],
  ["hp_comware", "Wrong password", true],
  ["hp_comware", "                  ^", true],
  ["hp_comware", "Updating user information. Please wait ... ...", false],
  ["hp_comware", "%Nov 24 10:12:13:456 2026 SW1 CFGMAN/5/CFGMAN_CFGCHANGED: Configuration changed.", false],
  ["hp_comware", "\n", false],
  ["cisco_xe", "Command rejected: An interface whose trunk encapsulation is Auto can not be set", true],
  ["cisco_xe", "Error[3]: x", true],
  ["cisco_xe", "VRF BLUE does not exist", true],
  ["cisco_xe", "Invalid IP address", true],
  ["cisco_xe", "Unable to add the entry", true],
  ["cisco_xe", "Translation not allowed", true],
  ["cisco_xe", "Not a Layer 2 port", true],
  ["cisco_xe", "% Access VLAN does not exist. Creating vlan 10", false],
  ["cisco_xe", "Warning: this is not supported", false],
  ["cisco_xe", "% Interface Gi0/1 IPv4 disabled and address(es) removed due to enabling VRF RED", false],
  ["cisco_xe", "Enter TEXT message.  End with the character '^'.", false],
];
test.each(toChanges)("%s: “%s”, said to a line of a change, refuses it: %s", (id, text, expected) => {
  expect(refusalIn(platforms[id], text, true) !== null).toBe(expected);
});

test("what is said to another line counts by its marks alone", () => {
  expect(refusalIn(platforms.hp_comware, "System View: return to User View with Ctrl+Z.", false)).toBeNull();
  expect(refusalIn(platforms.cisco_nxos, "Copy complete.", false)).toBeNull();
});

test("only the doors, and what opens and closes sessions, speak to a session", () => {
  const speakers = files(folder).filter((f) => /\.exchange\(/.test(readFileSync(new URL(f, folder), "utf8")));
  expect(speakers.sort()).toEqual([
    "apply.ts",
    "apply/candidate.ts",
    "apply/configure-session.ts",
    "apply/enter.ts",
    "apply/immediate.ts",
    "apply/sender.ts",
    "read.ts",
    "session.ts",
    "sessions.ts",
    "settle.ts",
    "traced.ts",
  ]);
  const connecting = files(folder).filter((f) => /new ssh2\.Client\(/.test(readFileSync(new URL(f, folder), "utf8")));
  expect(connecting).toEqual(["transport.ts"]);
});

test("nobody outside of devices/ speaks to a session, and nobody makes an approved change", () => {
  const root = new URL("../../", import.meta.url);
  const others = [
    "activities/",
    "api/",
    "services/",
    "workflows/",
    "worker/",
    "cli/",
    "auth/",
    "domain/",
    "system/",
    "db/",
  ];
  for (const folderName of others)
    for (const f of files(new URL(folderName, root))) {
      const text = readFileSync(new URL(`${folderName}${f}`, root), "utf8");
      expect(/\.exchange\(|as ApprovedChange|from "ssh2"/.test(text) && `${folderName}${f}`).toBe(false);
    }
});

function files(at: URL, under = ""): string[] {
  return readdirSync(new URL(under, at), { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? files(at, `${under}${e.name}/`) : e.name.endsWith(".ts") ? [`${under}${e.name}`] : [],
  );
}
