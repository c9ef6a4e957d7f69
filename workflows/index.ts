export { backupFleet } from "./backup-fleet.ts";
export { change } from "./change.ts";
export { recordDevice } from "./record-device.ts";
export { readConfig, testDevices } from "./device-reads.ts";
