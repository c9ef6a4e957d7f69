/** The classes of Python and Jinja by which templates fail; `TemplateSyntaxError` and its kin come before anything is rendered. */
export type PythonError =
  | "TemplateSyntaxError"
  | "TemplateAssertionError"
  | "TemplateNotFound"
  | "TemplatesNotFound"
  | "TemplateRuntimeError"
  | "UndefinedError"
  | "FilterArgumentError"
  | "SecurityError"
  | "TypeError"
  | "ValueError"
  | "KeyError"
  | "IndexError"
  | "AttributeError"
  | "AssertionError"
  | "ZeroDivisionError"
  | "OverflowError"
  | "RecursionError"
  | "UnboundLocalError"
  | "RuntimeError"
  /** Not Python's: a bound of ours on output, loops or time was reached. */
  | "LimitReached";

/** Where in which template: lines and columns count from 1; the template that was rendered itself has no name. */
export type Place = { template?: string; line: number; column?: number };

/** A template that cannot be read or rendered. Thrown by filters without a place, which the engine adds. */
export class JinjaError extends Error {
  readonly kind: PythonError;
  place: Place | undefined;
  constructor(kind: PythonError, message: string, place?: Place) {
    super(message);
    this.name = "JinjaError";
    this.kind = kind;
    this.place = place;
  }
}
