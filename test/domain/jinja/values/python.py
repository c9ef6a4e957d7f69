"""Does one operation of Python's values a line: JSON in, JSON out."""

import json
import operator
import string
import struct
import sys

BINARY = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda a, b: a in b,
    "getitem": operator.getitem,
}
UNARY = {"repr": repr, "str": str, "neg": operator.neg, "pos": operator.pos, "bool": bool, "len": len, "list": list}


def decode(value):
    if not isinstance(value, list):
        return value
    kind, held = value
    if kind == "int":
        return int(held)
    if kind == "float":
        return float("nan") if held == "nan" else struct.unpack(">d", bytes.fromhex(held))[0]
    if kind == "list":
        return [decode(item) for item in held]
    if kind == "tuple":
        return tuple(decode(item) for item in held)
    return {decode(key): decode(item) for key, item in held}


def encode(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", "nan" if value != value else struct.pack(">d", value).hex()]
    if isinstance(value, list):
        return ["list", [encode(item) for item in value]]
    if isinstance(value, tuple):
        return ["tuple", [encode(item) for item in value]]
    if isinstance(value, dict):
        return ["dict", [[encode(key), encode(item)] for key, item in value.items()]]
    if isinstance(value, complex):
        return ["complex", ""]
    return ["other", str(value)]


def run(case):
    name = case["op"]
    args = [decode(arg) for arg in case["args"]]
    if name in BINARY:
        return BINARY[name](*args)
    if name in UNARY:
        return UNARY[name](*args)
    if name == "slice":
        return args[0][slice(*args[1:])]
    if name == "formatspec":
        return format(*args)
    if name == "format":
        return string.Formatter().vformat(args[0], args[1], args[2])
    if name == "int":
        return int(*args)
    if name == "float":
        return float(*args)
    result = getattr(args[0], name[1:])(*args[1:])
    # What a method changed is as much its result.
    return [result, args[0]] if isinstance(args[0], (list, dict)) else result


def answer(case):
    try:
        return {"value": encode(run(case))}
    except Exception as error:
        kind = "ValueError" if isinstance(error, UnicodeError) else type(error).__name__
        return {"error": kind, "message": str(error)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
