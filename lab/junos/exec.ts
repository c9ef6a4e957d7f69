import { compileExec, type Handler } from "../cli/exec.ts";
import { junosTime } from "../clock.ts";
import { COMMON_VALUES, type Values } from "../grammar/values.ts";
import { freshCandidate, isDirty, lockMessage, readConfig } from "./commit.ts";
import { hideSecrets, parseStatement, words } from "./parse.ts";
import { compare } from "./print.ts";
import * as show from "./show.ts";
import type { Editor, JunosSession } from "./state.ts";
import { setStatement } from "./tree.ts";

const VALUES: Values = { ...COMMON_VALUES, ifname: COMMON_VALUES.word ?? { loose: true, parse: (token) => token } };

const COMMANDS = `
show version [brief]  => version
show interfaces  => interfaces
show interfaces terse  => terse
show interfaces terse <word>  => terse
show interfaces <word> terse  => terse-named
show interfaces descriptions  => descriptions
show interfaces <word>  => interfaces
show bgp summary  => bgp
show ospf neighbor  => ospf
show route [(terse | summary)]  => route
show system uptime  => uptime
show system commit  => commits
show system users  => users
show system rollback <0-49>  => rollback
show system rollback compare <0-49> <0-49>  => rollback-compare
show chassis hardware  => hardware
show ntp (associations | status)  => ntp
show cli  => cli
show log messages  => log
configure  => configure
configure (private | exclusive)  => configure
set cli screen-length <0-100000>  => length
set cli screen-width <0-1024>  => width
set cli (timestamp | complete-on-space (on | off) | idle-timeout <0-100000> | prompt <word>)  => accept
request system reboot  => reboot
clear bgp neighbor [(<ip> | all)]  => accept
clear log messages  => clear-log
ping <host> [count <1-1000>]  => ping
exit  => quit
quit  => quit
`;

type H = Handler<JunosSession>;
const shown =
  (print: (session: JunosSession) => string): H =>
  (_words, session) => ({ output: print(session) });

/** Puts what somebody else left uncommitted into the shared candidate. */
function leaveForeign(session: JunosSession): void {
  const { state } = session;
  const foreign = state.context.faults.fire("foreign_candidate");
  if (!foreign) return;
  const parsed = parseStatement([], words(foreign.line.replace(/^set /, "")));
  if ("message" in parsed) throw new Error(`the fault's line is no Junos statement: ${foreign.line}`);
  for (const path of parsed.paths.map(hideSecrets)) {
    state.shared.edits.push({ kind: "set", path });
    setStatement(state.shared.root, path);
  }
}

const configure: H = (command, session) => {
  const { state, info } = session;
  const how = command[1] === "private" ? "private" : command[1] === "exclusive" ? "exclusive" : "shared";
  leaveForeign(session);
  const dirty = isDirty(state, state.shared);
  if (how === "private" && dirty) return { refused: true, output: "error: shared configuration database modified\n" };
  if (how === "exclusive") {
    const locked = lockMessage(session);
    if (locked !== undefined) return { refused: true, output: locked };
    if (dirty) return { refused: true, output: "error: configuration database modified\n" };
  }
  const editor: Editor = { session: info, how, path: [], visited: [], since: state.context.now() };
  const others = how === "private" ? [] : show.editors(state, info.id);
  state.editors.push(editor);
  if (!dirty && !state.editors.some((e) => e !== editor && e.how !== "private")) state.shared = freshCandidate(state);
  session.editor = editor;
  session.privateCandidate = how === "private" ? freshCandidate(state) : undefined;
  const warning = how === "shared" ? "" : "warning: uncommitted changes will be discarded on exit\n";
  const users = others.length === 0 ? "" : `Users currently editing the configuration:\n${others.join("")}`;
  return {
    output: `${warning}Entering configuration mode\n${users}${how === "shared" && dirty ? "The configuration has been changed but not committed\n" : ""}`,
    unpaged: true,
  };
};

const reboot: H = async (_words, session, io) => {
  const answer = await io.ask("Reboot the system ? [yes,no] (no) ");
  if (!/^y/i.test(answer.trim())) return {};
  io.write(
    `\nShutdown NOW!\n[pid ${13_000 + session.info.line}]\n\n*** FINAL System shutdown message from ${session.info.user}@${show.hostnameOf(session.state)} ***\n\nSystem going down IMMEDIATELY\n\n`,
  );
  session.state.context.reload();
  return { close: true };
};

const past = (session: JunosSession, number: string | undefined): string | undefined =>
  session.state.commits[Number(number)]?.config;
const noSuch = (number: string | undefined) => ({
  refused: true,
  output: `error: problem checking file: juniper.conf.${number}.gz: No such file or directory\n`,
});

const HANDLERS: Record<string, H> = {
  version: shown((s) => show.version(s.state)),
  interfaces: (w, s) => ({ output: show.interfaces(s.state, w[2]) }),
  terse: (w, s) => ({ output: show.interfacesTerse(s.state, w[3]) }),
  "terse-named": (w, s) => ({ output: show.interfacesTerse(s.state, w[2]) }),
  descriptions: shown((s) => show.interfacesDescriptions(s.state)),
  bgp: shown((s) => show.bgpSummary(s.state)),
  ospf: shown((s) => show.ospfNeighbors(s.state)),
  route: shown((s) => show.route(s.state)),
  uptime: shown((s) => show.uptime(s.state)),
  commits: shown((s) => show.systemCommit(s.state)),
  users: shown(show.users),
  rollback: (w, s) => {
    const config = past(s, w[3]);
    return config === undefined
      ? noSuch(w[3])
      : {
          output: `## Last commit: ${junosTime(s.state.commits[Number(w[3])]?.at ?? 0)} by ${s.state.commits[Number(w[3])]?.user ?? "root"}\n${config}`,
        };
  },
  "rollback-compare": (w, s) => {
    const [from, to] = [past(s, w[4]), past(s, w[5])];
    if (from === undefined || to === undefined) return noSuch(from === undefined ? w[4] : w[5]);
    return {
      output: compare(readConfig(from), readConfig(to))
        .map((line) => `${line}\n`)
        .join(""),
    };
  },
  hardware: shown((s) => show.hardware(s.state)),
  ntp: shown((s) => show.ntp(s.state)),
  cli: shown(
    (s) =>
      `CLI complete-on-space set to on\nCLI idle-timeout disabled\nCLI screen-length set to ${s.length}\nCLI screen-width set to ${s.width}\nCLI terminal is 'vt100'\n`,
  ),
  log: shown((s) => s.state.log.map((line) => `${line}\n`).join("")),
  configure,
  length: (w, s) => {
    s.length = Number(w.at(-1));
    return { output: `Screen length set to ${s.length}\n`, unpaged: true };
  },
  width: (w, s) => {
    s.width = Number(w.at(-1));
    return { output: `Screen width set to ${s.width}\n`, unpaged: true };
  },
  accept: () => ({}),
  reboot,
  "clear-log": (_w, s) => {
    s.state.log = [];
    return {};
  },
  ping: (w) => ({
    output: `PING ${w[1]} (${w[1]}): 56 data bytes\n64 bytes from ${w[1]}: icmp_seq=0 ttl=64 time=1.000 ms\n\n--- ${w[1]} ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\n`,
  }),
  quit: () => ({ close: true }),
};

export const JUNOS_EXEC = compileExec(COMMANDS, HANDLERS, VALUES);
