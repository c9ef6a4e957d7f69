import { useQuery } from "@tanstack/react-query";
import type { TemplateReference, TemplateUse } from "../../../../domain/contract/template.ts";
import { TextLink } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { Loaded, SkeletonRows } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { usesQuery, type StoredTemplate } from "./templates-api.ts";

const HOW: Record<TemplateUse["how"], string> = {
  include: "includes it",
  extends: "extends it",
  import: "imports from it",
  delete_template: "takes away with it what it put there",
  validation_template: "says with it what has to be there",
  service: "deploys it",
};
const KIND: Record<TemplateUse["kind"], string> = {
  template: "template",
  stack: "stack",
  stack_template: "stack template",
};

/** Who would miss it, and what it would miss. */
export function UsedByTab({ template }: { template: StoredTemplate }) {
  const query = useQuery(usesQuery(template.name));
  return (
    <div className="ns-tp-uses">
      <Card title="Used by">
        <Loaded query={query} what="Its users could not be read." skeleton={<SkeletonRows rows={4} columns={2} />}>
          {(uses) =>
            uses.length === 0 ? (
              <p className="cb t3">Nothing uses it. It can be deleted.</p>
            ) : (
              <ul className="ns-tp-list">
                {uses.map((use) => (
                  <li key={`${use.id} ${use.how} ${use.line}`}>
                    <span className="t3">{KIND[use.kind]}</span>
                    <span className="break">
                      {use.kind === "template" ? (
                        <TextLink href={links.template(use.name)}>{use.name}</TextLink>
                      ) : (
                        <b>{use.name}</b>
                      )}{" "}
                      {HOW[use.how]}
                      {use.line !== null && <span className="t3">, line {use.line}</span>}
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      <Card title="It names">
        {template.references.length === 0 ? (
          <p className="cb t3">It includes no other template.</p>
        ) : (
          <ul className="ns-tp-list">
            {template.references.map((reference) => (
              <li key={`${reference.name} ${reference.line} ${reference.how}`}>
                <span className="t3">{reference.how}</span>
                <Reference reference={reference} />
              </li>
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

function Reference({ reference: { name, line, exists } }: { reference: TemplateReference }) {
  return (
    <span className="break">
      {name === null ? (
        "a name that is known only when it is rendered"
      ) : exists ? (
        <TextLink href={links.template(name)}>{name}</TextLink>
      ) : (
        <>
          <b>{name}</b> <StatusText status="error">there is none of that name</StatusText>
        </>
      )}
      <span className="t3">, line {line}</span>
    </span>
  );
}
