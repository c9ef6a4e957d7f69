"""Rates of Jinja2 per second of CPU: {source, variables, seconds} in, {rendered, render, compile_and_render} out."""

import json
import sys
import time

from jinja2 import Environment


def rate(work, seconds):
    done, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        work()
        done += 1
    return done / (time.process_time() - start)


def environment():
    return Environment(trim_blocks=True, lstrip_blocks=True)


task = json.load(sys.stdin)
source, variables, seconds = task["source"], task["variables"], task["seconds"]
template = environment().from_string(source)
json.dump(
    {
        "rendered": template.render(variables),
        "render": rate(lambda: template.render(variables), seconds),
        "compile_and_render": rate(lambda: environment().from_string(source).render(variables), seconds),
    },
    sys.stdout,
)
