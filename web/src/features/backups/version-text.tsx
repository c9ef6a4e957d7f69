import { useQuery } from "@tanstack/react-query";
import { ConfigText } from "../../components/config-text.tsx";
import { Loaded, SkeletonRows } from "../../components/states.tsx";
import { links } from "../../lib/links.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { contentQuery } from "./backups-api.ts";

/** The text of one version, secrets masked; every line has an address. `own`: the page is about this version. */
export function VersionText({ id, own = false }: { id: string; own?: boolean }) {
  const [search] = useUrlState();
  const query = useQuery(contentQuery(id));
  return (
    <Loaded
      query={query}
      what="The config could not be read."
      touched="It is read from what is stored; no device was asked."
      skeleton={<SkeletonRows rows={14} columns={1} />}
    >
      {(backup) => (
        <ConfigText
          label={`Config of ${backup.device_name}`}
          text={backup.content}
          wrap={!own}
          links={{
            href: (line) => links.configVersion(id, { line }),
            chosen: own ? search["line"] : undefined,
            replace: own,
          }}
        />
      )}
    </Loaded>
  );
}
