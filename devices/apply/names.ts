import { failure } from "../failures.ts";
import type { ApprovedChange } from "../approved-change.ts";
import { mayBeCalled } from "../read/same-name.ts";
import type { Session } from "../session.ts";

const newName = (session: Session, line: string): string | undefined =>
  session.device.platform.renames?.exec(line.trim())?.[1];

/** Lines that give the device another name change its prompt: both are believed from here on. */
export function expectNames(session: Session, lines: readonly string[]): void {
  for (const line of lines) {
    const name = newName(session, line);
    if (name !== undefined) session.expectName(name.replace(/^"|"$/g, ""));
  }
}

/** Before the first write: does the device that answers call itself what it is expected to? Its own change may rename it. */
export function checkName(session: Session, approved: ApprovedChange): void {
  const { hostname, name, platform } = session.device;
  if (hostname === null) return;
  const shown = session.prompt().host.replace(/^[^@]*@/, "");
  const names = [
    hostname,
    ...[...approved.lines, ...approved.rollbackLines].flatMap((line) => newName(session, line) ?? []),
  ];
  if (!names.some((expected) => mayBeCalled(expected, shown, platform.promptCut)))
    throw failure(
      "wrong_device",
      `at the address of ${name} a device answers that calls itself “${shown}”, not “${hostname}”; nothing was sent`,
    );
}
