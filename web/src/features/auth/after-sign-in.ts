import type { QueryClient } from "@tanstack/react-query";
import { links } from "../../lib/links.ts";
import { can, meQuery } from "../../lib/session.ts";

/** A path of this app and nothing else: an address that leads away, or to the login again, becomes Now. */
export function safeTarget(to: string | undefined): string {
  if (to === undefined || !to.startsWith("/") || to.startsWith("//") || to.includes("\\") || to.startsWith("/login"))
    return "/";
  return to;
}

const WORDS: Record<string, string> = {
  approvals: "approval",
  runs: "run",
  changes: "change",
  devices: "device",
  audit: "audit",
  settings: "settings",
  password: "password",
  welcome: "welcome",
};

/** What stands at a path, in words: `device lab-ams-ios-1`, `approvals`. */
export function pageWord(path: string): string {
  const [first = "", second] = (path.split("?")[0] ?? "").split("/").filter(Boolean);
  const word = WORDS[first];
  if (word === undefined) return path;
  if (second === undefined) return first;
  if (second === "new" || second === "import")
    return `${second === "new" ? "new" : "import of"} ${second === "new" ? word : first}`;
  return first === "devices" ? `${word} ${decodeURIComponent(second)}` : first === "settings" ? second : word;
}

/** Where a person goes first: the forced password, the welcome nobody has seen yet, or the page that was asked for. */
export async function afterSignIn(client: QueryClient, target: string): Promise<string> {
  const me = await client.fetchQuery({ ...meQuery, staleTime: 0 });
  if (me.user.must_change_password) return `/password?to=${encodeURIComponent(target)}`;
  if (target === "/" && me.lab && !me.seen_welcome && can(me, "lab:use")) return links.welcome();
  return target;
}
