import { JinjaError } from "../../errors.ts";

/** A place in a pattern. */
export class Scanner {
  readonly source: string;
  readonly chars: readonly string[];
  at = 0;
  /** Where each character begins in the source; places are counted in characters, as Python counts them. */
  readonly #offsets: number[] = [];

  constructor(source: string) {
    this.source = source;
    this.chars = Array.from(source);
    let offset = 0;
    for (const char of this.chars) {
      this.#offsets.push(offset);
      offset += char.length;
    }
  }

  done(): boolean {
    return this.at >= this.chars.length;
  }

  peek(): string | undefined {
    return this.chars[this.at];
  }

  next(): string {
    return this.chars[this.at++] ?? this.fail("unexpected end of pattern", this.at - 1);
  }

  accept(char: string): boolean {
    if (this.chars[this.at] !== char) return false;
    this.at++;
    return true;
  }

  /** What the sticky expression finds here. */
  take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#offsets[this.at] ?? this.source.length;
    const found = expression.exec(this.source)?.[0];
    if (found !== undefined) this.at += Array.from(found).length;
    return found;
  }

  /** Blanks and comments, which `(?x)` allows between the parts. */
  skipVerbose(): void {
    for (let char = this.peek(); char !== undefined; char = this.peek()) {
      if (" \t\n\r\v\f".includes(char)) this.at++;
      else if (char === "#") {
        while (!this.done() && this.peek() !== "\n") this.at++;
      } else break;
    }
  }

  fail(message: string, at = this.at): never {
    const shown = this.source.length > 80 ? `${this.source.slice(0, 80)}…` : this.source;
    throw new JinjaError(
      "ValueError",
      `the regular expression ${JSON.stringify(shown)} is wrong: ${message} at position ${at}`,
    );
  }
}
