import { compileExec, type Handler } from "../cli/exec.ts";
import { logEvent, runConfig, saveConfig, text } from "../cli/line-box.ts";
import type { LineSession } from "../cli/line-cli.ts";
import type { Answer, Io } from "../cli/types.ts";
import { loadConfig } from "../config/apply.ts";
import { lineMatching } from "../config/tree.ts";
import { IOS_VALUES } from "./macros.ts";
import * as show from "./show.ts";

const COMMANDS = `
show version  => version @user @pipe
show running-config [all]  => running @pipe
show running-config interface <ifname>  => running-interface @pipe
show startup-config  => startup @pipe
show ip interface brief  => ip-brief @user @pipe
show interfaces  => interfaces @user @pipe
show interfaces description  => interfaces-description @user @pipe
show interfaces <ifname>  => interface @user @pipe
show ip bgp summary  => bgp @user @pipe
show bgp [ipv4 unicast] summary  => bgp @user @pipe
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
terminal length <0-512>  => length @user
terminal width <0-512>  => width @user
terminal no monitor  => accept @user
terminal monitor  => accept @user
enable  => enable @user
disable  => disable @user
exit  => quit @user
logout  => quit @user
quit  => quit @user
configure terminal  => configure
configure  => configure-from
write memory  => write
write  => write
write terminal  => running
copy running-config startup-config  => copy
copy startup-config running-config  => copy-back
write erase  => erase
erase startup-config  => erase
reload  => reload
clear (bgp | ip bgp) (* | <ip> | <asn>) [soft] [(in | out)]  => clear-bgp
clear counters [<ifname>]  => clear-counters
clear logging  => clear-logging
ping <host>  => ping @user
`;

type H = Handler<LineSession>;
const shown =
  (print: (session: LineSession) => string): H =>
  (_words, session) => ({ output: print(session) });

const quit: H = () => ({ close: true });
const accept: H = () => ({});

export async function enable(session: LineSession, io: Io, denied: string): Promise<Answer> {
  if (session.privileged) return {};
  for (let attempt = 0; attempt < 3; attempt++) {
    const typed = await io.ask("Password: ", { hidden: true });
    const { spec, faults } = session.state.context;
    if (typed === spec.enable_password && !faults.fire("refuse_enable")) {
      session.privileged = true;
      return {};
    }
  }
  return { output: denied, refused: true };
}

const configure: H = (_words, session) => {
  const locked = session.state.context.faults.fire("config_locked");
  if (locked)
    return {
      refused: true,
      output: `Configuration mode is locked by process '3' user '${locked.by}' from terminal '0'. Please try later.\n`,
    };
  session.position = [];
  return { output: "Enter configuration commands, one per line.  End with CNTL/Z.\n", unpaged: true };
};
const configureFrom: H = async (words, session, io) => {
  const from = await io.ask("Configuring from terminal, memory, or network [terminal]? ");
  return from.trim() === "" || "terminal".startsWith(from.trim())
    ? configure(words, session, io)
    : { output: '?Must be "terminal", "memory" or "network"\n' };
};

const save = (session: LineSession): Answer => {
  if (session.state.context.faults.fire("save_failure"))
    return {
      refused: true,
      output:
        "%Error opening nvram:/startup-config (Device or resource busy)\nstartup-config file open failed (Device or resource busy)\n",
    };
  saveConfig(session.state);
  return { output: "Building configuration...\n[OK]\n", unpaged: true };
};
const copy: H = async (_words, session, io) => {
  const name = await io.ask("Destination filename [startup-config]? ");
  if (name.includes("\u0003")) return { output: "%Error copying: aborted\n", refused: true };
  return save(session);
};

const reload: H = async (_words, session, io) => {
  const { state } = session;
  if (text(state) !== state.startup) {
    for (;;) {
      const typed = (await io.ask("\nSystem configuration has been modified. Save? [yes/no]: ")).trim().toLowerCase();
      if (typed.includes("\u0003")) return {};
      if (typed !== "" && "yes".startsWith(typed)) io.write(save(session).output ?? "");
      else if (typed === "" || !"no".startsWith(typed)) {
        io.write("% Please answer 'yes' or 'no'.\n");
        continue;
      }
      break;
    }
  }
  const key = await io.askKey("Proceed with reload? [confirm]");
  if (!/[\ry\n]/i.test(key)) return { output: "\n" };
  io.write("\n");
  state.context.reload();
  return { close: true };
};

const erase: H = async (_words, session, io) => {
  const key = await io.askKey("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]");
  if (!/[\ry\n]/i.test(key)) return { output: "\n" };
  session.state.startup = "";
  session.state.context.store.write("startup.cfg", "");
  return { output: "[OK]\nErase of nvram: complete\n" };
};

const clearBgp: H = (words, session) => {
  const target = words.find((word, i) => i > 0 && (word === "*" || /^\d/.test(word))) ?? "*";
  const peers = lineMatching(session.state.root, /^router bgp (\S+)/);
  if (!peers) return { output: "% BGP not active\n", refused: true };
  logEvent(session.state, `%BGP-5-ADJCHANGE: neighbor ${target} Down User reset`);
  return {};
};

const ping: H = (words) => ({
  output: `Type escape sequence to abort.\nSending 5, 100-byte ICMP Echos to ${words[1]}, timeout is 2 seconds:\n!!!!!\nSuccess rate is 100 percent (5/5), round-trip min/avg/max = 1/2/4 ms\n`,
});

const HANDLERS: Record<string, H> = {
  version: shown((s) => show.version(s.state)),
  running: shown((s) => show.runningConfig(s.state)),
  "running-interface": (words, s) => ({ output: show.runningConfig(s.state, `interface ${words.at(-1)}`) }),
  startup: shown((s) => show.startupConfig(s.state)),
  "ip-brief": shown((s) => show.ipInterfaceBrief(s.state)),
  interfaces: shown((s) => show.interfaces(s.state)),
  interface: (words, s) => ({ output: show.interfaces(s.state, words.at(-1)) }),
  "interfaces-description": shown((s) => show.interfacesDescription(s.state)),
  bgp: shown((s) => show.bgpSummary(s.state)),
  ospf: shown((s) => show.ospfNeighbors(s.state)),
  route: shown((s) => show.ipRoute(s.state)),
  clock: shown((s) => show.clock(s.state)),
  ntp: shown((s) => show.ntpAssociations(s.state)),
  "ntp-status": shown((s) => show.ntpStatus(s.state)),
  inventory: shown((s) => show.inventory(s.state)),
  users: shown(show.users),
  logging: shown((s) => show.logging(s.state)),
  privilege: shown((s) => `Current privilege level is ${s.privileged ? 15 : 1}\n`),
  vlan: shown((s) => show.vlans(s.state)),
  length: (words, s) => {
    s.length = Number(words.at(-1));
    return {};
  },
  width: (words, s) => {
    s.width = Number(words.at(-1));
    return {};
  },
  accept,
  enable: (_words, s, io) => enable(s, io, "% Bad secrets\n\n"),
  disable: (_words, s) => {
    s.privileged = false;
    return {};
  },
  quit,
  configure,
  "configure-from": configureFrom,
  write: (_words, s) => save(s),
  copy,
  "copy-back": async (_words, s, io) => {
    await io.ask("Destination filename [running-config]? ");
    const before = text(s.state);
    // The startup config is typed on top of what runs; nothing is taken away.
    runConfig(s.state, loadConfig(s.state.dialect, s.state.startup, s.state.root).root, s.info.user);
    return { output: `${s.state.startup.length} bytes copied in 0.100 secs\n`, changed: text(s.state) !== before };
  },
  erase,
  reload,
  "clear-bgp": clearBgp,
  "clear-counters": async (_words, _s, io) => {
    await io.askKey('Clear "show interface" counters on all interfaces [confirm]');
    return { output: "\n" };
  },
  "clear-logging": async (_words, s, io) => {
    const key = await io.askKey("Clear logging buffer [confirm]");
    if (/[\ry\n]/i.test(key)) s.state.log = [];
    return { output: "\n" };
  },
  ping,
};

export const IOS_EXEC = compileExec(COMMANDS, HANDLERS, IOS_VALUES);
