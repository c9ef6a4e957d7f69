import { afterAll, beforeAll, expect, test } from "vitest";
import { DESK, fillSignIn, openBrowser, type TestBrowser } from "../support/browser.ts";
import { startProduct, type Product } from "../support/product.ts";
import { requires } from "../support/requires.ts";

const OWN_PASSWORD = "a-sentence-of-my-own";
const WITHIN_S = 60;

requires("chromium")("the first minute", () => {
  let product: Product;
  let browser: TestBrowser;
  let startEndedAt = 0;

  beforeAll(async () => {
    browser = await openBrowser();
    product = await startProduct({ keepPassword: true });
    startEndedAt = Date.now();
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  test(`from the end of the start to a kept change on three routers by the welcome page in less than ${WITHIN_S} s`, async () => {
    expect(product.adminPassword, product.output()).not.toBe("");
    const { page, complaints } = await browser.visit(product.address, DESK);
    await page.goto("/");
    await fillSignIn(page, "admin", product.adminPassword);
    await page.getByLabel("Password now", { exact: true }).fill(product.adminPassword);
    await page.getByLabel("New password", { exact: true }).fill(OWN_PASSWORD);
    await page.getByLabel("New password again", { exact: true }).fill(OWN_PASSWORD);
    await page.getByRole("button", { name: "Set it and go on" }).click();
    await page.waitForURL(/\/welcome/);
    await page.getByRole("button", { name: /^Run it on 3 devices/ }).click();
    await page.getByText("Kept on 3 of 3 devices.").waitFor();
    const seconds = (Date.now() - startEndedAt) / 1000;
    process.stdout.write(`From the end of the start to a kept change: ${seconds.toFixed(1)} s\n`);

    for (const router of ["lab-ams-1", "lab-ams-2", "lab-ams-3"]) {
      const { running } = await product.lab.running(router);
      expect(running).toContain("192.0.2.123");
      expect(running).not.toContain("192.0.2.10\n");
    }
    expect(complaints).toEqual([]);
    expect(seconds).toBeLessThan(WITHIN_S);
    await page.context().close();
  });

  test("cutting the cable shows a line in doubt, which is read back and not sent twice", async () => {
    const { page, complaints } = await browser.visit(product.address, DESK);
    await page.goto("/login?to=/welcome");
    await fillSignIn(page, "admin", OWN_PASSWORD);
    const card = page.getByRole("region", { name: /Cut the cable at line 3/ });
    await card.getByRole("button", { name: "Cut it" }).click();
    await card.getByText("Line 3 may or may not be on the device.").waitFor();
    const lines = card.locator(".ns-jl");
    expect(await lines.evaluateAll((rows) => rows.map((row) => row.className.replace("ns-jl ", "")))).toEqual([
      "taken",
      "taken",
      "in_doubt",
      "not_sent",
      "not_sent",
    ]);
    await card.getByRole("button", { name: /^Read back, then send what is missing/ }).click();
    await card.getByText("Kept on 1 of 1 device.").waitFor();
    const router = (await product.lab.routers()).find((r) => r.device_type === "cisco_ios")?.name ?? "";
    const texts = await lines.evaluateAll((rows) =>
      rows.map((row) => row.querySelector(".x")?.textContent.trim() ?? ""),
    );
    const sent = (await product.lab.ledger(router)).filter((e) => e.kind === "config").map((e) => e.line.trim());
    for (const text of texts.slice(1, 5))
      expect(
        sent.filter((line) => line === text),
        text,
      ).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});
