import { getAttribute, getItem } from "../../../../domain/jinja/attributes.ts";
import { JinjaError } from "../../../../domain/jinja/errors.ts";
import type { EngineContext } from "../../../../domain/jinja/extension.ts";
import { NETWORK_FILTERS, NETWORK_TESTS } from "../../../../domain/jinja/network/index.ts";
import { Callable, NO_KWARGS, NO_OBJECT, Undefined } from "../../../../domain/jinja/values.ts";

function refuse(what: string): never {
  throw new JinjaError("RuntimeError", `there is no ${what} here`);
}

/** What filters need of the engine, with a bound on work as the engine has one. */
export function makeEngine(limit = 5_000_000): EngineContext {
  let spent = 0;
  const engine: EngineContext = {
    autoescape: false,
    undefinedKind: "strict",
    getAttribute: (of, name) => getAttribute(of, name, engine),
    getItem: (of, key) => getItem(of, key, engine),
    call: (what, args, kwargs = NO_KWARGS) =>
      what instanceof Callable ? what.call(args, kwargs) : refuse("other callable"),
    filter: (name, value, args, kwargs = NO_KWARGS) =>
      NETWORK_FILTERS.get(name)?.(value, args, kwargs, engine) ?? refuse(`filter ${name}`),
    test: (name, value, args, kwargs = NO_KWARGS) =>
      NETWORK_TESTS.get(name)?.(value, args, kwargs, engine) ?? refuse(`test ${name}`),
    hasFilter: (name) => NETWORK_FILTERS.has(name),
    hasTest: (name) => NETWORK_TESTS.has(name),
    undefined: (hint) => new Undefined("strict", undefined, NO_OBJECT, hint),
    lookUp: () => undefined,
    spend(units) {
      spent += units;
      if (spent > limit) throw new JinjaError("LimitReached", "too much work");
    },
  };
  return engine;
}
