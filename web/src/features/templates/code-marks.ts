import {
  Decoration,
  EditorView,
  GutterMarker,
  RangeSet,
  StateEffect,
  StateField,
  WidgetType,
  gutter,
  type DecorationSet,
  type Extension,
  type Range,
  type Text,
} from "@uiw/react-codemirror";
import type { Problem } from "./problems.ts";

/** What the page marks in the text: lines that made what is looked at, and lines with a problem. */
export type Marks = { hot: readonly number[]; problems: readonly Problem[] };
export const setMarks = StateEffect.define<Marks>();

const ICONS = {
  error: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.200 6.200 0 0 0 8 1.8M6 6l4 4M10 6l-4 4",
  warning: "M8 2.3l6.100 10.900H1.900zM8 6.500v3M8 11.400v.01",
};

class Icon extends GutterMarker {
  readonly level: Problem["level"];
  constructor(level: Problem["level"]) {
    super();
    this.level = level;
  }
  override eq(other: GutterMarker): boolean {
    return other instanceof Icon && other.level === this.level;
  }
  override toDOM(): Node {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("class", `ns-icon ns-cm-icon ${this.level}`);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[this.level]);
    svg.append(path);
    return svg;
  }
}

/** The sentence, under the line it is about. */
class Sentence extends WidgetType {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super();
    this.problem = problem;
  }
  override eq(other: Sentence): boolean {
    return other.problem.message === this.problem.message && other.problem.level === this.problem.level;
  }
  override toDOM(): HTMLElement {
    const box = document.createElement("div");
    box.className = `ns-cm-lint ${this.problem.level}`;
    box.textContent = this.problem.message;
    return box;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

type Drawn = { lines: DecorationSet; icons: RangeSet<GutterMarker> };
const NOTHING: Drawn = { lines: Decoration.none, icons: RangeSet.empty };
const ICON = { error: new Icon("error"), warning: new Icon("warning") };

/** The word it is about, or what stands at the column; else all of the line. */
function stretch(text: string, { column, word }: Problem): [number, number] {
  const all: [number, number] = [text.length - text.trimStart().length, text.length];
  if (word !== null) {
    const at = text.search(new RegExp(String.raw`(?<![\w$])${word.replaceAll("$", String.raw`\$`)}(?![\w$])`));
    return at < 0 ? all : [at, at + word.length];
  }
  if (column === null || column > text.length) return all;
  return [column - 1, column - 1 + (/^\w+/.exec(text.slice(column - 1))?.[0].length ?? 1)];
}

function draw(doc: Text, { hot, problems }: Marks): Drawn {
  const lines: Range<Decoration>[] = [];
  const icons = new Map<number, Problem["level"]>();
  for (const number of hot)
    if (number <= doc.lines) lines.push(Decoration.line({ class: "ns-cm-hot" }).range(doc.line(number).from));
  for (const problem of problems) {
    if (problem.line === null || problem.line > doc.lines) continue;
    const line = doc.line(problem.line);
    const [from, to] = stretch(line.text, problem);
    if (to > from)
      lines.push(Decoration.mark({ class: `ns-cm-sq ${problem.level}` }).range(line.from + from, line.from + to));
    lines.push(Decoration.widget({ widget: new Sentence(problem), block: true, side: 1 }).range(line.to));
    if (icons.get(line.from) !== "error") icons.set(line.from, problem.level);
  }
  return {
    lines: Decoration.set(lines, true),
    icons: RangeSet.of(
      [...icons].map(([at, level]) => ICON[level].range(at)),
      true,
    ),
  };
}

const drawn = StateField.define<Drawn>({
  create: () => NOTHING,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return draw(transaction.state.doc, effect.value);
    if (!transaction.docChanged) return value;
    return { lines: value.lines.map(transaction.changes), icons: value.icons.map(transaction.changes) };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.lines),
});

export const marks: Extension = [
  drawn,
  gutter({
    class: "ns-cm-icons",
    markers: (view) => view.state.field(drawn).icons,
    initialSpacer: () => ICON.error,
  }),
];
