import type { PlatformId } from "../contract/device.ts";
import type { SendingMode } from "../contract/change.ts";
import { placesOf } from "../config/apply.ts";
import { mayNotRepeat } from "../config/needed.ts";

/**
 * What is sent before an answer is waited for: indices into the lines. In a `block` (a banner's text, a certificate) the device
 * prompts only after the last line.
 */
export type SendWindow = { seqs: number[]; block: boolean };

/**
 * `staged`: everything is one window. `line`: each line is one. `section`: the leaves of the section whose prompt was seen, and the line
 * that leads elsewhere and changes nothing (the next header, an `exit`). A line that belongs to another section goes alone,
 * and so does one that may not be sent twice.
 */
export function planWindows(platform: PlatformId, lines: readonly string[], mode: SendingMode): SendWindow[] {
  if (lines.length === 0) return [];
  if (mode === "staged") return [{ seqs: lines.map((_, i) => i), block: false }];
  const windows: SendWindow[] = [];
  let open: number[] = [];
  let section = "";
  const close = (): void => {
    if (open.length > 0) windows.push({ seqs: open, block: false });
    open = [];
  };
  for (const place of placesOf(platform, lines)) {
    if (place.from < 0) continue;
    const seqs = Array.from({ length: place.to - place.from + 1 }, (_, n) => place.from + n);
    const block = place.kind === "block";
    if (mode === "line" || block || mayNotRepeat(platform, place.text)) {
      close();
      windows.push({ seqs, block });
      section = place.path.join("\u0000");
      continue;
    }
    const here = place.path.join("\u0000");
    const leads = place.kind === "header" || place.kind === "exit";
    const elsewhere = !leads && here !== section;
    if (elsewhere) close();
    open.push(...seqs);
    section =
      place.kind === "header"
        ? [...place.path, place.text].join("\u0000")
        : place.kind === "exit"
          ? place.path.slice(0, -1).join("\u0000")
          : here;
    if (leads || elsewhere) close();
  }
  close();
  return windows;
}
