import { PyObject, type Value } from "./values.ts";

/** Python's `range`: bounds are safe integers, which the global `range` sees to. */
export class Range extends PyObject {
  readonly type = "range";
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly size: number;
  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.size = Math.max(0, Math.ceil((stop - start) / step));
  }

  /** The item at an index that is within bounds. */
  at(index: number): number {
    return this.start + index * this.step;
  }

  override length(): number {
    return this.size;
  }

  override *iterate(): Generator<Value> {
    for (let index = 0; index < this.size; index += 1) yield this.at(index);
  }

  /** The place of a number in it; -1 where it is none of its items. */
  indexOf(item: number): number {
    const index = (item - this.start) / this.step;
    return Number.isInteger(index) && index >= 0 && index < this.size ? index : -1;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === "start") return this.start;
    if (name === "stop") return this.stop;
    return name === "step" ? this.step : undefined;
  }

  override print(): string {
    return this.step === 1 ? `range(${this.start}, ${this.stop})` : `range(${this.start}, ${this.stop}, ${this.step})`;
  }
}
