import { ActionIcon } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { TemplateVersion } from "../../../../domain/contract/template.ts";
import { count } from "../../components/bits.tsx";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { Loaded, SkeletonRows } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { toast } from "../../lib/toast.tsx";
import { useCan } from "../../lib/session.ts";
import { links } from "../../lib/links.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { restoreVersion, versionQuery, versionsQuery, type StoredTemplate } from "./templates-api.ts";
import { TextDiff } from "./text-diff.tsx";

/** Who changed what, when; any two side by side; and the way back. */
export function VersionsTab({ template, dirty }: { template: StoredTemplate; dirty: boolean }) {
  const query = useQuery(versionsQuery(template.name));
  return (
    <Loaded query={query} what="The versions could not be read." skeleton={<SkeletonRows rows={8} columns={4} />}>
      {({ versions }) => <Versions template={template} versions={versions} dirty={dirty} />}
    </Loaded>
  );
}

const FIELD_WORDS: Record<string, string> = {
  content: "text",
  vendor_types: "device types",
  delete_template: "delete template",
  validation_template: "validation template",
};

const changedWords = (version: TemplateVersion): string =>
  version.changed.map((field) => FIELD_WORDS[field] ?? field).join(", ");

const COLUMNS: Column<TemplateVersion>[] = [
  { id: "when", head: "Saved", cell: (version) => <When at={version.created_at} precise /> },
  { id: "who", head: "By", cell: (version) => <span className="ell ns-tp-who">{version.author}</span> },
  {
    id: "what",
    head: "What",
    cell: (version) => (
      <span className="ell ns-tp-what" title={`${version.comment} (${changedWords(version)})`}>
        {version.comment || <span className="t3">{changedWords(version)}</span>}
      </span>
    ),
  },
];

type Props = { template: StoredTemplate; versions: TemplateVersion[]; dirty: boolean };
function Versions({ template, versions, dirty }: Props) {
  const [search, set] = useUrlState();
  const may = useCan();
  const client = useQueryClient();
  const [restoring, setRestoring] = useState<number | null>(null);
  const newest = versions[0]?.version ?? template.version;
  const at = Number(search["version"]) || newest;
  const from = Number(search["from"]) || at - 1;
  const mayRestore = may("templates:write");
  const restore: Column<TemplateVersion> = {
    id: "restore",
    head: <span className="vh">Restore</span>,
    align: "right",
    cell: (version) =>
      !version.is_current && (
        <ActionIcon
          size={26}
          title="Restore"
          aria-label={`Restore version ${version.version}`}
          onClick={() => setRestoring(version.version)}
        >
          <IconArrowBackUp className="i14" />
        </ActionIcon>
      ),
  };
  return (
    <div className="ns-tp-two">
      <DataTable
        fill
        label="Versions"
        rows={versions}
        rowId={(version) => String(version.version)}
        name={{
          head: "Version",
          text: (version) => `v${version.version}`,
          href: (version) => links.template(template.name, { tab: "versions", version: version.version }),
          beside: (version) => version.is_current && <StatusText status="ok">Newest</StatusText>,
        }}
        columns={mayRestore ? [...COLUMNS, restore] : COLUMNS}
        selection={{
          selected: new Set([String(at), ...(from >= 1 ? [String(from)] : [])]),
          // Two at most: with a third, the one chosen first is let go of.
          onChange: (next) => {
            const two = [...next]
              .map(Number)
              .slice(-2)
              .sort((a, b) => b - a);
            if (two.length === 2) set({ version: String(two[0]), from: String(two[1]) });
          },
        }}
        card={(version) => ({
          title: `v${version.version}, ${version.author}`,
          line: (
            <>
              <When at={version.created_at} precise /> {version.comment}
            </>
          ),
        })}
      />
      <Card
        className="ns-tp-versiondiff"
        title={from >= 1 ? `What changed from v${from} to v${at}` : `v${at}, the first one`}
        note={versions.find((version) => version.version === at)?.comment}
      >
        <DiffOfVersions name={template.name} from={from} at={at} />
      </Card>
      <ConfirmDialog
        opened={restoring !== null}
        title={`Restore version ${restoring}?`}
        confirm={`Save as version ${newest + 1}`}
        onClose={() => setRestoring(null)}
        onConfirm={async () => {
          const { template: now } = await restoreVersion(template.id, restoring ?? newest);
          await client.invalidateQueries({ queryKey: ["templates"] });
          set({ version: undefined, from: undefined });
          toast.ok(`Version ${restoring} is version ${now.version} now.`);
        }}
      >
        <p>
          Its text, options and tests become version {newest + 1}; nothing that is deployed changes, and all versions
          stay. {dirty && <b>What you have typed and not saved is then based on an older version.</b>}
        </p>
      </ConfirmDialog>
    </div>
  );
}

function DiffOfVersions({ name, from, at }: { name: string; from: number; at: number }) {
  const after = useQuery(versionQuery(name, at));
  const before = useQuery({ ...versionQuery(name, from), enabled: from >= 1 });
  return (
    <Loaded query={after} what="This version could not be read." skeleton={<SkeletonRows rows={8} columns={2} />}>
      {({ content }) =>
        from < 1 ? (
          <TextDiff before="" after={content} label="The first version" narrow />
        ) : (
          <Loaded
            query={before}
            what="The version before could not be read."
            skeleton={<SkeletonRows rows={8} columns={2} />}
          >
            {(older) =>
              older.content === content ? (
                <p className="cb t3 sm">The text is the same; {count(older.tests.length, "test")} before.</p>
              ) : (
                <TextDiff before={older.content} after={content} label={`From version ${from} to ${at}`} narrow />
              )
            }
          </Loaded>
        )
      }
    </Loaded>
  );
}
