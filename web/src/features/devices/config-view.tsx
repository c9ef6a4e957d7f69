import { Button, TextInput } from "@mantine/core";
import { IconFileText, IconRefresh, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import { CopyIcon, count } from "../../components/bits.tsx";
import { Empty, ErrorState, SkeletonRows } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { useCommands } from "../../lib/commands.ts";
import { ConfigLines } from "./config-lines.tsx";
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
  const lines = useMemo(() => config.text.replace(/\n$/, "").split("\n"), [config.text]);
  const [find, setFind] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const hits = useMemo(() => {
    const wanted = find.trim().toLowerCase();
    return wanted === "" ? [] : lines.flatMap((line, i) => (line.toLowerCase().includes(wanted) ? [i] : []));
  }, [find, lines]);
  const go = (step: number): void => setAt((now) => (hits.length === 0 ? 0 : (now + step + hits.length) % hits.length));
  useCommands([
    {
      id: "config-find",
      label: "Search the config",
      key: "/",
      group: "Config",
      keyOnly: true,
      run: () => box.current?.focus(),
    },
    { id: "config-read", label: "Read the config again", group: "Config", icon: <IconRefresh />, run: onRead },
  ]);
  return (
    <div className="ns-cfg">
      <div className="ns-cfg-bar">
        <TextInput
          ref={box}
          aria-label="Search the config"
          placeholder={`Search ${count(lines.length, "line")}`}
          leftSection={<IconSearch className="i14" />}
          value={find}
          onChange={(event) => {
            setFind(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
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
        <span className="sm t3 nowrap only-wide">
          Running config, read <When at={config.read_at} precise />
        </span>
        <span className="ns-hash only-wide" title={config.hash}>
          {config.hash.replace(/^.*:/, "").slice(0, 8)}
        </span>
        <CopyIcon text={config.text} label="config" />
        <Button size="xs" leftSection={<IconRefresh />} loading={reading} onClick={onRead}>
          Read again
        </Button>
      </div>
      <ConfigLines label={`Running config of ${device.name}`} lines={lines} hits={hits} current={hits[at]} />
    </div>
  );
}
