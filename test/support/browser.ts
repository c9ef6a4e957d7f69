import { chromium, type ConsoleMessage, type Locator, type Page } from "playwright-core";
import { PASSWORD } from "./api-client.ts";
import { findProgram } from "./requires.ts";

/** How a page is looked at: on a desk or in the hand, light or dark. */
export type Screen = { width: number; height: number; touch: boolean; dark: boolean };
export const DESK: Screen = { width: 1440, height: 900, touch: false, dark: false };
export const DARK: Screen = { ...DESK, dark: true };
export const PHONE: Screen = { width: 390, height: 844, touch: true, dark: false };

/** One person at one screen, with cookies of their own, and what the browser complained about there. */
export type Visit = { page: Page; complaints: string[] };

export type TestBrowser = {
  visit: (address: string, screen?: Screen) => Promise<Visit>;
  close: () => Promise<void>;
};

const PATIENCE_MS = 45_000;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A real browser without a window. Whoever opens it closes it; that ends its pages as well. */
export async function openBrowser(): Promise<TestBrowser> {
  const executablePath = findProgram("chromium");
  if (executablePath === undefined) throw new Error('no chromium here: guard the suite with requires("chromium")');
  const browser = await chromium.launch({ executablePath, args: ARGS });
  return {
    async visit(address, screen = DESK) {
      const context = await browser.newContext({
        baseURL: address,
        viewport: { width: screen.width, height: screen.height },
        colorScheme: screen.dark ? "dark" : "light",
        hasTouch: screen.touch,
        isMobile: screen.touch,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() !== "error" || isAskingWho(message)) return;
        complaints.push(`${message.text()} (${message.location().url})`);
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      return { page, complaints };
    },
    close: () => browser.close(),
  };
}

/** The browser logs every 401; one is the answer to "who is signed in?" where nobody is. */
const isAskingWho = (message: ConsoleMessage): boolean =>
  message.text().includes("401") && message.location().url.endsWith("/api/auth/me");

/** Opens `path` without being signed in, signs in on the page that comes instead, and arrives. */
export async function signInAt(page: Page, path: string, username: string, password = PASSWORD): Promise<void> {
  await page.goto(path);
  const answers: string[] = [];
  page.on("response", (response) => answers.push(`${response.status()} ${response.url()}`));
  await fillSignIn(page, username, password);
  await page
    .waitForURL((url) => url.pathname !== "/login")
    .catch(async (cause: unknown) => {
      const shown = await page.locator("body").innerText();
      throw new Error(`${username} is not let in. Answers: ${answers.join(", ")}. The page says: ${shown}`, { cause });
    });
  // Keys count from here on.
  await page.locator("#main h1").first().waitFor();
}

export async function fillSignIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Moves the focus by Tab alone. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((el) => el === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

/**
 * Notes every state that the cells of a run page show from now on, as `device column kind text`, into the document
 * itself: a page that was loaded anew would have lost them.
 */
export async function noteCells(page: Page): Promise<{ seen: () => Promise<string[]> }> {
  await page.getByRole("gridcell").first().waitFor();
  await page.evaluate(() => {
    const root = document.documentElement;
    const seen: string[] = [];
    const note = (): void => {
      const columns = [...document.querySelectorAll('[role="columnheader"]')].slice(1).map((head) => head.textContent);
      for (const row of document.querySelectorAll('[role="row"].lr')) {
        const device = row.querySelector('[role="rowheader"] .ell')?.textContent;
        [...row.querySelectorAll('[role="gridcell"]')].forEach((cell, i) => {
          const kind = /\bk-(\w+)/.exec(cell.className)?.[1];
          const state = `${device} ${columns[i]} ${kind} ${cell.querySelector(".ell")?.textContent ?? ""}`.trim();
          if (!seen.includes(state)) seen.push(state);
        });
      }
      root.dataset["seen"] = seen.join("\n");
    };
    note();
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });
  return { seen: () => page.evaluate(() => (document.documentElement.dataset["seen"] ?? "").split("\n")) };
}
