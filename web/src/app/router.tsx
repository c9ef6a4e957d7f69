import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type ErrorComponentProps,
} from "@tanstack/react-router";
import { Page } from "../components/page.tsx";
import { ErrorState, SkeletonCards } from "../components/states.tsx";
import { TextLink } from "../components/go.tsx";
import { ApiError, whenSignedOut } from "../lib/api.ts";
import { links } from "../lib/links.ts";
import { meQuery } from "../lib/session.ts";
import { parseSearch, stringifySearch } from "../lib/url-state.ts";
import { queryClient } from "./providers.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ notFoundComponent: NotFoundPage, errorComponent: RootError });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: lazyRouteComponent(() => import("../features/auth/login-page.tsx"), "LoginPage"),
});

/** Below it, somebody is signed in: `me` has been read. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ location }) => {
    try {
      const me = await queryClient.ensureQueryData(meQuery);
      if (me.user.must_change_password && location.pathname !== "/password")
        throw redirect({ href: `/password?to=${encodeURIComponent(location.href)}` });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ href: links.login(location.href === "/" ? undefined : location.href) });
      throw error;
    }
  },
});
const password = createRoute({
  getParentRoute: () => signedIn,
  path: "/password",
  component: lazyRouteComponent(() => import("../features/auth/password-page.tsx"), "PasswordPage"),
});
const shell = createRoute({
  getParentRoute: () => signedIn,
  id: "shell",
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const page = <const P extends string>(path: P, load: () => ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => shell, path, component: load() });

const pages = [
  page("/", () => lazyRouteComponent(() => import("../features/now/now-page.tsx"), "NowPage")),
  page("/welcome", () => lazyRouteComponent(() => import("../features/welcome/welcome-page.tsx"), "WelcomePage")),
  page("/approvals", () =>
    lazyRouteComponent(() => import("../features/approvals/approvals-page.tsx"), "ApprovalsPage"),
  ),
  page("/approvals/$id", () =>
    lazyRouteComponent(() => import("../features/approvals/approval-page.tsx"), "ApprovalPage"),
  ),
  page("/runs", () => lazyRouteComponent(() => import("../features/runs/runs-page.tsx"), "RunsPage")),
  page("/runs/$id", () => lazyRouteComponent(() => import("../features/runs/run-page.tsx"), "RunPage")),
  page("/changes", () => lazyRouteComponent(() => import("../features/changes/changes-page.tsx"), "ChangesPage")),
  page("/changes/new", () =>
    lazyRouteComponent(() => import("../features/changes/new-change-page.tsx"), "NewChangePage"),
  ),
  page("/changes/$id", () => lazyRouteComponent(() => import("../features/changes/change-page.tsx"), "ChangePage")),
  page("/devices", () => lazyRouteComponent(() => import("../features/devices/devices-page.tsx"), "DevicesPage")),
  page("/devices/import", () => lazyRouteComponent(() => import("../features/devices/import-page.tsx"), "ImportPage")),
  page("/devices/$name", () => lazyRouteComponent(() => import("../features/devices/device-page.tsx"), "DevicePage")),
  page("/devices/$name/$tab", () =>
    lazyRouteComponent(() => import("../features/devices/device-page.tsx"), "DevicePage"),
  ),
  page("/show", () => lazyRouteComponent(() => import("../features/show/show-page.tsx"), "ShowPage")),
  page("/configs", () => lazyRouteComponent(() => import("../features/backups/configs-page.tsx"), "ConfigsPage")),
  page("/configs/diff", () => lazyRouteComponent(() => import("../features/backups/compare-page.tsx"), "ComparePage")),
  page("/configs/versions/$id", () =>
    lazyRouteComponent(() => import("../features/backups/version-page.tsx"), "VersionPage"),
  ),
  // With its slash it comes before the one below, which takes any name, folders included.
  page("/templates/", () =>
    lazyRouteComponent(() => import("../features/templates/templates-page.tsx"), "TemplatesPage"),
  ),
  page("/templates/new", () =>
    lazyRouteComponent(() => import("../features/templates/template-page.tsx"), "NewTemplatePage"),
  ),
  page("/templates/import", () =>
    lazyRouteComponent(() => import("../features/templates/import-page.tsx"), "ImportTemplatesPage"),
  ),
  page("/templates/$", () =>
    lazyRouteComponent(() => import("../features/templates/template-page.tsx"), "TemplatePage"),
  ),
  page("/audit", () => lazyRouteComponent(() => import("../features/audit/audit-page.tsx"), "AuditPage")),
  page("/settings", () => lazyRouteComponent(() => import("../features/settings/settings-page.tsx"), "SettingsPage")),
  page("/settings/$section", () =>
    lazyRouteComponent(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
  ),
  createRoute({ getParentRoute: () => shell, path: "$", component: NotFoundPage }),
];

export const router = createRouter({
  routeTree: root.addChildren([login, signedIn.addChildren([password, shell.addChildren(pages)])]),
  parseSearch,
  stringifySearch,
  defaultPendingMs: 150,
  defaultPendingComponent: () => <SkeletonCards />,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFoundPage,
});

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname !== "/login") location.assign(`${links.login(href)}&out=1`);
});

function NotFoundPage() {
  return (
    <Page title="No page has this address">
      <p>
        It may have been mistyped, or be an address of another version.{" "}
        <TextLink href={links.now()}>Back to Now</TextLink>
      </p>
    </Page>
  );
}

function PageError({ error, reset }: ErrorComponentProps) {
  return (
    <div className="ns-pg" style={{ paddingTop: 20 }}>
      <ErrorState
        error={error}
        what="This page could not be shown."
        retry={reset}
        touched="Nothing reached a device. Showing a page only reads."
      />
    </div>
  );
}

/** Before anybody is known: there is no shell around it. */
function RootError(props: ErrorComponentProps) {
  return (
    <main>
      <h1 className="vh">NetStacks</h1>
      <PageError {...props} />
    </main>
  );
}
