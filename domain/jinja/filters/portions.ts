import { bind, wantInt } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { toList } from "../iterate.ts";
import type { Value } from "../values.ts";
import { generator, itemsOf } from "./lazy.ts";

function* batches(value: Value, count: Value, fill: Value, engine: EngineContext): Generator<Value> {
  let batch: Value[] = [];
  for (const item of itemsOf(value)) {
    if (batch.length === count) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return;
  if (fill !== null) {
    const missing = wantInt(count) - batch.length;
    engine.spend(Math.max(0, missing));
    for (let index = 0; index < missing; index += 1) batch.push(fill);
  }
  yield batch;
}

const batch: Filter = (value, args, kwargs, engine) => {
  const [count, fill] = bind("do_batch", ["linecount", ["fill_with", null]], args, kwargs);
  return generator(batches(value, count, fill, engine));
};

function* slices(value: Value, wanted: Value, fill: Value, engine: EngineContext): Generator<Value> {
  const items = toList(value);
  const count = wantInt(wanted);
  if (count === 0) throw new JinjaError("ZeroDivisionError", "integer division or modulo by zero");
  const each = Math.floor(items.length / count);
  const larger = items.length - each * count;
  for (let index = 0; index < count; index += 1) {
    engine.spend(1);
    const start = index * each + Math.min(index, larger);
    const part = items.slice(start, start + each + (index < larger ? 1 : 0));
    if (fill !== null && index >= larger) part.push(fill);
    yield part;
  }
}

/** Into so many lists, the first of which are the longer ones. */
const slice: Filter = (value, args, kwargs, engine) => {
  const [count, fill] = bind("do_slice", ["slices", ["fill_with", null]], args, kwargs);
  return generator(slices(value, count, fill, engine));
};

export const PORTION_FILTERS: Record<string, Filter> = { batch, slice };
