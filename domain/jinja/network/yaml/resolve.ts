import { normalize } from "../../int.ts";
import { Float, type Value } from "../../values.ts";

/** What a plain scalar of YAML 1.1 stands for, as PyYAML decides it: `yes` is true, `0x10` and `1:30` are numbers, `1e3` is text. */
export type PlainKind = "bool" | "float" | "int" | "merge" | "null" | "timestamp" | "value" | "str";

const FORMS: readonly (readonly [PlainKind, RegExp])[] = [
  ["bool", /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/],
  [
    "float",
    /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  ],
  [
    "int",
    /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  ],
  ["merge", /^<<$/],
  ["null", /^(?:~|null|Null|NULL|)$/],
  [
    "timestamp",
    /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/,
  ],
  ["value", /^=$/],
];

export function kindOfPlain(text: string): PlainKind {
  return FORMS.find(([, form]) => form.test(text))?.[0] ?? "str";
}

/** Dates stay the text they are: templates have no values for them. */
export function valueOfPlain(text: string, kind: PlainKind = kindOfPlain(text)): Value {
  switch (kind) {
    case "bool":
      return /^(yes|true|on)$/i.test(text);
    case "int":
      return normalize(readInt(text.replaceAll("_", "")));
    case "float":
      return new Float(readFloat(text.replaceAll("_", "").toLowerCase()));
    case "null":
      return null;
    default:
      return text;
  }
}

function readInt(text: string): bigint {
  const digits = text.replace(/^[-+]/, "");
  const value = digits.includes(":")
    ? digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n)
    : /^0[0-7]/.test(digits)
      ? BigInt(`0o${digits.slice(1)}`)
      : BigInt(digits);
  return text.startsWith("-") ? -value : value;
}

function readFloat(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[-+]/, "");
  if (digits === ".inf") return sign * Infinity;
  if (digits === ".nan") return Number.NaN;
  return sign * digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
