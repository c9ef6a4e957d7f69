import { Button } from "@mantine/core";
import { IconFileText, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import { ConfigText } from "../../components/config-text.tsx";
import { Empty, ErrorState, SkeletonRows } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { useCommands } from "../../lib/commands.ts";
import { configQuery, type DeviceConfig } from "./queries.ts";

/** The running config, read from the device; it is asked only when the device is known to answer, or on demand. */
export function ConfigView({ device }: { device: Device }) {
  const [asked, setAsked] = useState(false);
  const query = useQuery({
    ...configQuery(device.name),
    enabled: device.enabled && (asked || device.state === "reachable"),
  });
  const again = (): void => {
    setAsked(true);
    void query.refetch();
  };
  if (query.data) return <Config device={device} config={query.data} reading={query.isFetching} onRead={again} />;
  if (query.isError)
    return (
      <div className="cb">
        <ErrorState
          error={query.error}
          what="The config could not be read."
          retry={again}
          touched="A read sends show commands only; nothing was changed."
        />
      </div>
    );
  if (query.isFetching) return <SkeletonRows rows={12} columns={1} />;
  return (
    <Empty
      icon={<IconFileText className="i28 t3" aria-hidden="true" />}
      title={device.enabled ? "The config has not been read" : "A disabled device is not read"}
      actions={
        device.enabled && (
          <Button leftSection={<IconRefresh />} onClick={again}>
            Read it now
          </Button>
        )
      }
    >
      {device.enabled ? "It is read from the device itself, over SSH, with its secrets masked." : "Enable it first."}
    </Empty>
  );
}

function Config({
  device,
  config,
  reading,
  onRead,
}: {
  device: Device;
  config: DeviceConfig;
  reading: boolean;
  onRead: () => void;
}) {
  useCommands([
    { id: "config-read", label: "Read the config again", group: "Config", icon: <IconRefresh />, run: onRead },
  ]);
  return (
    <ConfigText label={`Running config of ${device.name}`} text={config.text}>
      <span className="sm t3 nowrap only-wide">
        Running config, read <When at={config.read_at} precise />
      </span>
      <span className="ns-hash only-wide" title={config.hash}>
        {config.hash.replace(/^.*:/, "").slice(0, 8)}
      </span>
      <Button size="xs" leftSection={<IconRefresh />} loading={reading} onClick={onRead}>
        Read again
      </Button>
    </ConfigText>
  );
}
