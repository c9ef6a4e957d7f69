import type { Query } from "./api.ts";

const seg = encodeURIComponent;
const withQuery = (path: string, query: Query = {}): string => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  const text = params.toString();
  return text ? `${path}?${text}` : path;
};

/** The address of every page. */
export const links = {
  now: () => "/",
  welcome: () => "/welcome",
  approvals: (query?: Query) => withQuery("/approvals", query),
  approval: (id: string) => `/approvals/${seg(id)}`,
  runs: (query?: Query) => withQuery("/runs", query),
  run: (id: string, query?: Query) => withQuery(`/runs/${seg(id)}`, query),
  changes: (query?: Query) => withQuery("/changes", query),
  change: (id: string) => `/changes/${seg(id)}`,
  newChange: (query?: Query) => withQuery("/changes/new", query),
  devices: (query?: Query) => withQuery("/devices", query),
  device: (name: string, tab?: "config" | "versions" | "runs") => `/devices/${seg(name)}${tab ? `/${tab}` : ""}`,
  importDevices: () => "/devices/import",
  configs: (query?: Query) => withQuery("/configs", query),
  configDiff: (a?: string, b?: string) => withQuery("/configs/diff", { a, b }),
  configVersion: (id: string, query?: Query) => withQuery(`/configs/versions/${seg(id)}`, query),
  audit: (query?: Query) => withQuery("/audit", query),
  settings: (page: "users" | "credentials" | "tokens" | "engines") => `/settings/${page}`,
  login: (to?: string) => withQuery("/login", { to }),
};
