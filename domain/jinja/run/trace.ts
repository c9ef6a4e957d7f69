import { buildSourceMap, type Origin, type Segment, type SourceMap } from "../source-map.ts";

/**
 * Notes where everything comes from that is printed. What a macro or a set block printed is remembered by its text: where
 * just that text is printed later, its own lines are known.
 */
export class Trace {
  #segments: Segment[] = [];
  readonly #captured = new Map<string, readonly Segment[]>();

  /** Gives how many pieces were noted: a value may be what was captured before, and then has pieces of its own. */
  write(text: string, origin: Origin): number {
    if (text === "") return 0;
    const captured = origin.isText ? undefined : this.#captured.get(text);
    if (captured === undefined || captured.length > MOST_SEGMENTS) {
      this.#segments.push({ text, origins: [origin] });
      return 1;
    }
    for (const segment of captured)
      this.#segments.push({ text: segment.text, origins: [...segment.origins.slice(0, MOST_ORIGINS), origin] });
    return captured.length;
  }

  begin(): Segment[] {
    const before = this.#segments;
    this.#segments = [];
    return before;
  }

  end(before: Segment[], text: string): void {
    if (text !== "") this.#captured.set(text, this.#segments);
    this.#segments = before;
  }

  sourceMap(): SourceMap {
    return buildSourceMap(this.#segments);
  }
}

/** A macro that calls a macro that calls a macro: the innermost lines say most. */
const MOST_ORIGINS = 8;

/** What is in more pieces than this is noted as one, or a text that is captured again and again would fill the memory. */
const MOST_SEGMENTS = 5000;
