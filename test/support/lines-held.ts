import type { LedgerEntry } from "../../lab/ledger.ts";
import type { RouterState } from "../../lab/control.ts";

/** Sixty lines for a router: twenty sections of three on IOS and EOS, sixty statements on Junos. `mark` tells changes apart. */
export function sixtyLines(router: Pick<RouterState, "device_type">, mark: number): string[] {
  const twenty = Array.from({ length: 20 }, (_, i) => i);
  const address = (i: number) => `10.${200 + (mark % 50)}.${i}.1`;
  switch (router.device_type) {
    case "cisco_ios":
      return twenty.flatMap((i) => [
        `interface Loopback${mark * 100 + i}`,
        ` description kill ${mark} ${i}`,
        ` ip address ${address(i)} 255.255.255.255`,
      ]);
    case "arista_eos":
      return twenty.flatMap((i) => [
        `interface Loopback${(mark % 9) * 100 + i + 1}`,
        ` description kill ${mark} ${i}`,
        ` ip address ${address(i)}/32`,
      ]);
    case "juniper_junos":
      return twenty.flatMap((i) => [
        `set interfaces lo0 unit 0 family inet address ${address(i)}/32`,
        `set policy-options prefix-list KILL-${mark}-${i} ${address(i)}/32`,
        `set policy-options prefix-list KILL-${mark}-${i} 10.99.${i}.0/24`,
      ]);
  }
}

const isHeader = (line: string): boolean => line.startsWith("interface ");

/** Leaves of `lines` that a router took more than once in a way that counts: the promise is that there are none. */
export function takenTwice(
  router: Pick<RouterState, "device_type">,
  lines: readonly string[],
  ledger: readonly LedgerEntry[],
): string[] {
  const sent = ledger.filter((e) => e.kind === "config" && !e.refused);
  // A candidate that was thrown away never was on the router; only what went into a commit counts.
  const counted = router.device_type === "cisco_ios" ? sent : sent.filter((e) => committed(e.session, ledger));
  return lines
    .filter((line) => !isHeader(line))
    .filter(
      (line) => counted.filter((e) => e.line.trim() === line.trim()).length > new Set(sectionsOf(lines, line)).size,
    )
    .map((line) => line.trim());
}

/** A text may stand in several sections: then it comes once for each. */
function sectionsOf(lines: readonly string[], leaf: string): string[] {
  let section = "";
  const found: string[] = [];
  for (const line of lines) {
    if (isHeader(line)) section = line;
    if (line === leaf) found.push(`${section}#${found.length}`);
  }
  return found;
}

const committed = (session: string, ledger: readonly LedgerEntry[]): boolean =>
  ledger.some((e) => e.session === session && !e.refused && /^commit(?! check)/.test(e.line.trim()));

/** Lines of `lines` that a running config does not show. */
export function missingFrom(
  router: Pick<RouterState, "device_type">,
  lines: readonly string[],
  running: string,
): string[] {
  if (router.device_type === "juniper_junos")
    return lines.filter((line) => !running.includes((line.split(" ").at(-1) ?? line).replace(/\/32$/, "/32")));
  const have = new Set(running.split("\n").map((l) => l.trim()));
  return lines.map((l) => l.trim()).filter((line) => !have.has(line));
}
