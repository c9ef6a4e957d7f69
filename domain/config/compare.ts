import type { Hunk } from "../contract/change.ts";
import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { applyLines } from "./apply.ts";
import { diffTrees } from "./diff.ts";
import { type FlatLine, flatten } from "./flat.ts";
import { entryOf, isSilent as isSilentLine } from "./indented-rules.ts";
import { withoutSecrets } from "./secrets.ts";
import type { ConfigTree } from "./tree.ts";

/**
 * Is the device as planned? `missing`: planned lines that it does not have; `unwanted`: lines that should be gone; `other`: whatever
 * else differs from what was foreseen, to be shown, not to fail.
 */
export function compareToPlan(
  platform: PlatformId,
  { before, lines, actual }: { before: ConfigTree; lines: readonly string[]; actual: ConfigTree },
): { missing: string[]; unwanted: string[]; other: Hunk[] } {
  const planned = applyLines(platform, before, lines).tree;
  const was = keyed(platform, before);
  const wanted = keyed(platform, planned);
  const is = keyed(platform, actual);
  const isThere = (key: string, line: FlatLine): boolean =>
    is.lines.has(key) || is.loose.has(unnumbered(platform, line));
  const missing = [...wanted.lines]
    .filter(([key, line]) => !was.lines.has(key) && !isThere(key, line))
    .map(([, line]) => say(line));
  const unwanted = [...was.lines]
    .filter(([key]) => !wanted.lines.has(key) && is.lines.has(key))
    .map(([, line]) => say(line));
  const explained = new Set([...missing, ...unwanted]);
  const isExplained = (path: readonly string[], shown: string): boolean => {
    const text = shown.trim();
    if (languages[platform].config.style === "set") {
      const statement = `set ${[...path, text.replace(/;$| \{.*$/, "")].join(" ")}`;
      return text === "}" || [...explained].some((e) => e === statement || e.startsWith(`${statement} `));
    }
    if (explained.has(say({ path, text })) || isSilent(platform, path.at(-1), text)) return true;
    // the same line on both sides, but for its secret or its number
    const key = unnumbered(platform, { path, text });
    return wanted.loose.has(key) && is.loose.has(key);
  };
  const other = diffTrees(planned, actual).filter(
    (hunk) =>
      !sameButSecrets(platform, hunk) && hunk.lines.some((l) => l.op !== " " && !isExplained(hunk.path, l.text)),
  );
  return { missing, unwanted, other };
}

/** Both sides say the same, each in its own form of the secret. */
function sameButSecrets(platform: PlatformId, { lines }: Hunk): boolean {
  const side = (op: "+" | "-"): string =>
    lines
      .filter((l) => l.op === op)
      .map((l) => withoutSecrets(platform, l.text))
      .sort()
      .join("\n");
  return side("+") === side("-");
}

const keyOf = (platform: PlatformId, { path, text }: FlatLine): string =>
  [...path, withoutSecrets(platform, text)].join("\u0000");

/** The lines that mean something, by what makes them the same line; `loose` does not mind an entry's number. */
function keyed(platform: PlatformId, tree: ConfigTree): { lines: Map<string, FlatLine>; loose: Set<string> } {
  const lines = new Map<string, FlatLine>();
  const loose = new Set<string>();
  for (const line of flatten(tree).values()) {
    if (isSilent(platform, line.path.at(-1), line.text)) continue;
    lines.set(keyOf(platform, line), line);
    loose.add(unnumbered(platform, line));
  }
  return { lines, loose };
}

function isSilent(platform: PlatformId, parent: string | undefined, text: string): boolean {
  const { config } = languages[platform];
  return config.style === "indented" && isSilentLine(config, text, parent);
}

/** An entry of a numbered list without its number: the device may number it otherwise than foreseen. */
function unnumbered(platform: PlatformId, line: FlatLine): string {
  const { config } = languages[platform];
  const entry = config.style === "indented" ? entryOf(config, line.text, line.path.at(-1)) : undefined;
  return entry ? [...line.path, entry.stem, entry.rest, "\u0001"].join("\u0000") : keyOf(platform, line);
}

const say = ({ path, text }: FlatLine): string => [...path, text].join(" / ");
