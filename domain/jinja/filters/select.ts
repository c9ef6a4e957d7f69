import { wantText } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { reprText } from "../repr.ts";
import { isTrue } from "../truth.ts";
import type { Kwargs, Value } from "../values.ts";
import { getterOf } from "./attribute-path.ts";
import { generator, itemsOf } from "./lazy.ts";

/** What `map` makes of an item: what another filter gives, or an attribute. */
function mapperOf(args: readonly Value[], kwargs: Kwargs, engine: EngineContext): (item: Value) => Value {
  const attribute = kwargs.get("attribute");
  if (args.length === 0 && attribute !== undefined) {
    const other = [...kwargs.keys()].find((name) => name !== "attribute" && name !== "default");
    if (other !== undefined) {
      throw new JinjaError("FilterArgumentError", `Unexpected keyword argument ${reprText(other)}`);
    }
    return getterOf(engine, attribute, kwargs.get("default") ?? null);
  }
  const [wanted, ...rest] = args;
  if (wanted === undefined) throw new JinjaError("FilterArgumentError", "map requires a filter argument");
  const name = wantText(wanted, "filter name");
  return (item) => engine.filter(name, item, rest, kwargs);
}

function* mapped(value: Value, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Generator<Value> {
  if (!isTrue(value)) return;
  const map = mapperOf(args, kwargs, engine);
  for (const item of itemsOf(value)) yield map(item);
}

/** Whether an item passes: by a test, or by being true itself; `byAttribute` looks at one of its attributes. */
function passes(
  args: readonly Value[],
  kwargs: Kwargs,
  byAttribute: boolean,
  engine: EngineContext,
): (item: Value) => boolean {
  const [attribute] = args;
  if (byAttribute && attribute === undefined) {
    throw new JinjaError("FilterArgumentError", "Missing parameter for attribute name");
  }
  const get = byAttribute ? getterOf(engine, attribute ?? null) : (item: Value) => item;
  const [wanted, ...rest] = byAttribute ? args.slice(1) : args;
  if (wanted === undefined) return (item) => isTrue(get(item));
  const name = wantText(wanted, "test name");
  return (item) => engine.test(name, get(item), rest, kwargs);
}

const selecting = (keeps: boolean, byAttribute: boolean): Filter => {
  function* selected(value: Value, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Generator<Value> {
    if (!isTrue(value)) return;
    const pass = passes(args, kwargs, byAttribute, engine);
    for (const item of itemsOf(value)) if (pass(item) === keeps) yield item;
  }
  return (value, args, kwargs, engine) => generator(selected(value, args, kwargs, engine));
};

export const SELECT_FILTERS: Record<string, Filter> = {
  map: (value, args, kwargs, engine) => generator(mapped(value, args, kwargs, engine)),
  select: selecting(true, false),
  reject: selecting(false, false),
  selectattr: selecting(true, true),
  rejectattr: selecting(false, true),
};
