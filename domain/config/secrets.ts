import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import type { SecretRule } from "../platforms/language.ts";
import { joined } from "./opaque.ts";
import { genericSecrets, iosSecrets, junosSecrets } from "../platforms/secret-rules.ts";

/** A secret that is kept: `secret://<id>`. A device's own value, as it is shown: `secret://hmac:<8 hex>`. */
const REFERENCE = /secret:\/\/[A-Za-z0-9:_.-]+/g;
const IS_REFERENCE = /^secret:\/\/[A-Za-z0-9:_.*-]+$/;

/** What can stand before a line: indentation, a diff's sign, a prompt, `no`. */
const BEFORE =
  /^(?:[+-] ?)?\s*(?:(?:[\w.@/~-]+(?:\([^)]*\))?[#>%$]|\[edit[^\]]*\]|[<[][~*]?[\w.@/:()-]+[>\]])\s*)?(?:no |undo |default |inactive: )?/;

/** In order; and all of them as one or two expressions, which most lines do not fit. */
type Rules = { each: readonly SecretRule[]; any: readonly RegExp[] };

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
  const any = [...Map.groupBy(each, ({ match }) => match.flags)].map(
    ([flags, rules]) => new RegExp(rules.map(({ match }) => `(?:${match.source})`).join("|"), flags),
  );
  return { each, any };
}

/** A private key is a secret from line to line, whatever it belongs to. */
const KEY_BEGINS = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const KEY_ENDS = /-----END [A-Z ]*PRIVATE KEY-----/;

const MOST_IN_LINE = 50;

type Found = { start: number; end: number };

/** Where the secrets of a line are. */
function secretsIn(rules: Rules, line: string, headers: readonly string[]): Found[] {
  const header = headers.at(-1);
  const lead = BEFORE.exec(line)?.[0] ?? "";
  const rest = line
    .slice(lead.length)
    .trimEnd()
    .replace(/;?\s{0,80}## SECRET-DATA$/, "")
    .trimEnd();
  const fitting = rules.any.some((any) => any.test(rest)) ? rules.each : [];
  for (const { match, under, within, repeats } of fitting) {
    if (under !== undefined && (header === undefined || !under.test(header))) continue;
    if (within !== undefined && !headers.some((h) => within.test(h))) continue;
    const found: Found[] = [];
    let at = lead.length;
    let times = 0;
    for (let groups = match.exec(rest); groups; groups = repeats ? match.exec(line.slice(at)) : null) {
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
    if (times > 0) return found;
  }
  // Junos marks what no rule knows; the number of an NTP key is none
  const last =
    /## SECRET-DATA\s*$/.test(line) && !/ key \d+( prefer| version \d+)*$/.test(rest)
      ? /("(?:[^"\\]|\\.)*"|[^\s;]+)$/.exec(rest)
      : null;
  return last?.[1] === undefined
    ? []
    : [{ start: lead.length + last.index, end: lead.length + last.index + last[1].length }];
}

/** A message of a device's log, as IOS writes it; it may repeat a line that somebody typed, behind one of its colons. */
const LOG_MESSAGE = /%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)*\d-[A-Z0-9_]+: /;

function secretsInLog(rules: Rules, line: string): Found[] {
  if (!line.includes("%")) return [];
  const message = LOG_MESSAGE.exec(line);
  if (message === null) return [];
  const colons = [...line.matchAll(/:\s*/g)].filter(({ index }) => index > message.index);
  for (const { index, 0: colon } of colons.slice(0, MOST_IN_LINE)) {
    const at = index + colon.length;
    const found = secretsIn(rules, line.slice(at), []);
    if (found.length > 0) return found.map(({ start, end }) => ({ start: at + start, end: at + end }));
  }
  return [];
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
      while (headers.length > 0 && (indents.at(-1) ?? 0) >= indent) {
        headers.pop();
        indents.pop();
      }
      let out = line;
      const inLine = secretsIn(rules, line, headers);
      for (const { start, end } of (inLine.length > 0 ? inLine : secretsInLog(rules, line)).reverse()) {
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
