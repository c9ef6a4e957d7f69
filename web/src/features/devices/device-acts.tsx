import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconActivity,
  IconBan,
  IconDots,
  IconDownload,
  IconPencil,
  IconPlayerPlay,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import { ReasonDialog } from "../../components/dialogs.tsx";
import { Go } from "../../components/go.tsx";
import { useCommands, type Command } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { useBackUp } from "../backups/use-back-up.tsx";
import { deleteDevice, setEnabled, testDevice, testSentence } from "./acts.ts";
import { DisableDialog } from "./disable-dialog.tsx";
import { KeyDialog } from "./key-dialog.tsx";

/** The device's verbs, as buttons and in the palette. A test that meets an unknown key shows it. */
export function DeviceActs({ device }: { device: Device }) {
  const may = useCan();
  const go = useGo();
  const client = useQueryClient();
  const [, set] = useUrlState();
  const backUp = useBackUp();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<"disable" | "delete" | "key" | null>(null);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ["devices"] });

  const test = async (): Promise<void> => {
    setBusy(true);
    try {
      const result = await testDevice(device.name);
      await refresh();
      if (result.reachable) toast.ok(testSentence([result]));
      else if (result.host_key && result.host_key.status !== "accepted" && may("host-keys:accept")) setAsking("key");
      else toast.bad(testSentence([result]));
    } catch (error) {
      toast.error(error);
    } finally {
      setBusy(false);
    }
  };
  const enable = (): void =>
    void setEnabled([device.name], true, "")
      .then(refresh)
      .then(() => toast.ok(`${device.name} enabled.`, { undo: () => setAsking("disable") }), toast.error);
  const edit = (): void => set({ edit: "1" }, { push: true });

  const write = may("devices:write");
  const change = links.newChange({ devices: device.name });
  const verbs: (Command & { shown: boolean })[] = [
    {
      id: "device-change",
      label: `Change lines on ${device.name}`,
      key: "c",
      icon: <IconPlus />,
      shown: may("changes:write") && device.enabled,
      run: () => go(change),
    },
    {
      id: "device-test",
      label: `Test ${device.name}`,
      key: "t",
      icon: <IconActivity />,
      shown: may("devices:test") && device.enabled,
      run: () => void test(),
    },
    {
      id: "device-backup",
      label: `Back up ${device.name}`,
      key: "b",
      icon: <IconDownload />,
      shown: backUp.allowed && device.enabled,
      run: () => void backUp.these([device.name]),
    },
    { id: "device-edit", label: `Edit ${device.name}`, key: "e", icon: <IconPencil />, shown: write, run: edit },
    {
      id: "device-enable",
      label: `Enable ${device.name}`,
      icon: <IconPlayerPlay />,
      shown: write && !device.enabled,
      run: enable,
    },
    {
      id: "device-disable",
      label: `Disable ${device.name}`,
      icon: <IconBan />,
      shown: write && device.enabled,
      run: () => setAsking("disable"),
    },
    {
      id: "device-delete",
      label: `Delete ${device.name}`,
      icon: <IconTrash />,
      shown: write && !device.is_lab,
      run: () => setAsking("delete"),
    },
  ];
  const shown = verbs.filter((verb) => verb.shown).map((verb) => ({ ...verb, group: "Device" }));
  useCommands(shown);
  const has = (id: string): boolean => shown.some((verb) => verb.id === id);
  const offered = device.offered_host_key;
  return (
    <>
      {has("device-change") && (
        <Button component={Go} href={change} leftSection={<IconPlus />}>
          Change lines
        </Button>
      )}
      {has("device-test") && (
        <Button leftSection={<IconActivity />} loading={busy} onClick={() => void test()}>
          Test
        </Button>
      )}
      {has("device-backup") && (
        <Button
          {...(write ? { className: "only-wide" } : {})}
          leftSection={<IconDownload />}
          loading={backUp.busy}
          onClick={() => void backUp.these([device.name])}
        >
          Back up now
        </Button>
      )}
      {has("device-enable") && (
        <Button leftSection={<IconPlayerPlay />} onClick={enable}>
          Enable
        </Button>
      )}
      {write && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label="More acts">
              <IconDots />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown className="i14">
            {has("device-backup") && (
              <Menu.Item
                className="only-p"
                leftSection={<IconDownload />}
                onClick={() => void backUp.these([device.name])}
              >
                Back up now
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconPencil />} onClick={edit}>
              Edit
            </Menu.Item>
            {device.enabled && (
              <Menu.Item leftSection={<IconBan />} onClick={() => setAsking("disable")}>
                Disable…
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconTrash />} disabled={device.is_lab} onClick={() => setAsking("delete")}>
              Delete…
              {device.is_lab && <span className="xs t3"> routers of the lab stay</span>}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asking === "disable" && <DisableDialog names={[device.name]} onClose={() => setAsking(null)} />}
      {asking === "key" && offered && (
        <KeyDialog offered={[{ device: device.name, key: offered }]} onClose={() => setAsking(null)} />
      )}
      {asking === "delete" && (
        <ReasonDialog
          opened
          title={`Delete ${device.name}?`}
          confirm="Delete it"
          danger
          reason="none"
          typeName={device.name}
          onConfirm={async () => {
            await deleteDevice(device.name);
            go(links.devices(), { replace: true });
            await refresh();
            toast.ok(`${device.name} deleted.`);
          }}
          onClose={() => setAsking(null)}
        >
          <p className="t2">
            It goes from this list with its credential links and its host key. The device itself is not touched. A
            device that changes were made to cannot be deleted, only disabled: its records stay.
          </p>
        </ReasonDialog>
      )}
    </>
  );
}
