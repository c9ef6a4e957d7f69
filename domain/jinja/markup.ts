import { str } from "./print.ts";
import { Markup, Undefined, type Value } from "./values.ts";

const UNSAFE = /[&<>'"]/;
const ENTITIES = /[&<>'"]/g;
const NAMES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;" };

export function escapeText(text: string): string {
  return UNSAFE.test(text) ? text.replace(ENTITIES, (character) => NAMES[character] ?? character) : text;
}

/** The value as text that is safe in HTML; what is safe already stays as it is. */
export function escape(value: Value): Markup {
  if (value instanceof Markup) return value;
  return new Markup(escapeText(str(value)));
}

/** True for what says of itself that it is HTML. */
export const isHtml = (value: Value): boolean =>
  value instanceof Markup || (value instanceof Undefined && value.kind === "chainable");

/** A string stays what it is, safe or not; everything else is printed. */
export const softText = (value: Value): string | Markup => (value instanceof Markup ? value : str(value));
