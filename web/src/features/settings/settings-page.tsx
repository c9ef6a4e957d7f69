import { useParams } from "@tanstack/react-router";
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { NativeSelect } from "@mantine/core";
import type { Me } from "../../../../domain/contract/user.ts";
import { Go } from "../../components/go.tsx";
import { Page } from "../../components/page.tsx";
import { Empty } from "../../components/states.tsx";
import { links } from "../../lib/links.ts";
import { can, useMe } from "../../lib/session.ts";
import { useGo } from "../../lib/url-state.ts";
import "./settings.css";

type SectionId = "users" | "credentials" | "variables" | "apis" | "tokens" | "engines";
type Section = { id: SectionId; label: string; shown: (me: Me) => boolean; Body: LazyExoticComponent<ComponentType> };

const SECTIONS: Section[] = [
  {
    id: "users",
    label: "Users and roles",
    shown: (me) => can(me, "users:admin"),
    Body: lazy(async () => ({ default: (await import("../users/users-section.tsx")).UsersSection })),
  },
  {
    id: "credentials",
    label: "Credentials",
    shown: (me) => can(me, "credentials:read"),
    Body: lazy(async () => ({ default: (await import("../credentials/credentials-section.tsx")).CredentialsSection })),
  },
  {
    id: "variables",
    label: "Variables",
    shown: (me) => can(me, "variables:read"),
    Body: lazy(async () => ({ default: (await import("../variables/variables-section.tsx")).VariablesSection })),
  },
  {
    id: "apis",
    label: "External APIs",
    shown: (me) => can(me, "settings:read"),
    Body: lazy(async () => ({ default: (await import("../variables/apis-section.tsx")).ApisSection })),
  },
  {
    id: "tokens",
    label: "Your API tokens",
    shown: () => true,
    Body: lazy(async () => ({ default: (await import("./tokens-section.tsx")).TokensSection })),
  },
  {
    id: "engines",
    label: "Engines",
    shown: (me) => can(me, "settings:read"),
    Body: lazy(async () => ({ default: (await import("./engines-section.tsx")).EnginesSection })),
  },
];

/** One section at a time; those that the role cannot use are not there. */
export function SettingsPage() {
  const me = useMe();
  const go = useGo();
  const { section } = useParams({ strict: false });
  const shown = SECTIONS.filter((each) => each.shown(me));
  const current = section === undefined ? shown[0] : shown.find((each) => each.id === section);
  return (
    <Page title="Settings">
      <div className="ns-set">
        <nav className="ns-set-nav only-wide" aria-label="Settings">
          {shown.map((each) => (
            <Go key={each.id} href={links.settings(each.id)} aria-current={each === current ? "page" : undefined}>
              {each.label}
            </Go>
          ))}
        </nav>
        <NativeSelect
          className="only-p"
          aria-label="Section"
          value={current?.id ?? ""}
          data={shown.map((each) => ({ value: each.id, label: each.label }))}
          onChange={(event) => {
            const next = shown.find((each) => each.id === event.currentTarget.value);
            if (next) go(links.settings(next.id));
          }}
        />
        <div className="ns-set-body">
          {current ? (
            <current.Body />
          ) : (
            <Empty icon={null} title="No settings here">
              This section does not exist, or your role does not hold the right to it.
            </Empty>
          )}
        </div>
      </div>
    </Page>
  );
}
