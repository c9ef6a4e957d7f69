import { bind } from "../arguments.ts";
import type { Filter } from "../extension.ts";
import { isInt } from "../int.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import type { Kwargs, Value } from "../values.ts";
import { type DumpOptions, dumpJson } from "./json/dump.ts";
import { loadJson } from "./json/load.ts";
import { fail, intParameter, isSequence, itemsOf, shown, stringOf } from "./support.ts";
import { emitYaml } from "./yaml/emit.ts";
import { loadYaml } from "./yaml/load.ts";
import { represent } from "./yaml/represent.ts";

function refuseOthers(filter: string, kwargs: Kwargs, known: readonly string[]): void {
  const other = [...kwargs.keys()].find((key) => !known.includes(key));
  if (other !== undefined) fail(filter, `there is no option '${other}' here; there are ${known.join(", ")}`);
}

const JSON_OPTIONS = ["indent", "sort_keys", "separators", "ensure_ascii", "allow_nan", "skipkeys", "profile"];

function jsonOptions(filter: string, kwargs: Kwargs, defaults: { indent: Value; sortKeys: boolean }): DumpOptions {
  refuseOthers(filter, kwargs, JSON_OPTIONS);
  const indent = indentOf(filter, kwargs.get("indent") ?? defaults.indent);
  const [itemSeparator, keySeparator] = separatorsOf(filter, kwargs.get("separators") ?? null, indent !== undefined);
  return {
    indent,
    sortKeys: isTrue(kwargs.get("sort_keys") ?? defaults.sortKeys),
    asciiOnly: isTrue(kwargs.get("ensure_ascii") ?? true),
    allowNan: isTrue(kwargs.get("allow_nan") ?? true),
    skipKeys: isTrue(kwargs.get("skipkeys") ?? false),
    itemSeparator,
    keySeparator,
  };
}

function indentOf(filter: string, value: Value): string | undefined {
  if (value === null) return undefined;
  const text = stringOf(value);
  if (text !== undefined) return text;
  const count = isInt(value)
    ? Number(intParameter(filter, "indent", Number(value)))
    : fail(filter, `indent must be a number or a string, not ${shown(value)}`);
  return " ".repeat(Math.min(Math.max(count, 0), 100));
}

function separatorsOf(filter: string, value: Value, isIndented: boolean): [string, string] {
  if (value === null) return [isIndented ? "," : ", ", ": "];
  const [item, key, ...more] = isSequence(value) ? itemsOf(value).map(stringOf) : [];
  if (item === undefined || key === undefined || more.length > 0) return fail(filter, "separators must be two strings");
  return [item, key];
}

const toJson: Filter = (value, args, kwargs, engine) => {
  bind("to_json", [["profile", null]], args, new Map());
  return dumpJson(value, jsonOptions("to_json", kwargs, { indent: null, sortKeys: false }), engine);
};

const toNiceJson: Filter = (value, args, kwargs, engine) => {
  const [indent, sortKeys] = bind(
    "to_nice_json",
    [
      ["indent", 4],
      ["sort_keys", true],
    ],
    args,
    new Map(),
  );
  const options = jsonOptions("to_nice_json", kwargs, { indent, sortKeys: isTrue(sortKeys) });
  return dumpJson(value, { ...options, itemSeparator: ",", keySeparator: ": " }, engine);
};

const fromJson: Filter = (value, args, kwargs, engine) => {
  bind("from_json", [["profile", null]], args, kwargs);
  const text = stringOf(value);
  return text === undefined
    ? fail("from_json", `needs a string, not ${typeName(value)}`)
    : loadJson(text, engine.spend);
};

const YAML_OPTIONS = [
  "indent",
  "width",
  "sort_keys",
  "default_flow_style",
  "explicit_start",
  "explicit_end",
  "allow_unicode",
  "vault_behavior",
];

function yamlFilter(name: string, defaults: { indent: number; flow: boolean | null }): Filter {
  return (value, args, kwargs, engine) => {
    refuseOthers(name, kwargs, YAML_OPTIONS);
    const [indent] = bind(name, [["indent", kwargs.get("indent") ?? defaults.indent]], args, new Map());
    const flow = kwargs.get("default_flow_style");
    const option = (key: string, byDefault: Value): Value => kwargs.get(key) ?? byDefault;
    const node = represent(
      value,
      {
        sortKeys: isTrue(option("sort_keys", true)),
        flow: flow === undefined ? defaults.flow : flow === null ? null : isTrue(flow),
      },
      engine,
    );
    return emitYaml(node, {
      indent: indent === null ? 2 : Number(intParameter(name, "indent", indent)),
      width: Number(intParameter(name, "width", option("width", 80))),
      explicitStart: isTrue(option("explicit_start", false)),
      explicitEnd: isTrue(option("explicit_end", false)),
    });
  };
}

/** What is no text stays what it is, as Ansible has it. */
const fromYaml: Filter = (value, args, kwargs, engine) => {
  bind("from_yaml", [], args, kwargs);
  const text = stringOf(value);
  if (text === undefined) return value;
  const [document = null, ...more] = loadYaml(text, engine.spend);
  return more.length > 0 ? fail("from_yaml", "the text holds more than one document: use from_yaml_all") : document;
};

const fromYamlAll: Filter = (value, args, kwargs, engine) => {
  bind("from_yaml_all", [], args, kwargs);
  const text = stringOf(value);
  if (text === undefined) return value === null ? [] : value;
  return loadYaml(text, engine.spend);
};

export const DATA_FILTERS: readonly (readonly [string, Filter])[] = [
  ["to_json", toJson],
  ["to_nice_json", toNiceJson],
  ["from_json", fromJson],
  ["to_yaml", yamlFilter("to_yaml", { indent: 2, flow: null })],
  ["to_nice_yaml", yamlFilter("to_nice_yaml", { indent: 4, flow: false })],
  ["from_yaml", fromYaml],
  ["from_yaml_all", fromYamlAll],
];
