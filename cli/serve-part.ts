/** How long a part may take to finish what it holds before it ends anyway. */
const DRAIN_MS = 18_000;

/** What api and worker give back when they do their work. */
export type Served = { address?: string; stop(): Promise<void> };

/**
 * Runs a part until it is told to stop, by SIGTERM or Ctrl+C, or until the supervisor that started it dies: nobody would
 * stop it then.
 */
export async function servePart(start: () => Promise<Served>): Promise<never> {
  const told = new Promise<string>((done) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => done(signal));
    process.on("disconnect", () => done("disconnect"));
  });
  const part = await Promise.race([start(), told]);
  if (typeof part === "string") process.exit(0);
  if (process.connected)
    process.send?.({ ready: true, ...(part.address === undefined ? {} : { address: part.address }) });
  await told;
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  await part.stop();
  process.exit(0);
}
