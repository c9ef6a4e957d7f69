import type { Filter } from "../extension.ts";
import { JSON_FILTERS } from "./json.ts";
import { NUMBER_FILTERS } from "./number.ts";
import { PPRINT_FILTERS } from "./pprint.ts";
import { SELECT_FILTERS } from "./select.ts";
import { SEQUENCE_FILTERS } from "./sequence.ts";
import { SORTING_FILTERS } from "./sorting.ts";
import { TEXT_FILTERS } from "./text.ts";
import { URLIZE_FILTERS } from "./urlize.ts";
import { WEB_FILTERS } from "./web.ts";
import { wordwrap } from "./wordwrap.ts";

/** The filters that Jinja2 3.1 has built in. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map(
  Object.entries({
    ...TEXT_FILTERS,
    ...NUMBER_FILTERS,
    ...SEQUENCE_FILTERS,
    ...SELECT_FILTERS,
    ...SORTING_FILTERS,
    ...JSON_FILTERS,
    ...PPRINT_FILTERS,
    ...URLIZE_FILTERS,
    ...WEB_FILTERS,
    wordwrap,
  }),
);
