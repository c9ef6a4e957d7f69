import { Button } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { Device } from "../../../../domain/contract/device.ts";
import { Empty, ErrorState, SkeletonRows } from "../../components/states.tsx";
import { useUrlState } from "../../lib/url-state.ts";
import { runShow } from "./show-api.ts";
import { ShowForm, useKnownCommands } from "./show-form.tsx";
import { ShowResult, type View } from "./show-result.tsx";
import "./show.css";

const EXAMPLES = ["version", "interface", "route", "neighbor"];
const MOST_EXAMPLES = 4;

type Asked = { devices: string[]; command: string };

/** A command on devices, and what they answer. The command stands in the address; nothing is asked before somebody runs it. */
export function ShowView({ devices }: { devices: Pick<Device, "name" | "device_type" | "enabled">[] }) {
  const [search, set] = useUrlState();
  const command = search["command"] ?? "";
  const view: View = search["as"] === "raw" ? "raw" : "parsed";
  const deviceTypes = devices.map((device) => device.device_type);
  const show = useMutation({ mutationFn: ({ devices: names, command: text }: Asked) => runShow(names, text) });
  const names = devices.filter((device) => device.enabled).map((device) => device.name);
  const why =
    devices.length === 0
      ? "Choose a device first"
      : names.length === 0
        ? "A disabled device is not asked"
        : command.trim() === ""
          ? "Type a command first"
          : "";
  const run = (text: string): void => show.mutate({ devices: names, command: text.trim() });
  return (
    <div className="ns-show">
      <ShowForm
        deviceTypes={deviceTypes}
        command={command}
        onCommand={(next) => set({ command: next })}
        onRun={why === "" ? () => run(command) : undefined}
        why={why}
        running={show.isPending}
      />
      {show.isPending ? (
        <SkeletonRows rows={8} columns={4} />
      ) : show.isError ? (
        <div className="cb">
          <ErrorState
            error={show.error}
            what="The command was not run."
            retry={show.variables === undefined ? undefined : () => show.mutate(show.variables)}
            touched="Only reads are let through here; nothing was changed."
          />
        </div>
      ) : show.data ? (
        <ShowResult
          results={show.data}
          view={view}
          onView={(next) => set({ as: next === "raw" ? "raw" : undefined })}
        />
      ) : (
        <Nothing
          deviceTypes={deviceTypes}
          onPick={(text) => {
            set({ command: text });
            if (names.length > 0) run(text);
          }}
        />
      )}
    </div>
  );
}

/** Before the first one: what this is for, with commands to try. */
function Nothing({ deviceTypes, onPick }: { deviceTypes: readonly string[]; onPick: (command: string) => void }) {
  const known = useKnownCommands(deviceTypes);
  const examples = EXAMPLES.flatMap((word) => shortestWith(known, word)).slice(0, MOST_EXAMPLES);
  return (
    <Empty
      icon={<IconTerminal2 className="i28 t3" aria-hidden="true" />}
      title={deviceTypes.length === 0 ? "Choose devices first" : "Ask a device"}
      actions={examples.map((text) => (
        <Button key={text} size="xs" onClick={() => onPick(text)}>
          <span className="mono">{text}</span>
        </Button>
      ))}
    >
      Any command that only reads. Those that ntc-templates knows also come as rows, to sort and copy.
    </Empty>
  );
}

function shortestWith(commands: readonly string[], word: string): string[] {
  const [shortest] = commands.filter((text) => text.includes(word)).sort((a, b) => a.length - b.length);
  return shortest === undefined ? [] : [shortest];
}
