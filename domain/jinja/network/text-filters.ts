import { bind } from "../arguments.ts";
import { setItem } from "../hash.ts";
import type { Filter } from "../extension.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { Dict, Tuple, type Value } from "../values.ts";
import { fail, intParameter, isSequence, itemsOf } from "./support.ts";

/** For a shell: as it is where nothing in it means anything to one. */
const quote: Filter = (value, args, kwargs) => {
  bind("quote", [], args, kwargs);
  const text = value === null ? "" : str(value);
  if (text === "") return "''";
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
};

type Style = { decoration: string; beginning?: string; end?: string };
const STYLES: ReadonlyMap<string, Style> = new Map<string, Style>([
  ["plain", { decoration: "# " }],
  ["erlang", { decoration: "% " }],
  ["c", { decoration: "// " }],
  ["cblock", { beginning: "/*", decoration: " * ", end: " */" }],
  ["xml", { beginning: "<!--", decoration: " - ", end: "-->" }],
]);
const COMMENT_OPTIONS = [
  "newline",
  "beginning",
  "prefix",
  "prefix_count",
  "decoration",
  "postfix",
  "postfix_count",
  "end",
];

const comment: Filter = (value, args, kwargs, engine) => {
  const [name] = bind("comment", [["style", kwargs.get("style") ?? "plain"]], args, new Map());
  for (const key of kwargs.keys()) {
    if (key !== "style" && !COMMENT_OPTIONS.includes(key))
      fail("comment", `there is no option '${key}'; there are ${COMMENT_OPTIONS.join(", ")}`);
  }
  const style =
    STYLES.get(str(name)) ??
    fail("comment", `invalid style '${str(name)}'; there are ${[...STYLES.keys()].join(", ")}`);
  const option = (key: string, byDefault: string): string => {
    const given = kwargs.get(key);
    return given === undefined ? byDefault : str(given);
  };
  const count = (key: string): number => {
    const times = Math.max(0, Number(intParameter("comment", key, kwargs.get(key) ?? 1)));
    engine.spend(times);
    return times;
  };
  const decoration = option("decoration", style.decoration);
  const bare = decoration.trimEnd();
  const newline = option("newline", "\n");
  const prefix = option("prefix", bare);
  const beginning = option("beginning", style.beginning ?? "");
  const end = option("end", style.end ?? "");
  const prefixes = prefix === "" ? "" : (prefix === newline ? newline : prefix + newline).repeat(count("prefix_count"));
  const text = str(value);
  engine.spend(1 + Math.floor(text.length / 16));
  const lines = (decoration + text.replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    bare + newline,
  );
  const postfixes = (newline + option("postfix", bare)).repeat(count("postfix_count"));
  return (
    (beginning === "" ? "" : beginning + newline) + prefixes + lines + postfixes + (end === "" ? "" : newline + end)
  );
};

const onPath =
  (name: string, change: (path: string) => Value): Filter =>
  (value, args, kwargs) => {
    bind(name, [], args, kwargs);
    return change(str(value));
  };

const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function dirname(path: string): string {
  const head = path.slice(0, path.lastIndexOf("/") + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, "");
}

/** Dots at the beginning of the name are no dot before an extension. */
function splitext(path: string): Value {
  const name = basename(path);
  const dot = name.lastIndexOf(".");
  if (dot < 0 || /^\.*$/.test(name.slice(0, dot))) return new Tuple([path, ""]);
  const at = path.length - name.length + dot;
  return new Tuple([path.slice(0, at), path.slice(at)]);
}

const pathJoin: Filter = (value, args, kwargs) => {
  bind("path_join", [], args, kwargs);
  const parts =
    typeof value === "string"
      ? [value]
      : isSequence(value)
        ? itemsOf(value).map(str)
        : fail("path_join", `expects a string or a sequence, got ${typeName(value)}`);
  if (parts.length === 0) return fail("path_join", "needs at least one part");
  return parts.reduce((path, part) =>
    part.startsWith("/") ? part : path === "" || path.endsWith("/") ? path + part : `${path}/${part}`,
  );
};

const urlsplit: Filter = (value, args, kwargs) => {
  const [query, alias] = bind(
    "urlsplit",
    [
      ["query", ""],
      ["alias", "urlsplit"],
    ],
    args,
    kwargs,
  );
  const parts = new Dict();
  for (const [name, part] of Object.entries(splitUrl(str(value)))) setItem(parts, name, part);
  if (!isTrue(query)) return parts;
  const found = parts.entries.get(str(query));
  return found === undefined
    ? fail(
        str(alias),
        `unknown URL component: ${str(query)}; there are ${[...parts.entries.keys()].map(String).join(", ")}`,
      )
    : found[1];
};

function splitUrl(given: string): Record<string, Value> {
  let rest = given.replace(/^[\0- ]+/, "").replaceAll(/[\t\r\n]/g, "");
  const take = (expression: RegExp): string => {
    const found = expression.exec(rest)?.[0] ?? "";
    rest = rest.slice(found.length);
    return found;
  };
  const scheme = take(/^[a-zA-Z][a-zA-Z0-9+.-]*:/)
    .slice(0, -1)
    .toLowerCase();
  const netloc = take(/^\/\/[^/?#]*/).slice(2);
  const path = take(/^[^?#]*/);
  const query = take(/^\?[^#]*/).slice(1);
  const fragment = rest.slice(1);
  if (netloc.includes("[") !== netloc.includes("]")) fail("urlsplit", "Invalid IPv6 URL");
  const at = netloc.lastIndexOf("@");
  const user = at < 0 ? undefined : netloc.slice(0, at);
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))[^:]*(?::(.*))?$/.exec(netloc.slice(at + 1)) ?? [];
  const host = (bracketed ?? plain ?? "").toLowerCase();
  const colon = user?.indexOf(":") ?? -1;
  return {
    fragment,
    hostname: host === "" ? null : host,
    netloc,
    password: user === undefined || colon < 0 ? null : user.slice(colon + 1),
    path,
    port: portOf(port),
    query,
    scheme,
    username: user === undefined ? null : colon < 0 ? user : user.slice(0, colon),
  };
}

function portOf(text: string | undefined): Value {
  if (text === undefined || text === "") return null;
  const port = /^\d+$/.test(text)
    ? Number(text)
    : fail("urlsplit", `Port could not be cast to integer value as '${text}'`);
  return port > 65_535 ? fail("urlsplit", "Port out of range 0-65535") : port;
}

/** `str.split`. */
const split: Filter = (value, args, kwargs, engine) => {
  const text = str(value);
  engine.spend(1 + text.length);
  return engine.call(engine.getAttribute(text, "split"), args, kwargs);
};

export const TEXT_FILTERS: readonly (readonly [string, Filter])[] = [
  ["quote", quote],
  ["comment", comment],
  ["basename", onPath("basename", basename)],
  ["dirname", onPath("dirname", dirname)],
  ["splitext", onPath("splitext", splitext)],
  ["path_join", pathJoin],
  ["urlsplit", urlsplit],
  ["split", split],
];
