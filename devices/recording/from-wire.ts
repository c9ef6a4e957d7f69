import { shown, type Exchange, type Said } from "../../domain/contract/recording.ts";
import { COLUMNS } from "../transport/shell-channel.ts";
import { render } from "../session/screen.ts";

/** What crossed the wire of a shell, in order. */
export type Wire = { from: "device" | "engine"; text: string };

type Options = {
  /** Is a last line, as a person sees it, the device's prompt? */
  isPrompt: (line: string) => boolean;
  /** What was typed that must not be written down, and what stands in its place. */
  placeholders: readonly { secret: string; name: string }[];
};

/** Puts what a session said into exchanges: a line typed at a prompt begins one, anything else typed belongs to the one that is open. */
export function fromWire(
  wire: readonly Wire[],
  { isPrompt, placeholders }: Options,
): { line_end: string; opens: Said; exchanges: Exchange[] } {
  const line_end = lineEndOf(wire);
  type Open = { at: string; send: string; said: (string | { awaits: string })[] };
  const opens: Open = { at: "", send: "", said: [] };
  const exchanges: Open[] = [];
  let open: Open | null = opens;
  let lastLine = "";
  for (const { from, text } of wire) {
    if (from === "device") {
      const heard = text.replaceAll(line_end, "\n");
      lastLine = (lastLine + heard).slice((lastLine + heard).lastIndexOf("\n") + 1);
      const last = open?.said.at(-1);
      if (open !== null && typeof last === "string") open.said[open.said.length - 1] = last + heard;
      else open?.said.push(heard);
      continue;
    }
    const typed = text.replace(/\r$/, "\n");
    if (!(typed.endsWith("\n") && isPrompt(render(lastLine, COLUMNS)))) {
      // A key at a pager, an answer to a question: a whole secret, so that no part of one is left.
      const hidden = placeholders.find(({ secret }) => typed === `${secret}\n`);
      open?.said.push({ awaits: hidden === undefined ? typed : `{{${hidden.name}}}\n` });
      continue;
    }
    // Empty lines need no exchange: a device shows its prompt anew.
    open = typed.trim() === "" ? null : { at: lastLine, send: typed.slice(0, -1), said: [] };
    if (open !== null) exchanges.push(open);
  }
  return {
    line_end,
    opens: saidOf(opens.said),
    exchanges: exchanges.map(({ at, send, said: [first = "", ...more] }) => {
      const echo = `${send}\n`;
      const plain = typeof first === "string" && first.startsWith(echo);
      const said = typeof first === "string" && plain ? [first.slice(echo.length), ...more] : [first, ...more];
      return { at: shown(at), send, ...(plain ? {} : { echo: "" }), answer: saidOf(said) };
    }),
  };
}

const saidOf = (said: (string | { awaits: string })[]): Said => {
  const readable = said.map((each) => (typeof each === "string" ? shown(each) : { awaits: shown(each.awaits) }));
  const [only = ""] = readable;
  return readable.length <= 1 && typeof only === "string" ? only : readable;
};

/** The one line end of the device; where it has several, none is taken for granted. */
function lineEndOf(wire: readonly Wire[]): string {
  const text = wire.flatMap(({ from, text: each }) => (from === "device" ? [each] : [])).join("");
  const ends = new Set(text.match(/\r*\n/g) ?? []);
  const [only = "\r\n"] = ends;
  return ends.size <= 1 ? only : "\n";
}
