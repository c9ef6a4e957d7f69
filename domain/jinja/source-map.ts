/** For each line of the output: which lines of which templates made it, and of which variables. */
export type SourceMap = readonly OutputLine[];
export type OutputLine = {
  readonly sources: readonly { readonly template?: string; readonly line: number }[];
  readonly variables: readonly string[];
};

/** Where a piece of output comes from. Text of the template goes on to the next template line at each line break. */
export type Origin = {
  readonly template: string | undefined;
  readonly line: number;
  readonly isText: boolean;
  readonly variables: readonly string[];
};

/** A piece of output with its origins: what a macro printed has its own lines and that of the call. */
export type Segment = { readonly text: string; readonly origins: readonly Origin[] };

class LineBuilder {
  readonly #sources = new Map<string, { template?: string; line: number }>();
  readonly #variables = new Set<string>();

  add({ template, variables }: Origin, line: number): void {
    const source = template === undefined ? { line } : { template, line };
    this.#sources.set(`${line} ${template ?? ""}`, source);
    for (const variable of variables) this.#variables.add(variable);
  }

  build(): OutputLine {
    return { sources: [...this.#sources.values()], variables: [...this.#variables] };
  }
}

export function buildSourceMap(segments: readonly Segment[]): SourceMap {
  const lines: OutputLine[] = [];
  let current = new LineBuilder();
  let isOpen = false;
  for (const { text, origins } of segments) {
    const parts = text.split("\n");
    for (const [index, part] of parts.entries()) {
      const endsLine = index < parts.length - 1;
      if (part === "" && !endsLine) continue;
      for (const origin of origins) current.add(origin, origin.isText ? origin.line + index : origin.line);
      isOpen = true;
      if (!endsLine) continue;
      lines.push(current.build());
      current = new LineBuilder();
      isOpen = false;
    }
  }
  if (isOpen) lines.push(current.build());
  return lines;
}
