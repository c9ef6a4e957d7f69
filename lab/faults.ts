import { z } from "zod";

const ms = z.number().int().min(0).max(3_600_000);
const count = z.number().int().min(1);

/**
 * Everything that can go wrong with a virtual router on demand. One entry is one fault: what it takes, and what it does.
 * All of them also take `once` (disarms itself when it has acted), and where they act on a line `match`.
 */
export const FAULTS = {
  slow_prompt: { params: z.strictObject({ delay_ms: ms }), does: "Each prompt comes late." },
  slow_line: { params: z.strictObject({ delay_ms: ms }), does: "The answer to a line comes late." },
  slow_auth: {
    params: z.strictObject({ delay_ms: ms }),
    does: "The decision about a login comes late, as from a far AAA server.",
  },
  cut_at_byte: {
    params: z.strictObject({ byte: count }),
    does: "The connection ends after this many bytes were received in config mode.",
  },
  cut_at_line: {
    params: z.strictObject({
      line: count.default(1),
      phase: z.enum(["before_receipt", "before_echo", "after_echo", "before_prompt"]).default("before_prompt"),
      applied: z.boolean().default(true),
    }),
    does: "The connection ends around the n-th config line since arming; `applied` says whether the line took effect.",
  },
  half_open: {
    params: z.strictObject({ line: count.default(1), applied: z.boolean().default(true) }),
    does: "After the n-th line the socket stays open and no byte comes any more.",
  },
  log_lines: {
    params: z.strictObject({
      text: z.string().default("%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up"),
      where: z.enum(["in_output", "in_echo", "before_prompt"]).default("in_output"),
    }),
    does: "A log line stands in the middle of what the router prints.",
  },
  host_key_changed: { params: z.strictObject({}), does: "Another host key is shown, until it is cleared." },
  vty_full: {
    params: z.strictObject({ how: z.enum(["close", "message"]).default("close") }),
    does: "All VTY lines are in use.",
  },
  neighbor_down: {
    params: z.strictObject({ neighbor: z.string(), protocol: z.enum(["bgp", "ospf", "both"]).default("both") }),
    does: "This neighbor is down.",
  },
  pager_stuck: { params: z.strictObject({}), does: "The pager works in spite of being turned off." },
  refuse_auth: { params: z.strictObject({}), does: "Every login is refused." },
  login_dialog: {
    params: z.strictObject({ text: z.string().default("Press any key to continue") }),
    does: "After login the router waits for a key before it goes on.",
  },
  question: {
    params: z.strictObject({
      text: z.string().default("Are you sure? [confirm]"),
      style: z.enum(["confirm", "line"]).default("confirm"),
    }),
    does: "The line is only carried out when a question is answered with yes.",
  },
  config_locked: {
    params: z.strictObject({ by: z.string().default("operator") }),
    does: "Somebody else holds the configuration lock.",
  },
  foreign_candidate: {
    params: z.strictObject({ line: z.string() }),
    does: "Somebody else left this uncommitted line in the shared candidate (Junos).",
  },
  commit_failure: {
    params: z.strictObject({ text: z.string().default("error: configuration check-out failed") }),
    does: "A commit is refused.",
  },
  save_failure: { params: z.strictObject({}), does: "Saving the config fails." },
  refused_line: { params: z.strictObject({ text: z.string().optional() }), does: "The line is refused." },
  ignored_line: { params: z.strictObject({}), does: "The line is accepted and changes nothing." },
  banner: { params: z.strictObject({ text: z.string() }), does: "This text is shown after login." },
  endless_output: { params: z.strictObject({}), does: "The command's output does not end until a break comes." },
  other_box: {
    params: z.strictObject({ hostname: z.string().default("other-router") }),
    does: "Another router answers: its name is on prompt and config.",
  },
  wrong_echo: {
    params: z.strictObject({ echo: z.string().default("#garbled#") }),
    does: "Another line is echoed than the one typed.",
  },
  binary_output: { params: z.strictObject({}), does: "Bytes that are not UTF-8 stand in the output." },
  old_ssh: { params: z.strictObject({}), does: "Only outdated SSH algorithms are offered." },
  silent_connect: { params: z.strictObject({}), does: "TCP connects, but the SSH server says nothing." },
  refuse_connection: { params: z.strictObject({}), does: "Nothing listens on the port." },
} as const;

export type FaultKind = keyof typeof FAULTS;
export type FaultParams<K extends FaultKind> = z.infer<(typeof FAULTS)[K]["params"]>;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[]; // the table's own keys

type Common = {
  /** Only lines this regular expression matches. */
  match?: string;
  /** Disarms itself when it has acted once. */
  once?: boolean;
};
/** A fault as it is ordered. */
export type NewFault = {
  [K in FaultKind]: { kind: K } & Partial<z.input<(typeof FAULTS)[K]["params"]>> & Common;
}[FaultKind];

/** A fault as it stands. */
export type ArmedFault = {
  id: number;
  kind: FaultKind;
  params: Record<string, unknown>;
  match: string | undefined;
  once: boolean;
  seen: number;
  fired: number;
};

const Envelope = z.looseObject({
  kind: z.enum(FAULT_KINDS as [FaultKind, ...FaultKind[]], { error: `must be one of ${FAULT_KINDS.join(", ")}` }),
  match: z.string().refine(isPattern, "must be a regular expression").optional(),
  once: z.boolean().default(false),
});
function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Reads an ordered fault; throws zod's error that names what is wrong. */
export function parseFault(input: unknown): Omit<ArmedFault, "id"> {
  const { kind, match, once, ...params } = Envelope.parse(input);
  return { kind, match, once, params: FAULTS[kind].params.parse(params), seen: 0, fired: 0 };
}

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
  /** Tells after each arm and clear. */
  onChange: (listener: () => void) => void;
};

export function createFaultBook(): FaultBook {
  let faults: ArmedFault[] = [];
  let nextId = 1;
  const listeners: (() => void)[] = [];
  const tell = (): void => listeners.forEach((listener) => listener());
  const find = (kind: FaultKind, line: string | undefined): ArmedFault | undefined =>
    faults.find(
      (f) => f.kind === kind && (f.match === undefined || (line !== undefined && new RegExp(f.match).test(line))),
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
      tell();
      return armed;
    },
    clear: (id) => {
      faults = id === undefined ? [] : faults.filter((f) => f.id !== id);
      tell();
    },
    list: () => faults,
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
