import type { Platform } from "../platforms/platform.ts";

/** A device's prompt, as a whole line. */
export type Prompt = {
  text: string;
  host: string;
  /** What stands in the parentheses of a configuration mode; empty outside of it, and where a platform shows none. */
  mode: string;
  level: string;
};

/** Reads a line as a prompt of the platform's shape. */
export function readPrompt(platform: Platform, line: string): Prompt | null {
  const groups = platform.prompt.exec(line)?.groups;
  return groups ? { text: line, host: groups.host ?? "", mode: groups.mode ?? "", level: groups.level ?? "" } : null;
}

/** What a session knows of its device's prompts. */
export type PromptBook = {
  /** The prompt that a line is, or null. */
  match: (line: string) => Prompt | null;
  /** The prompt that a line begins with, and what stands behind it. */
  lead: (line: string) => { prompt: Prompt; rest: string } | null;
  /** From here on the device may also call itself by this name. */
  renamed: (host: string) => void;
  hosts: () => readonly string[];
};

/** Learns the prompts of a session from the one that was seen twice. A prompt of no known shape is matched to the letter. */
export function learnPrompts(platform: Platform, seen: string): PromptBook {
  const first = readPrompt(platform, seen);
  const custom = first === null ? customPrompt(seen) : null;
  const hosts: string[] = first === null ? [] : [first.host];
  /** Only in a configuration mode is a long name cut off, and only where the platform does so. */
  const known = ({ host, mode }: Prompt): boolean =>
    hosts.some((h) => h === host || (mode !== "" && host.length === platform.promptCut && h.startsWith(host)));
  /** VRP shows its name and its view as one: `[SW1-GigabitEthernet0/0/1]`. */
  const inView = (prompt: Prompt): Prompt | null => {
    const view = prompt.mode.replace(/^\W+/, "");
    const host = hosts.find((h) => h !== "" && (view === h || view.startsWith(`${h}-`)));
    return host === undefined ? null : { ...prompt, host };
  };
  const match = (line: string): Prompt | null => {
    if (custom !== null) {
      const groups = custom.exec(line)?.groups;
      return groups
        ? { text: line, host: groups.host ?? "", mode: groups.mode ?? "", level: groups.level ?? "" }
        : null;
    }
    const prompt = readPrompt(platform, line);
    if (prompt === null) return null;
    if (prompt.host === "") return inView(prompt);
    return known(prompt) ? prompt : null;
  };
  return {
    match,
    lead: (line) => {
      for (const end of line.matchAll(/[>#$%\]] ?/g)) {
        const length = end.index + end[0].length;
        const prompt = match(line.slice(0, length));
        if (prompt !== null) return { prompt, rest: line.slice(length) };
      }
      return null;
    },
    renamed: (host) => {
      if (first === null) return;
      const at = first.host.lastIndexOf("@");
      hosts.push(at === -1 ? host : `${first.host.slice(0, at + 1)}${host}`);
    },
    hosts: () => hosts,
  };
}

/** `<name and what else><level>`, with the mode of a configuration in parentheses before the level. */
function customPrompt(seen: string): RegExp {
  const text = seen.trimEnd();
  const level = text.slice(-1);
  const base = text.slice(0, -1).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(
    `^(?<host>${base})(?:\\((?<mode>[^)]+)\\))?(?<level>${/[>#]/.test(level) ? "[>#]" : `\\${level}`}) ?$`,
  );
}
