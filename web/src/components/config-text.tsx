import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useRef, useState, type MouseEvent, type ReactNode } from "react";
import { useCommands } from "../lib/commands.ts";
import { usePhone } from "../lib/use-phone.ts";
import { useGo } from "../lib/url-state.ts";
import { CopyIcon, count } from "./bits.tsx";
import { ConfigLine } from "./diff/config-line.tsx";
import { Windowed } from "./diff/windowed.tsx";
import { Go } from "./go.tsx";
import { linesBetween, parseLines } from "./line-range.ts";
import "./config-text.css";

type LineLinks = {
  /** The address of a line or of several: `12`, `12-20`. */
  href: (lines: string) => string;
  /** What the address names now. */
  chosen: string | undefined;
  /** The address is the page's own: choosing another line is no step of its history. */
  replace?: boolean;
};
type TextProps = {
  label: string;
  text: string;
  /** As its search and its copy button call it. */
  what?: string;
  links?: LineLinks;
  /** Wide lines wrap here too, because the place is small. */
  wrap?: boolean;
  /** Its columns must stay below each other: nothing wraps, on the phone neither. */
  columns?: boolean;
  /** At the right of the bar: when it was read, what else can be done. */
  children?: ReactNode;
};

/** A config with numbered lines and a search. Wide lines scroll inside it; on the phone they wrap. */
export function ConfigText({
  label,
  text,
  what = "config",
  links,
  wrap = false,
  columns = false,
  children,
}: TextProps) {
  const lines = useMemo(() => text.replace(/\n$/, "").split("\n"), [text]);
  const [find, setFind] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const hits = useMemo(() => {
    const wanted = find.trim().toLowerCase();
    return wanted === "" ? [] : lines.flatMap((line, i) => (line.toLowerCase().includes(wanted) ? [i] : []));
  }, [find, lines]);
  const step = (by: number): void => setAt((now) => (hits.length === 0 ? 0 : (now + by + hits.length) % hits.length));
  useCommands([
    {
      id: "config-find",
      label: `Search the ${what}`,
      key: "/",
      group: "Config",
      keyOnly: true,
      run: () => box.current?.focus(),
    },
  ]);
  return (
    <div className="ns-cfg">
      <div className="ns-cfg-bar">
        <TextInput
          ref={box}
          aria-label={`Search the ${what}`}
          placeholder={`Search ${count(lines.length, "line")}`}
          leftSection={<IconSearch className="i14" />}
          value={find}
          onChange={(event) => {
            setFind(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") {
              setFind("");
              box.current?.blur();
            }
          }}
        />
        {find.trim() !== "" && (
          <span className="sm t3 num nowrap" role="status">
            {hits.length === 0 ? "nothing" : `${at + 1} of ${hits.length}`}
          </span>
        )}
        <span className="sp" />
        <CopyIcon text={text} label={what} />
        {children}
      </div>
      <Lines
        label={label}
        lines={lines}
        hits={hits}
        current={hits[at]}
        wrap={wrap}
        columns={columns}
        {...(links ? { links } : {})}
      />
    </div>
  );
}

type LinesProps = {
  label: string;
  lines: string[];
  /** Lines that hold what is searched for, and the one of them that is looked at. */
  hits: number[];
  current: number | undefined;
  wrap: boolean;
  columns: boolean;
  links?: LineLinks;
};

function Lines({ label, lines, hits, current, wrap, columns, links }: LinesProps) {
  const wraps = (usePhone() && !columns) || wrap;
  const marked = new Set(hits);
  const range = parseLines(links?.chosen);
  const widest = lines.reduce((most, line) => Math.max(most, line.length), 1);
  return (
    <Windowed
      label={label}
      className={`ns-cfg-text${wraps ? " wrap" : ""}`}
      count={lines.length}
      estimate={19}
      maxHeight="none"
      scrollTo={current ?? (range ? range.from - 1 : null)}
      {...(wraps ? {} : { minWidth: `calc(${widest}ch + 64px)` })}
    >
      {(index) => {
        const number = index + 1;
        const inRange = range !== null && number >= range.from && number <= range.to;
        return (
          <div
            className={`ns-cl${marked.has(index) ? " hit" : ""}${index === current ? " now" : ""}${inRange ? " chosen" : ""}`}
          >
            {links ? (
              <LineNumber number={number} links={links} />
            ) : (
              <span className="g" aria-hidden="true">
                {number}
              </span>
            )}
            <span className="x">
              <ConfigLine text={lines[index] ?? ""} />
            </span>
          </div>
        );
      }}
    </Windowed>
  );
}

/** A link to the line; with Shift to all lines from the one chosen before. Not in the way of Tab: there are thousands. */
function LineNumber({ number, links }: { number: number; links: LineLinks }) {
  const go = useGo();
  const { href, chosen, replace = false } = links;
  const extend = (event: MouseEvent): void => {
    if (!event.shiftKey) return;
    event.preventDefault();
    go(href(linesBetween(chosen, number)), { replace });
  };
  return (
    <Go className="g" href={href(String(number))} replace={replace} tabIndex={-1} onClick={extend}>
      {number}
    </Go>
  );
}
