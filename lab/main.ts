import { parseArgs } from "node:util";
import { startLab } from "./lab.ts";

const { values } = parseArgs({
  options: {
    dir: { type: "string" },
    host: { type: "string" },
    "control-port": { type: "string" },
    "time-scale": { type: "string" },
  },
});
if (values.dir === undefined) {
  console.error(
    "Give the lab's folder: node lab/main.ts --dir <folder> [--host 127.0.0.1] [--control-port 0] [--time-scale 1]",
  );
  process.exit(1);
}

const lab = await startLab({
  dir: values.dir,
  ...(values.host === undefined ? {} : { host: values.host }),
  controlPort: Number(values["control-port"] ?? 0),
  timeScale: Number(values["time-scale"] ?? 1),
});
console.log(`lab: ${lab.routers.length} virtual routers on ${lab.routers[0]?.host ?? ""}, control ${lab.control.url}`);

const stop = (): void => {
  lab.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
