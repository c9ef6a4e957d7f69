import { Button } from "@mantine/core";
import { IconPlus, IconSearch, IconServer2 } from "@tabler/icons-react";
import { Go } from "../../components/go.tsx";
import { Empty } from "../../components/states.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";

export function NoDevices({ filtered }: { filtered: boolean }) {
  const may = useCan();
  if (filtered)
    return (
      <Empty
        icon={<IconSearch className="i28 t3" aria-hidden="true" />}
        title="No device fits this filter"
        actions={
          <Button component={Go} href={links.devices()}>
            Show all devices
          </Button>
        }
      >
        Filters are joined by “and”: take one away, or try part of a name.
      </Empty>
    );
  return (
    <Empty
      icon={<IconServer2 className="i28 t3" aria-hidden="true" />}
      title="No devices yet"
      actions={
        may("devices:write") && (
          <>
            <Button variant="filled" leftSection={<IconPlus />} component={Go} href={links.devices({ add: "1" })}>
              Add device
            </Button>
            <Button component={Go} href={links.importDevices()}>
              Import CSV
            </Button>
          </>
        )
      }
    >
      Devices are what changes go to: each with its address, its type and a credential. For example{" "}
      <code>ams-core-01, 10.255.0.11, juniper_junos</code>.
    </Empty>
  );
}
