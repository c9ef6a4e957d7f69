import { useQuery } from "@tanstack/react-query";
import { Button } from "@mantine/core";
import { Go } from "../../components/go.tsx";
import { Page } from "../../components/page.tsx";
import { Empty, ErrorState, SkeletonCards } from "../../components/states.tsx";
import { ApiError } from "../../lib/api.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { useParam, useUrlState } from "../../lib/url-state.ts";
import { EMPTY, EXAMPLE, draftOf } from "./draft.ts";
import { templateQuery } from "./templates-api.ts";
import { TemplateWork } from "./template-work.tsx";

const CRUMBS = [{ label: "Templates", href: links.templates() }];

/** Is it right, what would it give, who uses it? */
export function TemplatePage() {
  const name = useParam("_splat");
  const query = useQuery(templateQuery(name));
  if (query.data) return <TemplateWork key={query.data.id} template={query.data} start={draftOf(query.data)} />;
  const absent = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Page title={name} crumbs={CRUMBS}>
      {absent ? (
        <Empty
          icon={null}
          title={`There is no template ${name}`}
          actions={
            <Button component={Go} href={links.newTemplate({ name })}>
              Write it
            </Button>
          }
        >
          It may have been renamed or deleted; nothing that is deployed has changed by that.
        </Empty>
      ) : query.isError ? (
        <ErrorState
          error={query.error}
          what="The template could not be read."
          retry={() => void query.refetch()}
          touched="Nothing reached a device. A template only reads."
        />
      ) : (
        <SkeletonCards />
      )}
    </Page>
  );
}

/** A new one: empty, from the example, or a copy. */
export function NewTemplatePage() {
  const [search] = useUrlState();
  const may = useCan();
  if (!may("templates:write"))
    return (
      <Page title="New template" crumbs={CRUMBS}>
        <Empty title="Writing templates needs the role operator">
          Everybody who signs in may read them; an admin gives roles under Settings.
        </Empty>
      </Page>
    );
  const copied = search["copy"];
  if (copied !== undefined) return <Copied name={copied} />;
  return search["example"] === "1" ? (
    <TemplateWork template={null} start={EXAMPLE} />
  ) : (
    <TemplateWork template={null} start={{ ...EMPTY, name: search["name"] ?? "" }} />
  );
}

function Copied({ name }: { name: string }) {
  const query = useQuery({ ...templateQuery(name), staleTime: Infinity });
  if (query.data) {
    const draft = draftOf(query.data);
    return <TemplateWork template={null} start={{ ...draft, name: `${draft.name}-copy` }} />;
  }
  return (
    <Page title="New template" crumbs={CRUMBS}>
      {query.isError ? (
        <ErrorState error={query.error} what="The template could not be read." retry={() => void query.refetch()} />
      ) : (
        <SkeletonCards />
      )}
    </Page>
  );
}
