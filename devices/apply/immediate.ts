import { planWindows } from "../../domain/change/windows.ts";
import { placesOf } from "../../domain/config/apply.ts";
import type { ApprovedChange } from "../approved-change.ts";
import type { Immediate } from "../platforms/platform.ts";
import type { Exchange, Session } from "../session.ts";
import { expectNames } from "./names.ts";
import { flights } from "./flights.ts";
import { Halt, type ApplyOutcome } from "./outcome.ts";
import { enterWhenFree } from "./enter.ts";
import type { Line, Sender } from "./sender.ts";

/**
 * Sends lines that work at once, window by window; a refused line stops the device. `lines` may begin in the middle of a
 * change: then the headers on the way to the first one come first.
 */
export async function applyImmediate(
  session: Session,
  approved: ApprovedChange,
  sender: Sender,
  transaction: Immediate,
  lines: readonly Line[],
  signal: AbortSignal | undefined,
): Promise<ApplyOutcome> {
  const { platform } = session.device;
  const texts = lines.map(({ line }) => line);
  const mode = platform.pipelines && transaction.mode === "section" ? approved.mode : "line";
  const windows = planWindows(approved.platform, texts, mode === "staged" ? "line" : mode);
  const follow = followSections(approved, texts, transaction);
  await enterWhenFree(
    session,
    { ...transaction, isInside: ({ mode: shown }) => transaction.inside.test(shown) },
    signal,
  );
  follow.enter(session.prompt().mode);
  try {
    for (const { seqs } of windows) {
      const part = seqs.flatMap((i) => lines[i] ?? []);
      const [head] = part;
      if (head === undefined) continue;
      const misplaced = follow.misplaced(seqs[0] ?? 0, session.prompt().mode);
      if (misplaced !== null) {
        await sender.flush();
        return { status: "rejected", seq: head.seq, line: head.line, answer: `not sent: ${misplaced}` };
      }
      const stop = await sendWindow(session, approved, sender, follow, part, seqs);
      if (stop !== null) {
        await sender.flush();
        return stop;
      }
      if (!transaction.inside.test(session.prompt().mode)) {
        await sender.flush();
        const last = part.at(-1) ?? head;
        if (last === lines.at(-1)) break;
        return {
          status: "rejected",
          seq: last.seq,
          line: last.line,
          answer: `the device left the configuration mode after this line and shows “${session.prompt().text.trim()}”; nothing was sent after it`,
        };
      }
    }
    await sender.flush();
    return { status: "done", confirmBy: null };
  } catch (error) {
    if (error instanceof Halt && error.outcome.status === "in_doubt" && error.outcome.seqs.length > 0) session.close();
    throw error;
  } finally {
    await leave(session, transaction);
  }
}

/** Sends one window and takes down each line's answer. What stops the device comes back: the first line refused or astray. */
async function sendWindow(
  session: Session,
  approved: ApprovedChange,
  sender: Sender,
  follow: Follower,
  part: readonly Line[],
  indices: readonly number[],
): Promise<ApplyOutcome | null> {
  const texts = part.map(({ line }) => line);
  expectNames(session, texts);
  let stop: ApplyOutcome | null = null;
  let done = 0;
  const look = ({ answers }: Exchange, lines: readonly Line[]): void => {
    for (const [n, { seq, line }] of lines.entries()) {
      const at = done + n;
      const answer = answers[n];
      const why = answer?.refused ?? null;
      sender.answered(seq, why === null ? "taken" : "refused", why ?? answer?.text ?? null);
      if (why !== null) stop ??= { status: "rejected", seq, line, answer: why };
      const mode = answer?.prompt?.mode ?? null;
      follow.took(indices[at] ?? 0, mode);
      const next = part[at + 1];
      const astray = next === undefined || mode === null ? null : follow.misplaced(indices[at + 1] ?? 0, mode);
      if (astray !== null && next !== undefined)
        stop ??= { status: "rejected", seq: next.seq, line: next.line, answer: `after “${line.trim()}”: ${astray}` };
    }
    done += lines.length;
  };
  await sender.send(part, {
    groups: flights(approved.platform, texts),
    after: look,
    until: () => stop !== null,
    changes: true,
  });
  for (const { seq } of part.slice(done)) sender.answered(seq, "absent", "not sent: the device was stopped before it");
  return stop;
}

/** Back to the operational mode. It changes nothing, so it needs no row; where it fails, the session is closed anyway. */
async function leave(session: Session, { leave: command, inside }: Immediate): Promise<void> {
  if (!session.isOpen() || !inside.test(session.prompt().mode)) return;
  try {
    await session.exchange([command], { quick: true });
  } catch {
    session.close();
  }
}

type Follower = {
  enter: (mode: string) => void;
  /** Why a line does not belong where the device stands; null when it does. */
  misplaced: (index: number, mode: string) => string | null;
  took: (index: number, mode: string | null) => void;
};

/**
 * Compares where the device stands, by its prompt, with the section that the next line belongs to: a header that led
 * nowhere would turn the lines under it into lines of the top level.
 */
function followSections(approved: ApprovedChange, texts: readonly string[], { inside }: Immediate): Follower {
  const places = placesOf(approved.platform, texts).filter((p) => p.from >= 0);
  const placeOf = (index: number) => places.find((p) => p.from <= index && index <= p.to);
  const modes = new Map<string, string>();
  const key = (path: readonly string[]): string => path.join("\u0000");
  let top = "";
  return {
    enter: (mode) => {
      top = mode;
      modes.set("", mode);
    },
    misplaced: (index, mode) => {
      const place = placeOf(index);
      if (place === undefined || place.kind === "exit" || place.depth === 0)
        return inside.test(mode) ? null : `the device is not in its configuration mode, but shows (${mode})`;
      const expected = modes.get(key(place.path));
      if (mode === top) return `it belongs to “${place.path.at(-1) ?? ""}”, but the device stands at the top level`;
      return expected === undefined || expected === mode
        ? null
        : `it belongs to “${place.path.at(-1) ?? ""}” (${expected}), but the device stands in (${mode})`;
    },
    took: (index, mode) => {
      const place = placeOf(index);
      if (place?.kind === "header" && mode !== null) modes.set(key([...place.path, place.text]), mode);
    },
  };
}
