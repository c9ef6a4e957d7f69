import { dictIterator } from "./dict-iterator.ts";
import { repr } from "./repr.ts";
import { PyObject, Tuple, type Dict, type Value } from "./values.ts";

const PICKS = {
  dict_keys: ([key]: [Value, Value]): Value => key,
  dict_values: ([, value]: [Value, Value]): Value => value,
  dict_items: (entry: [Value, Value]): Value => new Tuple([entry[0], entry[1]]),
};

/** What `keys()`, `values()` and `items()` of a dict give: they see what becomes of the dict afterwards. */
export class DictView extends PyObject {
  readonly type: keyof typeof PICKS;
  readonly dict: Dict;
  /** Python holds two of the three for sets: equal whatever the order, and no key of a dict. */
  readonly isSet: boolean;
  constructor(type: keyof typeof PICKS, dict: Dict) {
    super();
    this.type = type;
    this.dict = dict;
    this.isSet = type !== "dict_values";
  }

  override length(): number {
    return this.dict.entries.size;
  }

  override iterate(): Iterator<Value> {
    return dictIterator(this.dict, PICKS[this.type]);
  }

  items(): Value[] {
    return Array.from(this.dict.entries.values(), PICKS[this.type]);
  }

  override print(): string {
    return `${this.type}(${repr(this.items())})`;
  }
}
