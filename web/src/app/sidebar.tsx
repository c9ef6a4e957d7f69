import { Menu } from "@mantine/core";
import { IconKey, IconKeyboard, IconLogout, IconPassword, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Stats } from "../../../domain/contract/platform.ts";
import { Avatar, Kbd } from "../components/bits.tsx";
import { Go } from "../components/go.tsx";
import { links } from "../lib/links.ts";
import { setPref, usePrefs } from "../lib/prefs.ts";
import { useMe } from "../lib/session.ts";
import { statsQuery } from "../lib/stats.ts";
import { useGo } from "../lib/url-state.ts";
import { Logo } from "./logo.tsx";
import { currentEntry, navFor, type NavEntry } from "./nav.tsx";
import { signOut } from "./sign-out.ts";

export function Sidebar({ pathname, onFind }: { pathname: string; onFind: () => void }) {
  const me = useMe();
  const stats = useQuery(statsQuery).data;
  const entries = navFor(me);
  const groups = ["", "Network", "Automate", "Govern"] as const;
  return (
    <aside className="ns-side" aria-label="Sidebar">
      <div className="ns-brand">
        <Logo />
        <span>NetStacks</span>
      </div>
      <button type="button" className="ns-find i14" onClick={onFind} title="Find or do">
        <IconSearch aria-hidden="true" />
        <span className="fl">Find or do</span>
        <span className="sp" />
        <span className="row g4" aria-hidden="true">
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <nav className="ns-nav" aria-label="Main">
        {groups.map((group) => {
          const own = entries.filter((entry) => entry.group === group);
          if (own.length === 0) return null;
          return (
            <div key={group}>
              {group && <h2>{group}</h2>}
              {own.map((entry) => (
                <Go
                  key={entry.id}
                  href={entry.href}
                  title={entry.label}
                  aria-current={currentEntry(pathname) === entry.id ? "page" : undefined}
                >
                  {entry.icon}
                  <span className="lb">{entry.label}</span>
                  <NavCount entry={entry} stats={stats} />
                </Go>
              ))}
            </div>
          );
        })}
      </nav>
      <MeMenu />
    </aside>
  );
}

function NavCount({ entry, stats }: { entry: NavEntry; stats: Stats | undefined }) {
  if (!stats) return null;
  if (entry.id === "approvals" && stats.approvals_for_me > 0)
    return (
      <span className="n hot" title={`${stats.approvals_for_me} wait for you`}>
        {stats.approvals_for_me}
      </span>
    );
  if (entry.id === "runs" && stats.runs_interrupted > 0)
    return (
      <span className="n doubt" title={`${stats.runs_interrupted} in doubt`}>
        {stats.runs_interrupted}
      </span>
    );
  if (entry.id === "runs" && stats.runs_active > 0)
    return (
      <span className="n k-run">
        <i className="ns-dot" />
        {stats.runs_active}
      </span>
    );
  if (entry.id === "devices" && stats.devices.total > 0) return <span className="n">{stats.devices.total}</span>;
  return null;
}

function MeMenu() {
  const { user } = useMe();
  const prefs = usePrefs();
  const go = useGo();
  const role = user.roles[0];
  return (
    <Menu position="top-start" width={230}>
      <Menu.Target>
        <button type="button" className="ns-me" title={`${user.username}, your account`}>
          <Avatar name={user.display_name || user.username} />
          <span className="ell">{user.username}</span>
          {role && <span className="ns-tag end">{role}</span>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.display_name || user.username}, {user.roles.join(", ")}
        </Menu.Label>
        <Menu.Item leftSection={<IconPassword className="i14" />} onClick={() => go("/password")}>
          Change password
        </Menu.Item>
        <Menu.Item leftSection={<IconKey className="i14" />} onClick={() => go(links.settings("tokens"))}>
          API tokens
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard className="i14" />}
          closeMenuOnClick={false}
          onClick={() => setPref({ singleKeys: !prefs.singleKeys })}
        >
          Single keys: {prefs.singleKeys ? "on" : "off"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout className="i14" />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
