import { jinja } from "@codemirror/lang-jinja";
import { LanguageSupport, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tagHighlighter, tags } from "@lezer/highlight";
import { EditorView, type Extension } from "@uiw/react-codemirror";

/** Around the tags stands the text of a configuration: lines of comment, and the rest. */
const configText = StreamLanguage.define<null>({
  name: "config",
  startState: () => null,
  token(stream) {
    const comment = stream.sol() && /^\s*(!|#(?!\{))/.test(stream.string);
    stream.skipToEnd();
    return comment ? "comment" : null;
  },
});

const classes = tagHighlighter([
  { tag: [tags.comment, tags.blockComment, tags.lineComment], class: "jc" },
  { tag: [tags.string, tags.number, tags.bool, tags.null, tags.literal], class: "jl" },
  { tag: [tags.variableName, tags.propertyName, tags.special(tags.variableName)], class: "jv" },
  {
    tag: [
      tags.keyword,
      tags.controlKeyword,
      tags.definitionKeyword,
      tags.moduleKeyword,
      tags.operatorKeyword,
      tags.brace,
      tags.operator,
      tags.function(tags.variableName),
      tags.tagName,
      tags.angleBracket,
    ],
    class: "jk",
  },
]);

export const templateLanguage: Extension = [
  jinja({ base: new LanguageSupport(configText) }),
  syntaxHighlighting(classes),
];

/** Only shape: colours are in templates.css, so that both themes have theirs. */
export const editorShape: Extension = EditorView.theme({
  "&": { height: "100%", fontSize: "12px", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--ns-mono)", lineHeight: "20px", fontVariantLigatures: "none" },
  ".cm-content": { padding: "6px 0", caretColor: "var(--ns-text)" },
  ".cm-line": { padding: "0 12px 0 4px" },
  ".cm-gutters": { border: "none", color: "var(--ns-t3)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "30px", padding: "0 8px 0 2px", fontSize: "11px" },
});
