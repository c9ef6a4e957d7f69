export type LineRange = { from: number; to: number };

/** `12` or `12-20`, as addresses name lines; anything else names none. */
export function parseLines(text: string | undefined): LineRange | null {
  const found = /^([1-9]\d{0,6})(?:-([1-9]\d{0,6}))?$/.exec(text ?? "");
  if (!found) return null;
  const [from, to] = [Number(found[1]), Number(found[2] ?? found[1])];
  return { from: Math.min(from, to), to: Math.max(from, to) };
}

/** From the line chosen before to this one. */
export function linesBetween(chosen: string | undefined, line: number): string {
  const from = parseLines(chosen)?.from ?? line;
  return from === line ? String(line) : `${Math.min(from, line)}-${Math.max(from, line)}`;
}
