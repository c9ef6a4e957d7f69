import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { ApiError } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { templateQuery } from "./templates-api.ts";

const MOST = 100;

/** The stored sources that these names reach, through others too. A name that is nowhere is left to the engine to tell. */
async function reach(client: QueryClient, names: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const asked = new Set<string>();
  const queue = [...names];
  for (let name = queue.shift(); name !== undefined && asked.size < MOST; name = queue.shift()) {
    if (asked.has(name)) continue;
    asked.add(name);
    try {
      const template = await client.fetchQuery({ ...templateQuery(name), staleTime: 30_000, retry: false });
      found[name] = template.content;
      queue.push(...template.references.flatMap((reference) => reference.name ?? []));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }
  return found;
}

const NONE: Record<string, string> = {};
/** What a text with these references may include; undefined while it is read. */
export function useIncludes(references: readonly { name: string | null }[]): Record<string, string> | undefined {
  const client = useQueryClient();
  const names = [...new Set(references.flatMap(({ name }) => name ?? []))].sort();
  const query = useQuery({
    queryKey: keys.templates.includes(names),
    enabled: names.length > 0,
    queryFn: () => reach(client, names),
  });
  return names.length === 0 ? NONE : query.data;
}
