import { IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ConfigBackup } from "../../../../domain/contract/backup.ts";
import { count, platformWord } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { Empty, Loaded, SkeletonRows } from "../../components/states.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { latelyQuery } from "./backups-api.ts";

/** The versions stored last: beside the list until a device is chosen. */
export function ChangedLately({ hrefOf }: { hrefOf: (device: string) => string }) {
  const query = useQuery(latelyQuery);
  return (
    <Card title="Changed lately" note="the newest versions, over all devices" className="ns-bk-side">
      <Loaded query={query} what="The versions could not be read." skeleton={<SkeletonRows rows={10} columns={2} />}>
        {({ backups }) =>
          backups.length === 0 ? (
            <Empty icon={<IconFileText className="i28 t3" aria-hidden />} title="No config is stored yet">
              A backup reads each device's running config with show commands. A new version is kept when something in it
              has changed.
            </Empty>
          ) : (
            <ul className="ns-bk-lately" tabIndex={0} aria-label="The newest versions">
              {backups.map((backup) => (
                <Late key={backup.id} backup={backup} href={hrefOf(backup.device_name)} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function Late({ backup, href }: { backup: ConfigBackup; href: string }) {
  return (
    <li>
      <Go href={href}>
        <StatusIcon
          kind={backup.status === "shrunk" ? "wait" : backup.is_latest ? "ok" : "idle"}
          icon={backup.status === "shrunk" ? "warn" : backup.is_latest ? "tick" : "clock"}
        />
        <b className="ell">{backup.device_name}</b>
        <span className="xs t3 ell">{platformWord(backup.device_type)}</span>
        <span className="sm t3 num nowrap">
          {backup.status === "shrunk" && <span className="k-wait k-text">shrunk to </span>}
          {count(backup.lines, "line")}
        </span>
        <span className="sm t3">
          <When at={backup.created_at} precise />
        </span>
      </Go>
    </li>
  );
}
