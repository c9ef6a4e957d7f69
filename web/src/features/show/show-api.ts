import { queryOptions } from "@tanstack/react-query";
import type { BulkShowOutput } from "../../../../domain/contract/parse.ts";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

/** The reads of a device type that come as rows, too. They change with the release only. */
export const knownCommandsQuery = (deviceType: string) =>
  queryOptions({
    queryKey: keys.knownCommands(deviceType),
    queryFn: async ({ signal }) =>
      (
        await api.get<{ commands: { command: string; template: string }[] }>(
          "/parse/commands",
          { device_type: deviceType },
          signal,
        )
      ).commands,
    staleTime: Infinity,
  });

/** Runs a read on devices, and asks for rows as well. */
export const runShow = async (devices: readonly string[], command: string): Promise<BulkShowOutput[]> =>
  (await api.post<{ results: BulkShowOutput[] }>("/devices/bulk/get-config", { devices, command, use_textfsm: true }))
    .results;
