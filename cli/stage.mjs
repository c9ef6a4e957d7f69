// Plain JavaScript: setup.mjs shows its first stage with it before TypeScript can be run.
const WIDTH = 24;
const SHOW_AFTER_MS = 300;
const CLEAR_LINE = "\r\u001b[2K";
/** Of stages that run side by side, the one whose bar is on the terminal's last line. */
let shown;

/**
 * Runs one stage of a start and prints one line for it when it ends: name, detail, time.
 * On a terminal, a long stage shows a bar while it runs.
 */
export async function stage(name, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let share;
  const draw = () => {
    if (!process.stdout.isTTY || performance.now() - started < SHOW_AFTER_MS) return;
    shown ??= name;
    if (shown !== name) return;
    const bar =
      share === undefined
        ? ""
        : `${"█".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, "░")} ${Math.floor(share * 100)} % `;
    process.stdout.write(`${CLEAR_LINE}  … ${name.padEnd(14)}${bar}${seconds()}`);
  };
  const timer = setInterval(draw, 200);
  const finish = (mark, detail) => {
    clearInterval(timer);
    const clear = shown === undefined ? "" : CLEAR_LINE;
    if (shown === name) shown = undefined;
    process.stdout.write(`${clear}  ${mark} ${name.padEnd(14)}${detail.padEnd(44)} ${seconds().padStart(7)}\n`);
  };
  try {
    const detail = await work((done) => {
      share = done;
    });
    finish("✓", detail);
  } catch (error) {
    finish("✗", "failed");
    throw error;
  }
}
