import { JinjaError } from "../errors.ts";

/** `[[fill]align][sign][z][#][0][width][grouping][.precision][type]` */
export type Spec = {
  fill: string;
  /** Undefined where it is not said. */
  align: "<" | ">" | "=" | "^" | undefined;
  /** Where numbers go that are told nothing else: `0` before the width puts the fill behind the sign. */
  numberAlign: ">" | "=";
  sign: "+" | "-" | " " | undefined;
  noNegativeZero: boolean;
  alternate: boolean;
  width: number;
  grouping: "," | "_" | undefined;
  precision: number | undefined;
  type: string;
};

const SPEC =
  /^(?:(?<fill>[^])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<z>z)?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<grouping>[,_]+)?(?:\.(?<precision>\d+))?(?<type>[^])?$/u;
const MAX_WIDTH = Number.MAX_SAFE_INTEGER;

function isAlign(text: string | undefined): text is "<" | ">" | "=" | "^" {
  return text === "<" || text === ">" || text === "=" || text === "^";
}
const isSign = (text: string | undefined): text is "+" | "-" | " " => text === "+" || text === "-" || text === " ";

function count(digits: string, what: string): number {
  const number = Number(digits);
  if (number > MAX_WIDTH) throw new JinjaError("ValueError", `Too many decimal digits in ${what}`);
  return number;
}

export function parseSpec(text: string, typeName: string): Spec {
  const parts = SPEC.exec(text)?.groups;
  if (parts === undefined) {
    if (/\.(?!\d)/.test(text)) throw new JinjaError("ValueError", "Format specifier missing precision");
    throw new JinjaError("ValueError", `Invalid format specifier '${text}' for object of type '${typeName}'`);
  }
  const { fill, align, sign, z, alternate, zero, width, grouping, precision, type } = parts;
  if (grouping === ",_" || grouping === "_,") throw new JinjaError("ValueError", "Cannot specify both ',' and '_'.");
  if (grouping !== undefined && grouping.length > 1) {
    throw new JinjaError("ValueError", `Cannot specify '${grouping.charAt(0)}' with '${grouping.charAt(0)}'.`);
  }
  return {
    fill: fill ?? (zero === undefined ? " " : "0"),
    align: isAlign(align) ? align : undefined,
    numberAlign: zero === undefined || fill !== undefined ? ">" : "=",
    sign: isSign(sign) ? sign : undefined,
    noNegativeZero: z !== undefined,
    alternate: alternate !== undefined,
    width: width === undefined ? 0 : count(width, "format string"),
    grouping: grouping === "," || grouping === "_" ? grouping : undefined,
    precision: precision === undefined ? undefined : count(precision, "format string"),
    type: type ?? "",
  };
}
