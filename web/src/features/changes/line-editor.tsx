import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { tokenize, type TokenKind } from "../../components/diff/tokens.ts";
import type { Problem } from "./draft.ts";

/** Longer texts are edited plainly: colouring them on each key would be felt. */
const COLOURED = 1500;
const CLASS: Record<TokenKind, string | undefined> = {
  text: undefined,
  value: "cv",
  comment: "cc",
  secret: "cv",
  hidden: "hid",
};

type Props = {
  value: string;
  onChange: (text: string) => void;
  problems: readonly Problem[];
  label: string;
  /** Puts the cursor on this line when it changes. */
  jump: { line: number; nonce: number } | null;
};

/** Lines of configuration: a textarea over the same text in colour, with numbers, so that it edits as any textarea does. */
export function LineEditor({ value, onChange, problems, label, jump }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [current, setCurrent] = useState(0);
  const lines = value.split("\n");
  const bad = new Map(problems.map((p) => [p.line, p.message]));
  const coloured = lines.length <= COLOURED;

  useEffect(() => {
    const el = area.current;
    if (!el || jump === null) return;
    const before = el.value
      .split("\n")
      .slice(0, jump.line - 1)
      .join("\n").length;
    const at = jump.line > 1 ? before + 1 : 0;
    el.focus();
    el.setSelectionRange(at, at);
    setCurrent(jump.line - 1);
  }, [jump]);

  const follow = (el: HTMLTextAreaElement): void =>
    setCurrent(el.value.slice(0, el.selectionStart).split("\n").length - 1);
  const indent = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // A new line begins below the one before it, as in any editor of code.
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const el = event.currentTarget;
    const line = el.value.slice(0, el.selectionStart).split("\n").at(-1) ?? "";
    const space = /^\s+/.exec(line)?.[0] ?? "";
    if (space === "") return;
    event.preventDefault();
    el.setRangeText(`\n${space}`, el.selectionStart, el.selectionEnd, "end");
    onChange(el.value);
  };

  return (
    <div className={coloured ? "ns-edt" : "ns-edt plain"}>
      {coloured && (
        <div className="view" aria-hidden="true">
          {lines.map((line, i) => (
            <div
              key={i}
              className={`el${i === current ? " cur" : ""}${bad.has(i + 1) ? " bad" : ""}`}
              title={bad.get(i + 1)}
            >
              <span className="n">{i + 1}</span>
              <span className="x">
                {tokenize(line).map((token) => (
                  <span key={token.start} className={CLASS[token.kind]}>
                    {token.text}
                  </span>
                ))}
                {"\u200b"}
              </span>
            </div>
          ))}
        </div>
      )}
      <textarea
        ref={area}
        aria-label={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        placeholder="Type the lines as on the device, without configure or commit"
        aria-invalid={problems.length > 0}
        onChange={(event) => {
          onChange(event.currentTarget.value);
          follow(event.currentTarget);
        }}
        onSelect={(event) => follow(event.currentTarget)}
        onKeyDown={indent}
      />
    </div>
  );
}
