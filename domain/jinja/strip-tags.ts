import { unescape } from "./html.ts";
import { splitWhitespace } from "./methods/str-split.ts";

/** Cuts out everything from each `start` to the `end` after it. */
function cutAll(text: string, start: string, end: string): string {
  let kept = "";
  let at = 0;
  for (;;) {
    const from = text.indexOf(start, at);
    const to = from < 0 ? -1 : text.indexOf(end, from);
    if (to < 0) return kept + text.slice(at);
    kept += text.slice(at, from);
    at = to + end.length;
  }
}

/** Text without comments and tags, its whitespace drawn together, its entities as the characters they mean. */
export function stripTags(text: string): string {
  return unescape(splitWhitespace(cutAll(cutAll(text, "<!--", "-->"), "<", ">")).join(" "));
}
