import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JournalLine, Run, RunEvent } from "../../domain/contract/run.ts";
import type { LedgerEntry } from "../../lab/ledger.ts";
import type { ApiClient } from "../support/api-client.ts";
import { DESK, PHONE, noteCells, openBrowser, signInAt, tabTo, type TestBrowser } from "../support/browser.ts";
import { ask, ownDevice, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";
import { requires } from "../support/requires.ts";

const LONG = 60_000;
const ROUTERS = { "edge-ios": "lab-ams-1", "edge-eos": "lab-ams-2", "edge-junos": "lab-ams-3" };
const LINES: Record<string, string[]> = {
  IOS: [
    "interface Loopback60",
    " description by the browser",
    " ip address 198.51.100.60 255.255.255.255",
    "ntp server 203.0.113.60",
  ],
  EOS: ["interface Loopback60", " description by the browser", "ntp server 203.0.113.60"],
  Junos: ["set system ntp server 203.0.113.60"],
};

requires("chromium")("what people see of a change", () => {
  let product: Product;
  let browser: TestBrowser;
  let operator: ApiClient;
  let approver: ApiClient;

  beforeAll(async () => {
    product = await startProduct();
    browser = await openBrowser();
    operator = await product.admin.newUser("olga", ["operator"]);
    approver = await product.admin.newUser("adam", ["approver"]);
    for (const [name, router] of Object.entries(ROUTERS)) await ownDevice(product, name, router);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const configLines = async (router: string, since = 0): Promise<string[]> =>
    (await product.lab.ledger(router, since)).filter((e: LedgerEntry) => e.kind === "config").map((e) => e.line.trim());
  const lastSeq = async (router: string): Promise<number> => (await product.lab.ledger(router)).at(-1)?.seq ?? 0;

  test("one plans on the desk, another approves on the phone, the routers hold the lines, and the run page showed each step", async () => {
    const { page, complaints } = await browser.visit(product.address);
    await signInAt(page, "/", "olga");
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await page.getByRole("link", { name: "New change" }).first().click();
    await page.getByRole("textbox", { name: "Title of the change" }).fill("Loopback and NTP at the edge");
    await pickDevices(page, "site:own", Object.keys(ROUTERS));
    for (const [platform, lines] of Object.entries(LINES)) await typeLines(page, platform, lines);

    // The plan follows the typing: three diffs, each beside its way back.
    await page.getByRole("region", { name: "Group C" }).waitFor({ timeout: LONG });
    for (const name of ["Diff A, IOS", "Diff B, EOS", "Diff C, Junos"]) {
      const diff = page.getByRole("region", { name, exact: true });
      expect(await diff.innerText()).toContain("203.0.113.60");
      expect(await page.getByRole("region", { name: `${name}, rollback lines` }).innerText()).toContain("203.0.113.60");
    }
    const askButton = page.getByRole("button", { name: /^Ask for approval/ }).first();
    expect(await askButton.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: /^Why now/ }).fill("CHG-60: one clock for the edge");
    await askButton.click();
    await page.waitForURL(/\/runs\/[^/]+$/);
    await page.getByText("Waits for approval.").first().waitFor();
    const cells = await noteCells(page);
    const status = page.locator(".ns-hd .ns-pill").first();
    expect(await status.innerText()).toBe("Waits for approval");
    expect(await configLines("lab-ams-1")).toEqual([]);

    for (const router of Object.values(ROUTERS))
      await product.lab.addFault(router, { kind: "slow_line", delay_ms: 400 });
    await approveByThumb("Loopback and NTP at the edge", 3);

    await page.getByText("Kept on 3 of 3 devices.").waitFor({ timeout: LONG });
    for (const router of Object.values(ROUTERS)) await product.lab.clearFaults(router);
    expect(await status.innerText()).toBe("Done");
    const seen = await cells.seen();
    for (const device of Object.keys(ROUTERS)) {
      const of = (column: string): string[] =>
        seen.filter((s) => s.startsWith(`${device} ${column} `)).map((s) => s.split(" ")[2] ?? "");
      expect(of("plan")).toEqual(["ok"]);
      expect(of("approve")).toEqual(expect.arrayContaining(["wait", "ok"]));
      expect(of("apply")).toEqual(expect.arrayContaining(["idle", "run", "ok"]));
      for (const step of ["verify", "keep"]) expect(of(step)).toEqual(expect.arrayContaining(["idle", "ok"]));
    }
    expect(seen).toContain("edge-ios approve ok adam");
    expect(seen.filter((s) => /^edge-ios apply run [1-4] of 4$/.test(s)).length, seen.join("\n")).toBeGreaterThan(0);
    const first = (state: string): number => seen.findIndex((s) => s.startsWith(state));
    expect(first("edge-ios apply run")).toBeLessThan(first("edge-ios verify ok"));
    expect(first("edge-ios verify ok")).toBeLessThan(first("edge-ios keep ok kept"));

    for (const router of Object.values(ROUTERS))
      expect((await product.lab.running(router)).running).toContain("203.0.113.60");
    expect((await product.lab.running("lab-ams-1")).startup).toContain("description by the browser");
    expect(complaints).toEqual([]);
  });

  /** A second person, at a phone: the list, every diff read, a reason, the big button; all at the lower end of the screen. */
  async function approveByThumb(title: string, devices: number): Promise<void> {
    const { page, complaints } = await browser.visit(product.address, PHONE);
    await signInAt(page, "/", "adam");
    await page.getByRole("navigation", { name: "Main, phone" }).getByRole("link", { name: "Approvals" }).tap();
    await page.getByRole("button", { name: title }).tap();
    await page.waitForURL(/\/approvals\/[^/]+$/);
    const next = page.getByRole("button", { name: /^(Next: diff|Mark diff)/ });
    const approve = page.getByRole("button", { name: `Approve ${devices} devices` });
    await next.waitFor();
    expect(await approve.count(), "nobody approves what they were not shown").toBe(0);
    await expectAtThumb(page, next);
    await walk(next, approve, (button) => button.tap());
    for (const name of ["A", "B", "C"])
      expect(await page.getByRole("checkbox", { name: `Diff ${name} read` }).isChecked()).toBe(true);
    expect(await approve.isDisabled(), "a reason first").toBe(true);
    await page.getByRole("textbox", { name: "Why is this all right?" }).fill("read all three, the way back is there");
    await expectAtThumb(page, approve);
    await approve.tap();
    await page.getByText(/^Approved by you/).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  }

  test("an own request reads, cannot be approved, and says why", async () => {
    const bea = await product.admin.newUser("bea", ["operator", "approver"]);
    const planned = await plan(bea, {
      title: "My own",
      targets: [{ device: "edge-ios", lines: ["ntp server 203.0.113.61"] }],
    });
    const asked = await ask(bea, planned);
    const { page } = await browser.visit(product.address);
    await signInAt(page, `/approvals/${asked.approval_id}`, "bea");
    const decision = page.getByRole("region", { name: "Your decision" });
    await decision.waitFor();
    expect(await decision.innerText()).toMatch(/You cannot decide on this: you asked for this change/i);
    expect(await decision.getByRole("button", { name: "Approve 1 device" }).isDisabled()).toBe(true);
    expect(await page.getByRole("region", { name: "Diff A, IOS", exact: true }).innerText()).toContain("203.0.113.61");
    await page.keyboard.press("a");
    expect(await page.getByRole("textbox").count()).toBe(0);
    await page.context().close();
    await bea.post(`/changes/${planned.change.id}/cancel`, { reason: "seen" });
  });

  const byKeyboard = async (page: Page, decide: Locator, run: string): Promise<void> => {
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await decide.waitFor({ timeout: LONG });
    await tabTo(page, decide);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/runs/${run}`));
    await page.getByText(doubt).waitFor();
    await page.keyboard.press("v");
  };
  const byThumb = async (page: Page, decide: Locator, run: string): Promise<void> => {
    await page.getByRole("navigation", { name: "Main, phone" }).getByRole("link", { name: "Now" }).tap();
    await decide.tap({ timeout: LONG });
    await page.waitForURL(new RegExp(`/runs/${run}`));
    await page.getByText(doubt).waitFor();
    await page.getByRole("button", { name: /^Read back, then send what is missing/ }).tap();
  };
  const doubt = /^Line \d may or may not be on the device\.$/;

  test.each([
    ["by keyboard", DESK, 621, byKeyboard],
    ["by thumb", PHONE, 622, byThumb],
  ])(
    "a line in doubt is found on Now and decided on the run page %s; it is not sent twice",
    async (_, screen, loopback, decideBy) => {
      const lines = [`interface Loopback${loopback}`, ...[1, 2, 3, 4, 5].map((i) => ` ip helper-address 192.0.2.${i}`)];
      const planned = await plan(operator, { title: "Cut in the middle", targets: [{ device: "edge-ios", lines }] });
      const asked = await ask(operator, planned);
      const since = await lastSeq("lab-ams-1");
      await product.lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 3, phase: "before_prompt", once: true });
      await approver.post(`/approvals/${asked.approval_id}/approve`, { hash: planned.change.hash, reason: "read" });
      await operator.untilRun(planned.run.id, (run) => run.status === "interrupted");

      const { page } = await browser.visit(product.address, screen);
      await signInAt(page, `/runs/${planned.run.id}`, "olga");
      await expect
        .poll(async () => (await shownLines(page)).map((line) => line.split(" ")[0]))
        .toEqual(["taken", "taken", "in_doubt", "not_sent", "not_sent", "not_sent"]);
      await decideBy(page, page.getByRole("link", { name: "Decide about edge-ios" }), planned.run.id);
      await page.getByText("Kept on 1 of 1 device.").waitFor({ timeout: LONG });
      const helpers = (await configLines("lab-ams-1", since)).filter((line) => line.includes("helper-address"));
      expect(helpers.toSorted()).toEqual(lines.slice(1).map((line) => line.trim()));
      await page.context().close();
    },
  );

  test("the API hangs and dies during a run: the page says it is not live, then catches up without gap or double line", async () => {
    const lines = [
      "interface Loopback63",
      ...Array.from({ length: 60 }, (_, i) => ` ip helper-address 192.0.2.${i + 1}`),
    ];
    const planned = await plan(operator, { title: "Seen through an outage", targets: [{ device: "edge-ios", lines }] });
    const asked = await ask(operator, planned);
    const since = await lastSeq("lab-ams-1");
    const { page } = await browser.visit(product.address);
    await signInAt(page, `/runs/${planned.run.id}`, "olga");
    const cells = await noteCells(page);
    await product.lab.addFault("lab-ams-1", { kind: "slow_line", delay_ms: 500 });
    await approver.post(`/approvals/${asked.approval_id}/approve`, { hash: planned.change.hash, reason: "read" });
    await expect
      .poll(async () => (await cells.seen()).some((s) => /edge-ios apply run \d+ of 61/.test(s)), { timeout: LONG })
      .toBe(true);

    const api = await product.pid("api");
    let shown = 0;
    process.kill(api, "SIGSTOP");
    try {
      await page.locator(".ns-hd").getByText("Reconnecting").waitFor();
      await page
        .getByRole("alert")
        .getByText(/^Not live since/)
        .waitFor();
      // Nothing is claimed meanwhile: what was shown stays, and the routers get their lines.
      shown = await takenShown(page);
      const held = (await configLines("lab-ams-1", since)).length;
      expect(held).toBeGreaterThan(shown);
    } finally {
      process.kill(api, "SIGKILL");
    }
    await page
      .getByRole("alert")
      .getByText(/^Not live since/)
      .waitFor({ state: "detached", timeout: LONG });
    await expect.poll(() => takenShown(page), { timeout: LONG }).toBeGreaterThan(shown);
    await product.lab.clearFaults("lab-ams-1");

    await page.getByText("Kept on 1 of 1 device.").waitFor({ timeout: LONG });
    expect(await cells.seen(), "the page was not loaded anew").toContain("edge-ios approve wait waits");
    const helpers = (await configLines("lab-ams-1", since)).filter((line) => line.includes("helper-address"));
    expect(helpers).toEqual(lines.slice(1).map((line) => line.trim()));
    await expect.poll(() => shownLines(page)).toEqual(await journalLines(operator, planned.run));
    const acts = await page
      .locator(".ns-run-act")
      .evaluateAll((rows) =>
        rows.map((row) => `${row.querySelector("time")?.dateTime} ${row.lastElementChild?.textContent}`),
      );
    expect(new Set(acts).size).toBe(acts.length);
    const { events } = await operator.get<{ events: RunEvent[] }>(`/runs/${planned.run.id}/history`);
    const told = events.filter(
      (e) =>
        e.kind === "person" || (e.kind === "step" && e.device !== null && e.step === "keep" && e.status === "success"),
    );
    for (const event of told)
      expect(
        acts.filter((act) => act.startsWith(event.at)),
        `${event.step} ${event.message}`,
      ).not.toEqual([]);
  });
});

/** Filters the list of devices and chooses those of these names, box by box. */
async function pickDevices(page: Page, filter: string, names: string[]): Promise<void> {
  await page.getByRole("textbox", { name: "Filter devices" }).fill(filter);
  const list = page.getByRole("list", { name: "Devices to choose from" });
  for (const name of names) await list.getByRole("checkbox", { name }).check();
  await page.getByRole("button", { name: "Done" }).click();
  expect(await page.getByRole("list", { name: "Chosen devices" }).getByRole("listitem").count()).toBe(names.length);
}

async function typeLines(page: Page, platform: string, lines: string[]): Promise<void> {
  await page
    .getByRole("group", { name: "Lines for" })
    .getByRole("button", { name: new RegExp(`^${platform} `) })
    .click();
  await page.getByRole("textbox", { name: `Lines for ${platform}` }).fill(lines.join("\n"));
}

/** Presses the one button that leads through the diffs until it is the one that approves. */
async function walk(next: Locator, approve: Locator, press: (button: Locator) => Promise<void>): Promise<void> {
  await expect
    .poll(
      async () => {
        if (await next.isVisible()) await press(next);
        return approve.isVisible();
      },
      { timeout: LONG, interval: 400 },
    )
    .toBe(true);
}

async function expectAtThumb(page: Page, button: Locator): Promise<void> {
  const box = await button.boundingBox();
  expect(box?.y).toBeGreaterThan((page.viewportSize()?.height ?? 0) * 0.6);
  expect(box?.height).toBeGreaterThanOrEqual(40);
}

const rows = (page: Page): Locator => page.getByRole("region", { name: "Lines of edge-ios" }).locator(".ns-jl");
const takenShown = (page: Page): Promise<number> => rows(page).and(page.locator(".taken")).count();
const shownLines = (page: Page): Promise<string[]> =>
  rows(page).evaluateAll((all) =>
    all.map((row) => `${row.className.replace("ns-jl ", "")} ${row.querySelector(".x")?.textContent}`),
  );

async function journalLines(client: ApiClient, run: Run): Promise<string[]> {
  const { lines } = await client.get<{ lines: JournalLine[] }>(`/runs/${run.id}/lines?device=edge-ios`);
  return lines.map((line) => `${line.state} ${line.line}`);
}
