import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { Me, Permission } from "../../../domain/contract/user.ts";
import { api } from "./api.ts";
import { keys } from "./keys.ts";
import { setServerTime } from "./time.ts";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async () => {
    const me = await readMe();
    setServerTime(me.server_time);
    return me;
  },
  staleTime: 60_000,
  retry: false,
});

/** `data.me`, or `data` itself. */
async function readMe(): Promise<Me> {
  const data = await api.get<{ me: Me } | Me>("/auth/me");
  return "me" in data ? data.me : data;
}

/** Who is signed in. Only below the shell, whose loader has read it. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

export const can = (me: Me, permission: Permission): boolean => me.permissions.includes(permission);
/** `const may = useCan(); may("devices:write")` */
export function useCan(): (permission: Permission) => boolean {
  const me = useMe();
  return (permission) => can(me, permission);
}
