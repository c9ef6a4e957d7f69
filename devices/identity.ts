import { AppError } from "../domain/contract/errors.ts";
import { parseRead } from "../domain/read/parse-read.ts";
import { failure, isFailure } from "./failures.ts";
import { read } from "./read.ts";
import type { Session } from "./session.ts";

/** By what each session has as its device, which is its own: the session itself may come in a wrapping. */
const checked = new WeakSet<Session["device"]>();

/**
 * Before the first write of a session: is it the very box that was tested last? Its name, and even its host key, may have
 * been copied to another one together with its config. Where no serial number is known, there is nothing to compare.
 * Another number is only noted where `knownBy` tells what else says that it is the same device.
 */
export async function checkSerial(
  session: Session,
  knownBy: () => Promise<string | null> = async () => null,
): Promise<void> {
  const { name, platform, serial } = session.device;
  if (serial === null || checked.has(session.device)) return;
  const tells = platform.facts.find(({ patterns }) => patterns.serial !== undefined);
  if (tells?.patterns.serial === undefined) return;
  const shown = await readSerial(session, tells.command, tells.patterns.serial);
  if (shown === null) session.note(`the device tells no serial number; ${serial} is known`);
  else if (shown !== serial) {
    const why = await knownBy();
    if (why === null)
      throw failure(
        "wrong_device",
        `at the address of ${name} a device answers whose serial number is ${shown}, not ${serial}; nothing was sent`,
      );
    session.note(`the device tells the serial number ${shown}, not ${serial}; ${why}, so what was begun is ended`);
    return;
  }
  checked.add(session.device);
}

async function readSerial(session: Session, command: string, pattern: RegExp): Promise<string | null> {
  try {
    const { text } = await read(session, parseRead(session.device.platform.id, command), { quick: true });
    const groups = pattern.exec(text)?.slice(1) ?? [];
    return groups.find((group) => group !== undefined)?.trim() ?? null;
  } catch (error) {
    if (!(error instanceof AppError) || !isFailure(error, "line_rejected")) throw error;
    return null;
  }
}
