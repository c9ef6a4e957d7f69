"""Answers as Python's re and TextFSM do: one question a line, as JSON, and one answer."""

import io
import json
import re
import sys

import textfsm
from textfsm import clitable


def parse(question):
    try:
        if "file" in question:
            with open(question["file"], encoding="utf-8") as template:
                machine = textfsm.TextFSM(template)
        else:
            machine = textfsm.TextFSM(io.StringIO(question["template"]))
    except (textfsm.TextFSMTemplateError, IndexError) as error:
        return {"refused": str(error)}
    results = []
    for output in question["outputs"]:
        machine.Reset()
        try:
            results.append({"rows": machine.ParseText(output)})
        except textfsm.TextFSMError as error:
            line = re.search(r"Rule Line: (\d+)\.", str(error))
            results.append({"error": int(line.group(1))})
    return {"header": machine.header, "results": results}


def match(question):
    try:
        pattern = re.compile(question["pattern"])
    except re.error as error:
        return {"refused": str(error)}
    found = [pattern.match(text) for text in question["texts"]]
    return {"results": [None if one is None else one.groupdict() for one in found]}


def table(question):
    commands = clitable.CliTable("index", question["folder"])
    if "asks" in question:
        rows = [commands.index.GetRowMatch({"Platform": p, "Command": c}) for p, c in question["asks"]]
        return {"results": [commands.index.index[row]["Template"] if row else None for row in rows]}
    results = []
    for name, output in question["parses"]:
        commands.ParseCmd(output, templates=name)
        names = [column.lower() for column in commands.header]
        results.append([dict(zip(names, row)) for row in commands])
    return {"results": results}


for line in sys.stdin:
    asked = json.loads(line)
    answer = table(asked) if "folder" in asked else match(asked) if "pattern" in asked else parse(asked)
    print(json.dumps(answer))
