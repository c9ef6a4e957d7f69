import { Combobox, useCombobox } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useCommands } from "../lib/commands.ts";
import { formatFilterLine, parseFilterLine, type FilterLine } from "../lib/filter-line.ts";
import { Kbd } from "./bits.tsx";
import "./filter-box.css";

export type FilterKey = { key: string; hint: string; values?: { value: string; count?: number }[] };

type FilterBoxProps = {
  label: string;
  /** The line as it stands in the address. */
  value: string;
  onChange: (line: string) => void;
  keys: FilterKey[];
  placeholder: string;
};

const MOST = 8;
type Suggestion = { id: string; line: string; shown: string; note: string };

function suggest(text: string, keys: FilterKey[], line: FilterLine): Suggestion[] {
  const last = text.split(/\s+/).pop() ?? "";
  const before = text.slice(0, text.length - last.length);
  const colon = last.indexOf(":");
  if (colon === -1)
    return keys
      .filter(({ key }) => key.startsWith(last.toLowerCase()))
      .map(({ key, hint }) => ({ id: key, line: `${before}${key}:`, shown: `${key}:`, note: hint }));
  const key = keys.find((each) => each.key === last.slice(0, colon).toLowerCase());
  const typed = last.slice(colon + 1).split(",");
  const part = (typed.at(-1) ?? "").toLowerCase();
  const taken = line.terms.find((term) => term.key === key?.key)?.values ?? [];
  return (key?.values ?? [])
    .filter(({ value }) => value.toLowerCase().includes(part) && !taken.includes(value))
    .map(({ value, count }) => ({
      id: value,
      line: `${before}${last.slice(0, colon + 1)}${[...typed.slice(0, -1), value].join(",")} `,
      shown: value,
      note: count === undefined ? "" : String(count),
    }));
}

/** One line of filters: what is complete stands as a token, the rest is being typed. `/` goes here. */
export function FilterBox({ label, value, onChange, keys, placeholder }: FilterBoxProps) {
  const names = keys.map(({ key }) => key);
  const line = parseFilterLine(value, names);
  const [text, setText] = useState(line.words);
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const typing = useRef(false);

  // An address that changed from outside (a link, Back) wins over what stood in the box.
  useEffect(() => {
    if (!typing.current) setText(line.words);
  }, [line.words]);
  useCommands([
    { id: "filter", key: "/", label: "Filter", group: "Rows", keyOnly: true, run: () => input.current?.focus() },
  ]);

  const type = (next: string): void => {
    setText(next);
    typing.current = true;
    // The piece under the cursor is not taken before it is finished.
    const cut = next.endsWith(" ") ? next.length : next.lastIndexOf(" ") + 1;
    const done = parseFilterLine(next.slice(0, cut), names);
    const rest = next.slice(cut);
    const pending = /^[a-z]+:/i.test(rest) && names.includes(rest.slice(0, rest.indexOf(":")).toLowerCase());
    if (done.terms.length > 0) setText([done.words, rest].filter(Boolean).join(" "));
    onChange(
      formatFilterLine({
        terms: parseFilterLine(formatFilterLine({ terms: [...line.terms, ...done.terms], words: "" }), names).terms,
        words: [done.words, pending ? "" : rest].filter(Boolean).join(" "),
      }),
    );
  };
  const commit = (): void => {
    type(`${text.trimEnd()} `);
    typing.current = false;
  };
  const remove = (key: string): void => {
    onChange(formatFilterLine({ terms: line.terms.filter((term) => term.key !== key), words: line.words }));
    input.current?.focus();
  };
  const options = suggest(text, keys, line).slice(0, MOST);
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      position="bottom-start"
      width={260}
      onOptionSubmit={(id) => {
        const chosen = options.find((option) => option.id === id);
        if (chosen) type(chosen.line);
        input.current?.focus();
      }}
    >
      <Combobox.Target>
        <div className="ns-fbox i14" role="search" onClick={() => input.current?.focus()}>
          <IconSearch aria-hidden="true" />
          {line.terms.map((term) => (
            <span key={term.key} className="tk">
              <span className="k">{term.key}:</span>
              <span className="v">{term.values.join(",")}</span>
              <button
                type="button"
                aria-label={`Remove ${term.key}:${term.values.join(",")}`}
                onClick={() => remove(term.key)}
              >
                <IconX aria-hidden="true" />
              </button>
            </span>
          ))}
          <Combobox.EventsTarget>
            <input
              ref={input}
              aria-label={label}
              value={text}
              placeholder={line.terms.length > 0 ? "and…" : placeholder}
              autoComplete="off"
              spellCheck={false}
              onFocus={() => combobox.openDropdown()}
              onBlur={() => {
                commit();
                combobox.closeDropdown();
              }}
              onChange={(event) => {
                type(event.currentTarget.value);
                combobox.openDropdown();
                combobox.resetSelectedOption();
              }}
              onKeyDown={(event) => {
                const last = line.terms.at(-1);
                if (event.key === "Backspace" && text === "" && last) remove(last.key);
                else if (event.key === "Enter" && combobox.selectedOptionIndex === -1) commit();
                else if (event.key === "Escape") {
                  combobox.closeDropdown();
                  input.current?.blur();
                }
              }}
            />
          </Combobox.EventsTarget>
          <span className="only-wide" aria-hidden="true">
            <Kbd>/</Kbd>
          </span>
        </div>
      </Combobox.Target>
      <Combobox.Dropdown hidden={options.length === 0}>
        <Combobox.Options aria-label={`${label}: what fits`}>
          {options.map((option) => (
            <Combobox.Option key={option.id} value={option.id}>
              <span className="row">
                <span className="mono">{option.shown}</span>
                <span className="t3 xs end num">{option.note}</span>
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
