import type { Row } from "../lib/rows.ts";
import { loadRunRows } from "./load-runs.ts";
import { loadStoredRows } from "./load-stored.ts";
import { parsingRows } from "./parsing.ts";
import { platformRows } from "./platform.ts";
import { pushRows } from "./pushes.ts";
import { readRows } from "./reads.ts";
import { serviceRows } from "./service.ts";

/** What `npm run bench` measures, in the order of the page. */
export const BENCH_ROWS: readonly Row[] = [...readRows, ...pushRows, ...platformRows, ...serviceRows, ...parsingRows];

/** What `npm run load` measures. The stored volumes come last: what is measured before should not carry them. */
export const LOAD_ROWS: readonly Row[] = [...loadRunRows, ...loadStoredRows];
