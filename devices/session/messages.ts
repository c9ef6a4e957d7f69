/** A message as routers print it on a terminal: sequence number, time of day or since the start, process where there is one, then `%FACILITY-3-NAME:`. */
export const syslogLine =
  /^(?:\d{1,10}: )?[*.]?(?:(?:[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?[\d:.]+(?: [A-Z]{2,5})?(?: [\w.-]+ \w[\w-]*)?|\d{1,3}:\d\d:\d\d|(?:\d+[ywdh]){1,2}): )?(?:\d{1,10}: )?%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)?[0-7]-[A-Z0-9_]+: /;
