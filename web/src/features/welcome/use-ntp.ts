import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Change } from "../../../../domain/contract/change.ts";
import { keys } from "../../lib/keys.ts";
import { useCan, useMe } from "../../lib/session.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { changeQuery, runInLab } from "../changes/changes-api.ts";
import { isNtp, latestChangesQuery, startWelcome } from "./welcome-api.ts";

const OVER = ["cancelled", "rejected", "expired", "failed", "rolled_back"];

export type Ntp = {
  change: Change | undefined;
  error: unknown;
  may: boolean;
  running: boolean;
  run: () => void;
  /** Plans the next one: to other servers, and back. */
  again: () => void;
};

/** The welcome change: the one that is open or was kept last; the first visit plans it, where there is a lab. Planning only reads. */
export function useNtp(lab: boolean): Ntp {
  const client = useQueryClient();
  const [search, set] = useUrlState();
  const me = useMe().user.username;
  const may = useCan()("lab:use");
  const latest = useQuery(latestChangesQuery);
  const known = latest.data?.find((c) => isNtp(c) && c.requested_by === me && !OVER.includes(c.status));
  const id = search["ntp"] ?? known?.id;
  const change = useQuery({ ...changeQuery(id ?? ""), enabled: id !== undefined }).data;

  const plan = useMutation({
    mutationFn: startWelcome,
    onSuccess: (started) => {
      client.setQueryData(keys.changes.one(started.change.id), started.change);
      set({ ntp: started.change.id });
    },
  });
  const run = useMutation({
    mutationFn: async (of: Change) => runInLab(of, "my first change, on lab routers"),
    onSuccess: (started) => client.setQueryData(keys.changes.one(started.change.id), started.change),
  });

  const asked = useRef(false);
  const missing = lab && may && latest.data !== undefined && id === undefined;
  const { mutate } = plan;
  useEffect(() => {
    // Once a visit: a second effect run, or a list that is read again, must not plan another one.
    if (!missing || asked.current) return;
    asked.current = true;
    mutate();
  }, [missing, mutate]);

  return {
    change,
    error: plan.error ?? run.error ?? latest.error,
    may,
    running: run.isPending,
    run: () => {
      if (change && change.status === "draft" && !run.isPending) run.mutate(change);
    },
    again: () => {
      if (!plan.isPending) plan.mutate();
    },
  };
}
