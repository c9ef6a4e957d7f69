import { startEngines } from "./engines.ts";

export default async function setup(): Promise<() => Promise<void>> {
  const engines = await startEngines();
  return engines.stop;
}
