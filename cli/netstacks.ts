#!/usr/bin/env node
import { createLog, logWhatNodeSays } from "../system/log.ts";
import { StartError } from "../system/start-error.ts";

/** Loaded only when asked for: `up` need not load a worker. */
const VERBS: Record<string, { about: string; run(): Promise<void> }> = {
  up: { about: "run the whole platform on this machine", run: async () => (await import("./up.ts")).up() },
  api: {
    about: "run the API and the web app; the engines are named by DATABASE_URL and TEMPORAL_ADDRESS",
    run: async () => (await import("./api.ts")).api(),
  },
  worker: {
    about: "run a worker; the engines are named as for the api",
    run: async () => (await import("./worker.ts")).worker(),
  },
  migrate: {
    about: "bring the database of DATABASE_URL up to date and make its first admin",
    run: async () => (await import("./migrate.ts")).migrateDatabase(),
  },
  "rebuild-projections": {
    about: "fold what runs show once more from their events, and tell which had another state",
    run: async () => (await import("./rebuild.ts")).rebuild(),
  },
  lab: { about: "run the virtual routers alone", run: async () => (await import("./lab.ts")).lab() },
  record: {
    about: "write down what a device says, without secrets, for the tests of its platform: record <device> [<file>]",
    run: async () => (await import("./record.ts")).record(process.argv.slice(3)),
  },
  backup: {
    about: "back up the configurations of devices: backup <device>..., or backup --all",
    run: async () => (await import("./backup.ts")).backup(process.argv.slice(3)),
  },
  show: {
    about: 'run a read on a device: show <device> "<command>" [--parse] [--json]',
    run: async () => (await import("./show.ts")).show(process.argv.slice(3)),
  },
  templates: {
    about: "list, show, render and import templates: templates list|show|render|import ...",
    run: async () => (await import("./templates.ts")).templates(process.argv.slice(3)),
  },
  stack: {
    about: "plan, deploy, validate and delete stacks: stack list|show|plan|deploy|wait|validate|delete ...",
    run: async () => (await import("./stack.ts")).stack(process.argv.slice(3)),
  },
  variables: {
    about: "what holds for a device, and where each value is from: variables <device> [--json]",
    run: async () => (await import("./variables.ts")).variables(process.argv.slice(3)),
  },
  export: {
    about: "write templates, stack templates and stacks as files, to be kept in Git: export <directory>",
    run: async () => (await import("./definitions.ts")).exportDefinitions(process.argv.slice(3)),
  },
  import: {
    about: "save what is another in such files: import [--plan] <directory>",
    run: async () => (await import("./definitions.ts")).importDefinitions(process.argv.slice(3)),
  },
  help: { about: "show this list", run: async () => help() },
};

function help(): void {
  const lines = Object.entries(VERBS).map(([verb, { about }]) => `  netstacks ${verb.padEnd(20)} ${about}\n`);
  process.stdout.write(
    `${lines.join("")}\nThe environment variables that each reads are in docs/getting-started.md.\n`,
  );
}

async function main(verb = "help"): Promise<void> {
  const chosen = VERBS[verb === "--help" || verb === "-h" ? "help" : verb];
  if (chosen === undefined)
    throw new StartError(`netstacks has no verb ${JSON.stringify(verb)}; it has ${Object.keys(VERBS).join(", ")}.`);
  if (PARTS.has(verb)) logWhatNodeSays(createLog(verb, "info"));
  await chosen.run();
}

/** These write a log, and nothing else, once they run. */
const PARTS = new Set(["api", "worker", "lab"]);

/** For the person who started it; a supervisor keeps it in the part's log, whose lines are all alike. */
function tellEnd(error: unknown): void {
  if (process.connected) {
    const log = createLog(process.argv[2] ?? "netstacks", "info");
    if (error instanceof StartError) log.fatal(error.message);
    else log.fatal({ err: error }, "ended by a fault of its own");
    return;
  }
  process.stderr.write(
    error instanceof StartError
      ? `\n${error.message}\n`
      : `\nnetstacks stopped by a fault of its own: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
}

try {
  await main(process.argv[2]);
  process.exit();
} catch (error) {
  tellEnd(error);
  process.exit(1);
}
