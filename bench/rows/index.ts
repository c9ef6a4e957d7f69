import type { Row } from "../lib/rows.ts";
import { platformRows } from "./platform.ts";
import { pushRows } from "./pushes.ts";
import { readRows } from "./reads.ts";
import { serviceRows } from "./service.ts";

/** Every row of the table, in its order. */
export const ROWS: readonly Row[] = [...readRows, ...pushRows, ...platformRows, ...serviceRows];
