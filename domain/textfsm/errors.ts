/** A template that cannot be compiled. `line` counts from 1; 0 speaks of the whole template. */
export class TemplateError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(line === 0 ? message : `line ${line}: ${message}`);
    this.name = "TemplateError";
    this.line = line;
  }
}

/** A regular expression that Python refuses, or (`unsupported`) that JavaScript cannot match as Python does. */
export class PatternError extends Error {
  readonly unsupported: boolean;
  constructor(message: string, { unsupported = false } = {}) {
    super(message);
    this.name = "PatternError";
    this.unsupported = unsupported;
  }
}

/** The template's own `Error` action: the output holds a line that it does not know. Nothing of the output counts then. */
export class OutputError extends Error {
  /** What the template says, where it says something. */
  readonly says: string | null;
  readonly ruleLine: number;
  readonly inputLine: number;
  readonly input: string;
  constructor(at: { says: string | null; ruleLine: number; inputLine: number; input: string }) {
    super(`line ${at.inputLine} of the output is not known to the template: ${at.says ?? at.input}`);
    this.name = "OutputError";
    this.says = at.says;
    this.ruleLine = at.ruleLine;
    this.inputLine = at.inputLine;
    this.input = at.input;
  }
}
