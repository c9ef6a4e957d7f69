import { Button } from "@mantine/core";
import { IconArrowLeft, IconColumns2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ConfigBackupContent } from "../../../../domain/contract/backup.ts";
import { count, platformWord } from "../../components/bits.tsx";
import { Go, TextLink } from "../../components/go.tsx";
import { Facts, Page } from "../../components/page.tsx";
import { StatusPill } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { formatWhen } from "../../lib/time.ts";
import { useParam } from "../../lib/url-state.ts";
import { PageLoaded } from "../changes/page-loaded.tsx";
import { contentQuery, versionsQuery } from "./backups-api.ts";
import { VersionText } from "./version-text.tsx";
import { shortHash, sizeText } from "./versions.ts";
import "./backups.css";

/** One version of one device's config. */
export function VersionPage() {
  const query = useQuery(contentQuery(useParam("id")));
  return (
    <PageLoaded
      title="Config"
      crumbs={[{ label: "Configs", href: links.configs() }]}
      query={query}
      what="The config could not be read."
      touched="It is read from what is stored; no device was asked."
    >
      {(backup) => <Version backup={backup} />}
    </PageLoaded>
  );
}

function Version({ backup }: { backup: ConfigBackupContent }) {
  const versions = useQuery(versionsQuery(backup.device_name)).data?.backups ?? [];
  const at = versions.findIndex((version) => version.id === backup.id);
  const before = at >= 0 ? versions[at + 1] : undefined;
  const newest = versions[0];
  return (
    <Page
      fill
      title={`${backup.device_name}, ${formatWhen(backup.created_at, { precise: true })}`}
      heading={backup.device_name}
      crumbs={[
        { label: "Configs", href: links.configs() },
        { label: backup.device_name, href: links.device(backup.device_name, "versions") },
        { label: formatWhen(backup.created_at, { precise: true }) },
      ]}
      beside={
        <>
          <StatusPill status={backup.status}>
            {backup.is_latest ? "Newest version" : `Until ${formatWhen(backup.last_seen_at, { precise: true })}`}
          </StatusPill>
          <span className="sm t3">{platformWord(backup.device_type)}</span>
        </>
      }
      actions={
        <>
          {before && (
            <Button component={Go} href={links.configDiff(before.id, backup.id)} leftSection={<IconColumns2 />}>
              What changed in it
            </Button>
          )}
          {newest && newest.id !== backup.id && (
            <Button component={Go} href={links.configDiff(backup.id, newest.id)} leftSection={<IconArrowLeft />}>
              Against the newest
            </Button>
          )}
        </>
      }
    >
      <Facts
        facts={[
          { label: "First read", value: <When at={backup.created_at} precise focusable /> },
          { label: "Last seen", value: <When at={backup.last_seen_at} precise focusable /> },
          { label: "Length", value: count(backup.lines, "line"), note: sizeText(backup.size) },
          { label: "Hash", value: <span className="mono">{shortHash(backup.config_hash)}</span> },
          backup.status === "shrunk" && {
            label: "Shrunk",
            value: "Read twice",
            note: "over 30 % shorter than the version before",
          },
          { label: "Stored by", value: <TextLink href={links.run(backup.run_id)}>this run</TextLink> },
        ]}
      />
      <div className="ns-card ns-bk-text">
        <VersionText id={backup.id} own />
      </div>
    </Page>
  );
}
