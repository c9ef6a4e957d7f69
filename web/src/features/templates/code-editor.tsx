import CodeMirror, { EditorState, EditorView, type ReactCodeMirrorRef } from "@uiw/react-codemirror";
import { useEffect, useMemo, useRef, type KeyboardEvent } from "react";
import { editorShape, templateLanguage } from "./code-language.ts";
import { marks, setMarks, type Marks } from "./code-marks.ts";

/** A line to go to; another `nonce` goes there again. */
export type Jump = { line: number; nonce: number };

type Props = {
  value: string;
  onChange: (text: string) => void;
  label: string;
  readOnly: boolean;
  /** Long lines wrap: in the hand. */
  wrap: boolean;
  marked: Marks;
  jump: Jump | null;
  /** The line with the cursor, counted from 1; null when the cursor left the text. */
  onLine: (line: number | null) => void;
  onNextProblem: () => void;
};

const SETUP = {
  foldGutter: false,
  highlightActiveLine: false,
  highlightActiveLineGutter: false,
  autocompletion: false,
  lintKeymap: false,
  // Numbers come first here, then the marks.
  lineNumbers: true,
};

/** The text of a template. Tab leaves it, as in any field. */
export default function CodeEditor(props: Props) {
  const { value, label, readOnly, wrap, marked, jump } = props;
  const editor = useRef<ReactCodeMirrorRef>(null);
  const extensions = useMemo(
    () => [
      marks,
      templateLanguage,
      editorShape,
      ...(wrap ? [EditorView.lineWrapping] : []),
      ...(readOnly ? [EditorState.readOnly.of(true)] : []),
      EditorView.contentAttributes.of({
        "aria-label": label,
        spellcheck: "false",
        // What cannot be edited is still scrolled by keys.
        // Without it, what scrolls by keys is not seen to do so, whether it may be edited or not.
        tabindex: "0",
        ...(readOnly ? { "aria-readonly": "true" } : {}),
      }),
    ],
    [label, readOnly, wrap],
  );
  useEffect(() => {
    editor.current?.view?.dispatch({ effects: setMarks.of(marked) });
  }, [marked, value]);
  useEffect(() => {
    const view = editor.current?.view;
    if (!view || jump === null || jump.line > view.state.doc.lines) return;
    const { from } = view.state.doc.line(jump.line);
    view.focus();
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  }, [jump]);
  const nextProblem = (event: KeyboardEvent): void => {
    if (event.key !== "F8") return;
    event.preventDefault();
    props.onNextProblem();
  };
  return (
    <div className="ns-tp-cm" onKeyDown={nextProblem}>
      <CodeMirror
        ref={editor}
        value={value}
        onChange={props.onChange}
        onUpdate={({ selectionSet, focusChanged, docChanged, view }) => {
          if (!selectionSet && !focusChanged && !docChanged) return;
          props.onLine(view.hasFocus ? view.state.doc.lineAt(view.state.selection.main.head).number : null);
        }}
        theme="none"
        height="100%"
        basicSetup={SETUP}
        indentWithTab={false}
        editable={!readOnly}
        extensions={extensions}
        onCreateEditor={(view) => view.dispatch({ effects: setMarks.of(marked) })}
      />
    </div>
  );
}
