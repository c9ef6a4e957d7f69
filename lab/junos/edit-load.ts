import { printConfig } from "./commit.ts";
import { keepShared, record, setOne, wrong, type Command } from "./edit-context.ts";
import { hideSecrets, loadBraces, parseStatement, words } from "./parse.ts";
import { cloneStatement, deleteStatement, emptyJunos } from "./tree.ts";

export const load: Command = async (context) => {
  const { editor, candidate, rest, io } = context;
  const how = /^(set|merge|override|replace|update)\s+terminal(\s+relative)?$/.exec(rest.trim());
  if (!how) return wrong(context, { message: "syntax error.", offset: 0 });
  io.write("[Type ^D at a new line to end input]\n");
  const text = await io.readText((line) =>
    line.includes("\u0004") ? { last: true, keep: line.replace(/\u0004.*/, "") } : { last: false, keep: line },
  );
  const base = how[2] === undefined ? [] : editor.path;
  const before = printConfig(candidate.root);
  if (how[1] === "set") {
    for (const line of text.split("\n").filter((l) => l.trim() !== "")) {
      const [, verb, path = ""] = /^\s*(set|delete)\s+(.*)$/.exec(line) ?? [];
      const parsed = parseStatement(base, words(path));
      if (verb === undefined || "message" in parsed)
        return { refused: true, output: `terminal:1:(1) syntax error: ${line.trim()}\nload complete (1 errors)\n` };
      for (const one of parsed.paths) {
        if (verb === "set") setOne(candidate, hideSecrets(one));
        else {
          record(candidate, { kind: "delete", path: one });
          deleteStatement(candidate.root, one);
        }
      }
    }
  } else {
    const target = how[1] === "override" || how[1] === "update" ? emptyJunos() : cloneStatement(candidate.root);
    const error = loadBraces(target, text, base);
    if (error) return { refused: true, output: `terminal:1:(1) ${error.message}\nload complete (1 errors)\n` };
    candidate.root = target;
    record(candidate, { kind: "replace", root: cloneStatement(target) });
  }
  keepShared(context);
  return { output: "load complete\n", changed: printConfig(candidate.root) !== before };
};
