/** J3's lines: 50 interfaces of four lines. */
export const CONFIG_LINES: readonly string[] = Array.from({ length: 50 }, (_, i) => [
  `interface GigabitEthernet9/0/${i}`,
  ` description benchmark port ${i}`,
  ` ip address 10.99.${i}.1 255.255.255.0`,
  " no shutdown",
]).flat();

const JOBS = ["j1", "j2", "j3"] as const;
export type Job = (typeof JOBS)[number];

export function jobNamed(name: string): Job {
  const found = JOBS.find((job) => job === name);
  if (found === undefined) throw new Error(`--job must be one of ${JOBS.join(", ")}`);
  return found;
}

/** Throws unless the text is what router number `index` must answer to the job. */
export function checkAnswer(job: Job, index: number, text: string): void {
  const name = `r${String(index + 1).padStart(4, "0")}`;
  if (job === "j1" && !(text.includes("Version 15.7(3)M5") && text.includes(`${name} uptime`)))
    throw new Error(`not the version of ${name}: ${text.slice(0, 200)}`);
  if (
    job === "j2" &&
    !(text.split("\n").length > 1990 && text.trimEnd().endsWith("end") && text.includes(`hostname ${name}`))
  )
    throw new Error(`not the whole configuration of ${name}: ${text.split("\n").length} lines, …${text.slice(-80)}`);
  if (job === "j3" && text.includes("% Invalid input")) throw new Error("a line was refused");
}

export type Outcome = { ok: boolean; seconds: number; error: string | null };

/** Runs the job on `n` devices, at most `conc` at once, counting from the first connect until the last answer was checked. */
export async function timeAll(
  { n, conc }: { n: number; conc: number },
  one: (index: number) => Promise<void>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < n) {
      const index = next++;
      const began = performance.now();
      const error = await one(index).then(
        () => null,
        (e: unknown) => (e instanceof Error ? `${e.name}: ${e.message}` : String(e)),
      );
      outcomes.push({ ok: error === null, seconds: (performance.now() - began) / 1000, error });
    }
  };
  await Promise.all(Array.from({ length: Math.min(conc, n) }, worker));
  return outcomes;
}

/** The one line that the runner reads. `cpu0_s` was used before the clock started, by loading the program. */
export function printReport(
  outcomes: readonly Outcome[],
  wallS: number,
  cpu0S: number,
  more: Record<string, number> = {},
): void {
  const times = outcomes
    .filter((o) => o.ok)
    .map((o) => o.seconds)
    .sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  process.stdout.write(
    `${JSON.stringify({
      ok: times.length,
      fail: outcomes.length - times.length,
      wall_s: wallS,
      cpu0_s: cpu0S,
      p50_s: at(0.5),
      p99_s: at(0.99),
      error: outcomes.find((o) => !o.ok)?.error ?? null,
      ...more,
    })}\n`,
  );
}
