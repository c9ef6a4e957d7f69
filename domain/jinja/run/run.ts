import { JinjaError } from "../errors.ts";
import { CLOCK_EVERY, type Limits } from "../limits.ts";
import type { Origin } from "../source-map.ts";
import { typeName } from "../type-name.ts";
import type { Value } from "../values.ts";
import type { Trace } from "./trace.ts";

/** A piece of output that is noted takes more memory than its text. */
const WORK_OF_A_SEGMENT = 8;

/** One rendering: what was printed so far, where it stands, and what it has used. */
export class Run {
  /** What is printed goes here; a macro or a set block puts its own text in its place while it runs. */
  text = "";
  /** The template line that runs now, as a traceback would show it. */
  line = 1;
  template: string | undefined;
  /** Something else than a string was printed as it is; Python notices when it joins the pieces. */
  notText: Value | undefined;
  readonly trace: Trace | undefined;
  /** What every template of the run sees without being given it. */
  globals: ReadonlyMap<string, Value> = new Map();
  /** What `import` without context gave: made once, as it cannot differ. */
  readonly modules = new Map<object, Value>();
  readonly #limits: Limits;
  readonly #clock: (() => number) | undefined;
  readonly #deadline: number;
  #depth = 0;
  #work = 0;
  #next: number;

  constructor(limits: Limits, clock: (() => number) | undefined, trace: Trace | undefined) {
    this.#limits = limits;
    this.#clock = clock;
    this.#deadline = clock === undefined ? Infinity : clock() + limits.time;
    this.#next = Math.min(limits.work, CLOCK_EVERY);
    this.trace = trace;
  }

  write(text: string): void {
    this.text += text;
    if (this.text.length > this.#limits.output) this.#failOnOutput();
  }

  #failOnOutput(): never {
    throw new JinjaError(
      "LimitReached",
      `a text is longer than the ${this.#limits.output} characters of output that are allowed`,
    );
  }

  /** Writes what the source map is to know of, if there is to be one. */
  writeFrom(text: string, origin: Origin): void {
    if (this.trace !== undefined) this.spend(WORK_OF_A_SEGMENT * this.trace.write(text, origin));
    this.write(text);
  }

  spend(units: number): void {
    this.#work += units;
    if (this.#work > this.#next) this.#look();
  }

  #look(): void {
    if (this.#work > this.#limits.work)
      throw new JinjaError("LimitReached", `the template does more work than is allowed (${this.#limits.work} units)`);
    if (this.#clock !== undefined && this.#clock() > this.#deadline)
      throw new JinjaError("LimitReached", `rendering takes longer than ${this.#limits.time} ms`);
    this.#next = Math.min(this.#limits.work, this.#work + CLOCK_EVERY);
  }

  /** Runs the code of a macro, a block or a template that was called; afterwards the line is the caller's again. */
  enter<T>(template: string | undefined, work: () => T): T {
    const { line, template: caller } = this;
    this.descend();
    this.template = template;
    const result = work();
    this.#depth--;
    this.line = line;
    this.template = caller;
    return result;
  }

  descend(): void {
    this.spend(1);
    if (++this.#depth > this.#limits.depth) throw new JinjaError("RecursionError", "maximum recursion depth exceeded");
  }

  /** What `work` prints, instead of printing it. `endLine`: where Jinja joins the pieces. */
  capture<T>(work: () => T, endLine?: number): { text: string; result: T } {
    const before = this.text;
    const mark = this.trace?.begin();
    const { notText } = this;
    this.text = "";
    this.notText = undefined;
    const result = work();
    if (this.notText !== undefined && endLine !== undefined) this.line = endLine;
    const text = this.joined();
    this.text = before;
    this.notText = notText;
    if (mark !== undefined) this.trace?.end(mark, text);
    this.spendText(text);
    return { text, result };
  }

  /** What was printed, if it can be joined. */
  joined(): string {
    if (this.notText !== undefined)
      throw new JinjaError("TypeError", `sequence item 0: expected str instance, ${typeName(this.notText)} found`);
    return this.text;
  }

  /** For a text that was put together: what never could be printed is not held either. */
  spendText(text: string): void {
    this.spend(text.length >> 6);
    if (text.length > this.#limits.output) this.#failOnOutput();
  }
}
