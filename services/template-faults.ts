import { Unprocessable, type ErrorDetail } from "../domain/contract/errors.ts";
import { templateNameOf } from "../domain/contract/template.ts";
import type { PythonError } from "../domain/jinja/index.ts";
import type { Fault } from "./render-job.ts";

const CODES: Partial<Record<PythonError, string>> = {
  TemplateSyntaxError: "template_syntax",
  TemplateAssertionError: "template_syntax",
  TemplateNotFound: "template_not_found",
  TemplatesNotFound: "template_not_found",
  UndefinedError: "variable_undefined",
  FilterArgumentError: "filter_failed",
  LimitReached: "template_limit",
  RecursionError: "template_limit",
};
/** A value that an operation cannot take, as Python says it: a TypeError, a division by zero. */
const codeOf = (kind: PythonError): string => CODES[kind] ?? "template_failed";

const ADVICE: Record<string, string> = {
  variable_undefined: "; give it a value, or use the filter default",
  template_not_found: "; save it under that name, or send it along in templates",
};

/** What went wrong, in one sentence without its place. */
export function faultSentence(fault: Fault): { code: string; sentence: string } {
  const code = codeOf(fault.kind);
  const said = fault.kind === "TemplateNotFound" ? `there is no template ${fault.message}` : fault.message;
  return { code, sentence: `${said}${ADVICE[code] ?? ""}` };
}

/** In which template: the included one's name, or null for the one that was given. */
export const faultTemplate = ({ template }: Fault): string | null =>
  template === null ? null : templateNameOf(template);

/** The place in words: `line 3 of the template ntp: `. */
function placeOf(fault: Fault): string {
  const template = faultTemplate(fault);
  const inside = template === null ? "" : `the template ${template}`;
  if (fault.line === null) return inside === "" ? "the template " : `${inside} `;
  const line = `line ${fault.line}${fault.column === null ? "" : `, column ${fault.column}`}`;
  return `${line}${inside === "" ? "" : ` of ${inside}`}: `;
}

/** `path` is where the source stands in the request. */
export function faultDetail(fault: Fault, path = "content"): ErrorDetail {
  const { code, sentence } = faultSentence(fault);
  const template = faultTemplate(fault);
  return {
    path: template === null ? path : `templates.${template}`,
    code,
    message: fault.line === null ? `${placeOf(fault)}${sentence}` : sentence,
    ...(fault.line === null ? {} : { line: fault.line }),
    ...(fault.column === null ? {} : { column: fault.column }),
  };
}

export function faultError(fault: Fault): Unprocessable {
  const { code, sentence } = faultSentence(fault);
  return new Unprocessable(code, `${placeOf(fault)}${sentence}`, { details: [faultDetail(fault)] });
}
