/** Where the text stands while YAML is written: the emitter decides by it on blanks and new lines. */
export class YamlWriter {
  readonly parts: string[] = [];
  column = 0;
  /** The last character was a blank, or nothing came yet. */
  whitespace = true;
  /** So far the line holds nothing but the indent and indicators. */
  indention = true;
  indent: number | undefined = undefined;

  text(): string {
    return this.parts.join("");
  }

  write(text: string): void {
    this.parts.push(text);
    this.column += text.length;
  }

  writeIndicator(
    indicator: string,
    needsBlank: boolean,
    after: { whitespace?: boolean; indention?: boolean } = {},
  ): void {
    this.write(this.whitespace || !needsBlank ? indicator : ` ${indicator}`);
    this.whitespace = after.whitespace === true;
    this.indention = this.indention && after.indention === true;
  }

  writeIndent(): void {
    const indent = this.indent ?? 0;
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.writeBreak();
    if (this.column < indent) {
      this.whitespace = true;
      this.write(" ".repeat(indent - this.column));
    }
  }

  writeBreak(text = "\n"): void {
    this.parts.push(text);
    this.whitespace = true;
    this.indention = true;
    this.column = 0;
  }
}
