import { JinjaError } from "./errors.ts";
import { repr } from "./repr.ts";
import { typeName } from "./type-name.ts";
import { NO_OBJECT, type Undefined, type Value } from "./values.ts";

/** Where classes come from that are not Python's own: its messages about them name the module. */
const MODULES: Readonly<Record<string, string>> = {
  Markup: "markupsafe",
  Namespace: "jinja2.utils",
  Cycler: "jinja2.utils",
  Joiner: "jinja2.utils",
  LoopContext: "jinja2.runtime",
  BlockReference: "jinja2.runtime",
  Macro: "jinja2.runtime",
  Undefined: "jinja2.runtime",
  StrictUndefined: "jinja2.runtime",
  ChainableUndefined: "jinja2.runtime",
  DebugUndefined: "jinja2.runtime",
  TemplateReference: "jinja2.runtime",
  TemplateModule: "jinja2.environment",
  _GroupTuple: "jinja2.filters",
};

/** `dict object`, `jinja2.utils.Namespace object`, `None`. */
function describe(value: Value): string {
  if (value === null) return "None";
  const type = typeName(value);
  const module = MODULES[type];
  return module === undefined ? `${type} object` : `${module}.${type} object`;
}

/** What Jinja says of a value that is missing. */
export function messageOf(value: Undefined): string {
  if (value.hint !== undefined && value.hint !== "") return value.hint;
  if (value.of === NO_OBJECT) return `${repr(value.name ?? null)} is undefined`;
  if (value.key !== undefined) return `${describe(value.of)} has no element ${repr(value.key)}`;
  return `${repr(describe(value.of))} has no attribute ${repr(value.name ?? null)}`;
}

export function failUndefined(value: Undefined): never {
  throw new JinjaError(value.error, messageOf(value));
}

/** What `DebugUndefined` prints in place of the value. */
export function debugText(value: Undefined): string {
  if (value.hint !== undefined && value.hint !== "") return `{{ undefined value printed: ${value.hint} }}`;
  if (value.of === NO_OBJECT) return `{{ ${value.name ?? "None"} }}`;
  return `{{ no such element: ${describe(value.of)}[${repr(value.key ?? value.name ?? null)}] }}`;
}
