export { change } from "./change.ts";
export { readConfig, testDevices } from "./device-reads.ts";
