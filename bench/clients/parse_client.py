"""TextFSM over samples: the CPU of a parse with the template kept, and of one as Netmiko does it, from the index on."""

import json
import sys
import time

import textfsm
from textfsm import clitable

job = json.load(open(sys.argv[1], encoding="utf-8"))
results = []
for sample in job["samples"]:
    with open(f"{job['folder']}/{sample['template']}", encoding="utf-8") as template:
        machine = textfsm.TextFSM(template)
    names = [name.lower() for name in machine.header]

    def kept():
        machine.Reset()
        return machine.ParseText(sample["output"])

    def whole():
        table = clitable.CliTable("index", job["folder"])
        table.ParseCmd(sample["output"], {"Platform": sample["platform"], "Command": sample["command"]})
        return [dict(zip([name.lower() for name in table.header], row)) for row in table]

    def cpu_ms(work):
        work()
        began, turns = time.process_time(), 0
        while time.process_time() - began < job["seconds"]:
            work()
            turns += 1
        return (time.process_time() - began) * 1000 / turns

    results.append({"rows": whole(), "kept_ms": cpu_ms(kept), "whole_ms": cpu_ms(whole)})
print(json.dumps(results))
