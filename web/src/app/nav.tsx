import {
  IconActivity,
  IconBraces,
  IconCalendarEvent,
  IconFileText,
  IconListCheck,
  IconServer2,
  IconSettings,
  IconShieldCheck,
  IconUserCheck,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Me } from "../../../domain/contract/user.ts";
import { can } from "../lib/session.ts";
import { links } from "../lib/links.ts";

export type NavEntry = {
  id: string;
  label: string;
  href: string;
  icon: ReactNode;
  letter: string;
  group: "" | "Network" | "Automate" | "Govern";
  shown: (me: Me) => boolean;
};

const firstSettings = (me: Me): string =>
  can(me, "users:admin")
    ? links.settings("users")
    : can(me, "credentials:read")
      ? links.settings("credentials")
      : links.settings("tokens");

/** The entries of the sidebar that this person can use. */
export function navFor(me: Me): NavEntry[] {
  const entries: NavEntry[] = [
    {
      id: "now",
      label: "Now",
      href: links.now(),
      icon: <IconActivity aria-hidden="true" />,
      letter: "n",
      group: "",
      shown: () => true,
    },
    {
      id: "approvals",
      label: "Approvals",
      href: links.approvals(),
      icon: <IconUserCheck aria-hidden="true" />,
      letter: "a",
      group: "",
      shown: (m) => can(m, "approvals:read"),
    },
    {
      id: "runs",
      label: "Runs",
      href: links.runs(),
      icon: <IconListCheck aria-hidden="true" />,
      letter: "r",
      group: "",
      shown: (m) => can(m, "runs:read"),
    },
    {
      id: "changes",
      label: "Changes",
      href: links.changes(),
      icon: <IconCalendarEvent aria-hidden="true" />,
      letter: "c",
      group: "",
      shown: (m) => can(m, "changes:read"),
    },
    {
      id: "devices",
      label: "Devices",
      href: links.devices(),
      icon: <IconServer2 aria-hidden="true" />,
      letter: "d",
      group: "Network",
      shown: (m) => can(m, "devices:read"),
    },
    {
      id: "configs",
      label: "Configs",
      href: links.configs(),
      icon: <IconFileText aria-hidden="true" />,
      letter: "f",
      group: "Network",
      shown: (m) => can(m, "backups:read"),
    },
    {
      id: "templates",
      label: "Templates",
      href: links.templates(),
      icon: <IconBraces aria-hidden="true" />,
      letter: "t",
      group: "Automate",
      shown: (m) => can(m, "templates:read"),
    },
    {
      id: "audit",
      label: "Audit",
      href: links.audit(),
      icon: <IconShieldCheck aria-hidden="true" />,
      letter: "u",
      group: "Govern",
      shown: (m) => can(m, "audit:read"),
    },
    {
      id: "settings",
      label: "Settings",
      href: firstSettings(me),
      icon: <IconSettings aria-hidden="true" />,
      letter: "e",
      group: "Govern",
      shown: () => true,
    },
  ];
  return entries.filter((entry) => entry.shown(me));
}

export const currentEntry = (pathname: string): string => {
  const first = pathname.split("/")[1] ?? "";
  return first === "" ? "now" : first;
};
