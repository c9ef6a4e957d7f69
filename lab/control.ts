import type { ArmedFault, NewFault } from "./faults.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { RouterInfo, SessionInfo } from "./types.ts";

export type RouterState = RouterInfo & { up: boolean; sessions: SessionInfo[]; faults: ArmedFault[] };

export type LabControl = {
  routers: () => Promise<RouterState[]>;
  router: (name: string) => Promise<RouterState>;
  running: (name: string) => Promise<{ running: string; startup: string }>;
  /** What reached the router after the entry numbered `since`. */
  ledger: (name: string, since?: number) => Promise<LedgerEntry[]>;
  addFault: (name: string, fault: NewFault) => Promise<ArmedFault>;
  clearFaults: (name: string, id?: number) => Promise<void>;
  /** Back to the initial config; all sessions end. */
  reset: (name: string) => Promise<void>;
  /** Power off and on: comes back after some seconds with the startup config. */
  reload: (name: string) => Promise<void>;
};

/** A client of the lab's control port; address and token stand in the lab's `lab.json`. */
export function labControl({ url, token }: { url: string; token: string }): LabControl {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the lab answered ${response.status} to ${method} ${path}: ${text}`);
    return JSON.parse(text) as T; // the lab's own server, of the same version
  };
  const at = (name: string, rest = ""): string => `/routers/${encodeURIComponent(name)}${rest}`;
  return {
    routers: () => call("GET", "/routers"),
    router: (name) => call("GET", at(name)),
    running: (name) => call("GET", at(name, "/running")),
    ledger: (name, since = 0) => call("GET", at(name, `/ledger?since=${since}`)),
    addFault: (name, fault) => call("POST", at(name, "/faults"), fault),
    clearFaults: async (name, id) =>
      void (await call("DELETE", at(name, id === undefined ? "/faults" : `/faults?id=${id}`))),
    reset: async (name) => void (await call("POST", at(name, "/reset"))),
    reload: async (name) => void (await call("POST", at(name, "/reload"))),
  };
}
