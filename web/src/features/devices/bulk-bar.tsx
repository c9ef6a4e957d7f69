import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconActivity, IconBan, IconDots, IconKey, IconPlayerPlay, IconPlus, IconTerminal2 } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import { Kbd, count, platformWord } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { useCommands, type Command } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import { offeredKeys, setEnabled, testDevices, testSentence } from "./acts.ts";
import { DisableDialog } from "./disable-dialog.tsx";
import { KeyDialog } from "./key-dialog.tsx";

const tally = (words: (string | null)[]): string => {
  const counts = new Map<string, number>();
  for (const word of words) if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, n]) => `${n} ${word}`).join(", ");
};

/** Acts on the selection; the same acts stand in the palette. `devices` are those of `names` on this page. */
export function BulkBar({ names, devices, onClear }: { names: string[]; devices: Device[]; onClear: () => void }) {
  const may = useCan();
  const go = useGo();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<"disable" | "keys" | null>(null);
  const offered = offeredKeys(devices);
  const disabled = devices.filter((device) => !device.enabled).map((device) => device.name);

  const during = (work: Promise<unknown>): void => {
    setBusy(true);
    work.then(() => client.invalidateQueries({ queryKey: ["devices"] }), toast.error).finally(() => setBusy(false));
  };
  const test = (): void => during(testDevices(names).then((tests) => toast.ok(testSentence(tests))));
  const enable = (): void =>
    during(
      setEnabled(disabled, true, "").then(() =>
        toast.ok(`${count(disabled.length, "device")} enabled.`, {
          undo: () => during(setEnabled(disabled, false, "Enabled by mistake")),
        }),
      ),
    );

  type Act = Omit<Command, "group"> & { shown: boolean; dots?: boolean };
  const acts: Act[] = [
    { id: "bulk-test", label: "Test", key: "t", icon: <IconActivity />, shown: may("devices:test"), run: test },
    {
      id: "bulk-show",
      label: "Show command",
      key: "s",
      icon: <IconTerminal2 />,
      shown: may("devices:test"),
      run: () => go(links.show({ devices: names.join(",") })),
    },
    {
      id: "bulk-keys",
      label: `Accept ${count(offered.length, "host key")}`,
      icon: <IconKey />,
      shown: may("host-keys:accept") && offered.length > 0,
      dots: true,
      run: () => setAsking("keys"),
    },
    {
      id: "bulk-enable",
      label: "Enable",
      icon: <IconPlayerPlay />,
      shown: may("devices:write") && disabled.length > 0,
      run: enable,
    },
    {
      id: "bulk-disable",
      label: "Disable",
      icon: <IconBan />,
      shown: may("devices:write") && disabled.length < names.length,
      dots: true,
      run: () => setAsking("disable"),
    },
  ];
  const shown = acts.filter((act) => act.shown);
  const mayChange = may("changes:write");
  const change = links.newChange({ devices: names.join(",") });
  useCommands([
    ...shown.map((act) => ({ ...act, label: `${act.label} (${count(names.length, "device")})`, group: "Selection" })),
    ...(mayChange
      ? [
          {
            id: "bulk-change",
            label: `Change lines on ${count(names.length, "device")}`,
            key: "c",
            group: "Selection",
            icon: <IconPlus />,
            run: () => go(change),
          },
        ]
      : []),
    { id: "bulk-clear", label: "Clear the selection", key: "escape", group: "Selection", keyOnly: true, run: onClear },
  ]);
  return (
    <div className="ns-bulk" role="toolbar" aria-label={`Act on ${count(names.length, "selected device")}`}>
      <b className="nowrap">{names.length} selected</b>
      <span className="sm t3 ell opt">{tally(devices.map((device) => platformWord(device.device_type)))}</span>
      <Button size="xs" variant="subtle" className="clear" onClick={onClear} rightSection={<Kbd>Esc</Kbd>}>
        Clear
      </Button>
      <span className="sp" />
      {shown.map((act) => (
        <Button
          key={act.id}
          className="opt"
          leftSection={act.icon}
          loading={act.id === "bulk-test" && busy}
          onClick={act.run}
        >
          {act.label}
          {act.dots && "…"}
        </Button>
      ))}
      {mayChange && (
        <Button variant="filled" component={Go} href={change} leftSection={<IconPlus />} className="main">
          Change lines
        </Button>
      )}
      <Menu position="top-end">
        <Menu.Target>
          <ActionIcon variant="default" className="only-p" aria-label="More acts">
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {shown.map((act) => (
            <Menu.Item key={act.id} leftSection={act.icon} onClick={act.run}>
              {act.label}
            </Menu.Item>
          ))}
          <Menu.Item onClick={onClear}>Clear the selection</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === "disable" && (
        <DisableDialog names={names.filter((name) => !disabled.includes(name))} onClose={() => setAsking(null)} />
      )}
      {asking === "keys" && <KeyDialog offered={offered} onClose={() => setAsking(null)} />}
    </div>
  );
}
