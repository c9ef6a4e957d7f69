import { randomBytes } from "node:crypto";
import { startControl } from "./control-server.ts";
import { LAB_ROUTERS } from "./inventory.ts";
import { createNetwork } from "./network.ts";
import { createRouter } from "./router.ts";
import { openStore } from "./store.ts";
import type { RouterInfo, RouterSpec } from "./types.ts";

export type LabOptions = {
  /** Everything the lab keeps: configs, host keys, ledgers, ports. */
  dir: string;
  host?: string;
  routers?: readonly RouterSpec[];
  controlPort?: number;
  /** How much faster the routers' minutes pass than real ones: with 60, a commit timer of 5 minutes takes 5 seconds. */
  timeScale?: number;
};

export type Lab = {
  routers: RouterInfo[];
  control: { url: string; token: string };
  stop: () => Promise<void>;
};

type Ports = Record<string, number>;
const readPorts = (text: string | undefined): Ports => (text === undefined ? {} : (JSON.parse(text) as Ports)); // written below, by nothing else

/** Starts virtual routers, all in this process. They find their configs, keys and ports again in `dir`. */
export async function startLab({
  dir,
  host = "127.0.0.1",
  routers: specs = LAB_ROUTERS,
  controlPort = 0,
  timeScale = 1,
}: LabOptions): Promise<Lab> {
  const store = openStore(dir);
  const ports = readPorts(store.read("ports.json"));
  const deps = { dir, host, now: Date.now, timeScale, network: () => network };
  const routers = specs.map((spec) => createRouter(spec, deps));
  const network = createNetwork(
    routers.map((router) => router.member),
    Date.now,
  );
  const stopAll = async (): Promise<void> => {
    await Promise.all(routers.map((router) => router.stop()));
  };
  try {
    const taken = await Promise.all(routers.map((router) => router.start(ports[router.info().name] ?? 0)));
    store.write(
      "ports.json",
      JSON.stringify({ ...ports, ...Object.fromEntries(routers.map((router, i) => [router.info().name, taken[i]])) }),
    );
    const token = randomBytes(24).toString("base64url");
    const control = await startControl({ routers, token, host: "127.0.0.1", port: controlPort });
    const infos = routers.map((router) => router.info());
    store.write(
      "lab.json",
      JSON.stringify({ pid: process.pid, url: control.url, token, routers: infos }, undefined, 2),
    );
    return {
      routers: infos,
      control: { url: control.url, token },
      stop: async () => {
        await control.stop();
        await stopAll();
        store.remove("lab.json");
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
