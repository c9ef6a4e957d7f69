import { Button } from "@mantine/core";
import { IconBraces, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { TemplateSummary } from "../../../../domain/contract/template.ts";
import { count, platformWord } from "../../components/bits.tsx";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { FilterBox } from "../../components/filter-box.tsx";
import { Go, TextLink } from "../../components/go.tsx";
import { Page } from "../../components/page.tsx";
import { PAGE_SIZE, Pager } from "../../components/pager.tsx";
import { Empty, Loaded, SkeletonRows } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { EXAMPLE } from "./draft.ts";
import { FILTERS, templateFilter } from "./template-filter.ts";
import { templatesQuery } from "./templates-api.ts";
import { TYPE_WORDS } from "./type-words.ts";
import "./templates.css";

/** Which ones are there, what are they for? */
export function TemplatesPage() {
  const may = useCan();
  const go = useGo();
  const [search, set] = useUrlState();
  const line = search["q"] ?? "";
  const offset = Number(search["offset"] ?? 0) || 0;
  const { sort = "name" } = search;
  const list = useQuery(templatesQuery({ ...templateFilter(line), sort, limit: PAGE_SIZE, offset }));
  const mayWrite = may("templates:write");
  useCommands(
    mayWrite
      ? [
          { id: "new-template", label: "New template", group: "Templates", run: () => go(links.newTemplate()) },
          {
            id: "import-templates",
            label: "Import templates from files",
            group: "Templates",
            run: () => go(links.importTemplates()),
          },
        ]
      : [],
  );
  return (
    <Page
      fill
      title="Templates"
      beside={list.data && <span className="sm t3">{count(list.data.total, "template")}</span>}
      actions={
        mayWrite && (
          <span className="row g6 only-wide">
            <Button component={Go} href={links.importTemplates()}>
              Import
            </Button>
            <Button component={Go} href={links.newTemplate()} leftSection={<IconPlus />}>
              New template
            </Button>
          </span>
        )
      }
    >
      <div className="ns-flt">
        <FilterBox
          label="Filter templates"
          value={line}
          onChange={(q) => set({ q, offset: undefined })}
          keys={FILTERS}
          placeholder="name, type:deploy for:cisco_ios"
        />
      </div>
      <Loaded
        query={list}
        what="The templates could not be read."
        touched="Nothing reached a device. A list only reads."
        skeleton={<SkeletonRows rows={14} columns={6} />}
      >
        {({ templates, total }) => (
          <DataTable
            fill
            className="ns-tp-table"
            label="Templates"
            rows={templates}
            rowId={(template) => template.id}
            name={{
              head: "Name",
              text: (template) => template.name,
              href: (template) => links.template(template.name),
              sort: "name",
            }}
            columns={COLUMNS}
            version={(template) => template.updated_at}
            sort={{
              value: sort,
              onChange: (next) => set({ sort: next === "name" ? undefined : next, offset: undefined }),
            }}
            card={(template) => ({
              title: <span className="ell">{template.name}</span>,
              line: [TYPE_WORDS[template.type].label, forWhat(template), template.description]
                .filter(Boolean)
                .join(" · "),
              aside: <span className="t3">v{template.version}</span>,
            })}
            empty={<NoTemplates filtered={line !== ""} mayWrite={mayWrite} />}
            footer={
              <Pager
                total={total}
                offset={offset}
                onOffset={(next) => set({ offset: next === 0 ? undefined : String(next) })}
              />
            }
          />
        )}
      </Loaded>
    </Page>
  );
}

const forWhat = ({ vendor_types }: TemplateSummary): string => vendor_types.map(platformWord).join(", ");

const COLUMNS: Column<TemplateSummary>[] = [
  { id: "type", head: "Type", sort: "type", cell: (template) => TYPE_WORDS[template.type].label },
  {
    id: "for",
    head: "For",
    cell: (template) => (
      <span className="ell ns-tp-some" title={forWhat(template)}>
        {forWhat(template) || <span className="t3">any</span>}
      </span>
    ),
  },
  { id: "family", head: "Family", wide: true, cell: (template) => <Family template={template} /> },
  {
    id: "description",
    head: "Description",
    wide: true,
    cell: (template) => (
      <span className="ell ns-tp-some t3" title={template.description}>
        {template.description}
      </span>
    ),
  },
  { id: "tests", head: "Tests", align: "right", cell: (template) => template.test_count },
  { id: "version", head: "Version", align: "right", sort: "version", cell: (template) => `v${template.version}` },
  {
    id: "changed",
    head: "Changed",
    sort: "updated_at",
    cell: (template) => (
      <>
        <When at={template.updated_at} precise /> <span className="t3">{template.updated_by}</span>
      </>
    ),
  },
];

function Family({ template: { delete_template, validation_template } }: { template: TemplateSummary }) {
  if (delete_template === null && validation_template === null) return null;
  return (
    <span className="row g6">
      {delete_template !== null && (
        <TextLink className="sm" href={links.template(delete_template)} title={`Taken away by ${delete_template}`}>
          delete
        </TextLink>
      )}
      {validation_template !== null && (
        <TextLink className="sm" href={links.template(validation_template)} title={`Checked by ${validation_template}`}>
          validation
        </TextLink>
      )}
    </span>
  );
}

function NoTemplates({ filtered, mayWrite }: { filtered: boolean; mayWrite: boolean }) {
  if (filtered)
    return (
      <Empty
        icon={<IconSearch className="i28 t3" aria-hidden="true" />}
        title="No template fits this filter"
        actions={
          <Button component={Go} href={links.templates()}>
            Show all templates
          </Button>
        }
      >
        Try a part of its name, or take a term away.
      </Empty>
    );
  return (
    <Empty
      icon={<IconBraces className="i28 t3" aria-hidden="true" />}
      title="No templates yet"
      actions={
        mayWrite && (
          <>
            <Button
              variant="filled"
              leftSection={<IconPlus />}
              component={Go}
              href={links.newTemplate({ example: "1" })}
            >
              Begin with the example
            </Button>
            <Button component={Go} href={links.importTemplates()}>
              Import .j2 files
            </Button>
          </>
        )
      }
    >
      <p>Templates are Jinja texts that become the lines of a device: written once, filled in for each. For example:</p>
      <pre className="ns-tp-example">{EXAMPLE.content.split("\n").slice(1, 5).join("\n")}</pre>
    </Empty>
  );
}
