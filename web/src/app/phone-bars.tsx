import { Drawer } from "@mantine/core";
import { IconLogout, IconMenu2, IconPassword, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Go } from "../components/go.tsx";
import { useMe } from "../lib/session.ts";
import { statsQuery } from "../lib/stats.ts";
import { Logo } from "./logo.tsx";
import { currentEntry, navFor } from "./nav.tsx";
import { signOut } from "./sign-out.ts";
import { LiveState, ThemeSwitch } from "./status-bar.tsx";

const TABS = ["now", "approvals", "runs", "devices"];

export function PhoneTop({ pathname }: { pathname: string }) {
  const entry = navFor(useMe()).find((each) => each.id === currentEntry(pathname));
  return (
    <section className="ns-ptop" aria-label="Top bar">
      <Logo size={22} />
      {entry?.label ?? "NetStacks"}
      <span className="sub">
        <LiveState short />
      </span>
    </section>
  );
}

export function PhoneTabs({ pathname, onFind }: { pathname: string; onFind: () => void }) {
  const me = useMe();
  const [more, setMore] = useState(false);
  const entries = navFor(me);
  const current = currentEntry(pathname);
  const waiting = useQuery(statsQuery).data?.approvals_for_me ?? 0;
  const tabs = entries.filter((entry) => TABS.includes(entry.id));
  const rest = entries.filter((entry) => !TABS.includes(entry.id));
  return (
    <nav className="ns-pnav" aria-label="Main, phone">
      {tabs.map((entry) => (
        <Go key={entry.id} href={entry.href} className="i20" aria-current={entry.id === current ? "page" : undefined}>
          {entry.icon}
          {entry.label}
          {entry.id === "approvals" && waiting > 0 && <em>{waiting}</em>}
        </Go>
      ))}
      <button
        type="button"
        className="i20"
        aria-expanded={more}
        aria-current={rest.some((entry) => entry.id === current) ? "page" : undefined}
        onClick={() => setMore(true)}
      >
        <IconMenu2 aria-hidden="true" />
        More
      </button>
      <Drawer
        opened={more}
        onClose={() => setMore(false)}
        position="bottom"
        size="auto"
        classNames={{ content: "ns-sheet" }}
        title={me.user.display_name || me.user.username}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <div className="ns-more i20">
          <button
            type="button"
            onClick={() => {
              setMore(false);
              onFind();
            }}
          >
            <IconSearch aria-hidden="true" />
            Find or do
          </button>
          {rest.map((entry) => (
            <Go key={entry.id} href={entry.href} onClick={() => setMore(false)}>
              {entry.icon}
              {entry.label}
            </Go>
          ))}
          <Go href="/password" onClick={() => setMore(false)}>
            <IconPassword aria-hidden="true" />
            Change password
          </Go>
          <button type="button" onClick={() => void signOut()}>
            <IconLogout aria-hidden="true" />
            Sign out
          </button>
          <span className="row">
            Theme <ThemeSwitch className="end big" />
          </span>
        </div>
      </Drawer>
    </nav>
  );
}
