import { Menu } from "@mantine/core";
import type { ConfigBackup } from "../../../../domain/contract/backup.ts";
import { count } from "../../components/bits.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { shortHash, sizeText } from "./versions.ts";

type PickProps = {
  side: "A" | "B";
  version: ConfigBackup;
  versions: readonly ConfigBackup[];
  /** Where two devices are compared, each side says whose it is. */
  named?: boolean;
  onPick: (id: string) => void;
};

/** One side of a comparison: which version it is, and a menu of the others. */
export function VersionPick({ side, version, versions, named = false, onPick }: PickProps) {
  return (
    <Menu position="bottom-start" width={320}>
      <Menu.Target>
        <button type="button" className="ns-bk-pick">
          <span className="vh">Choose another version for </span>
          <i>{side}</i>
          <b className="ell">{named ? version.device_name : version.is_latest ? "Newest version" : "Older version"}</b>
          <When at={version.created_at} precise />
          <span className="ell">
            {count(version.lines, "line")}, <span className="mono">{shortHash(version.config_hash)}</span>
            <span className="seen">
              , {version.is_latest ? "last seen" : "until"} <When at={version.last_seen_at} precise />
            </span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className="ns-bk-menu">
        {versions.map((each) => (
          <Menu.Item
            key={each.id}
            onClick={() => onPick(each.id)}
            aria-current={each.id === version.id ? "true" : undefined}
          >
            <span className="row">
              <b>
                <When at={each.created_at} precise />
              </b>
              <span className="sm t3 num ell">
                {count(each.lines, "line")}, {sizeText(each.size)}
              </span>
              <span className="end">
                {each.status === "shrunk" ? (
                  <StatusText status="shrunk" />
                ) : (
                  <span className="mono t3">{shortHash(each.config_hash)}</span>
                )}
              </span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
