import { configWords } from "../lib/config-words.ts";

const CLASSES = { plain: undefined, value: "cv", comment: "cc", secret: "cs" } as const;

/** One line of a configuration in its colours. Device text is only ever a text node. */
export function ConfigText({ line }: { line: string }) {
  return configWords(line).map(({ text, kind }, i) =>
    kind === "plain" ? (
      text
    ) : (
      <span key={i} className={CLASSES[kind]}>
        {text}
      </span>
    ),
  );
}
