import type { Box, BoxContext } from "../box.ts";
import { bannerText, createLineState, lineBox, logEvent } from "../cli/line-box.ts";
import { lineCli, modePrompt, runningTarget, type LinePlatform, type LineSession } from "../cli/line-cli.ts";
import { IOS_EXEC } from "./exec.ts";
import { ios, iosLines } from "./render.ts";

const platform: LinePlatform<LineSession> = {
  style: "ios",
  exec: IOS_EXEC,
  refuse: (why, line, column) => {
    if (why.kind === "incomplete") return "% Incomplete command.\n\n";
    if (why.kind === "ambiguous") return `% Ambiguous command:  "${line.trim()}"\n`;
    return `${" ".repeat(column)}^\n% Invalid input detected at '^' marker.\n\n`;
  },
  configCommand: () => undefined,
  target: runningTarget,
  configPrompt: modePrompt,
  leaveConfig: (session) => {
    session.position = undefined;
    logEvent(
      session.state,
      `%SYS-5-CONFIG_I: Configured from console by ${session.info.user} on vty${session.info.line} (${session.info.from})`,
    );
  },
  welcome: (session) => bannerText(session.state.root, "motd"),
  ended: () => undefined,
};

export function createIosBox(context: BoxContext): Box {
  const state = createLineState(context, ios, iosLines);
  const nothing = { boot: () => undefined, stop: () => undefined };
  return lineBox(
    state,
    (info) =>
      lineCli(platform, {
        state,
        info,
        privileged: false,
        position: undefined,
        length: info.rows,
        width: info.columns,
      }),
    nothing,
  );
}
