import type { PlatformId } from "../contract/device.ts";

/**
 * How a platform's configuration is written, as data. Every pattern is matched against one line without its indentation.
 */
export type PlatformLanguage = {
  id: PlatformId;
  /** As people call it: `IOS`. */
  label: string;
  config: IndentedConfig | SetConfig | OpaqueConfig | NoConfig;
  /** Lines that a user must not send, because entering, committing and saving are the engine's. */
  sessionLines: readonly LineRule[];
  /** Commands of the exec mode, which are no configuration. */
  execLines: readonly LineRule[];
  secrets: readonly SecretRule[];
  risks: readonly RiskRule[];
  /** Lines that must not be sent a second time without asking: their effect cannot be read back, or adds up. */
  unrepeatable: readonly RegExp[];
  reads: ReadGrammar;
};

export type LineRule = { match: RegExp; say: string };

/**
 * Odd groups are what stands before a secret, even groups the secrets. `under`: only in a section whose header is like this;
 * `within`: only where any of the sections around it is like this, or where no section is known, as of a line that a filter left.
 */
export type SecretRule = {
  match: RegExp;
  under?: RegExp;
  within?: RegExp;
  /** A line can hold several: looked for again behind the one that was found. */
  repeats?: true;
  /** Only in lines that hold this, which is found sooner than the rest of the rule. */
  needs?: string;
};

export type RiskRule = { level: "medium" | "high"; match: RegExp; under?: RegExp; say: string };

/** Of IOS and its relatives: one line one command, sub-modes by indentation, `no` takes back. */
export type IndentedConfig = {
  style: "indented";
  words: {
    /** Before a line: takes it back. */
    undo: string;
    /** Before a line: gives it its default again. */
    reset: string | null;
    /** Leaves a section. */
    leave: string;
    /** Begins a line that is none. */
    comment: string;
  };
  /** A line of another section is refused until the section was left; elsewhere a line of the top level leaves all of them. */
  leavesFirst: boolean;
  /** A comment between lines ends the sections that are as deep as it: what follows is of the section around them. */
  separated: boolean;
  /** Spaces per level in the platform's own output. */
  indent: number;
  /** Lines of the running config that are no configuration. */
  volatile: readonly RegExp[];
  /** Lines of the running config that only close a section. */
  closing: RegExp;
  /** Headers of sections at the top level. */
  headers: readonly RegExp[];
  /** Headers inside of other sections. */
  subHeaders: readonly { under: RegExp; header: RegExp }[];
  /** Commands that only the top level has: in a section they leave it. */
  globalLines: readonly RegExp[];
  /** Short forms that are written out before anything is planned. */
  shortForms: readonly { match: RegExp; full: string }[];
  interfaceNames: readonly { short: RegExp; full: string }[];
  /** Lines of which one takes the place of another: group 1 is how both begin, group 2 (optional) what else both share. */
  singles: readonly { match: RegExp; under?: RegExp }[];
  /** Lines whose `no` must name the very value. */
  exactNo: readonly RegExp[];
  /** Lists of which `no` takes all lines, whichever line it names; group 1 is the list. */
  wholeNo: readonly RegExp[];
  /** Defaults that the config shows only when they are off, as `no …`: where the section holds the line `given`, `unless` the section around it holds that one. */
  shownWhenOff: readonly { match: RegExp; under?: RegExp; given?: string; unless?: string }[];
  /** Switches that the config shows in either position, as `…` or `no …`. */
  shownEitherWay: readonly RegExp[];
  /** Lines that the config shows where there is no line that begins with `instead`; they mean the same as nothing. */
  silent: readonly { under: RegExp; text: string; instead: string }[];
  /** Values that the config does not show because they are the default; given, they take back any other. */
  defaults: readonly { under: RegExp; text: string }[];
  /** Lines whose options add up: given without them again, the ones they have stay. */
  keepsOptions: readonly { match: RegExp; under?: RegExp }[];
  /** Sections that the config shows only while they hold a line. */
  shownWhenFilled: readonly RegExp[];
  /** Sections without a `no`: they can only be emptied, and empty they mean nothing. */
  unremovable: readonly RegExp[];
  /** Lines that this platform shows in another section, or did in another version; `$1` is the match's first group. Without `under`, lines of the top level. */
  translations: readonly { under?: RegExp; match: RegExp; header: string; text: string }[];
  /** Lines that stand for several, one a number: `vlan batch 2 to 4`; group 1 is the numbers, `$` in `write` each of them. */
  spreads: readonly { match: RegExp; write: string }[];
  /** Numbered entries: group 1 the list, group 2 the number, group 3 the entry; `write` puts them together again. */
  sequences: readonly SequenceRule[];
  /** Sections whose lines work in the order in which they stand. */
  orderedSections: readonly RegExp[];
  /** Lines that work in order within their group; group 1 names the group. */
  orderedGroups: readonly RegExp[];
  /** Lines whose value is a list that grows: group 1 the command, group 2 the values. */
  lists: readonly ListRule[];
  /** How a line is taken back where `no` and the whole line is not how it is done. */
  removals: readonly { match: RegExp; write: string }[];
  /** Lines that the platform removes by itself when another one changes. */
  sideEffects: readonly { under?: RegExp; match: RegExp; drops: RegExp; say: string }[];
  /** `no` and group 1 takes back all lines that begin with it, in the section and in those inside of it. */
  stems: readonly { under: RegExp; match: RegExp; /** A line whose `no` does the same. */ alsoBy?: RegExp }[];
  blocks: readonly BlockRule[];
  /** Lines that leave no trace in the config. */
  traceless: readonly RegExp[];
  /** What others refer to: comes first when added, goes last when removed, in this order. */
  definitions: readonly RegExp[];
};

export type SequenceRule = {
  under?: RegExp;
  match: RegExp;
  write: string;
  /** The next number where none is given. */
  step: number;
  /** The first number, where it is not the step. */
  first?: number;
  /** The device numbers every entry; else only those of a list that has numbers. */
  numbered: boolean;
  /** How an entry is taken back, after `no`. */
  remove: string;
  /** `no` with a number takes that entry, whatever else it names. */
  noByNumber?: boolean;
};

/**
 * `ranges`: `1-3,7`, shown and given whole, `add` and `remove` change it. `to`: `1 to 3 7`, shown in one or several lines; given
 * again the list grows, and only the undone values go.
 */
export type ListRule = {
  match: RegExp;
  add?: RegExp;
  remove?: RegExp;
  values: "words" | "ranges" | "to";
  /** A value that every list has by itself. */ implied?: number;
};

/** Input of several lines: `delimiter` (the first character after `start`) or the line `end` closes it. */
export type BlockRule = {
  start: RegExp;
  under?: RegExp;
  close: { by: "delimiter" } | { by: "line"; end: RegExp; write: string };
};

/** Of Junos: a tree of words, shown in braces, changed by `set` and `delete`. */
export type SetConfig = {
  style: "set";
  indent: number;
  volatile: readonly RegExp[];
  /** Containers with their number of key words: `unit 0` is 1, `system` is 0. */
  containers: ReadonlyMap<string, number>;
  /** Containers whose children are named without a keyword: `interfaces { ge-0/0/0 { … } }`. */
  namedChildren: readonly string[];
  /** Paths of containers that stand on one line with what they hold, as long as that is one thing: `then accept;`. */
  oneLine: readonly RegExp[];
  /** Leaves with one value. */
  singles: ReadonlySet<string>;
  /** Paths of containers that stay when they have become empty, because being there means something: `services ssh`. */
  presence: readonly RegExp[];
  /** Whole paths of leaves with one value whose word means something else in other places. */
  singlePaths: readonly RegExp[];
  /** Paths where a word of `singles` has several values. */
  notSingle: readonly RegExp[];
  /** Leaves whose value is a list, shown in brackets. */
  lists: ReadonlySet<string>;
  /** Containers, by their first word, which stand in a working order among each other. */
  ordered: readonly string[];
};

/**
 * A configuration that is read, shown and compared as sections of lines by their indentation. What a line does to it is not
 * known here, so nothing can be planned against it.
 */
export type OpaqueConfig = {
  style: "opaque";
  indent: number;
  volatile: readonly RegExp[];
  /** Lines that only close a section. */
  closing: RegExp;
  /** What stands behind a header and is no part of it. */
  opening: RegExp | null;
  /** A value in double quotes may go on over several lines. */
  quotes?: true;
  /** What breaks a long line in two, as the platform shows it; taken out before anything is looked at. */
  continued: RegExp | null;
};

/** No configuration that could be read: lines are commands. */
export type NoConfig = { style: "none" };

/** Is it known what a line does to this configuration? */
export const isForeseen = (config: PlatformLanguage["config"]): config is IndentedConfig | SetConfig =>
  config.style === "indented" || config.style === "set";

export type ReadGrammar = {
  /** What a read begins with; the rest is arguments. */
  commands: readonly RegExp[];
  /** Words that make any command something else than a read. */
  forbidden: RegExp;
  /** What may stand after each `|`. */
  pipes: readonly RegExp[];
  /** Whether a `|` in quotes is text to the device for certain. */
  quotes: boolean;
  /** As a sentence shows it. */
  examples: string;
};
