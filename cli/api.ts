import { runApi } from "../api/main.ts";
import { readConfig, requireEngines } from "../system/config.ts";
import { servePart } from "./serve-part.ts";

export const api = (): Promise<never> => servePart(() => runApi(requireEngines(readConfig(process.env), "api")));
