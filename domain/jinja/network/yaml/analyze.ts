/** In which styles a text may be written (YAML 1.1, as PyYAML is strict about it). */
export type Analysis = {
  readonly multiline: boolean;
  readonly plainInBlock: boolean;
  readonly plainInFlow: boolean;
  readonly singleQuoted: boolean;
};

const BREAK = /[\n\x85\u2028\u2029]/;
const BLANK = "[\\0 \\t\\r\\n\\x85\\u2028\\u2029]";
/** A question mark, colon or dash is an indicator only before a blank. */
const NO_BLOCK_PLAIN = new RegExp(
  `^(?:---|\\.\\.\\.|[#,[\\]{}&*!|>'"%@\`]|[?:-](?:${BLANK}|$))|:(?:${BLANK}|$)|${BLANK}#`,
);
const NO_FLOW_PLAIN = new RegExp(`^[?:]|[,?[\\]{}:]`);
/** Characters beyond the first plane are printable too; libyaml escapes them. */
const SPECIAL = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

export function analyze(text: string): Analysis {
  if (text === "") return { multiline: false, plainInBlock: true, plainInFlow: false, singleQuoted: true };
  const multiline = BREAK.test(text);
  const singleQuoted = !/[\n\x85\u2028\u2029] | [\n\x85\u2028\u2029]/.test(text) && !SPECIAL.test(text);
  const plain = singleQuoted && !multiline && !text.startsWith(" ") && !text.endsWith(" ");
  const plainInBlock = plain && !NO_BLOCK_PLAIN.test(text);
  return { multiline, plainInBlock, plainInFlow: plainInBlock && !NO_FLOW_PLAIN.test(text), singleQuoted };
}
