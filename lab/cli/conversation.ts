import type { Ledger } from "../ledger.ts";
import type { SessionInfo } from "../types.ts";
import type { Terminal } from "./terminal.ts";
import type { Cli, Io } from "./types.ts";

/** How a command talks with the person in the middle of its work; all that is typed goes into the ledger, but for hidden answers. */
export function conversation(cli: Cli, terminal: Terminal, ledger: Ledger, session: SessionInfo): Io {
  const note = (kind: "answer" | "text", line: string): void => {
    const { name, section } = cli.mode();
    ledger.append({ session: session.id, user: session.user, kind, mode: name, section, line });
  };
  return {
    write: terminal.write,
    ask: async (question, { hidden = false } = {}) => {
      terminal.write(question);
      const typed = await terminal.readLine({ echo: !hidden });
      note("answer", hidden ? "(hidden)" : typed);
      return typed;
    },
    askKey: async (question) => {
      terminal.write(question);
      const key = await terminal.readKey();
      note("answer", key === "\r" || key === "\n" ? "" : key);
      return key;
    },
    readText: async (until) => {
      const kept: string[] = [];
      for (let last = false; !last;) {
        const line = await terminal.readLine({ echo: true });
        note("text", line);
        const next = until(line);
        last = next.last;
        if (!last || next.keep !== "") kept.push(next.keep);
      }
      return kept.join("\n");
    },
  };
}
