import { fail } from "./support.ts";

export type Version = readonly (number | string)[];
/** How a text is read as a version, and how two of them compare: negative, zero or positive. */
export type Scheme = { parse(text: string): Version; compare(a: Version, b: Version): number };

/** Numbers and words, compared one by one; a number and a word cannot be compared. */
const loose: Scheme = {
  parse: (text) =>
    (text.match(/\d+|[a-z]+|[^\d.a-z]+|\./g) ?? [])
      .filter((part) => part !== ".")
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  compare: compareParts,
};

function compareParts(a: Version, b: Version): number {
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part !== typeof other) return fail("version", `'${part}' and '${other}' cannot be compared`);
    return part < other ? -1 : 1;
  }
  return a.length - b.length;
}

const STRICT = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/;

/** Two or three numbers; an `a` or `b` with a number comes before the version itself. */
const strict: Scheme = {
  parse(text) {
    const [, major, minor, patch = "0", stage = "c", number = "0"] =
      STRICT.exec(text) ?? fail("version", `invalid version number '${text}'`);
    return [Number(major), Number(minor), Number(patch), stage, Number(number)];
  },
  compare: compareParts,
};

const SEMANTIC =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/** semver.org, version 2.0.0. */
const semantic: Scheme = {
  parse(text) {
    const [, major, minor, patch, pre] = SEMANTIC.exec(text) ?? fail("version", `invalid semantic version '${text}'`);
    const identifiers =
      pre === undefined ? [] : pre.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    return [Number(major), Number(minor), Number(patch), ...identifiers];
  },
  compare(a, b) {
    const core = compareParts(a.slice(0, 3), b.slice(0, 3));
    if (core !== 0) return core;
    const [pre, other] = [a.slice(3), b.slice(3)];
    if (pre.length === 0 || other.length === 0) return other.length - pre.length;
    for (const [i, part] of pre.entries()) {
      const against = other[i];
      if (against === undefined) return 1;
      if (part === against) continue;
      if (typeof part !== typeof against) return typeof part === "number" ? -1 : 1;
      return part < against ? -1 : 1;
    }
    return pre.length - other.length;
  },
};

export const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ["loose", loose],
  ["strict", strict],
  ["semver", semantic],
  ["semantic", semantic],
]);
