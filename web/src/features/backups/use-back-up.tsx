import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Run } from "../../../../domain/contract/run.ts";
import { count } from "../../components/bits.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import { backUpAll, backUpThese } from "./backups-api.ts";

export type BackUp = {
  /** May this person start one? */
  allowed: boolean;
  busy: boolean;
  these: (devices: string[]) => Promise<void>;
  all: () => Promise<void>;
};

/** Starts a backup; what comes of it stands on the run's page and in the lists. */
export function useBackUp(): BackUp {
  const client = useQueryClient();
  const go = useGo();
  const may = useCan();
  const [busy, setBusy] = useState(false);
  const start = async (begin: () => Promise<Run>, what: string): Promise<void> => {
    setBusy(true);
    try {
      const run = await begin();
      toast.ok(`The backup of ${what} has started.`, {
        open: { label: "Open the run", go: () => go(links.run(run.id)) },
      });
      await client.invalidateQueries({ queryKey: ["runs"] });
    } catch (error) {
      toast.error(error);
    } finally {
      setBusy(false);
    }
  };
  return {
    allowed: may("backups:run"),
    busy,
    these: async (devices) =>
      start(
        async () => backUpThese(devices),
        devices.length === 1 ? (devices[0] ?? "") : count(devices.length, "device"),
      ),
    all: async () => start(backUpAll, "every device"),
  };
}
