import { useParams, useRouter, useRouterState } from "@tanstack/react-router";
import { useCallback } from "react";

/** Search parameters are plain text both ways: `?page=2` is "2". */
export type Search = Record<string, string | undefined>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (typeof value === "string" && value !== "") params.set(name, value);
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** Filters, tab, selection and sort live in the address. `set` merges; undefined or "" removes; it replaces unless told to push. */
export function useUrlState(): [Search, (patch: Search, options?: { push?: boolean }) => void] {
  const router = useRouter();
  const search = useRouterState({ select: (state) => parseSearch(state.location.searchStr), structuralSharing: true });
  const set = useCallback(
    (patch: Search, options: { push?: boolean } = {}) => {
      const { pathname, searchStr } = router.state.location;
      const href = pathname + stringifySearch({ ...parseSearch(searchStr), ...patch });
      if (options.push) router.history.push(href);
      else router.history.replace(href);
    },
    [router],
  );
  return [search, set];
}

/** A parameter of the route's path, which its pattern guarantees. */
export function useParam(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false });
  const value = params[name];
  if (value === undefined) throw new Error(`this route has no parameter ${name}`);
  return value;
}

export function useGo(): (href: string, options?: { replace?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (href, options = {}) => (options.replace ? router.history.replace(href) : router.history.push(href)),
    [router],
  );
}
