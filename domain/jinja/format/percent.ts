import { wantInt } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { hashKey } from "../hash.ts";
import { isInt } from "../int.ts";
import { repr } from "../print.ts";
import { Range } from "../range.ts";
import { typeName } from "../type-name.ts";
import { failUndefined } from "../undefined.ts";
import { Dict, Markup, Tuple, Undefined, type Value } from "../values.ts";
import { convert, type Directive } from "./convert.ts";

type Budgeted = Pick<EngineContext, "spend">;

const REST = /([-+ #0]*)(\d+|\*)?(?:(\.)(\d+|\*)?)?[hlL]?/y;

function fail(message: string): never {
  throw new JinjaError("TypeError", message);
}

/** Python's `text % values`. */
export function formatWithPercent(format: string, values: Value, engine: Budgeted): string {
  return new Formatter(format, values, engine, false).run();
}

/** The same of safe text: what is put into it is escaped. */
export function formatMarkupWithPercent(format: Markup, values: Value, engine: Budgeted): Markup {
  return new Markup(new Formatter(format.text, values, engine, true).run());
}

/** One `%` operation: reads the format from its beginning, and takes the values one after the other. */
class Formatter {
  private readonly format: string;
  private readonly values: Value;
  private readonly engine: Budgeted;
  private readonly escapes: boolean;
  private items: readonly Value[];
  private taken = 0;
  private at = 0;

  constructor(format: string, values: Value, engine: Budgeted, escapes: boolean) {
    this.format = format;
    this.values = values;
    this.engine = engine;
    this.escapes = escapes;
    this.items = values instanceof Tuple ? values.items : [values];
  }

  run(): string {
    let text = "";
    for (;;) {
      const percent = this.format.indexOf("%", this.at);
      if (percent < 0) break;
      text += this.format.slice(this.at, percent);
      this.at = percent + 1;
      text += this.directive();
    }
    if (this.taken < this.items.length && !this.isMapping()) {
      fail("not all arguments converted during string formatting");
    }
    return text + this.format.slice(this.at);
  }

  /** Of what can be subscripted, Python lets more stand than is taken. */
  private isMapping(): boolean {
    const { values } = this;
    return Array.isArray(values) || values instanceof Dict || values instanceof Undefined || values instanceof Range;
  }

  private directive(): string {
    if (this.format.charAt(this.at) === "%") {
      this.at += 1;
      return "%";
    }
    const key = this.format.charAt(this.at) === "(" ? this.key() : undefined;
    if (key !== undefined) {
      this.items = [this.valueOf(key)];
      this.taken = 0;
    }
    REST.lastIndex = this.at;
    const [all = "", flags = "", width, point, precision] = REST.exec(this.format) ?? [];
    this.at += all.length;
    const wide = width === undefined ? 0 : this.count(width, "width");
    const directive: Directive = {
      flags: wide < 0 ? `${flags}-` : flags,
      width: Math.abs(wide),
      precision: point === undefined ? undefined : Math.max(0, this.count(precision ?? "0", "precision")),
      type: String.fromCodePoint(this.format.codePointAt(this.at) ?? 0),
    };
    if (this.at >= this.format.length) throw new JinjaError("ValueError", "incomplete format");
    this.at += directive.type.length;
    this.engine.spend(directive.width + (directive.precision ?? 0));
    return convert(directive, this.take(), this.escapes, this.at - directive.type.length);
  }

  /** The name between parentheses, which may hold others. */
  private key(): string {
    const start = this.at + 1;
    if (!(this.values instanceof Dict || this.isMapping())) fail("format requires a mapping");
    let depth = 0;
    for (; this.at < this.format.length; this.at += 1) {
      const character = this.format.charAt(this.at);
      if (character === "(") depth += 1;
      else if (character === ")") depth -= 1;
      if (depth === 0) {
        this.at += 1;
        return this.format.slice(start, this.at - 1);
      }
    }
    throw new JinjaError("ValueError", "incomplete format key");
  }

  private valueOf(key: string): Value {
    const { values } = this;
    if (values instanceof Undefined) failUndefined(values);
    if (!(values instanceof Dict)) {
      return fail(`${typeName(values)} indices must be integers or slices, not str`);
    }
    const entry = values.entries.get(hashKey(key));
    if (entry === undefined) throw new JinjaError("KeyError", repr(key));
    return entry[1];
  }

  private take(): Value {
    const value = this.items[this.taken];
    if (value === undefined) fail("not enough arguments for format string");
    this.taken += 1;
    return value;
  }

  /** A number in the format, or an asterisk that takes the next value. */
  private count(text: string, what: string): number {
    if (text === "*") {
      const value = this.take();
      return isInt(value) ? wantInt(value) : fail("* wants int");
    }
    const number = Number(text);
    if (number > 2 ** 31) throw new JinjaError("ValueError", `${what} too big`);
    return number;
  }
}
