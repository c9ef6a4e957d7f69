import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { genericSecrets, iosSecrets, junosSecrets } from "../platforms/secret-rules.ts";

/** A secret that is kept: `secret://<id>`. A device's own value, as it is shown: `secret://hmac:<8 hex>`. */
const REFERENCE = /secret:\/\/[A-Za-z0-9:_.-]+/g;
const IS_REFERENCE = /^"?secret:\/\/[A-Za-z0-9:_.-]+"?$/;

/** What can stand before a line: indentation, a diff's sign, a prompt, `no`. */
const BEFORE = /^(?:[+-] ?)?\s*(?:(?:[\w.@/~-]+(?:\([^)]*\))?[#>%$]|\[edit[^\]]*\])\s*)?(?:no |default |inactive: )?/;

const everyRule = [...iosSecrets, ...junosSecrets, ...languages.linux.secrets, ...genericSecrets];

type Found = { start: number; end: number };

/** Where the secrets of a line are. */
function secretsIn(rules: readonly RegExp[], line: string, path: readonly string[]): Found[] {
  const lead = BEFORE.exec(line)?.[0] ?? "";
  const rest = line.slice(lead.length).trimEnd();
  const found: Found[] = [];
  for (const rule of rules) {
    const match = rule.exec(rest);
    const before = match?.[1];
    const value = match?.[2];
    if (before !== undefined && value !== undefined) found.push(clean(line, lead.length + before.length, value));
  }
  // in braces: `snmp { community public { … } }`
  if (path.length === 1 && path[0] === "snmp") {
    const community = /^(community |trap-group )("[^"]*"|[^\s;{]+)/.exec(rest);
    if (community?.[2] !== undefined) found.push({ start: lead.length + (community[1]?.length ?? 0), end: lead.length + community[0].length });
  }
  if (/## SECRET-DATA\s*$/.test(line) && found.length === 0) {
    const last = /("(?:[^"\\]|\\.)*"|[^\s;]+);?\s*## SECRET-DATA\s*$/.exec(line);
    if (last?.[1] !== undefined) found.push({ start: last.index, end: last.index + last[1].length });
  }
  return merge(found.filter((f) => f.end > f.start));
}

/** Without what ends a statement and Junos' own mark. */
function clean(line: string, start: number, value: string): Found {
  const bare = value.replace(/\s*;?\s*## SECRET-DATA$/, "").replace(/\s+(?=$)/, "");
  return { start, end: Math.min(line.length, start + bare.length) };
}

function merge(found: Found[]): Found[] {
  const merged: Found[] = [];
  for (const f of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && f.start < last.end) last.end = Math.max(last.end, f.end);
    else merged.push({ ...f });
  }
  return merged;
}

/** Replaces every secret of a text. What already is a reference stays. */
function replaceSecrets(rules: readonly RegExp[], text: string, replace: (value: string) => string): string {
  const path: string[] = [];
  return text
    .split("\n")
    .map((line) => {
      let out = line;
      for (const { start, end } of secretsIn(rules, line, path).reverse()) {
        const value = line.slice(start, end);
        if (IS_REFERENCE.test(value)) continue;
        const bare = /^"(?:[^"\\]|\\.)*"$/.test(value) ? value.slice(1, -1) : value;
        if (bare === "") continue;
        out = out.slice(0, start) + (bare === value ? replace(bare) : `"${replace(bare)}"`) + out.slice(end);
      }
      const brace = /^\s*(?:inactive: )?(.*?)\s*\{\s*(?:##.*)?$/.exec(line);
      if (brace) path.push(brace[1] ?? "");
      else if (/^\s*\}/.test(line)) path.pop();
      return out;
    })
    .join("\n");
}

/** A config, lines or any output of a device with `mask(value)` in the place of each secret. Knows every platform's secrets, whichever it is. */
export function maskSecrets(platform: PlatformId, text: string, mask: (value: string) => string): string {
  return replaceSecrets([...languages[platform].secrets, ...everyRule], text, mask);
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
  return lines.map((line) => replaceSecrets([...languages[platform].secrets, ...genericSecrets], line, store));
}

/** A line as it goes to the device. `resolve` gets each reference in it. */
export function fillSecrets(line: string, resolve: (reference: string) => string): string {
  return line.replace(REFERENCE, resolve);
}

export const holdsReference = (line: string): boolean => line.search(REFERENCE) !== -1;

/** A line without the value and type of its secrets: what a device that stores a hash leaves comparable. */
export function withoutSecrets(platform: PlatformId, line: string): string {
  const masked = maskSecrets(platform, line, () => "secret://*");
  return masked.replace(/"?secret:\/\/[A-Za-z0-9:_.*-]+"?/g, "*").replace(/ (?:[0-9]|sha512|md5|encrypted) \*/g, " *");
}
