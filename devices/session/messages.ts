/** A message as routers print it on a terminal: sequence number, time of day or since the start, process where there is one, then `%FACILITY-3-NAME:`. */
export const syslogLine =
  /^(?:\d{1,10}: )?[*.]?(?:(?:[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?[\d:.]+(?: [A-Z]{2,5})?(?: [\w.-]+ \w[\w-]*)?|\d{1,3}:\d\d:\d\d|(?:\d+[ywdh]){1,2}): )?(?:\d{1,10}: )?%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)?[0-7]-[A-Z0-9_]+: /;

const FAILED =
  "fail|cannot|can't|could not|couldn't|unable|invalid|error|reject|refuse|denied|forbidden|illegal|conflict|ignored|out of range|no such|must |first\\b|not (?:be |been |yet )?(?:exist|support|allow|permit|chang|creat|appl|set\\b|configured|found|a |effective|take)|does ?n[o']t (?:exist|support|match|take)|already exist";

/** Begins as information does, and does not say that something failed. */
export const harmless = (begin: RegExp): RegExp => new RegExp(`${begin.source}(?!.*(?:${FAILED}))`, "i");
