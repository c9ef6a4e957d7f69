import type { ArmedFault, FaultKind, FaultParams } from "./faults.ts";

/** The faults of one router that are armed now. */
export type FaultBook = {
  arm: (fault: Omit<ArmedFault, "id">) => ArmedFault;
  clear: (id?: number) => void;
  list: () => ArmedFault[];
  /** The fault's parameters if it is armed (and matches the line); it counts as having acted. */
  fire: <K extends FaultKind>(kind: K, line?: string) => FaultParams<K> | undefined;
  /** As `fire`, without acting. */
  armed: <K extends FaultKind>(kind: K, line?: string) => FaultParams<K> | undefined;
  /** Counts a line for the fault; gives its parameters when it is the n-th. */
  countDown: <K extends "cut_at_line" | "half_open">(kind: K, line: string) => FaultParams<K> | undefined;
  /** Those that may act now. */
  active: () => ArmedFault[];
  /** Tells when a fault begins or ends. */
  onChange: (listener: () => void) => void;
};

export function createFaultBook(): FaultBook {
  let faults: ArmedFault[] = [];
  let nextId = 1;
  /** Faults whose time has not come yet. */
  const waiting = new Map<number, NodeJS.Timeout>();
  const listeners: (() => void)[] = [];
  const tell = (): void => listeners.forEach((listener) => listener());
  const find = (kind: FaultKind, line: string | undefined): ArmedFault | undefined =>
    faults.find(
      (f) =>
        f.kind === kind &&
        !waiting.has(f.id) &&
        (f.match === undefined || (line !== undefined && new RegExp(f.match).test(line))),
    );
  const act = (fault: ArmedFault): void => {
    fault.fired++;
    fault.seen = 0;
    if (fault.once) {
      faults = faults.filter((f) => f !== fault);
      tell();
    }
  };
  const paramsOf = <K extends FaultKind>(_kind: K, fault: ArmedFault): FaultParams<K> => fault.params as FaultParams<K>; // parseFault checked them for this kind
  return {
    arm: (fault) => {
      const armed = { ...fault, id: nextId++ };
      faults = [...faults, armed];
      const start = (): void => {
        waiting.delete(armed.id);
        tell();
      };
      if (armed.after_ms > 0) waiting.set(armed.id, setTimeout(start, armed.after_ms).unref());
      tell();
      return armed;
    },
    clear: (id) => {
      const gone = faults.filter((f) => id === undefined || f.id === id);
      for (const fault of gone) clearTimeout(waiting.get(fault.id));
      faults = faults.filter((f) => !gone.includes(f));
      tell();
    },
    list: () => faults,
    active: () => faults.filter((f) => !waiting.has(f.id)),
    fire: (kind, line) => {
      const fault = find(kind, line);
      if (!fault) return undefined;
      act(fault);
      return paramsOf(kind, fault);
    },
    armed: (kind, line) => {
      const fault = find(kind, line);
      return fault ? paramsOf(kind, fault) : undefined;
    },
    countDown: (kind, line) => {
      const fault = find(kind, line);
      if (!fault) return undefined;
      fault.seen++;
      const params = paramsOf(kind, fault);
      if (fault.seen !== params.line) return undefined;
      act(fault);
      return params;
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
