/** Attributes that every object of Python has; a template sees of them only that they are refused. */
const COMMON = new Set(
  "class delattr dir doc eq format ge getattribute getstate gt hash init init_subclass le lt ne new reduce reduce_ex repr setattr sizeof str subclasshook".split(
    " ",
  ),
);

const NUMBERS =
  "abs add bool divmod float floordiv getnewargs int mod mul neg pos pow radd rdivmod rfloordiv rmod rmul round rpow rsub rtruediv sub truediv trunc";
const CONTAINER = "class_getitem contains getitem iter len";
const CALLABLE = "call name qualname module self text_signature";

/** What some have besides. */
const BY_TYPE: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    NoneType: "bool",
    bool: `${NUMBERS} and ceil floor index invert lshift or rand rlshift ror rrshift rshift rxor xor`,
    int: `${NUMBERS} and ceil floor index invert lshift or rand rlshift ror rrshift rshift rxor xor`,
    float: `${NUMBERS} ceil floor getformat`,
    str: "add contains getitem getnewargs iter len mod mul rmod rmul",
    Markup: "add contains getitem getnewargs iter len mod mul rmod rmul html html_format radd module slots",
    list: `${CONTAINER} add delitem iadd imul mul reversed rmul setitem`,
    tuple: `${CONTAINER} add getnewargs mul rmul`,
    _GroupTuple: `${CONTAINER} add getnewargs mul rmul annotations match_args module orig_bases slots`,
    dict: `${CONTAINER} delitem ior or reversed ror setitem`,
    range: "bool contains getitem iter len reversed",
    generator: "del iter name next qualname",
    builtin_function_or_method: CALLABLE,
    method: `${CALLABLE} func get`,
    function: "annotations builtins call closure code defaults dict get globals kwdefaults module name qualname",
    type: "call dict name qualname module mro bases subclasses",
    Macro: "call dict module weakref",
    Cycler: "dict module weakref next",
    Joiner: "call dict module weakref",
    LoopContext: "call dict iter len module next weakref",
    Undefined: "",
  }).map(([type, names]) => [type, new Set(names.split(" "))]),
);

/** Attributes without underscores that lead inside as well. */
const PLAIN: Readonly<Record<string, readonly string[]>> = { type: ["mro"], generator: ["gi_frame", "gi_code"] };

/** True for `__class__` and its like, where Python's object has it. */
export function isInternal(type: string, name: string): boolean {
  if (PLAIN[type]?.includes(name) === true) return true;
  if (!name.startsWith("__") || !name.endsWith("__") || name.length < 5) return false;
  const inner = name.slice(2, -2);
  return COMMON.has(inner) || BY_TYPE[type]?.has(inner) === true;
}
