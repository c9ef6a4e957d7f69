import type { ChangeStep, Run, RunStep } from "../../../../domain/contract/run.ts";
import { statusOf, type StateIcon, type StateKind } from "../../lib/status-of.ts";

/** The columns of the matrix. The way back has none: it hangs under apply and verify, and shows in `keep` once it is used. */
export const COLUMNS = ["plan", "approve", "apply", "verify", "keep"] as const satisfies readonly ChangeStep[];
export type Column = (typeof COLUMNS)[number];
export const isColumn = (text: string | undefined): text is Column => COLUMNS.some((c) => c === text);

/** How far the lines of one device are in one direction, as the stream counts them. */
export type Progress = {
  device: string;
  direction: "apply" | "keep" | "rollback";
  taken: number;
  in_doubt: number;
  refused: number;
  total: number;
};
export type ProgressMap = ReadonlyMap<string, Progress>;
export const progressKey = (device: string, direction: string): string => `${direction} ${device}`;

export type StepIndex = ReadonlyMap<string, RunStep>;
const stepKey = (type: string, device: string | null): string => `${type} ${device ?? ""}`;
export const indexSteps = (run: Pick<Run, "steps">): StepIndex =>
  new Map(run.steps.map((s) => [stepKey(s.type, s.device), s]));

const isUsed = (step: RunStep | undefined): step is RunStep =>
  step !== undefined && step.status !== "pending" && step.status !== "skipped";

/** The step that a cell shows: the device's own; the run's for planning and approving, which are one for all; the way back once used. */
export function cellStep(index: StepIndex, device: string, column: Column): RunStep | null {
  const back = index.get(stepKey("rollback", device));
  if (column === "keep" && isUsed(back)) return back;
  const own = index.get(stepKey(column, device));
  if (own) return own;
  return column === "plan" || column === "approve" ? (index.get(stepKey(column, null)) ?? null) : null;
}

export type CellView = {
  kind: StateKind;
  icon: StateIcon;
  /** Shown beside the icon. */ text: string;
  /** Read aloud. */ word: string;
  strong: boolean;
};
const NOTHING: CellView = { kind: "idle", icon: "ring", text: "", word: "not yet", strong: false };

/** `0.4 s` below a second, then whole units. */
export function shortDuration(ms: number, format: (ms: number) => string): string {
  if (ms < 50) return "<0.1 s";
  return ms < 1000 ? `${(ms / 1000).toFixed(1)} s` : format(ms);
}

export function cellView(
  step: RunStep | null,
  progress: Progress | undefined,
  format: (ms: number) => string,
): CellView {
  if (step === null || step.status === "pending") return NOTHING;
  const { kind, icon, word } = statusOf(step.status);
  const took = step.duration_ms === null ? "" : shortDuration(step.duration_ms, format);
  const view = (text: string, strong = true): CellView => ({ kind, icon, text, word, strong });
  switch (step.status) {
    case "success":
      if (step.type === "rollback")
        return { kind: "back", icon: "back", text: "rolled back", word: "rolled back", strong: true };
      if (step.type === "approve") return view(approver(step.message) ?? took, false);
      return step.type === "keep" ? view(took === "" ? "kept" : `kept, ${took}`) : view(took, false);
    case "interrupted":
      return view(progress && progress.in_doubt > 0 ? `line ${progress.taken + progress.refused + 1} ?` : "asks");
    case "failed":
      if (progress && progress.refused > 0) return view(`line ${progress.taken + 1} refused`);
      return view(step.error ? step.error.code.replaceAll("_", " ") : "failed");
    case "running":
      return view(
        progress && progress.total > 0 && progress.taken > 0
          ? `${progress.taken} of ${progress.total}`
          : step.type === "rollback"
            ? "rolling back"
            : "",
      );
    case "waiting_approval":
      return view("waits");
    case "rolled_back":
      return view("rolled back");
    default:
      return view(word.toLowerCase(), false);
  }
}

/** `change-mgr approved` → `change-mgr`. */
const approver = (message: string | null): string | null => /^(\S+) approved\b/.exec(message ?? "")?.[1] ?? null;

/** How many devices stand how in one column, in the order in which it matters. */
export function countColumn(
  index: StepIndex,
  devices: readonly string[],
  column: Column,
): { kind: StateKind; icon: StateIcon; count: number; word: string }[] {
  const found = new Map<string, { kind: StateKind; icon: StateIcon; count: number; word: string }>();
  for (const device of devices) {
    const { kind, icon, word } = cellView(cellStep(index, device, column), undefined, () => "");
    const known = found.get(kind);
    if (known) known.count += 1;
    else found.set(kind, { kind, icon, count: 1, word });
  }
  const order: StateKind[] = ["ok", "back", "doubt", "bad", "wait", "run", "idle"];
  return order.flatMap((kind) => found.get(kind) ?? []);
}

/** What a node of the graph is edged in: what needs somebody first, then what moves. */
export function loudest(counts: { kind: StateKind }[]): StateKind | null {
  return (["doubt", "bad", "wait", "run"] as const).find((kind) => counts.some((c) => c.kind === kind)) ?? null;
}

export type Place = { row: number; column: number };

/** Where an arrow key leads; null for keys that do not move. */
export function moveCell(from: Place, key: string, rows: number, columns: number, page = 10): Place | null {
  const row = (n: number): number => Math.min(rows - 1, Math.max(0, n));
  const column = (n: number): number => Math.min(columns - 1, Math.max(0, n));
  switch (key) {
    case "ArrowUp":
      return { ...from, row: row(from.row - 1) };
    case "ArrowDown":
      return { ...from, row: row(from.row + 1) };
    case "ArrowLeft":
      return { ...from, column: column(from.column - 1) };
    case "ArrowRight":
      return { ...from, column: column(from.column + 1) };
    case "Home":
      return { ...from, column: 0 };
    case "End":
      return { ...from, column: columns - 1 };
    case "mod+Home":
      return { row: 0, column: 0 };
    case "mod+End":
      return { row: row(rows - 1), column: columns - 1 };
    case "PageUp":
      return { ...from, row: row(from.row - page) };
    case "PageDown":
      return { ...from, row: row(from.row + page) };
    default:
      return null;
  }
}

/** The cell to look at first: one that asks, one that failed, one that runs, else the last that did something. */
export function firstCell(run: Pick<Run, "steps" | "devices">): { device: string; column: Column } | null {
  const index = indexSteps(run);
  for (const kinds of [["doubt"], ["bad"], ["run"], ["back"]] as const)
    for (const device of run.devices)
      for (const column of [...COLUMNS].reverse()) {
        const step = cellStep(index, device, column);
        if (
          step &&
          kinds.some((kind) => statusOf(step.status).kind === kind) &&
          (step.device !== null || column === "plan" || column === "approve")
        )
          return { device, column };
      }
  const [device] = run.devices;
  if (device === undefined) return null;
  const last = [...COLUMNS]
    .reverse()
    .find((column) => (cellStep(index, device, column)?.status ?? "pending") !== "pending");
  return { device, column: last ?? "plan" };
}

export const interruptedSteps = (run: Pick<Run, "steps">): RunStep[] =>
  run.steps.filter((s) => s.status === "interrupted" && s.device !== null);
