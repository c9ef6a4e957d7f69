/** So often a ping may be sent. */
const COUNT = "(?:100|[1-9]\\d?)";
const SECONDS = "(?:10|[1-9])";
const VALUE = "[\\w.:/-]+";

/**
 * `ping` with options that end: `counts` before a number up to 100, `values` before a word, `sizes` before a number, `flags`
 * alone. `counted`: without a count it would never end.
 */
export function pingRead({
  counts,
  values,
  flags = "df-bit",
  counted = false,
}: {
  counts: string;
  values: string;
  flags?: string;
  counted?: boolean;
}): RegExp {
  const must = counted ? `(?=.* (?:${counts}) ${COUNT}(?: |$))` : "";
  return new RegExp(
    `^ping ${must}[\\w.:-]+(?: (?:(?:${counts}) ${COUNT}|(?:${values}) ${VALUE}|size \\d{1,5}|(?:timeout|wait|ttl) ${SECONDS}|(?:${flags})))*$`,
  );
}

/** `traceroute`, which ends by itself. */
export const tracerouteRead = (values: string): RegExp =>
  new RegExp(`^traceroute [\\w.:-]+(?: (?:(?:${values}) ${VALUE}|(?:timeout|wait) ${SECONDS}))*$`);

/** What a `show` must not hold before its first filter, though it begins as a read: it goes on for ever, or takes minutes. */
export const NEVER_ENDS = [
  String.raw`^(?:show|sho|sh) +t(?:e(?:c\S*)?)?(?= |$)`,
  String.raw`(?<=^[^|]*\s)(?:(?:top|(?<=\spr\S*\s+)to)(?! once(?: |$))|tail?|fo(?:l\S*)?|cap(?:t\S*)?|unlimited|-f)(?=\s|$)`,
].join("|");

/** Of several patterns one, whatever the case of their letters. */
export const anyOf = (...patterns: readonly (RegExp | string)[]): RegExp =>
  new RegExp(patterns.map((p) => (typeof p === "string" ? p : p.source)).join("|"), "i");
