import { useMediaQuery } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense, lazy, useEffect, useRef, useState } from "react";
import { SkeletonCards } from "../components/states.tsx";
import { listenForKeys, useCommands, type Command } from "../lib/commands.ts";
import { links } from "../lib/links.ts";
import { startLive } from "../lib/live.ts";
import { setPref, usePrefs } from "../lib/prefs.ts";
import { useMe } from "../lib/session.ts";
import { useGo } from "../lib/url-state.ts";
import { navFor } from "./nav.tsx";
import { PhoneTabs, PhoneTop } from "./phone-bars.tsx";
import { Sidebar } from "./sidebar.tsx";
import { StatusBar } from "./status-bar.tsx";
import "./shell.css";

const Palette = lazy(() => import("./palette.tsx"));
const KeysHelp = lazy(() => import("./keys-help.tsx"));

/** Everything around a page, for whoever is signed in. */
export function Shell() {
  const client = useQueryClient();
  const go = useGo();
  const me = useMe();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const prefs = usePrefs();
  const narrow = useMediaQuery("(max-width: 1180px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);

  useEffect(() => startLive(client, () => location.assign(links.login(location.pathname + location.search))), [client]);
  useEffect(() => listenForKeys(), []);
  // Another page starts at its top. In braces: newer browsers return a promise, which is no clean-up.
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [pathname]);

  const open = (): void => setPalette(true);
  const verbs: Command[] = [
    ...navFor(me).map((entry) => ({
      id: `go-${entry.id}`,
      label: `Go to ${entry.label}`,
      key: `g ${entry.letter}`,
      group: "Pages",
      icon: entry.icon,
      run: () => go(entry.href),
    })),
    { id: "find", label: "Find or do", key: "mod+k", group: "Everywhere", keyOnly: true, run: open },
    { id: "keys", label: "Show the keys", key: "?", group: "Everywhere", run: () => setHelp(true) },
    {
      id: "fold",
      label: prefs.sidebarFolded ? "Unfold the sidebar" : "Fold the sidebar",
      key: "[",
      group: "Everywhere",
      run: () => setPref({ sidebarFolded: !prefs.sidebarFolded }),
    },
  ];
  useCommands(verbs);

  return (
    <div className={`ns-app${prefs.sidebarFolded || narrow ? " folded" : ""}`}>
      <a
        className="ns-skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <PhoneTop pathname={pathname} />
      <Sidebar pathname={pathname} onFind={open} />
      <main id="main" ref={main} tabIndex={-1} className="ns-main">
        <Suspense fallback={<SkeletonCards />}>
          <Outlet />
        </Suspense>
      </main>
      <StatusBar onKeys={() => setHelp(true)} />
      <PhoneTabs pathname={pathname} onFind={open} />
      <Suspense fallback={null}>
        {palette && <Palette onClose={() => setPalette(false)} />}
        {help && <KeysHelp onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
  );
}
