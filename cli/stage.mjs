// Plain JavaScript: setup.mjs shows its first stage with it before TypeScript can be run.
const WIDTH = 24;
const SHOW_AFTER_MS = 300;

/**
 * Runs one stage of a start and prints one line for it when it ends: name, detail, time.
 * On a terminal, a long stage shows a bar while it runs.
 */
export async function stage(name, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let share;
  let drawn = false;
  const draw = () => {
    if (!process.stdout.isTTY || performance.now() - started < SHOW_AFTER_MS) return;
    const bar = share === undefined ? " ".repeat(WIDTH) : "█".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, "░");
    process.stdout.write(
      `\r  … ${name.padEnd(14)}${bar} ${share === undefined ? "" : `${Math.floor(share * 100)} %`.padStart(5)} ${seconds()} `,
    );
    drawn = true;
  };
  const timer = setInterval(draw, 200);
  const finish = (mark, detail) => {
    clearInterval(timer);
    process.stdout.write(
      `${drawn ? "\r\u001b[2K" : ""}  ${mark} ${name.padEnd(14)}${detail.padEnd(44)} ${seconds().padStart(7)}\n`,
    );
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
