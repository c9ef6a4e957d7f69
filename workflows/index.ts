export { backupFleet } from "./backup-fleet.ts";
export { change } from "./change.ts";
export { stackDeploy } from "./stack-deploy.ts";
export { recordDevice } from "./record-device.ts";
export { readCommand, readConfig, testDevices } from "./device-reads.ts";
