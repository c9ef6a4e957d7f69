import { compileExec, type Handler } from "../cli/exec.ts";
import { hostnameOf, logEvent, saveConfig, text } from "../cli/line-box.ts";
import type { Answer } from "../cli/types.ts";
import { unifiedDiff } from "../config/diff.ts";
import { enable } from "../ios/exec.ts";
import { EOS_VALUES } from "./grammar.ts";
import { eosLines } from "./render.ts";
import { abortSession, commitSession, listSessions, openSession, sessionDiff } from "./sessions.ts";
import * as show from "./show.ts";
import type { EosSession } from "./state.ts";

const COMMANDS = `
show version  => version @user @pipe
show running-config [all]  => running @pipe
show running-config diffs  => running-diffs @pipe
show running-config interfaces <ifname>  => running-interface @pipe
show running-config section <line>  => running-section
show startup-config  => startup @pipe
show session-config  => session-config @pipe
show session-config diffs  => session-diffs @pipe
show session-config named <word>  => session-config @pipe
show session-config named <word> diffs  => session-diffs @pipe
show configuration sessions [detail]  => sessions @pipe
show ip interface brief  => ip-brief @user @pipe
show interfaces  => interfaces @user @pipe
show interfaces status  => interfaces-status @user @pipe
show interfaces description  => interfaces-description @user @pipe
show interfaces <ifname>  => interface @user @pipe
show ip bgp summary  => bgp @user @pipe
show bgp summary  => bgp @user @pipe
show ip ospf neighbor  => ospf @user @pipe
show ip route  => route @user @pipe
show clock  => clock @user @pipe
show ntp associations  => ntp @user @pipe
show ntp status  => ntp-status @user @pipe
show inventory  => inventory @user @pipe
show users  => users @user @pipe
show logging  => logging @pipe
show privilege  => privilege @user @pipe
show vlan [brief]  => vlan @user @pipe
show hostname  => hostname @user @pipe
terminal length <0-32767>  => length @user
terminal width <10-32767>  => width @user
terminal (monitor | no monitor | dont-ask)  => accept @user
no terminal monitor  => accept @user
enable [<0-15>]  => enable @user
disable  => disable @user
exit  => quit @user
logout  => quit @user
quit  => quit @user
configure [terminal]  => configure
configure session  => session
configure session <name>  => session
configure session <name> commit [timer <timer>]  => session-commit
configure session <name> abort  => session-abort
no configure session <name>  => session-abort
write [memory]  => write
copy running-config startup-config  => write
write erase [now]  => erase
reload  => reload
reload (now | force)  => reload-now
clear (bgp | ip bgp) (* | <ip> | neighbor <ip>) [soft] [(in | out)]  => clear-bgp
clear counters [<ifname>]  => accept
clear logging  => clear-logging
ping <host>  => ping @user
`;

type H = Handler<EosSession>;
const shown =
  (print: (session: EosSession) => string): H =>
  (_words, session) => ({ output: print(session) });

const configure: H = (_words, session) => {
  const locked = session.state.context.faults.fire("config_locked");
  if (locked) return { refused: true, output: `% Configuration is locked by user ${locked.by} on vty0\n` };
  session.position = [];
  return {};
};

/** The session that a command names, or the one that is open. */
function withSession(
  words: string[],
  session: EosSession,
  act: (target: NonNullable<EosSession["candidate"]>) => Answer,
): Answer {
  const at = words.indexOf("named") >= 0 ? words.indexOf("named") : words.indexOf("session");
  const name = at < 0 ? undefined : words[at + 1];
  const target = name === undefined ? session.candidate : session.state.sessions.find((s) => s.name === name);
  if (target) return act(target);
  return {
    refused: true,
    output: name === undefined ? "% Not currently in a session\n" : `% Cannot find session: ${name}\n`,
  };
}

const save: H = (_words, session) => {
  if (session.state.context.faults.fire("save_failure"))
    return {
      refused: true,
      output: "% Error copying system:/running-config to flash:/startup-config (No space left on device)\n",
    };
  saveConfig(session.state);
  return { output: "Copy completed successfully.\n", unpaged: true };
};

const reload: H = async (words, session, io) => {
  const { state } = session;
  if (text(state) !== state.startup) {
    for (;;) {
      const typed = (await io.ask("System configuration has been modified. Save? [yes/no/cancel/diff]:"))
        .trim()
        .toLowerCase();
      if (typed === "diff" || typed === "d")
        io.write(
          unifiedDiff(
            state.startup.split("\n"),
            text(state).split("\n"),
            "flash:/startup-config",
            "system:/running-config",
          ),
        );
      else if (typed !== "" && "yes".startsWith(typed)) {
        io.write((await save(words, session, io)).output ?? "");
        break;
      } else if (typed !== "" && "no".startsWith(typed)) break;
      else if (typed.includes("\u0003") || (typed !== "" && "cancel".startsWith(typed))) return {};
      else io.write("Invalid response\n");
    }
  }
  const key = await io.askKey("Proceed with reload? [confirm]");
  io.write("\n");
  if (!/[\ry\n]/i.test(key)) return {};
  state.context.reload();
  return { close: true };
};

const HANDLERS: Record<string, H> = {
  version: shown((s) => show.version(s.state)),
  running: shown((s) => show.runningConfig(s.state)),
  "running-diffs": shown((s) =>
    unifiedDiff(
      s.state.startup.split("\n"),
      text(s.state).split("\n"),
      "flash:/startup-config",
      "system:/running-config",
    ),
  ),
  "running-interface": (words, s) => ({ output: show.runningConfig(s.state, `interface ${words.at(-1)}`) }),
  "running-section": (words, s) => ({ output: sectionsOf(eosLines(s.state.root), words.at(-1) ?? "") }),
  startup: shown((s) => show.startupConfig(s.state)),
  "session-config": (words, s) =>
    withSession(words, s, (target) => ({
      output: `! Command: show session-config named ${target.name}\n! device: ${hostnameOf(s.state)} (vEOS-lab, EOS-4.30.1F)\n!\n${eosLines(target.root).join("\n")}\nend\n`,
    })),
  "session-diffs": (words, s) => withSession(words, s, (target) => ({ output: sessionDiff(s.state, target) })),
  sessions: (words, s) => ({ output: listSessions(s.state, words.includes("detail")) }),
  "ip-brief": shown((s) => show.ipInterfaceBrief(s.state)),
  interfaces: shown((s) => show.interfaces(s.state)),
  interface: (words, s) => ({ output: show.interfaces(s.state, words.at(-1)) }),
  "interfaces-status": shown((s) => show.interfacesStatus(s.state)),
  "interfaces-description": shown((s) => show.interfacesDescription(s.state)),
  bgp: shown((s) => show.bgpSummary(s.state)),
  ospf: shown((s) => show.ospfNeighbors(s.state)),
  route: shown((s) => show.ipRoute(s.state)),
  clock: shown((s) => show.clock(s.state)),
  ntp: shown((s) => show.ntpAssociations(s.state)),
  "ntp-status": shown((s) =>
    show.ntpAssociations(s.state).includes("*") ? "synchronised to NTP server\n" : "unsynchronised\n",
  ),
  inventory: shown((s) => show.inventory(s.state)),
  users: shown(show.users),
  logging: shown((s) => show.logging(s.state)),
  privilege: shown((s) => `Current privilege level is ${s.privileged ? 15 : 1}\n`),
  vlan: shown((s) => show.vlans(s.state)),
  hostname: shown((s) => `Hostname: ${hostnameOf(s.state)}\nFQDN:     ${hostnameOf(s.state)}\n`),
  length: (words, s) => {
    s.length = Number(words.at(-1));
    return { output: s.length === 0 ? "Pagination disabled.\n" : `Pagination set to ${s.length} lines.\n` };
  },
  width: (words, s) => {
    s.width = Number(words.at(-1));
    return { output: `Width set to ${s.width} columns.\n` };
  },
  accept: () => ({}),
  enable: (_words, s, io) => enable(s, io, "% Bad secret\n"),
  disable: (_words, s) => {
    s.privileged = false;
    return {};
  },
  quit: () => ({ close: true }),
  configure,
  session: (words, s) => openSession(s, words[2]),
  "session-commit": (words, s) =>
    withSession(words, s, (target) => commitSession(s, target, words[words.indexOf("timer") + 1 || -1])),
  "session-abort": (words, s) => withSession(words, s, (target) => abortSession(s, target)),
  write: save,
  erase: (_words, s) => {
    s.state.startup = "";
    s.state.context.store.write("startup.cfg", "");
    return {};
  },
  reload,
  "reload-now": (_words, s) => {
    s.state.context.reload();
    return { close: true };
  },
  "clear-bgp": (words, s) => {
    logEvent(s.state, `%BGP-5-ADJCHANGE: peer ${words.at(-1)} old state Established event Stop new state Idle`);
    return {};
  },
  "clear-logging": (_words, s) => {
    s.state.log = [];
    return {};
  },
  ping: (words) => ({
    output: `PING ${words[1]} (${words[1]}) 72(100) bytes of data.\n80 bytes from ${words[1]}: icmp_seq=1 ttl=64 time=1.00 ms\n\n--- ${words[1]} ping statistics ---\n5 packets transmitted, 5 received, 0% packet loss, time 4ms\n`,
  }),
};

/** `show running-config section bgp`: the sections whose lines name it. */
function sectionsOf(lines: string[], wanted: string): string {
  const blocks = lines.join("\n").split(/\n?^!$\n?/m);
  return blocks
    .filter((block) => block.toLowerCase().includes(wanted.toLowerCase()))
    .map((block) => `${block.trim()}\n`)
    .join("");
}

export const EOS_EXEC = compileExec(COMMANDS, HANDLERS, EOS_VALUES);
