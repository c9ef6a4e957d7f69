import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { render } from "../../devices/session/screen.ts";
import { echoing, open, startFakeDevice, type FakeDevice, type FakeShell } from "./fake-device.ts";

const running: FakeDevice[] = [];
const start = async (options: Parameters<typeof startFakeDevice>[0]): Promise<FakeDevice> => {
  const device = await startFakeDevice(options);
  running.push(device);
  return device;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((d) => d.stop()));
});

/** Echoes, and prints the answer to `show it` in the given pieces, with a pause between them. */
const inPieces =
  (prompt: string, pieces: readonly (string | Buffer)[], pauseMs = 5): FakeShell =>
  async (_channel, { line, write }) => {
    write(prompt);
    for (;;) {
      const text = await line();
      write(`${text}\r\n`);
      if (text === "show it")
        for (const piece of pieces) {
          write(piece);
          await sleep(pauseMs);
        }
      write(prompt);
    }
  };
const show = async (device: FakeDevice): Promise<string> => {
  const session = await open(device);
  const { answers } = await session.exchange(["show it"], { reads: true });
  session.close();
  return answers[0]?.text ?? "";
};

test("text is the same wherever the network cuts it, in the middle of a character too", async () => {
  const whole = Buffer.from("één\r\n\u001b[31mröd\u001b[0m ☃ snow\r\nabc\b\bXY\r\nlast\r\n");
  for (let at = 1; at < whole.length; at += 3) {
    const device = await start({ shell: inPieces("r1#", [whole.subarray(0, at), whole.subarray(at)]) });
    expect(await show(device)).toBe("één\nröd ☃ snow\naXY\nlast");
  }
});

test("the prompt's text inside of the output is not the prompt", async () => {
  const device = await start({
    shell: inPieces("r1#", ["first\r\nr1#", "\r\nsecond\r\nr1#", "\r\nr1#\r\nthird\r\n"], 60),
  });
  // Seen once as a whole line, it is waited for.
  expect(await show(device)).toContain("third");
});

test("a pager is answered and leaves no trace", async () => {
  const device = await start({
    shell: async (_channel, { line, write }) => {
      write("r1#");
      for (;;) {
        const text = await line();
        write(`${text}\r\n`);
        if (text === "show it") {
          for (let n = 0; n < 5; n++) {
            write(`line ${n}\r\n --More-- `);
            await new Promise((resolve) => _channel.once("data", resolve));
            write(n % 2 === 0 ? "\b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b" : "\r          \r");
          }
          write("  indented\r\n");
        }
        write("r1#");
      }
    },
  });
  expect(await show(device)).toBe("line 0\nline 1\nline 2\nline 3\nline 4\n  indented");
});

test("an echo that the device wraps at its own width, or colours, is the line all the same", async () => {
  const long = `description ${"x".repeat(200)}`;
  for (const echo of [
    (l: string) => l.replace(/.{70}/g, "$&\r\n"),
    (l: string) => `\u001b[1m${l}\u001b[0m`,
    (l: string) => l.replace(/x/, "xq\b \bx".slice(0, 0) + "x"),
  ]) {
    const device = await start({
      shell: async (_c, { line, write }) => {
        write("r1#");
        for (;;) write(`${echo(await line())}\r\nr1#`);
      },
    });
    const session = await open(device);
    expect((await session.exchange([long])).answers[0]?.text).toBe("");
    session.close();
  }
});

test("another echo than the line sent stops", async () => {
  const device = await start({
    shell: async (_c, { line, write }) => {
      write("r1#");
      for (;;) {
        const text = await line();
        write(`${text.replace("down", "up")}\r\nr1#`);
      }
    },
  });
  const session = await open(device);
  await expect(session.exchange(["shutdown"])).rejects.toMatchObject({ code: "echo_mismatch" });
  session.close();
});

test("a custom prompt is learnt to the letter", async () => {
  const device = await start({
    shell: echoing("<<core 1>> $ ", (l) => (l === "show it" ? "yes\n" : "")),
    timeouts: { auth: 5000 },
  });
  expect(await show(device)).toBe("yes");
});

test("a long host name that the device cuts off in configuration mode is the same host", async () => {
  let config = false;
  const device = await start({
    shell: async (_c, { line, write }) => {
      const prompt = (): string => (config ? "a-very-long-router-n(config)#" : "a-very-long-router-name-of-a-site#");
      write(prompt());
      for (;;) {
        const text = await line();
        if (text === "configure terminal") config = true;
        write(`${text}\r\n${prompt()}`);
      }
    },
  });
  const session = await open(device);
  await session.exchange(["configure terminal"]);
  expect(session.prompt()).toMatchObject({ mode: "config", host: "a-very-long-router-n" });
  session.close();
});

test("a prompt that was not seen before is not taken for the device's own", async () => {
  const device = await start({ shell: inPieces("r1#", ["r2#"], 400), timeouts: { idle: 300, total: 5000 } });
  const session = await open(device);
  await expect(session.exchange(["show it"], { reads: true })).rejects.toMatchObject({ code: "timeout_idle" });
  session.close();
});

test("a message behind the prompt does not hide it", async () => {
  const device = await start({
    shell: async (_c, { line, write }) => {
      write("r1#");
      for (;;) {
        const text = await line();
        write(
          `${text}\r\n${text === "show it" ? "answer\r\nr1#\r\n*Mar  1 00:01:02.123: %SYS-5-CONFIG_I: Configured from console\r\n" : "r1#"}`,
        );
      }
    },
  });
  expect(await show(device)).toContain("answer");
});

test("what a device says unasked between two commands is neither an answer nor in the way", async () => {
  const device = await start({
    shell: async (_c, { line, write }) => {
      write("r1#");
      for (;;) {
        const text = await line();
        write(`${text}\r\n${text === "show it" ? "answer\r\n" : ""}r1#`);
        if (text === "show first") write("\r\nBroadcast message from root:\r\nwe go down at 12\r\n");
      }
    },
  });
  const session = await open(device);
  await session.exchange(["show first"], { reads: true });
  await sleep(50);
  expect((await session.exchange(["show it"], { reads: true })).answers[0]?.text).toBe("answer");
  session.close();
});

test("lines sent together each get their own answer", async () => {
  const device = await start({
    shell: echoing("r1(config)#", (l) => (l.includes("bad") ? "% Invalid input detected at '^' marker.\n" : "")),
  });
  const session = await open(device);
  const { answers } = await session.exchange(["one", " bad two", "three", "bad four", "five"]);
  expect(answers.map((a) => a.refused)).toEqual([
    null,
    "% Invalid input detected at '^' marker.",
    null,
    "% Invalid input detected at '^' marker.",
    null,
  ]);
  session.close();
});

test("more than 8 MB for one command is cut off, and the session ends", async () => {
  const device = await start({
    timeouts: { idle: 10_000, total: 30_000 },
    shell: async (channel, { line, write }) => {
      write("r1#");
      for (;;) {
        const text = await line();
        write(`${text}\r\n`);
        if (text === "show it")
          for (let n = 0; n < 200; n++) {
            if (!channel.write(Buffer.alloc(64 * 1024, "x\n")))
              await new Promise((resolve) => channel.once("drain", resolve));
          }
        write("r1#");
      }
    },
  });
  const session = await open(device);
  await expect(session.exchange(["show it"], { reads: true })).rejects.toMatchObject({ code: "output_limit" });
  expect(session.isOpen()).toBe(false);
});

test("the enable password goes to a password prompt, never to a shell prompt", async () => {
  const got: string[] = [];
  const device = await start({
    secrets: { password: "pw", enable_password: "enableCanary" },
    shell: async (_c, { line, write }) => {
      write("r1>");
      for (;;) {
        const text = await line();
        got.push(text);
        write(`${text}\r\nr1>`);
      }
    },
  });
  await expect(open(device)).rejects.toMatchObject({ code: "enable_failed" });
  expect(got).not.toContain("enableCanary");
});

test("a shell that shows nothing is no prompt", async () => {
  const device = await start({ shell: async (_c, { write }) => write("loading"), timeouts: { auth: 1000 } });
  await expect(open(device)).rejects.toMatchObject({
    code: "prompt_not_found",
    message: expect.stringContaining("loading") as string,
  });
});

test("a full box says so in its shell", async () => {
  const device = await start({
    shell: async (_c, { write, close }) => {
      write("\r\n% All vty lines are in use, try again later\r\n");
      await sleep(20);
      close();
    },
  });
  await expect(open(device)).rejects.toMatchObject({ code: "vty_lines_exhausted" });
});

test("plain text is shown as it is, whatever its line ends", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "☃", "{", "[", "#", ">", "\n") });
  fc.assert(
    fc.property(text, (t) => {
      expect(render(t.replaceAll("\n", "\r\n"), 511)).toBe(t);
      expect(render(t.replaceAll("\n", "\r\r\n"), 511)).toBe(t);
    }),
  );
});

test("what is typed and rubbed out is not seen", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d", " "), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(word, word, (kept, gone) => {
      const { length } = gone;
      expect(
        render(`${kept}${gone}${"\b".repeat(length)}${" ".repeat(length)}${"\b".repeat(length)}`, 511).trimEnd(),
      ).toBe(kept.trimEnd());
      expect(render(`${gone}\r\u001b[K${kept}`, 511)).toBe(kept);
    }),
  );
});

test("a line longer than the terminal is one line", () => {
  const line = "x".repeat(1200);
  expect(render(`${line.slice(0, 511)} \r${line.slice(511, 1022)} \r${line.slice(1022)}\r\n`, 511).trimEnd()).toBe(
    line,
  );
});
