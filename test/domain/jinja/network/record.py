"""Records what Ansible's own filters and tests answer, one case a line, into recorded.jsonl beside this file.

Needs ansible-core, netaddr and the collections ansible.utils and ansible.netcommon (all in PyPI's `ansible`); the
first line of the record names the versions. Run: python record.py
"""

import importlib
import itertools
import json
import math
import pathlib
import platform
import random

import ansible
import jinja2
import netaddr
import yaml
from ansible.plugins.filter import core, mathstuff, urlsplit
from ansible.plugins.test import core as core_tests
from ansible.plugins.test import mathstuff as math_tests

UTILS = "ansible_collections.ansible.utils.plugins"
NETCOMMON = "ansible_collections.ansible.netcommon.plugins"
ENVIRONMENT = jinja2.Environment()

ADDRESS_FILTERS = """cidr_merge hwaddr ip4_hex ipaddr ipmath ipsubnet ipv4 ipv6 ipwrap macaddr network_in_network
network_in_usable next_nth_usable nthhost previous_nth_usable reduce_on_network slaac""".split()
ADDRESS_TESTS = """in_any_network in_network in_one_network ip ip_address ipv4 ipv4_address ipv4_hostmask ipv4_netmask
ipv6 ipv6_address ipv6_ipv4_mapped ipv6_sixtofour ipv6_teredo loopback mac multicast private public reserved subnet_of
supernet_of unspecified""".split()


def load_filters():
    filters = {}
    for module in (core, mathstuff, urlsplit):
        filters.update(module.FilterModule().filters())
    for name in ADDRESS_FILTERS:
        filters.update(importlib.import_module(f"{UTILS}.filter.{name}").FilterModule().filters())
    for name in ("vlan_parser", "vlan_expander"):
        filters.update(importlib.import_module(f"{NETCOMMON}.filter.{name}").FilterModule().filters())
    return filters


def load_tests():
    tests = {**core_tests.TestModule().tests(), **math_tests.TestModule().tests()}
    for name in ADDRESS_TESTS:
        tests.update(importlib.import_module(f"{UTILS}.test.{name}").TestModule().test_map)
    return tests


def known_names(kind):
    """Of everything that ansible-core and the two collections have, whether it is recorded here or not."""
    names = set()
    for path in pathlib.Path(importlib.import_module(f"ansible.plugins.{kind}").__path__[0]).glob("*.py"):
        if path.stem != "__init__":
            module = importlib.import_module(f"ansible.plugins.{kind}.{path.stem}")
            plugins = module.FilterModule().filters() if kind == "filter" else module.TestModule().tests()
            names.update(plugins)
    for collection in (UTILS, NETCOMMON):
        folder = pathlib.Path(importlib.import_module(collection).__path__[0]) / kind
        names.update(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    return sorted(names)


FILTERS = load_filters()
TESTS = load_tests()


def plain(value):
    """As JSON, with what JSON cannot tell apart marked."""
    if value is None or isinstance(value, (bool, str)):
        return value if not isinstance(value, str) else str(value)
    if isinstance(value, int):
        return int(value) if abs(value) < 2**53 else {"$int": str(int(value))}
    if isinstance(value, float):
        return {"$float": repr(float(value))}
    if isinstance(value, tuple):
        return {"$tuple": [plain(item) for item in value]}
    if isinstance(value, dict):
        return {"$dict": [[plain(key), plain(item)] for key, item in value.items()]}
    if hasattr(value, "__iter__"):
        return [plain(item) for item in value]
    raise TypeError(f"cannot be recorded: {type(value)}")


CASES = []


def add(kind, name, value, *args, **kwargs):
    CASES.append((kind, name, value, args, kwargs))


def filter_case(name, value, *args, **kwargs):
    add("filter", name, value, *args, **kwargs)


def test_case(name, value, *args, **kwargs):
    add("test", name, value, *args, **kwargs)


def answer(kind, name, value, args, kwargs):
    function = (FILTERS if kind == "filter" else TESTS)[name]
    given = (ENVIRONMENT, value, *args) if hasattr(function, "jinja_pass_arg") else (value, *args)
    try:
        result = plain(function(*given, **kwargs))
        return {"result": bool(result) if kind == "test" else result}
    except Exception as error:
        return {"error": type(error).__name__}


# Addresses.

VALUES = [
    "192.0.2.1", "192.0.2.0/24", "192.0.2.7/24", "192.0.2.255/24", "10.0.0.0/31", "10.0.0.1/31", "10.1.1.1/30", "10.1.1.2/30",
    "10.1.1.0/30", "10.1.1.3/30", "10.9.9.9/32", "0.0.0.0/0", "255.255.255.255", "172.16.5.4/255.255.0.0",
    "172.16.5.4/0.0.255.255", "224.0.0.5", "127.0.0.1", "169.254.3.3/16", "8.8.8.8", "100.64.1.1", "192.168.32.0/24",
    "::1", "::", "2001:db8::/64", "2001:db8::5/64", "2001:0DB8:0:0:0:0:0:5", "fe80::100/10", "fe80::1", "ff02::1",
    "::ffff:192.0.2.1", "::192.0.2.1", "2002:c000:201::1/48", "2600:1f1c:1b3:8f00::/56", "2001:db8::1/127", "2001:db8::/126",
    "1:0:0:2:0:0:0:3", "1:2:3:4:5:6:7::", "2001:db8::1/ffff::", 3232235777, 0, 4294967296, "3232235777",
    "42540766412265424405338506004571095040/64", "3232235777/24", "host.fqdn", "", "192.0.2.300", "192.0.2", "192.0.2.01",
    "192.0.2.1/33", "192.0.2.1/24/1", "192.0.2.1/255.0.255.0", " 192.0.2.1", "192.0.2.1 ", "1::2::3", "12345::", ":1", "fe80::1%eth0",
    True, False, None, -5, 1.5,
]
QUERIES = """address address/prefix bool broadcast cidr first_usable gateway gw host host/prefix hostmask hostnet int ip
ip/prefix ip_netmask ipv4 ipv6 last_usable link-local lo loopback multicast net next_usable netmask network network_id
network/prefix network_netmask network_wildcard peer prefix previous_usable private public range_usable revdns router
size size_usable subnet type unicast version wildcard wrap 6to4 0 1 -1 5 300 -300 1.5 192.0.2.0/24 2001:db8::/32
10.0.0.0/8 192.0.2.1 nonsense""".split()

for value in VALUES:
    for name in ("ipaddr", "ipv4", "ipv6", "ipwrap", "ipsubnet"):
        filter_case(name, value)
for value in VALUES[::2]:
    for query in QUERIES:
        filter_case("ipaddr", value, query)
MIXED = ["192.24.2.1", "host.fqdn", "::1", "", "192.168.32.0/24", "fe80::100/10", True, "42540766412265424405338506004571095040/64"]
for query in ("", "address", "host", "public", "private", "net", "size", "192.0.0.0/8", "0", "1", "-1", "ipv6", "wrap"):
    for name in ("ipaddr", "ipv4", "ipv6"):
        filter_case(name, MIXED, query)
filter_case("ipwrap", MIXED)
filter_case("ipaddr", [["10.0.0.1", "x"], ["::1"]], "address")
filter_case("ipaddr", "10.0.0.1", version=6)
filter_case("ipaddr", 5, "", 6)

for value in ("192.168.144.5", "192.168.0.0/16", "192.168.144.5/24", "2001:db8::/32", "2001:db8::1", "10.0.0.0/30", "::1", "nonsense", 3232235777):
    for query in ("0", 8, 18, 24, 31, 32, 64, 128, "192.168.0.0/16", "10.0.0.0/8", "2001:db8::/32", "x"):
        filter_case("ipsubnet", value, query)
        for index in (0, -1, 3, "2", 500, -500):
            if not isinstance(query, str):
                filter_case("ipsubnet", value, query, index)
for value in ("192.168.144.1/30", "192.168.144.16/30", "192.168.144.5"):
    filter_case("ipsubnet", value, "192.168.144.0/24")

for value in ("192.168.1.5", "192.168.1.6/24", "2001::5", "0.0.0.0", "255.255.255.255", "x", "2001:db8::/32", "10.0.0.0/31", "10.0.0.1/30"):
    for amount in (0, 1, 5, -10, "3", 70000, "x"):
        filter_case("ipmath", value, amount)
        filter_case("next_nth_usable", value, amount)
        filter_case("previous_nth_usable", value, amount)
        filter_case("nthhost", value, amount)
    filter_case("ip4_hex", value)
    filter_case("ip4_hex", value, ":")
    filter_case("slaac", value, "c2:31:b3:83:bf:2b")
filter_case("nthhost", "10.0.0.0/8", 305)
filter_case("nthhost", "10.0.0.0/8", -1)
filter_case("slaac", "fdcf:1894:23b5:d38c:0000:0000:0000:0000", "c2:31:b3:83:bf:2b")
filter_case("slaac", "2001:db8::/64", "0011.2233.4455")
filter_case("slaac", "2001:db8::/64", "00:11:22:33:44:55:66:77")
filter_case("slaac", "2001:db8::/64", "nonsense")

NETWORKS = ["192.168.0.0/24", "192.168.0.1", "192.168.0.255", "192.168.0.0/16", "10.0.0.0/31", "10.0.0.1/32", "2001:db8::/64", "2001:db8::1", "x", "0.0.0.0/8"]
for outer, inner in itertools.product(NETWORKS, NETWORKS):
    filter_case("network_in_network", outer, inner)
    filter_case("network_in_usable", outer, inner)
for network in NETWORKS:
    filter_case("reduce_on_network", NETWORKS, network)
filter_case("reduce_on_network", "192.168.0.34,10.3.0.3", "192.168.0.0/24")

MERGES = [
    ["192.168.0.0/17", "192.168.128.0/17", "192.168.128.1"], ["192.168.1.1", "192.168.1.2", "192.168.1.3", "192.168.1.4"],
    ["10.0.0.0/24", "10.0.2.0/24"], ["10.0.0.5/24"], [], ["2001:db8::/33", "2001:db8:8000::/33", "10.0.0.1"], ["x"],
    ["10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8", "9.255.255.255"], "10.0.0.0/24,10.0.1.0/24", ["0.0.0.0/1", "128.0.0.0/1"],
    ["10.0.0.1", "2001:db8::1"],
]
for value in MERGES:
    for action in ("merge", "span", "other"):
        filter_case("cidr_merge", value, action)

MACS = [
    "1a:2b:3c:4d:5e:6f", "1A-2B-3C-4D-5E-6F", "1a2b.3c4d.5e6f", "1a2b3c4d5e6f", "1a2b3c:4d5e6f", "0:1:2:3:4:5", "1a2b:3c4d:5e6f",
    "00:11:22:33:44:55:66:77", "0011223344556677", "a2b3c4d5e6f", "nonsense", "", 123456, "123456", "1a:2b:3c:4d:5e", "1a:2b:3c:4d:5e:6g",
]
for value in MACS:
    for query in ("", "bare", "bool", "int", "cisco", "eui48", "linux", "pgsql", "postgresql", "psql", "unix", "win", "nonsense"):
        filter_case("hwaddr", value, query)
    filter_case("macaddr", value)
    test_case("mac", value)

TESTED = [
    "10.1.1.1", "10.0.0.0/8", "10.1.1.1/8", "10.0.0.0/255.0.0.0", "10.0.0.0/0.255.255.255", "256.1.1.1", "1.1.1", "01.1.1.1", "::1", "::",
    "2001:db8::/32", "2001:db8::1/32", "fe80::1%eth0", "fe80::1%", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "2001:0:4136:e378::1",
    "ff02::1", "224.0.0.1", "240.0.0.1", "8.8.8.8", "100.64.0.1", "127.0.0.1", "169.254.0.1", "172.16.0.1", "0.0.0.0", "x", "", 10, None,
    "2001:db8::/ffff::", "10.0.0.0/", "10.0.0.0/33", "fc00::1", "2606:4700::1111", "198.18.0.1", "203.0.113.9", "4000::1",
]
for value in TESTED:
    for name in ADDRESS_TESTS:
        if name in ("in_any_network", "in_one_network"):
            test_case(name, value, ["10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32"])
        elif name in ("in_network", "subnet_of", "supernet_of"):
            test_case(name, value, "10.0.0.0/8")
            test_case(name, value, "2001:db8::/32")
        elif name != "mac" and not name.endswith("mask"):
            test_case(name, value)
for mask in ("255.255.255.0", "0.0.0.255", "255.0.255.0", "24", "0.0.0.0", "255.255.255.255", "255.0.0.0", "0.255.255.255", "x"):
    test_case("ipv4_netmask", mask)
    test_case("ipv4_hostmask", mask)

# Regular expressions.

TEXTS = ["GigabitEthernet0/0/1", "interface Vlan10\n ip address 10.0.0.1 255.255.255.0\n", "foo=bar, baz=qux", "", "aaa", "ÄÖü ß 数 ٣", "a.b+c*d", "x\ny\nz\n", "AbAb"]
PATTERNS = [
    r"\d+", r"(\d+)", r"^\w+", r"\w+$", r"(?P<key>\w+)=(?P<value>\w+)", r"(\w)=(\w+)", r"a*", r"a*?", r"", r"(?i)ab", r"(?m)^.", r"(?s)x.*z", r"[^a-z]+",
    r"[\w.]+", r"\bfoo\b", r"\B", r"(a)|(b)", r"(?:\d{1,3}\.){3}\d{1,3}", r"(\d{1,3})\.(\d{1,3})", r"\Aa+\Z", r"(?<=i)\d", r"(?<!\d)\d", r"(?=a)a", r"(?!a).",
    r"(A)(b)\1\2", r"(?P<x>A)b(?P=x)", r"a{2}", r"a{,2}", r"a{2,}", r"a{x}", r"(?>a+)a", r"a++", r"(x)?(?(1)\ny|a)", r"[]a]", r"[a\]b]", r"[a-]", r"\s+", r"\S+",
    r"$", r"^", r"\.", r"[[:alpha:]]", r"(?x) a \. # c", r"(?a:\w+)", r"(?i:A)b", r"(?#no)a", r"\x41", r"\u00c4", r"(a|ab)(c|bcd)?", r"(\w+)\s(\d)", r".*", r"(.+?)\n",
    r"(", r")", r"[a", r"a**", r"*a", r"\q", r"(?P<1a>x)", r"(?P<a>x)(?P<a>y)", r"\1", r"(?<=a+)b", r"a{3,1}", r"x(?i)y", r"(?<n>a)", r"[z-a]",
]
for text, pattern in itertools.product(TEXTS, PATTERNS):
    filter_case("regex_findall", text, pattern)
    filter_case("regex_search", text, pattern)
    filter_case("regex_replace", text, pattern, "<>")
for text, pattern in itertools.product(TEXTS[:3], (r"\w+", r"^.", r"ab", r"o$")):
    test_case("match", text, pattern)
    test_case("search", text, pattern)
    test_case("regex", text, pattern)
    test_case("match", text, pattern, ignorecase=True)
    test_case("search", text, pattern, multiline=True)
    test_case("regex", text, pattern, match_type="fullmatch")
    filter_case("regex_findall", text, pattern, multiline=True)
    filter_case("regex_findall", text, pattern, ignorecase=True)
for replacement in (r"\1", r"\2-\1", r"\g<1>", r"\g<key>:\g<value>", r"\g<0>", r"\0", r"\n", r"\\", r"\.", r"\q", r"\3", r"\g<no>", r"\g", "$1", r"\x", r"a\tb"):
    filter_case("regex_replace", "foo=bar, baz=qux", r"(?P<key>\w+)=(?P<value>\w+)", replacement)
filter_case("regex_replace", "aaaa", "a", "b", count=2)
filter_case("regex_replace", "aaaa", "a", "b", mandatory_count=4)
filter_case("regex_replace", "aaaa", "a", "b", mandatory_count=3)
filter_case("regex_replace", "AbaB", "ab", "x", ignorecase=True)
filter_case("regex_replace", "a\nb", "^", "> ", multiline=True)
filter_case("regex_replace", 12345, "3", "x")
filter_case("regex_replace", None, "N", "x")
filter_case("regex_replace", "a", "(b)?a", r"[\1]")
filter_case("regex_replace", "0123", "()", r"\100")
for wanted in ((r"\1",), (r"\2", r"\1"), (r"\g<key>",), (r"\g<key>", r"\g<value>"), (r"\3",), ("x",), (r"\g<no>",)):
    filter_case("regex_search", "foo=bar", r"(?P<key>\w+)=(?P<value>\w+)", *wanted)
filter_case("regex_search", "no", r"(x)", r"\1")
filter_case("regex_search", "b", r"(a)?b", r"\1")
for kind in ("python", "posix_basic", "posix_extended", "other"):
    filter_case("regex_escape", "^a.b*c?d+[e]{f}|(g)$\\h-i/j k#l&m~n", kind)
for loops in (r"(?:(a)|b)*", r"(a|b)*", r"((a)|b)+", r"(?:(\w)(\d)?)+", r"(a*)*", r"(a*)+", r"(?:a?)*?b", r"(a?){2,3}", r"(?:ab|a)+?b", r"((?:a|ab)*)b", r"(\w+?)(\d*)$"):
    for text in ("ab", "aab", "ba1", "", "b", "abab1"):
        filter_case("regex_findall", text, loops)


def random_pattern(random, depth=0):
    """Of all the parts that change what is tried next, so that groups, loops and alternatives meet in every way."""
    kind = random.randrange(14 if depth < 4 else 4)
    if kind < 4:
        return random.choice(["a", "b", "c", "[ab]", "[^a]", ".", "a*", "b+?", "[ab]{1,2}", "c?", "^", "$", r"\b", "", r"\w"])
    if kind < 7:
        return random_pattern(random, depth + 1) + random_pattern(random, depth + 1)
    if kind < 9:
        return f"(?:{random_pattern(random, depth + 1)}|{random_pattern(random, depth + 1)})"
    if kind < 11:
        return f"({random_pattern(random, depth + 1)})"
    if kind < 13:
        quantifier = random.choice(["*", "+", "?", "{2}", "{1,2}", "{,2}", "*?", "+?", "??", "*+", "?+", "{1,3}+"])
        return f"(?:{random_pattern(random, depth + 1)}){quantifier}"
    return f"({random.choice(['?=', '?!', '?>', '?:'])}{random_pattern(random, depth + 1)})"


CHANCE = random.Random(1)
for _ in range(1200):
    pattern = random_pattern(CHANCE)
    text = "".join(CHANCE.choice("aaabbc") for _ in range(CHANCE.randrange(8)))
    filter_case("regex_findall", text, f"({pattern})")

# Dicts and lists.

DICTS = [
    {}, {"a": 1}, {"a": 2, "b": [1, 2]}, {"b": [2, 3], "c": {"x": 1}}, {"c": {"y": 2, "x": [1]}}, {"c": {"x": [2]}}, {"a": None},
]
for left, right in itertools.product(DICTS, DICTS):
    filter_case("combine", left, right)
    filter_case("combine", left, right, recursive=True)
    for merge in ("keep", "append", "prepend", "append_rp", "prepend_rp"):
        filter_case("combine", left, right, recursive=True, list_merge=merge)
filter_case("combine", DICTS)
filter_case("combine", DICTS, {"z": 1}, recursive=True)
filter_case("combine", {"a": 1}, "x")
filter_case("combine", {"a": 1}, {"b": 1}, list_merge="other")
filter_case("combine", {"a": 1}, other=1)
for value in ([1, [2, [3, [4]]]], [], [None, 1, "null", "None", ["x", None]], [[1, 2], (3, 4)], ["ab"], "ab", {"a": 1}):
    filter_case("flatten", value)
    filter_case("flatten", value, 1)
    filter_case("flatten", value, levels=0)
    filter_case("flatten", value, skip_nulls=False)
for value in ({"a": 1, "b": [2]}, {}, [1], "x", {1: 2}):
    filter_case("dict2items", value)
    filter_case("dict2items", value, "name", "data")
for value in ([{"key": "a", "value": 1}, {"key": "b", "value": 2}], [{"key": "a", "value": 1}, {"key": "a", "value": 3}], [], [{"key": "a"}], [1], {"a": 1}, "x"):
    filter_case("items2dict", value)
filter_case("items2dict", [{"n": 1, "v": 2}], key_name="n", value_name="v")
PEOPLE = [{"name": "a", "groups": ["x", "y"], "o": {"k": [1]}}, {"name": "b", "groups": ["z"]}, {"name": "c"}]
filter_case("subelements", PEOPLE[:2], "groups")
filter_case("subelements", PEOPLE, "groups")
filter_case("subelements", PEOPLE, "groups", skip_missing=True)
filter_case("subelements", PEOPLE, "o.k", skip_missing=True)
filter_case("subelements", {"p": PEOPLE[0]}, ["o", "k"])
filter_case("subelements", PEOPLE[:1], "name")
filter_case("subelements", "x", "name")
for data in ([{"k": "a", "v": 1}, {"k": "b", "v": 2}], [{"k": "a", "v": 1}, {"k": "a", "v": 2}], {"p": {"k": 1}}, [{"v": 1}], "x", [1]):
    filter_case("rekey_on_member", data, "k")
    filter_case("rekey_on_member", data, "k", duplicates="overwrite")
filter_case("extract", 1, ["a", "b"])
filter_case("extract", "x", {"x": {"y": [7]}}, ["y", 0])
filter_case("extract", "x", {"x": {"y": 5}}, "y")
for value in (True, False, None, "", "x", 0, [], [0]):
    filter_case("ternary", value, "yes", "no")
    filter_case("ternary", value, "yes", "no", "none")
    filter_case("mandatory", value)
for value in ("yes", "Yes", "on", "TRUE", "1", 1, True, 1.0, "no", "off", "0", 0, False, None, "maybe", [], 2):
    filter_case("bool", value)
for value in (1, 1.5, "x", None, True, [1], (1,), {"a": 1}, 2**70):
    filter_case("type_debug", value)

LISTS = [[1, 2, 3], [2, 3, 4, 2], ["a", "b"], [], [[1], [2]], [{"a": 1}, {"a": 2}]]
for left, right in itertools.product(LISTS[:4], LISTS[:4]):
    filter_case("zip", left, right)
    filter_case("zip_longest", left, right, fillvalue="-")
    filter_case("product", left, right)
    for name in ("subset", "issubset", "superset", "issuperset"):
        test_case(name, left, right)
for left in LISTS[:4]:
    filter_case("zip", left)
    filter_case("product", left, repeat=2)
    filter_case("permutations", left)
    filter_case("permutations", left, 2)
    filter_case("combinations", left, 2)
    filter_case("combinations", left, 0)
    test_case("contains", left, 2)
    test_case("all", left)
    test_case("any", left)
for left, right in (([1, 3], [1, 3]), ([[1], [2], [1]], [[2], [3]]), ([{"a": 1}], [{"a": 1}, {"a": 2}]), ([1], [1, 1]), ([], [])):
    for name in ("union", "intersect", "difference", "symmetric_difference"):
        filter_case(name, left, right)

# JSON and YAML.

DATA = [
    None, True, 1, -1.5, 1e20, 1e-7, 2**70, "x", "ä\u2028\U0001f600", "a\"b\\c\n\t\x01\x7f", [], {}, [1, [2, {}], {"a": []}], {"b": 1, "a": [1, 2], "c": {"d": None}},
    {"1": 1, "name": "eth0", "up": True}, (1, 2), {1: "a", None: "b"}, [{"a": 1, "b": 2}, {"c": [1, 2, 3]}], float("inf"),
]
for value in DATA:
    filter_case("to_json", value)
    filter_case("to_json", value, sort_keys=True, ensure_ascii=False)
    filter_case("to_json", value, indent=2)
    filter_case("to_json", value, separators=(",", ":"))
    filter_case("to_nice_json", value)
    filter_case("to_nice_json", value, indent=2)
for text in (
    "null", "true", "1", "-0", "1.0", "1e3", "123456789012345678901234567890", '"x\\u00e4\\n"', '"\\ud83d\\ude00"', "[1, 2, ]", "[]", '{"a": {"b": [1.5, null]}}', '{"a":1,"a":2}',
    "NaN", "-Infinity", "", " [1] ", "[1] x", "{'a': 1}", '"a\nb"', "01", "1.", '{"a" 1}', '"\\x"', "nul",
):
    filter_case("from_json", text)

STRINGS = [
    "x", "", " ", "a b", " a", "a ", "yes", "no", "on", "true", "True", "null", "~", "1", "1.5", "1e3", "0x1f", "010", "09", "1:30", "2024-01-05", "2024-01-05T10:00:00Z", "=", "<<", "-", "- a", "-a", "--- a", "---", "...",
    "?", "? a", "?a", ":", ":a", "a:", "a: b", "a:b", "#a", "a #b", "a#b", "[a", "a[b]", "{a", "a,b", "a, b", "&a", "*a", "!a", "|", ">", "'a'", "a'b", "\"a\"", "a\"b", "%a", "@a", "`a", "a\nb", "a\n", "\na", "a\n\nb\n", "a \nb", "a\n b",
    "a\tb", "\t", "ä", "ä\u2028b", "\U0001f600", "\x07", "\x85", "\xa0", "\ufeffa", "a\r\nb", ".inf", ".nan", "1_000", "+1", "-1", "0b11", "0o7", "1.0e+3", "!!str", "y", "n", "None", "192.0.2.1", "00:11:22:33:44:55", "12:34:56", "GigabitEthernet0/0",
    "word " * 30, "word " * 30 + "it's", "word  word " * 20 + "it's", "w\u00f6rd\t " * 30, "w\u00f6rd\t  x " * 30, "\u00e4" * 70, "\u00e4" * 60, "wörd\t" * 30, "x" * 130, "a:" * 60, "line one\nline two " + "word " * 30,
]
for text in STRINGS:
    filter_case("to_yaml", text)
    filter_case("to_yaml", [text])
    filter_case("to_nice_yaml", [text])
    filter_case("to_yaml", {text: text})
    filter_case("to_nice_yaml", {"key": text, text: 1})
SHAPES = [
    *DATA, {"a": {"b": {"c": [1, 2, {"d": "e"}]}}}, [[1, 2], [3, [4, 5]]], [[], {}, [[]]], {"l": [], "d": {}, "n": None}, [{"name": "a", "list": [1, 2]}, {"name": "b", "list": []}],
    {"interfaces": [{"name": "eth0", "vlans": [1, 2, 3], "up": True}], "hostname": "r1"}, list(range(60)), {f"key{i}": "value value" for i in range(12)}, {"b": 1, 2: 3}, float("-inf"), float("nan"), [None], ["a" * 90, "b" * 90],
    [[[["deep"]]]], {"a": [["x", "y"], {"z": ["w"]}]},
]
for value in SHAPES:
    filter_case("to_yaml", value)
    filter_case("to_nice_yaml", value)
    filter_case("to_nice_yaml", value, indent=2)
    filter_case("to_yaml", value, default_flow_style=False)
    filter_case("to_yaml", value, default_flow_style=True)
    filter_case("to_yaml", value, width=40, sort_keys=False)
filter_case("to_nice_yaml", {"a": 1}, explicit_start=True)
filter_case("to_nice_yaml", {"a": 1}, explicit_start=True, explicit_end=True)
for text in (
    "a: 1", "- 1\n- two\n- 3.5", "x", "", "~", "{a: [1, 2], b: {c: d}}", "a: yes\nb: off\nc: On", "a: 010\nb: 0x1F\nc: 0b11\nd: 1_000\ne: 1:30", "a: 1e3\nb: 1.0e+3\nc: .inf\nd: -.5\ne: 1.5", "'yes'", '"1"', "a: |\n  x\n  y\n", "a: >\n  x\n  y\n",
    "a: &x {k: 1}\nb: *x", "base: &b {a: 1, b: 2}\nc:\n  <<: *b\n  b: 3", "x: &a {p: 1}\ny: &b {p: 2, q: 3}\nz: {<<: [*a, *b], r: 4}", "a: 1\na: 2", "a: [1", "a: b: c", "? [1, 2]\n: x", "1: a\nnull: b", "- a\n-b", "--- 1\n--- 2", "a: !!str 1", "a: !!int '7'",
    "a: !!float 3", "a: !vault x", "# only a comment", "a:\n- 1\n- 2", "a: 'it''s'", 'a: "\\u00e4\\n"', "key: value # comment", "a: *nothing", "\ta: 1", "a: 09", "a: 12:34:56", "a: =", 5, None, [1],
):
    filter_case("from_yaml", text)
    filter_case("from_yaml_all", text)

# Text, hashes, numbers, time.

for text in ("", "abc", "pässword", "x" * 200, "The quick brown fox", "a" * 55, "a" * 56, "a" * 64, "a" * 111, "a" * 112, "a" * 128, 5, None):
    for kind in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "nonsense"):
        filter_case("hash", text, kind)
    filter_case("hash", text)
    filter_case("checksum", text)
    filter_case("md5", text)
    filter_case("sha1", text)
    filter_case("to_uuid", text)
    filter_case("to_uuid", text, "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    filter_case("b64encode", text)
    filter_case("b64encode", text, urlsafe=True)
filter_case("to_uuid", "x", "nonsense")
filter_case("b64encode", "ä?>~", urlsafe=True)
filter_case("b64encode", "Öl", "utf-16-le")
filter_case("b64encode", "Öl", "latin-1")
filter_case("b64encode", "Öl", "ascii")
for text in ("YWJj", "YWI=", "YQ==", "YQ", "Y", "", "w6Q=", "/w==", "YW Jj\n", "_-8=", "YQ==YQ==", "YWJjZA=", "====", "!!!"):
    filter_case("b64decode", text)
filter_case("b64decode", "w7_DvsO-", urlsafe=True)
filter_case("b64decode", "1gBsAA==", "utf-16-le")
for text in ("", "a", "a b", "it's", "a/b-c.d", "$x", "ä", None, 5, "a\nb", "\"q\""):
    filter_case("quote", text)
for style in ("plain", "erlang", "c", "cblock", "xml", "other"):
    filter_case("comment", "one\n\ntwo", style)
filter_case("comment", "text", decoration="! ")
filter_case("comment", "text\n", prefix="#######", prefix_count=2, postfix="===", postfix_count=0)
filter_case("comment", "text", "plain", beginning="<<", end=">>", prefix="", newline="\r\n")
filter_case("comment", "a\nb", prefix="\n", decoration="  ! ")
for path in ("/etc/hosts", "a/b/", "/", "//", "", "name.tar.gz", ".bashrc", "a/.b", "a.b/c", "..x", "a/b//c", "...", "x."):
    filter_case("basename", path)
    filter_case("dirname", path)
    filter_case("splitext", path)
for parts in (["a", "b"], ["/", "b"], ["a", "/b", "c"], ["a/", ""], "x", ["", "b"], ["a"], []):
    filter_case("path_join", parts)
for url in (
    "http://user:password@www.acme.com:9000/dir/index.html?query=term#fragment", "https://[2001:db8::1]:8443/x", "//host/path", "/only/path", "mailto:a@b", "http://HOST", "http://u@h", "http://h:/", "http://h:99999/", "http://h:x/", "", "a:b", "http://h?q#f#g", "http://[::1", "1http://x",
):
    filter_case("urlsplit", url)
    for query in ("hostname", "port", "nonsense"):
        filter_case("urlsplit", url, query)
filter_case("split", "a,b,c", ",")
filter_case("split", "a b  c")
filter_case("split", "a,b,c", ",", 1)
for number in (0, 1, 2, 8, 10, 100, 1000, 1.5, -1, 0.5, "x", 2**70, True):
    filter_case("log", number)
    filter_case("log", number, 10)
    filter_case("log", number, 2)
    filter_case("log", number, 1)
    filter_case("pow", number, 2)
    filter_case("pow", number, -0.5)
    filter_case("root", number)
    filter_case("root", number, 3)
    filter_case("root", number, 0)
for number in (0, 1, 1023, 1024, 1025, 1536, 10**6, 10**9, 2**40, 1.5, 10240, 123456789, -5, 2**85, "x", 1280, 1152):
    filter_case("human_readable", number)
    filter_case("human_readable", number, True)
    filter_case("human_readable", number, unit="K")
    filter_case("human_readable", number, unit="m")
for text in ("1", "10M", "10 MB", "1.5K", "2Kb", "1Mb", "3 G", "1 byte", "2 kilobytes", "x", "", "5X", "1.5", "2.5", "1e3", "  7  ", 10, "10B", "10b", "1 Kbyte", ".5K", "1..2"):
    filter_case("human_to_bytes", text)
    filter_case("human_to_bytes", text, isbits=True)
    filter_case("human_to_bytes", text, "M")
for second in (0, 1700000000, 951782400, 1735603200.25, -1, 1704067200, 1230768000, "1700000000", "x", 4102444799):
    for form in ("%Y-%m-%d %H:%M:%S", "%a %A %b %B %d %e %j %p %I %y %C %D %F %T %R %r", "%U %W %V %G %g %u %w %s %% %n%t", "%c | %x | %X | %h | %k %l %P"):
        filter_case("strftime", form, second, True)
        if "%s" not in form:
            filter_case("strftime", form, second)
for vlans in ([1, 2, 3, 5, 7, 8], [], [4094], [4095], [0], [100, 1, 2, 3, 3, 2], list(range(1, 400, 3)), list(range(1, 4095)), [10, 11, 13, 14, 15], "x", ["1"]):
    filter_case("vlan_parser", vlans)
    filter_case("vlan_parser", vlans, 20, 10)
for text in ("1,10-12,15,20-22", "1,2", "5-3", "1-3", "x-y", "1-2-3", " 1 - 3 , 7"):
    filter_case("vlan_expander", text)

# Tests of values.

VERSIONS = ["1.0", "1.0.0", "1.2", "1.10", "2.0a1", "1.2.3", "1.2.3-rc.1", "1.2.3-alpha", "1.2.3+build", "15.2(4)M1", "15.2(4)M10", "17.3.4a", "7.3(0)D1(1)", ""]
for left, right in itertools.product(VERSIONS, VERSIONS):
    test_case("version", left, right, ">=")
    test_case("version", left, right, "<", strict=True)
    test_case("version", left, right, "lt", version_type="semver")
for operator in ("==", "=", "eq", "<", "lt", "<=", "le", ">", "gt", ">=", "ge", "!=", "<>", "ne", "~"):
    test_case("version_compare", "1.2", "1.10", operator)
for value in ("yes", "no", "off", "x", "", "0", "false", 0, 1, None, [], [0], " TRUE "):
    for name in ("truthy", "falsy"):
        test_case(name, value)
        test_case(name, value, convert_bool=True)
test_case("nan", math.nan)
test_case("nan", 1.0)
test_case("nan", "x")
test_case("isnan", math.nan)


def main():
    versions = {
        "ansible-core": ansible.__version__ if hasattr(ansible, "__version__") else importlib.metadata.version("ansible-core"),
        "netaddr": netaddr.__version__,
        "PyYAML": yaml.__version__,
        "libyaml": yaml.__with_libyaml__,
        "python": platform.python_version(),
    }
    for name, module in (("ansible.utils", UTILS), ("ansible.netcommon", NETCOMMON)):
        manifest = pathlib.Path(importlib.import_module(module).__path__[0]).parent / "MANIFEST.json"
        versions[name] = json.loads(manifest.read_text())["collection_info"]["version"]
    known = {"filters": known_names("filter"), "tests": known_names("test")}
    lines = [json.dumps({"versions": versions, "known": known})]
    seen = set()
    for kind, name, value, args, kwargs in CASES:
        given = {"kind": kind, "name": name, "value": plain(value)}
        if args:
            given["args"] = [plain(item) for item in args]
        if kwargs:
            given["kwargs"] = {key: plain(item) for key, item in kwargs.items()}
        line = json.dumps({**given, **answer(kind, name, value, args, kwargs)})
        if line not in seen:
            seen.add(line)
            lines.append(line)
    path = pathlib.Path(__file__).with_name("recorded.jsonl")
    path.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 1} cases, {path.stat().st_size} bytes")


main()
