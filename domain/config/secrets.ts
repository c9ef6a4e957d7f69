import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import type { SecretRule } from "../platforms/language.ts";
import { merged, type Found } from "./found.ts";
import { joined } from "./opaque.ts";
import { genericSecrets, iosSecrets, junosSecrets } from "../platforms/secret-rules.ts";

/** A secret that is kept: `secret://<id>`. A device's own value, as it is shown: `secret://hmac:<8 hex>`. */
const REFERENCE = /secret:\/\/[A-Za-z0-9:_.-]+/g;
const IS_REFERENCE = /^secret:\/\/[A-Za-z0-9:_.*-]+$/;

/** What can stand before a line: indentation, what wiped a pager's question away (in a recording as pictures), a diff's sign, a prompt, `no`. */
const BEFORE =
  /^(?:[+-] ?)?(?:\u241b\[[\d;?]*[A-Za-z]|[\s\u2400-\u241a\u241c-\u241f\u2421])*(?:(?:[\w.@/~-]+(?:\([^)]*\))?[#>%$]|\[edit[^\]]*\]|[<[][~*]?[\w.@/:()-]+[>\]])\s*)?(?:no |undo |default |inactive: )?/;

/** In order; and all of them as one or two expressions, which most lines do not fit. */
type Rules = { each: readonly SecretRule[]; any: readonly RegExp[]; needs: readonly string[]; paths: boolean };

const known = new Map<PlatformId, Rules>();

/** The platform's own rules, then what looks like a secret anywhere. Of a host, whose output can be anything's, all of them. */
function rulesOf(platform: PlatformId): Rules {
  const rules = known.get(platform) ?? readRules(platform);
  known.set(platform, rules);
  return rules;
}

function readRules(platform: PlatformId): Rules {
  const own = languages[platform].secrets;
  const each =
    platform === "linux" ? [...own, ...genericSecrets, ...junosSecrets, ...iosSecrets] : [...own, ...genericSecrets];
  const needs = [...new Set(each.flatMap((rule) => rule.needs ?? []))];
  const always = each.filter((rule) => rule.needs === undefined);
  const any = [...Map.groupBy(always, ({ match }) => match.flags)].map(
    ([flags, rules]) => new RegExp(rules.map(({ match }) => `(?:${match.source})`).join("|"), flags),
  );
  return { each, any, needs, paths: platform === "mikrotik_routeros" };
}

/** A private key is a secret from line to line, whatever it belongs to. */
const KEY_BEGINS = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const KEY_ENDS = /-----END [A-Z ]*PRIVATE KEY-----/;

const MOST_IN_LINE = 50;

/** Where the secrets of a line are. */
function secretsIn(rules: Rules, line: string, headers: readonly string[]): Found[] {
  const header = headers.at(-1);
  const lead = BEFORE.exec(line)?.[0] ?? "";
  const rest = line
    .slice(lead.length)
    .trimEnd()
    .replace(/;?\s{0,80}## SECRET-DATA$/, "")
    .trimEnd();
  const needed = rules.needs.filter((part) => rest.includes(part));
  const fitting = needed.length > 0 || rules.any.some((any) => any.test(rest)) ? rules.each : [];
  const found: Found[] = [];
  for (const { match, under, within, repeats, needs } of fitting) {
    if (needs !== undefined && !needed.includes(needs)) continue;
    if (under !== undefined && (header === undefined || !under.test(header))) continue;
    if (within !== undefined && header !== undefined && !headers.some((h) => within.test(h))) continue;
    let at = lead.length;
    let times = 0;
    for (let groups = match.exec(rest); groups; groups = repeats ? match.exec(line.slice(at)) : null) {
      // nothing to find: the rule is there to say so
      if (groups.length === 2) return merged(line, found);
      times += 1;
      // nobody writes so many into one line: all of the rest is one
      if (times > MOST_IN_LINE) {
        found.push({ start: at, end: line.length });
        break;
      }
      for (const [i, group = ""] of groups.slice(1).entries()) {
        if (i % 2 === 1) found.push({ start: at, end: at + group.length });
        at += group.length;
      }
    }
  }
  if (found.length > 0) return merged(line, found);
  // Junos marks what no rule knows; the number of an NTP key is none
  const last =
    /## SECRET-DATA\s*$/.test(line) && !/ key \d+( prefer| version \d+)*$/.test(rest)
      ? /("(?:[^"\\]|\\.)*"|[^\s;]+)$/.exec(rest)
      : null;
  return last?.[1] === undefined
    ? []
    : [{ start: lead.length + last.index, end: lead.length + last.index + last[1].length }];
}

/** A message of a device's log, or one line of its record of commands; it may repeat a line that somebody typed. */
const LOG_MESSAGE =
  /%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)*\d-[A-Z0-9_]+ ?: |\bcmd=|\bCommand is |\b[Cc]ommand[ =]['"]|\bUser \S{1,64}: |^\s*\d+\s+\d+\s+\S{1,64}@\S{1,64}\s*\|/;
/** One of these is in each of them, and in few other lines. */
const LOG_HOLDS = ["%", "cmd=", "ommand", "User ", "|"];
/** What that line stands behind. */
const LINE_BEGINS = /(?:[:|]|cmd=|Command is|[Cc]ommand[ =]['"]| ;)\s*/g;

function secretsInLog(rules: Rules, line: string): Found[] {
  if (!LOG_HOLDS.some((part) => line.includes(part))) return [];
  const message = LOG_MESSAGE.exec(line);
  if (message === null) return [];
  const begins = [...line.matchAll(LINE_BEGINS)].filter(({ index, 0: sign }) => index + sign.length > message.index);
  return begins.slice(0, MOST_IN_LINE).flatMap(({ index, 0: sign }) => {
    const at = index + sign.length;
    return secretsIn(rules, line.slice(at), []).map(({ start, end }) => ({ start: at + start, end: at + end }));
  });
}

/** Replaces every secret of a text. What already is a reference stays. */
function replaceSecrets(rules: Rules, text: string, replace: (value: string) => string): string {
  const indents: number[] = [];
  const headers: string[] = [];
  let inKey = false;
  return text
    .split("\n")
    .map((line) => {
      if (inKey) {
        inKey = !KEY_ENDS.test(line);
        const body = line.trim();
        return !inKey || body === "" || IS_REFERENCE.test(body) ? line : line.replace(body, () => replace(body));
      }
      inKey = KEY_BEGINS.test(line) && !KEY_ENDS.test(line);
      const indent = line.length - line.trimStart().length;
      // a path of RouterOS holds for the lines below it, which are as deep as it
      const stays = (header: string | undefined): boolean => rules.paths && header?.startsWith("/") === true;
      while (
        headers.length > 0 &&
        (indents.at(-1) ?? 0) >= indent &&
        !(stays(headers.at(-1)) && !line.startsWith("/"))
      ) {
        headers.pop();
        indents.pop();
      }
      let out = line;
      const found = secretsIn(rules, line, headers);
      const inLog = secretsInLog(rules, line);
      for (const { start, end } of (inLog.length > 0 ? merged(line, [...found, ...inLog]) : found).toReversed()) {
        const value = line.slice(start, end);
        const quote = /^("(?:[^"\\]|\\.)*"|'[^']*')$/.test(value) ? value.slice(0, 1) : "";
        const bare = quote === "" ? value : value.slice(1, -1);
        if (bare === "" || IS_REFERENCE.test(bare)) continue;
        out = out.slice(0, start) + quote + replace(bare) + quote + out.slice(end);
      }
      const trimmed = line.trim();
      if (trimmed !== "") {
        indents.push(indent);
        headers.push(trimmed.replace(/^inactive: |\s{0,8}\{$/g, ""));
      }
      return out;
    })
    .join("\n");
}

/** A config, lines or any output of a device with `mask(value)` in the place of each secret. */
export function maskSecrets(platform: PlatformId, text: string, mask: (value: string) => string): string {
  const { config } = languages[platform];
  // what a break stands in the middle of would not be found
  return replaceSecrets(rulesOf(platform), config.style === "opaque" ? joined(config, text) : text, mask);
}

/** The values that `maskSecrets` would replace. */
export function secretValues(platform: PlatformId, text: string): string[] {
  const values = new Set<string>();
  maskSecrets(platform, text, (value) => {
    values.add(value);
    return value;
  });
  return [...values];
}

/** A user's lines with each secret put away: `store` keeps the value and gives its reference, `secret://<id>`. */
export function cutSecrets(platform: PlatformId, lines: readonly string[], store: (value: string) => string): string[] {
  return replaceSecrets(rulesOf(platform), lines.join("\n"), store).split("\n");
}

/** A line as it goes to the device. `resolve` gets each reference in it. */
export function fillSecrets(line: string, resolve: (reference: string) => string): string {
  return line.replace(REFERENCE, resolve);
}

export const holdsReference = (line: string): boolean => line.search(REFERENCE) !== -1;

/** A line without the value and type of its secrets: what a device that stores a hash leaves comparable. */
export function withoutSecrets(platform: PlatformId, line: string): string {
  const masked = maskSecrets(platform, line, () => "secret://*");
  return masked
    .replace(/"?secret:\/\/[A-Za-z0-9:_.*-]+"?/g, "*")
    .replace(/ (?:[0-9]|sha512|md5|encrypted|cipher|irreversible-cipher|simple|plain|hash) \*/g, " *");
}
