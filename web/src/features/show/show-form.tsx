import { Autocomplete, Button } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useRef } from "react";
import { useCommands } from "../../lib/commands.ts";
import { knownCommandsQuery } from "./show-api.ts";

const MOST = 12;

type Props = {
  deviceTypes: string[];
  command: string;
  onCommand: (command: string) => void;
  /** Undefined: it cannot be run, and why. */
  onRun: (() => void) | undefined;
  why: string;
  running: boolean;
};

/** One line for the command: those that come as rows are offered, any other read may be typed. */
export function ShowForm({ deviceTypes, command, onCommand, onRun, why, running }: Props) {
  const known = useKnownCommands(deviceTypes);
  const input = useRef<HTMLInputElement>(null);
  useCommands([
    {
      id: "show-command",
      label: "Type a command",
      key: "/",
      group: "Show",
      keyOnly: true,
      run: () => input.current?.focus(),
    },
  ]);
  return (
    <form
      className="ns-show-form"
      onSubmit={(event) => {
        event.preventDefault();
        onRun?.();
      }}
    >
      <Autocomplete
        ref={input}
        className="ns-show-cmd"
        aria-label="Command"
        placeholder="show version"
        data={known}
        limit={MOST}
        value={command}
        onChange={onCommand}
        leftSection={<IconTerminal2 className="i14" aria-hidden="true" />}
        autoComplete="off"
        spellCheck={false}
        maxDropdownHeight={320}
        classNames={{ option: "mono" }}
      />
      <Button type="submit" variant="filled" loading={running} disabled={onRun === undefined} title={why || undefined}>
        Run
      </Button>
    </form>
  );
}

/** The commands that any of these types has rows for, each once. */
export function useKnownCommands(deviceTypes: readonly string[]): string[] {
  const found = useQueries({ queries: [...new Set(deviceTypes)].map(knownCommandsQuery) });
  return [...new Set(found.flatMap((query) => query.data?.map(({ command }) => command) ?? []))].sort();
}
