"""What the Python peers share: the arguments, the jobs, the checks, and the one line of JSON that the runner reads."""

import argparse
import ipaddress
import json
import resource
import sys
import time


def read_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--job", choices=["j1", "j2", "j3"], default="j1")
    parser.add_argument("--n", type=int, default=1)
    parser.add_argument("--conc", type=int, default=100)
    parser.add_argument("--base", default="127.20.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="admin")
    parser.add_argument("--platform", choices=["cisco_ios", "arista_eos", "frr"], default="cisco_ios")
    args = parser.parse_args()
    first = int(ipaddress.IPv4Address(args.base))
    args.hosts = [str(ipaddress.IPv4Address(first + i)) for i in range(args.n)]
    return args


def config_lines():
    """J3: 200 lines, 50 interfaces of four lines."""
    lines = []
    for i in range(50):
        lines += [
            f"interface GigabitEthernet9/0/{i}",
            f" description benchmark port {i}",
            f" ip address 10.99.{i}.1 255.255.255.0",
            " no shutdown",
        ]
    return lines


COMMANDS = {"j1": "show version", "j2": "show running-config"}


def check(job, index, text):
    """Raises unless the text is what router number `index` must answer."""
    name = f"r{index + 1:04d}"
    if job == "j1":
        assert "Version 15.7(3)M5" in text and f"{name} uptime" in text, text[:200]
    elif job == "j2":
        # 1,990 and not 2,000: clients differ in how much of the head and of the blank lines they strip.
        assert text.count("\n") > 1990 and text.rstrip().endswith("end"), (text.count("\n"), text[-80:])
        assert f"hostname {name}" in text
    else:
        assert "% Invalid input" not in text


def cpu_seconds():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def report(run):
    """Times run(), which gives (ok, seconds, error) for each device. `cpu0_s` was used before, by loading the program."""
    cpu0, began = cpu_seconds(), time.perf_counter()
    outcomes = run()
    wall = time.perf_counter() - began
    times = sorted(seconds for ok, seconds, _ in outcomes if ok) or [0.0]
    errors = [error for ok, _, error in outcomes if not ok]
    line = {
        "ok": len(outcomes) - len(errors),
        "fail": len(errors),
        "wall_s": wall,
        "cpu0_s": cpu0,
        "p50_s": times[len(times) // 2],
        "p99_s": times[int(len(times) * 0.99)],
        "error": errors[0][:300] if errors else None,
    }
    print(json.dumps(line))
    sys.stdout.flush()


def timed(job, args, index):
    began = time.perf_counter()
    try:
        check(args.job, index, job(args.hosts[index]))
        return True, time.perf_counter() - began, None
    except Exception as error:  # every failure of whatever kind counts as one
        return False, time.perf_counter() - began, f"{type(error).__name__}: {error}"


async def timed_async(job, args, index, slots):
    async with slots:
        began = time.perf_counter()
        try:
            check(args.job, index, await job(args.hosts[index]))
            return True, time.perf_counter() - began, None
        except Exception as error:
            return False, time.perf_counter() - began, f"{type(error).__name__}: {error}"
