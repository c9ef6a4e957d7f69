import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { Me, Permission } from "../../../domain/contract/user.ts";
import { api } from "./api.ts";
import { keys } from "./keys.ts";
import { setServerTime } from "./time.ts";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async () => {
    const me = await api.get<Me>("/auth/me");
    setServerTime(me.server_time);
    return me;
  },
  staleTime: 60_000,
  retry: false,
});

/** Who is signed in. Only below the shell, whose loader has read it. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

export const can = (me: Me, permission: Permission): boolean => me.permissions.includes(permission);
/** `const may = useCan(); may("devices:write")` */
export function useCan(): (permission: Permission) => boolean {
  const me = useMe();
  return (permission) => can(me, permission);
}
