#!/usr/bin/env node
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
  lab: { about: "run the virtual routers alone", run: async () => (await import("./lab.ts")).lab() },
  help: { about: "show this list", run: async () => help() },
};

function help(): void {
  const lines = Object.entries(VERBS).map(([verb, { about }]) => `  netstacks ${verb.padEnd(9)} ${about}\n`);
  process.stdout.write(
    `${lines.join("")}\nThe environment variables that each reads are in docs/getting-started.md.\n`,
  );
}

async function main(verb = "help"): Promise<void> {
  const chosen = VERBS[verb === "--help" || verb === "-h" ? "help" : verb];
  if (chosen === undefined)
    throw new StartError(`netstacks has no verb ${JSON.stringify(verb)}; it has ${Object.keys(VERBS).join(", ")}.`);
  await chosen.run();
}

try {
  await main(process.argv[2]);
  process.exit();
} catch (error) {
  process.stderr.write(
    error instanceof StartError
      ? `\n${error.message}\n`
      : `\nnetstacks stopped by a fault of its own: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}
