import type { Query } from "./api.ts";

const seg = encodeURIComponent;
const withQuery = (path: string, query: Query = {}): string => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  const text = params.toString();
  return text ? `${path}?${text}` : path;
};

/** Folders of a template's name are folders of its address. One that is called as a page of its own is told from it by its suffix. */
const templatePath = (name: string): string =>
  /^(new|import)$/.test(name) ? `${name}.j2` : name.split("/").map(seg).join("/");

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
  show: (query?: Query) => withQuery("/show", query),
  device: (name: string, tab?: "config" | "versions" | "runs" | "show" | "variables") =>
    `/devices/${seg(name)}${tab ? `/${tab}` : ""}`,
  importDevices: () => "/devices/import",
  configs: (query?: Query) => withQuery("/configs", query),
  configDiff: (a?: string, b?: string) => withQuery("/configs/diff", { a, b }),
  configVersion: (id: string, query?: Query) => withQuery(`/configs/versions/${seg(id)}`, query),
  templates: (query?: Query) => withQuery("/templates", query),
  newTemplate: (query?: Query) => withQuery("/templates/new", query),
  importTemplates: () => "/templates/import",
  template: (name: string, query?: Query) => withQuery(`/templates/${templatePath(name)}`, query),
  audit: (query?: Query) => withQuery("/audit", query),
  settings: (page: "users" | "credentials" | "variables" | "apis" | "tokens" | "engines") => `/settings/${page}`,
  variables: (query?: Query) => withQuery("/settings/variables", query),
  login: (to?: string) => withQuery("/login", { to }),
};
