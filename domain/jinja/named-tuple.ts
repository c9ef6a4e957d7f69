import { Tuple, type Value } from "./values.ts";

/** A tuple whose items have names as well; prints as a plain tuple. */
export class NamedTuple extends Tuple {
  readonly type: string;
  readonly fields: readonly string[];
  constructor(type: string, fields: readonly string[], items: readonly Value[]) {
    super(items);
    this.type = type;
    this.fields = fields;
  }
}
