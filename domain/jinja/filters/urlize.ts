import { bind, wantInt } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { toList } from "../iterate.ts";
import { escape, escapeText } from "../markup.ts";
import { str } from "../print.ts";
import { reprText } from "../repr.ts";
import { compareTexts } from "../compare.ts";
import { splitWhitespace } from "../methods/str-split.ts";
import { WHITESPACE } from "../strip.ts";
import { sliceText, textLength } from "../text.ts";
import { isTrue } from "../truth.ts";
import { Markup } from "../values.ts";

const SPACES = new RegExp(`([${WHITESPACE}]+)`);
const NOT_SPACE = `[^${WHITESPACE}]`;
const WORD = String.raw`[\p{L}\p{N}_]`;
const WORD_OR = String.raw`\p{L}\p{N}_`;

/** What Jinja takes for an address of the web: a scheme or `www.` before a name, a name under an old top domain, or a number. */
const WEB = new RegExp(
  String.raw`^(?:(?:https?:\/\/|www\.)(?:(?:[${WORD_OR}%\-]+\.)+)?(?:[a-z]{2,63}|xn--[${WORD_OR}%]{2,59})` +
    String.raw`|(?:[${WORD_OR}%\-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)` +
    String.raw`|https?:\/\/(?:\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}|\[(?:[\p{Nd}a-f]{0,4}:){2}(?:[\p{Nd}a-f]{0,4}:?){1,6}\]))` +
    String.raw`(?::\p{Nd}{1,5})?(?:[\/?#]${NOT_SPACE}*)?$`,
  "iu",
);
const MAIL = new RegExp(String.raw`^${NOT_SPACE}+@${WORD}[${WORD_OR}.\-]*\.${WORD}+$`, "u");
const SCHEME = new RegExp(String.raw`^[${WORD_OR}.+\-]{2,}:\/{0,2}$`, "u");

const HEAD = /^(?:[(<]|&lt;)+/;
const PAIRS = [
  ["(", ")"],
  ["<", ">"],
  ["&lt;", "&gt;"],
] as const;

type Word = { head: string; middle: string; tail: string };

const countOf = (text: string, part: string): number => text.split(part).length - 1;

/** Where the punctuation begins that a word ends with. */
function startOfTail(word: string): number {
  let start = word.length;
  for (;;) {
    if (word.endsWith("&gt;", start)) start -= 4;
    else if (start > 0 && ")>.,\n".includes(word.charAt(start - 1))) start -= 1;
    else return start;
  }
}

/** A word without the punctuation around it; what it opens itself it keeps closed. */
function takeApart(word: string): Word {
  const head = HEAD.exec(word)?.[0] ?? "";
  const rest = word.slice(head.length);
  const start = startOfTail(rest);
  let middle = rest.slice(0, start);
  let tail = rest.slice(start);
  for (const [open, close] of PAIRS) {
    const opened = countOf(middle, open);
    if (opened <= countOf(middle, close)) continue;
    for (let left = Math.min(opened, countOf(tail, close)); left > 0; left -= 1) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return { head, middle, tail };
}

type Options = { trim: (text: string) => string; attributes: string; schemes: readonly string[] };

function link(text: string, { trim, attributes, schemes }: Options): string {
  if (WEB.test(text)) {
    const address = /^https?:\/\//.test(text) ? text : `https://${text}`;
    return `<a href="${address}"${attributes}>${trim(text)}</a>`;
  }
  if (text.startsWith("mailto:") && MAIL.test(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`;
  if (
    text.includes("@") &&
    !text.startsWith("www.") &&
    !text.startsWith("@") &&
    !text.includes(":") &&
    MAIL.test(text)
  ) {
    return `<a href="mailto:${text}">${text}</a>`;
  }
  let linked = text;
  for (const scheme of schemes) {
    if (linked !== scheme && linked.startsWith(scheme)) linked = `<a href="${linked}"${attributes}>${linked}</a>`;
  }
  return linked;
}

function schemesOf(value: Parameters<typeof toList>[0]): string[] {
  if (value === null) return [];
  return toList(value).map((item) => {
    const scheme = str(item);
    if (SCHEME.test(scheme)) return scheme;
    throw new JinjaError("FilterArgumentError", `${reprText(scheme)} is not a valid URI scheme prefix.`);
  });
}

function trimmer(limit: number | undefined): (text: string) => string {
  if (limit === undefined) return (text) => text;
  return (text) => {
    const length = textLength(text);
    return length > limit ? `${sliceText(text, 0, limit < 0 ? Math.max(0, length + limit) : limit)}...` : text;
  };
}

const urlize: Filter = (value, args, kwargs, engine: EngineContext) => {
  const [limit, nofollow, target, rel, extra] = bind(
    "do_urlize",
    [
      ["trim_url_limit", null],
      ["nofollow", false],
      ["target", null],
      ["rel", null],
      ["extra_schemes", null],
    ],
    args,
    kwargs,
  );
  const words = new Set(rel === null ? [] : splitWhitespace(str(rel)));
  if (isTrue(nofollow)) words.add("nofollow");
  words.add("noopener");
  const relation = [...words].sort(compareTexts).join(" ");
  const attributes = ` rel="${escapeText(relation)}"${isTrue(target) ? ` target="${escape(target).text}"` : ""}`;
  const options: Options = {
    trim: trimmer(limit === null ? undefined : wantInt(limit)),
    attributes,
    schemes: schemesOf(extra),
  };
  const text = escape(value).text;
  engine.spend(text.length);
  const linked = text
    .split(SPACES)
    .map((word) => {
      const { head, middle, tail } = takeApart(word);
      return head + link(middle, options) + tail;
    })
    .join("");
  return engine.autoescape ? new Markup(linked) : linked;
};

export const URLIZE_FILTERS: Record<string, Filter> = { urlize };
