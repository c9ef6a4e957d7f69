import { floatText } from "../float-text.ts";
import { fixed, significant } from "./decimal.ts";

export type FloatStyle = {
  /** `r` is Python's own: the digits that read back, or `g` that keeps one digit behind the point. */
  type: "e" | "f" | "g" | "r" | "%";
  precision: number | undefined;
  /** `#`: the point and trailing zeros stay. */
  alternate: boolean;
};

function withExponent(digits: string, exponent: number, alternate: boolean): string {
  const point = digits.length > 1 || alternate ? "." : "";
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.charAt(0)}${point}${digits.slice(1)}e${exponent < 0 ? "-" : "+"}${size}`;
}

function general(value: number, precision: number, { type, alternate }: FloatStyle): string {
  const count = Math.max(1, precision);
  const { digits, exponent } = significant(value, count);
  const kept = alternate ? digits : digits.replace(/(?<=.)0+$/, "");
  const limit = type === "r" ? count - 1 : count;
  if (exponent < -4 || exponent >= limit) {
    return withExponent(kept, exponent, alternate);
  }
  const text = positionOf(kept, exponent);
  if (text.includes(".")) return text;
  return type === "r" ? `${text}.0` : alternate ? `${text}.` : text;
}

/** The digits with the point where the exponent puts it. */
function positionOf(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = digits.slice(exponent + 1);
  return rest === "" ? whole : `${whole}.${rest}`;
}

/** The digits of a float that is not negative, without sign and padding; in lower case. */
export function floatDigits(value: number, style: FloatStyle): string {
  const { type, precision, alternate } = style;
  const percent = type === "%" ? "%" : "";
  if (!Number.isFinite(value)) return `${Number.isNaN(value) ? "nan" : "inf"}${percent}`;
  if (type === "r" && precision === undefined) return alternate ? keepPoint(floatText(value)) : floatText(value);
  const places = precision ?? 6;
  if (type === "e") {
    const { digits, exponent } = significant(value, places + 1);
    return withExponent(digits, exponent, alternate);
  }
  if (type === "g" || type === "r") return general(value, places, style);
  const scaledValue = type === "%" ? value * 100 : value;
  if (!Number.isFinite(scaledValue)) return `inf${percent}`;
  const text = fixed(scaledValue, places);
  return `${text}${alternate && places === 0 ? "." : ""}${percent}`;
}

const keepPoint = (text: string): string => (text.includes(".") ? text : text.replace("e", ".e"));
