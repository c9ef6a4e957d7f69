import { parseArgs, type ParseArgsConfig } from "node:util";
import { StartError } from "../system/start-error.ts";

const USAGE = `netstacks stack needs one of:
  netstacks stack list
  netstacks stack show <stack>
  netstacks stack plan <stack> [--set <name>=<value>]... [--variables <file.json>] [--device <device>]... [--exit-code]
  netstacks stack deploy <stack> [--plan <id>] [--hash <hash>] [--set …] [--variables …] [--device …]... [--reason <text>]
                         [--dry-run] [--no-approval] [--key <key>] [--wait] [--timeout <seconds>]
  netstacks stack wait <id of a plan or deploy> [--timeout <seconds>]
  netstacks stack validate <stack>
  netstacks stack delete <stack> [--keep-config] [--no-approval] [--wait] [--timeout <seconds>]
Each takes --json. Ends with 0 when done, 1 when refused or not reached, 2 when a deploy came to another end than deployed
or a device does not hold the stack, 3 when it still waits or goes on, 4 when a plan would change something (--exit-code).`;

const DEFAULT_TIMEOUT_S = 3600;

const OPTIONS = {
  json: { type: "boolean" },
  set: { type: "string", multiple: true },
  variables: { type: "string" },
  device: { type: "string", multiple: true },
  "exit-code": { type: "boolean" },
  plan: { type: "string" },
  hash: { type: "string" },
  reason: { type: "string" },
  "dry-run": { type: "boolean" },
  "no-approval": { type: "boolean" },
  key: { type: "string" },
  wait: { type: "boolean" },
  timeout: { type: "string" },
  "keep-config": { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];
const ALLOWED: Record<string, readonly (keyof typeof OPTIONS)[]> = {
  list: ["json"],
  show: ["json"],
  plan: ["json", "set", "variables", "device", "exit-code", "key", "timeout"],
  deploy: [
    "json",
    "set",
    "variables",
    "device",
    "plan",
    "hash",
    "reason",
    "dry-run",
    "no-approval",
    "key",
    "wait",
    "timeout",
  ],
  wait: ["json", "timeout"],
  validate: ["json"],
  delete: ["json", "keep-config", "no-approval", "wait", "timeout"],
};

export type Given = ReturnType<typeof readArgs>;

/** What was asked for on the command line; anything else is told with the usage. */
export function readArgs(verb: string, args: string[]) {
  const allowed = Object.hasOwn(ALLOWED, verb) ? ALLOWED[verb] : undefined;
  if (allowed === undefined) throw new StartError(USAGE);
  let parsed;
  try {
    parsed = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const wrong = Object.keys(values).find((name) => !allowed.some((a) => a === name));
  if (wrong !== undefined) throw new StartError(`netstacks stack ${verb} takes no --${wrong}.\n\n${USAGE}`);
  if (positionals.length !== (verb === "list" ? 0 : 1)) throw new StartError(USAGE);
  const timeout = Number(values.timeout ?? DEFAULT_TIMEOUT_S);
  if (!Number.isFinite(timeout) || timeout < 0) throw new StartError("--timeout needs a number of seconds.");
  return { values, name: positionals[0] ?? "", until: Date.now() + timeout * 1000 };
}
