import { z } from "zod";

const ms = z.number().int().min(0).max(3_600_000);
const count = z.number().int().min(1);

/**
 * Everything that can go wrong with a virtual router on demand. One entry is one fault: what it takes, and what it does.
 * All of them also take `once` (disarms itself when it has acted), `after_ms` (acts from then on), and where they act on
 * a line `match`.
 */
export const FAULTS = {
  slow_prompt: { params: { delay_ms: ms }, does: "Each prompt comes late." },
  slow_line: { params: { delay_ms: ms }, does: "The answer to a line comes late." },
  trickle: {
    params: { bytes: count.default(16), delay_ms: ms },
    does: "The answer comes in small pieces, with a pause between them.",
  },
  slow_auth: {
    params: { delay_ms: ms },
    does: "The decision about a login comes late, as from a far AAA server.",
  },
  cut_at_byte: {
    params: { byte: count },
    does: "The connection ends after this many bytes were received in config mode.",
  },
  cut_at_line: {
    params: {
      line: count.default(1),
      phase: z.enum(["before_receipt", "before_echo", "after_echo", "before_prompt"]).default("before_prompt"),
      applied: z.boolean().default(true),
      late_ms: ms.default(0),
    },
    does: "The connection ends around the n-th line in config mode since arming; `applied` says whether the line took effect, and `late_ms` how long after the end: until then the session's locks are held.",
  },
  half_open: {
    params: { line: count.default(1), applied: z.boolean().default(true) },
    does: "After the n-th line the socket stays open and no byte comes any more.",
  },
  log_lines: {
    params: {
      text: z.string().default("%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up"),
      where: z.enum(["in_output", "in_echo", "before_prompt"]).default("in_output"),
    },
    does: "A log line stands in the middle of what the router prints.",
  },
  host_key_changed: { params: {}, does: "Another host key is shown, until it is cleared." },
  vty_full: {
    params: { how: z.enum(["close", "message"]).default("close") },
    does: "All VTY lines are in use.",
  },
  neighbor_down: {
    params: { neighbor: z.string(), protocol: z.enum(["bgp", "ospf", "both"]).default("both") },
    does: "This neighbor is down.",
  },
  pager_stuck: { params: {}, does: "The pager works in spite of being turned off." },
  refuse_auth: { params: {}, does: "Every login is refused." },
  refuse_enable: { params: {}, does: "Every enable password is refused." },
  hang_up_at_login: { params: {}, does: "The connection ends when a password comes, without a word about it." },
  auth_dialog: {
    params: { prompt: z.string().default("Enter your new password: ") },
    does: "Login is by keyboard-interactive alone, and asks this instead of the password.",
  },
  only_keyboard_interactive: { params: {}, does: "A password is taken by keyboard-interactive alone." },
  login_dialog: {
    params: { text: z.string().default("Press any key to continue") },
    does: "After login the router waits for a key before it goes on.",
  },
  question: {
    params: {
      text: z.string().default("Are you sure? [confirm]"),
      style: z.enum(["confirm", "line"]).default("confirm"),
    },
    does: "The line is only carried out when a question is answered with yes.",
  },
  config_locked: {
    params: { by: z.string().default("operator") },
    does: "Somebody else holds the configuration lock.",
  },
  foreign_candidate: {
    params: { line: z.string() },
    does: "Somebody else left this uncommitted line in the shared candidate (Junos).",
  },
  commit_failure: {
    params: { text: z.string().default("error: configuration check-out failed") },
    does: "A commit is refused.",
  },
  save_failure: { params: {}, does: "Saving the config fails." },
  refused_line: { params: { text: z.string().optional() }, does: "The line is refused." },
  ignored_line: { params: {}, does: "The line is accepted and changes nothing." },
  banner: { params: { text: z.string() }, does: "This text is shown after login." },
  cut_output: {
    params: { percent: z.number().min(0).max(100).default(50) },
    does: "The connection ends when so much of the command's output was printed.",
  },
  lost_output: {
    params: { percent: z.number().min(1).max(100).default(30), where: z.enum(["middle", "end"]).default("end") },
    does: "So much of the command's output is missing, and the prompt comes as if it were whole.",
  },
  other_output: { params: { text: z.string() }, does: "This text is printed in place of the command's output." },
  endless_output: { params: {}, does: "The command's output does not end until a break comes." },
  other_box: {
    params: {
      hostname: z.string().default("other-router"),
      serial: z.string().optional(),
      os_version: z.string().optional(),
    },
    does: "Another router answers: its name is on prompt and config, its serial number and version where it tells them.",
  },
  reload: { params: {}, does: "The router restarts when the line arrives, and does not say so." },
  wrong_echo: {
    params: { echo: z.string().default("#garbled#") },
    does: "Another line is echoed than the one typed.",
  },
  rewritten_echo: {
    params: { how: z.enum(["wrap", "backspace", "colour"]).default("wrap") },
    does: "The line is echoed as it is, but wrapped, with typing errors rubbed out, or in colour.",
  },
  binary_output: { params: {}, does: "Bytes that are not UTF-8 stand in the output." },
  old_ssh: { params: {}, does: "Only outdated SSH algorithms are offered." },
  silent_connect: { params: {}, does: "TCP connects, but the SSH server says nothing." },
  refuse_connection: { params: {}, does: "Nothing listens on the port." },
  unanswered_connect: { params: {}, does: "What is sent to the port is lost: no connection is made or refused." },
} as const;

export type FaultKind = keyof typeof FAULTS;
type Shape<K extends FaultKind> = (typeof FAULTS)[K]["params"];
export type FaultParams<K extends FaultKind> = { [P in keyof Shape<K>]: z.output<Shape<K>[P]> };
const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[]; // the table's own keys

type Common = {
  /** Only lines this regular expression matches. */
  match?: string;
  /** Disarms itself when it has acted once. */
  once?: boolean;
  /** Acts only from this long after it was ordered. */
  after_ms?: number;
};
type Ordered<S> = { [P in keyof S as undefined extends z.input<S[P]> ? never : P]: z.input<S[P]> } & {
  [P in keyof S as undefined extends z.input<S[P]> ? P : never]?: z.input<S[P]>;
};
/** A fault as it is ordered. */
export type NewFault = { [K in FaultKind]: { kind: K } & Ordered<Shape<K>> & Common }[FaultKind];

/** A fault as it stands. */
export type ArmedFault = {
  id: number;
  kind: FaultKind;
  params: Record<string, unknown>;
  match: string | undefined;
  once: boolean;
  after_ms: number;
  /** Lines that counted for it since it last acted. */
  seen: number;
  /** How often it acted. */
  fired: number;
};

const Envelope = z.looseObject({
  kind: z.enum(FAULT_KINDS as [FaultKind, ...FaultKind[]], { error: `must be one of ${FAULT_KINDS.join(", ")}` }),
  match: z.string().refine(isPattern, "must be a regular expression").optional(),
  once: z.boolean().default(false),
  after_ms: ms.default(0),
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
  const { kind, match, once, after_ms, ...params } = Envelope.parse(input);
  return { kind, match, once, after_ms, params: z.strictObject(FAULTS[kind].params).parse(params), seen: 0, fired: 0 };
}
