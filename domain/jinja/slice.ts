import { JinjaError } from "./errors.ts";
import { isInt, toInt } from "./int.ts";
import { Range } from "./range.ts";
import { characters, isPlain } from "./text.ts";
import { Markup, Tuple, Undefined, type Value } from "./values.ts";
import { failUndefined } from "./undefined.ts";

type Bounds = { start: number; stop: number; step: number };

function boundOf(value: Value): number | undefined {
  if (value === null) return undefined;
  if (typeof value === "number") return value;
  if (value instanceof Undefined) failUndefined(value);
  if (!isInt(value)) {
    throw new JinjaError("TypeError", "slice indices must be integers or None or have an __index__ method");
  }
  const int = toInt(value);
  // Beyond every length, whichever way.
  return typeof int === "bigint" ? (int < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER) : int;
}

/** As Python's `slice.indices`: where to begin and to stop in something of that length. */
export function sliceBounds(length: number, start: Value, stop: Value, step: Value): Bounds {
  const by = boundOf(step) ?? 1;
  if (by === 0) throw new JinjaError("ValueError", "slice step cannot be zero");
  const [low, high] = by < 0 ? [-1, length - 1] : [0, length];
  const clamp = (bound: number | undefined, byDefault: number): number => {
    if (bound === undefined) return byDefault;
    return bound < 0 ? Math.max(bound + length, low) : Math.min(bound, high);
  };
  return {
    start: clamp(boundOf(start), by < 0 ? high : low),
    stop: clamp(boundOf(stop), by < 0 ? low : high),
    step: by,
  };
}

function pick<T>(items: readonly T[], { start, stop, step }: Bounds): T[] {
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const picked: T[] = [];
  for (let index = start; step < 0 ? index > stop : index < stop; index += step) {
    const item = items[index];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}

function sliceString(text: string, start: Value, stop: Value, step: Value): string {
  if (isPlain(text)) {
    const bounds = sliceBounds(text.length, start, stop, step);
    if (bounds.step === 1) return text.slice(bounds.start, Math.max(bounds.start, bounds.stop));
  }
  const points = characters(text);
  return pick(points, sliceBounds(points.length, start, stop, step)).join("");
}

/** What Python's `value[start:stop:step]` gives; undefined for what cannot be sliced. */
export function slice(value: Value, start: Value, stop: Value, step: Value): Value | undefined {
  if (typeof value === "string") return sliceString(value, start, stop, step);
  if (Array.isArray(value)) return pick(value, sliceBounds(value.length, start, stop, step));
  if (value instanceof Tuple) {
    return new Tuple(pick(value.items, sliceBounds(value.items.length, start, stop, step)));
  }
  if (value instanceof Markup) return new Markup(sliceString(value.text, start, stop, step));
  if (!(value instanceof Range)) return undefined;
  const bounds = sliceBounds(value.size, start, stop, step);
  return new Range(value.at(bounds.start), value.at(bounds.stop), value.step * bounds.step);
}
