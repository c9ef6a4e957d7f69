import { codePoint, secretLabel, tokenize, type Token } from "./tokens.ts";
import type { Range } from "./words.ts";
import "./diff.css";

const CLASS = { text: undefined, value: "cv", comment: "cc" } as const;

function Piece({ token }: { token: Token }) {
  if (token.kind === "secret")
    return (
      <span className="ns-secret" title={token.text}>
        {secretLabel(token.text)}
      </span>
    );
  if (token.kind === "hidden") {
    const { label, name } = codePoint(token.text);
    return (
      <span className="ns-hiddenchar" title={`${label}, ${name}`}>
        {label}
      </span>
    );
  }
  const className = CLASS[token.kind];
  return className === undefined ? token.text : <span className={className}>{token.text}</span>;
}

/** Cuts tokens where a mark begins or ends, so that each piece lies wholly inside or outside. */
function cut(tokens: Token[], marks: readonly Range[]): { token: Token; marked: boolean }[] {
  return tokens.flatMap((token) => {
    const end = token.start + token.text.length;
    const cuts = [token.start, ...marks.flat().filter((at) => at > token.start && at < end), end];
    // A secret or an escaped character stays whole.
    const points = token.kind === "secret" || token.kind === "hidden" ? [token.start, end] : cuts;
    return points.slice(1).map((to, i) => {
      const from = points[i] ?? token.start;
      const piece = { ...token, start: from, text: token.text.slice(from - token.start, to - token.start) };
      return { token: piece, marked: marks.some(([a, b]) => from >= a && from < b) };
    });
  });
}

/** One line of configuration: values in iris, comments dim, secrets as chips, deceiving characters as code points. */
export function ConfigLine({ text, marks = [] }: { text: string; marks?: readonly Range[] }) {
  const pieces = cut(tokenize(text), marks);
  const runs: { marked: boolean; tokens: Token[] }[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last && last.marked === piece.marked) last.tokens.push(piece.token);
    else runs.push({ marked: piece.marked, tokens: [piece.token] });
  }
  return runs.map((run, i) => {
    const inner = run.tokens.map((token) => <Piece key={token.start} token={token} />);
    return run.marked ? <mark key={i}>{inner}</mark> : <span key={i}>{inner}</span>;
  });
}

/** Stands at the end of a line that holds them. */
export function HiddenBadge() {
  return <span className="ns-hiddenbadge">hidden character</span>;
}
