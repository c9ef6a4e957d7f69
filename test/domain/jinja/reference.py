"""Renders templates with Jinja2: one case a line of JSON in, one answer a line out."""

import json
import sys

from jinja2 import DictLoader, StrictUndefined, TemplateSyntaxError, Undefined, meta
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import internal_code

EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols"]


def environment(case):
    options = dict(case.get("options", {}))
    undefined = StrictUndefined if options.pop("undefined", "strict") == "strict" else Undefined
    return SandboxedEnvironment(
        loader=DictLoader(case.get("templates", {})), extensions=EXTENSIONS, undefined=undefined, **options
    )


def place(error):
    """The template and the line that Jinja's own traceback would show last."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None and trace.tb_frame.f_code not in internal_code:
            found = (template.name, template.get_corresponding_lineno(trace.tb_lineno))
        trace = trace.tb_next
    return found or (None, None)


def failure(error):
    if isinstance(error, TemplateSyntaxError):
        template, line = error.name, error.lineno
    else:
        template, line = place(error)
    return {"error": type(error).__name__, "message": str(error).split("\n")[0], "template": template, "line": line}


def answer(case):
    env = environment(case)
    try:
        if case.get("ask") == "variables":
            return {"names": sorted(meta.find_undeclared_variables(env.parse(case["source"])))}
        template = env.from_string(case["source"])
        context = template.new_context(dict(case.get("variables", {})))
        return {"rendered": "".join(template.root_render_func(context))}
    except Exception as error:
        failed = failure(error)
        # The name under which Jinja compiles what it only looks at.
        return {**failed, "template": None} if failed["template"] == "<introspection>" else failed


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
