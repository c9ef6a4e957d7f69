import { applyLines } from "../../domain/config/apply.ts";
import { parseConfig, renderConfig } from "../../domain/config/parse.ts";
import { startFakeDevice, type FakeDevice } from "./fake-device.ts";

/** What goes wrong at the next commit. */
type Trouble = "cut_before" | "cut_after" | "cut_long_before" | "refuse" | null;

export type FakeXr = FakeDevice & {
  running(): string;
  /** Labels of the commits, newest first. */
  commits(): string[];
  next(trouble: Trouble): void;
  /** Somebody else holds the configuration exclusively. */
  lockedBy(who: string | null): void;
};

/** So long a commit goes on whose session has died. */
const LATE_MS = 1500;
const NAME = "RP/0/RP0/CPU0:r1";
const FAILED =
  "% Failed to commit one or more configuration items during a pseudo-atomic operation. All changes made have been reverted. Please issue 'show configuration failed [inheritance]' from this session to view the errors";
const WHY =
  "!! SEMANTIC ERRORS: This configuration was rejected by\n!! the system due to semantic errors.\n\ninterface GigabitEthernet0/0/0/0\n mtu 64\n!!% Invalid argument: the MTU is too small\nend";

/**
 * A device with the transaction of IOS XR: each session has a target configuration of its own, `commit` merges it as a
 * whole under a label, and nothing of it works before. The words are those of the sources that the recording names.
 */
export async function startFakeXr(config: string): Promise<FakeXr> {
  let tree = parseConfig("cisco_xr", config);
  const commits: { label: string; id: number }[] = [];
  let trouble: Trouble = null;
  let holder: string | null = null;
  let exclusive: symbol | null = null;

  const device = await startFakeDevice({
    platform: "cisco_xr",
    shell: async (channel, { line, write, close }) => {
      const me = Symbol("session");
      let target: string[] | null = null;
      const say = (text: string): void => write(text === "" ? "" : `${text.replace(/\n/g, "\r\n")}\r\n`);
      const leave = (): void => {
        target = null;
        if (exclusive === me) exclusive = null;
      };
      let working = false;
      channel.on("close", () => {
        if (!working) leave();
      });
      const merge = (label: string): void => {
        tree = applyLines("cisco_xr", tree, target ?? []).tree;
        commits.unshift({ label, id: 1_000_000_001 + commits.length });
        target = [];
      };
      const commit = (label: string): boolean => {
        const acts = trouble;
        trouble = null;
        if (acts === "cut_before") return (close(), false);
        if (acts === "cut_long_before") {
          working = true;
          setTimeout(() => (merge(label), leave()), LATE_MS);
          return (close(), false);
        }
        if (acts === "refuse") say(FAILED);
        else if ((target ?? []).length === 0) say("No configuration changes to commit.");
        else merge(label);
        return acts === "cut_after" ? (close(), false) : true;
      };
      write(`\r\n${NAME}#`);
      for (;;) {
        const text = (await line()).replace("\u0003", "");
        write(`${text}\r\n`);
        const word = text.trim();
        if (target === null) {
          if (word === "configure exclusive") {
            if (holder !== null || exclusive !== null)
              say(
                `Current Configuration Session  Line       User     Date                     Lock\n00001000-000043a7-00000000     vty0       ${(holder ?? "other").padEnd(8)} Sun Sep 20 23:11:08 2026 *\nCannot enter exclusive mode. The Configuration Namespace is locked by another agent.`,
              );
            else {
              target = [];
              exclusive = me;
            }
          } else if (word === "show running-config")
            say(`Building configuration...\n!! IOS XR Configuration 7.3.2\n!\n${renderConfig(tree)}end\n`);
          else if (word.startsWith("show configuration commit list"))
            say(
              commits
                .map(
                  ({ label, id }, n) =>
                    `\n   ${n + 1}) CommitId: ${id}                 Label: ${label}\n      UserId:   user                       Line:  vty0\n      Client:   CLI                        Time:  Mon Aug 20 00:47:24 2018\n      Comment:  NONE`,
                )
                .join("\n"),
            );
        } else if (word === "abort" || word === "end") leave();
        else if (word.startsWith("commit label ")) {
          if (!commit(word.slice("commit label ".length))) return;
        } else if (word === "show configuration failed") say(WHY);
        else if (/nonsense/.test(word)) say("                    ^\n% Invalid input detected at '^' marker.");
        else if (word !== "") target.push(text);
        write(`${NAME}${target === null ? "" : "(config)"}#`);
      }
    },
  });
  return {
    ...device,
    running: () => renderConfig(tree),
    commits: () => commits.map(({ label }) => label),
    next: (what) => void (trouble = what),
    lockedBy: (who) => void (holder = who),
  };
}
