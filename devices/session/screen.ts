/** What needs a terminal to be read right: backspaces, escapes, bells, and a carriage return that ends no line. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u009b]|\r(?![\r\n])/;
/** What most output is made of; much quicker to see than that nothing else is in it. */
const PLAIN = /^[\t\n\u0020-\u007e]*$/;

/** What a person would see of the bytes: line ends as `\n`, backspaces and cursor moves carried out, colours dropped. */
export function render(text: string, columns: number): string {
  const unix = text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
  if (PLAIN.test(unix) || !CONTROL.test(unix)) return unix.includes("\r") ? unix.replace(/\r+\n/g, "\n") : unix;
  return unix
    .replace(/\r+\n/g, "\n")
    .split("\n")
    .map((line) => (CONTROL.test(line) ? renderLine(line, columns) : line))
    .join("\n");
}

/** One line of output, which may have been longer than the terminal is wide. */
function renderLine(line: string, columns: number): string {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  const cells = (): string[] => rows[row] ?? [];
  const put = (char: string): void => {
    if (column >= columns) {
      row += 1;
      column = 0;
      rows[row] ??= [];
    }
    const at = cells();
    while (at.length < column) at.push(" ");
    at[column] = char;
    column += 1;
  };
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (char === "\r") column = 0;
    else if (char === "\b") {
      if (column === 0 && row > 0) {
        row -= 1;
        column = columns;
      }
      column = Math.max(0, column - 1);
    } else if (char === "\u001b" || char === "\u009b") {
      const { length, move } = escape(line.slice(i));
      i += length - 1;
      column = move?.(column, cells()) ?? column;
    } else if (char >= " " ? char !== "\u007f" : char === "\t") put(char);
  }
  return rows.map((r) => r.join("")).join("");
}

type Move = (column: number, cells: string[]) => number;

/** The escape sequence that a text begins with: how long it is, and what it does to the line. */
function escape(text: string): { length: number; move?: Move } {
  const csi = /^(?:\u001b\[|\u009b)([\d;?]*)[ -/]*([@-~])/.exec(text);
  if (csi) {
    const move = MOVES[csi[2] ?? ""];
    const n = Number.parseInt(csi[1] ?? "", 10);
    return move === undefined
      ? { length: csi[0].length }
      : { length: csi[0].length, move: (column, cells) => move(Number.isNaN(n) ? undefined : n, column, cells) };
  }
  // A title or link (OSC), a character set, or any other escape of two characters.
  const other = /^\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[()*+#][^]|[^[])/.exec(text);
  return { length: Math.max(1, other?.[0].length ?? 1) };
}

const MOVES: Record<string, (n: number | undefined, column: number, cells: string[]) => number> = {
  C: (n = 1, column) => column + Math.max(1, n),
  D: (n = 1, column) => Math.max(0, column - Math.max(1, n)),
  G: (n = 1) => Math.max(0, n - 1),
  K: (n = 0, column, cells) => {
    if (n === 0) cells.length = Math.min(cells.length, column);
    else cells.fill(" ", 0, n === 2 ? cells.length : Math.min(cells.length, column + 1));
    return column;
  },
  J: (n = 0, column, cells) => {
    if (n === 0) cells.length = Math.min(cells.length, column);
    return column;
  },
  P: (n = 1, column, cells) => {
    cells.splice(column, Math.max(1, n));
    return column;
  },
  "@": (n = 1, column, cells) => {
    if (column < cells.length) cells.splice(column, 0, ...Array<string>(Math.min(Math.max(1, n), 4096)).fill(" "));
    return column;
  },
};
