import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConfigBackup } from "../../domain/contract/backup.ts";
import { FAILURES } from "../../domain/contract/failures.ts";
import type { ApiClient } from "../support/api-client.ts";
import { atWork, typeAll } from "../lab/support/client.ts";
import { DESK, PHONE, openBrowser, signInAt, type TestBrowser } from "../support/browser.ts";
import { startProduct, type Product } from "../support/product.ts";
import { requires } from "../support/requires.ts";

const SECRET = "orchard-lantern-42";
const CHANGED = "lab-ams-1";
const CUT = "lab-fra-1";

requires("chromium")("config backups in the browser", () => {
  let product: Product;
  let browser: TestBrowser;
  let operator: ApiClient;

  beforeAll(async () => {
    product = await startProduct();
    browser = await openBrowser();
    operator = await product.admin.newUser("olga", ["operator"]);
    await product.admin.newUser("vera", ["viewer"]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const versions = async (device: string): Promise<ConfigBackup[]> =>
    (await operator.get<{ backups: ConfigBackup[] }>(`/config-backups?device=${device}`)).backups;
  const rowOf = (page: Page, device: string) => page.locator(`[data-row="${device}"]`);
  const signedIn = async (path: string, who = "olga", screen = DESK) => {
    const visit = await browser.visit(product.address, screen);
    await signInAt(visit.page, path, who);
    return visit;
  };

  test("every router is backed up at a click, and the page says so by itself", async () => {
    const { page, complaints } = await signedIn("/configs");
    await page.getByText("0 of 9 devices fresh").waitFor();
    await page.getByRole("button", { name: "Back up all…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Back up all" }).click();
    await page.getByText("9 of 9 devices fresh").waitFor();
    for (const { name } of await product.lab.routers()) expect(await versions(name), name).toHaveLength(1);

    await page.goto("/runs?kind=backup");
    await page.getByRole("link", { name: /9 devices/ }).click();
    await page.getByText("9 of 9 devices read").waitFor();
    await page.getByText("9 new versions, 0 as before.").waitFor();
    await page.getByRole("button", { name: "New version 9" }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  describe("after one router was changed outside of NetStacks", () => {
    beforeAll(async () => {
      const person = await atWork(await product.lab.router(CHANGED));
      await typeAll(person, [
        "configure terminal",
        "interface Loopback0",
        "description moved to the second room",
        "exit",
        `snmp-server community ${SECRET} RO`,
        "end",
      ]);
      person.leave();
    });

    test("one new version is stored, and its difference has an address; the secret is shown nowhere", async () => {
      const { page, complaints } = await signedIn("/configs");
      await rowOf(page, CHANGED)
        .getByRole("button", { name: `Back up ${CHANGED} now` })
        .click();
      await rowOf(page, CHANGED).getByText("2 versions").waitFor();
      const [newer, older, ...more] = await versions(CHANGED);
      expect(more).toEqual([]);

      await rowOf(page, CHANGED).getByRole("link", { name: CHANGED }).click();
      const panel = page.getByRole("region", { name: `Backups of ${CHANGED}` });
      await panel.getByText("description moved to the second room").waitFor();
      await panel.getByRole("link", { name: "Full width" }).click();
      await page.waitForURL(`**/configs/diff?a=${older?.id}&b=${newer?.id}`);
      const added = page.locator(".ns-sd.split .hf.a .x");
      await added.first().waitFor();
      await page.reload();
      await added.first().waitFor();
      expect((await added.allTextContents()).map((text) => text.trim())).toContain(
        "description moved to the second room",
      );
      expect((await added.allTextContents()).some((text) => /snmp-server community secret:\/\/\S+ RO/.test(text))).toBe(
        true,
      );
      await page.getByText(/^\d+ places$/).waitFor();
      await page.keyboard.press("n");
      await page.getByText(/^1 of \d+$/).waitFor();

      // every fold opens: then all lines of the newer version stand there, once each and in order
      await page.getByRole("button", { name: /^Show \d+ lines? that/ }).click();
      const fold = page.locator(".ns-sd-fold");
      while ((await fold.count()) > 0) await fold.first().click();
      const numbers = page.locator(".ns-sd-row .hf:nth-child(2) .g");
      expect(await numbers.allTextContents()).toEqual(Array.from({ length: newer?.lines ?? 0 }, (_, i) => `${i + 1}`));
      expect(await page.content()).not.toContain(SECRET);

      await page.goto(`/configs/versions/${newer?.id}?line=2-4`);
      await expect.poll(() => page.locator(".ns-cl.chosen").count()).toBe(3);
      await page.getByRole("link", { name: "9", exact: true }).click();
      await page.waitForURL(`**/configs/versions/${newer?.id}?line=9`);
      expect(await page.content()).not.toContain(SECRET);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    test("the ones chosen are backed up, and nothing new is stored of what is as before", async () => {
      const { page, complaints } = await signedIn("/configs?q=fra");
      await rowOf(page, "lab-fra-2").getByRole("checkbox").check();
      await rowOf(page, "lab-fra-3").getByRole("checkbox").check();
      await page.getByRole("button", { name: "Back up 2 devices" }).click();
      await page.getByRole("button", { name: "Open the run" }).click();
      await page.getByText("2 of 2 devices read").waitFor();
      await page.getByText("0 new versions, 2 as before.").waitFor();
      expect(await versions("lab-fra-2")).toHaveLength(1);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    test("a device that cannot be read keeps what is stored, and says what failed and what to do", async () => {
      await product.lab.addFault(CUT, { kind: "cut_output", percent: 40, match: "^show running-config" });
      const { page, complaints } = await signedIn("/configs");
      await rowOf(page, CUT)
        .getByRole("button", { name: `Back up ${CUT} now` })
        .click();
      const row = rowOf(page, CUT);
      await row.getByText("connection_lost").waitFor();
      await row.getByText(FAILURES.connection_lost).waitFor();
      await page.getByRole("link", { name: "Failed 1" }).click();
      await expect.poll(() => page.locator("[data-row]").count()).toBe(1);
      expect(new URL(page.url()).searchParams.get("q")).toBe("health:failed");
      await row.getByRole("link", { name: CUT }).click();
      await page.getByText("The only version so far").waitFor();
      expect(await versions(CUT)).toHaveLength(1);
      await product.lab.clearFaults(CUT);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    test("in the hand a row leads to the device's versions, and a difference is one column", async () => {
      const { page, complaints } = await signedIn("/configs", "olga", PHONE);
      await rowOf(page, CHANGED).getByRole("link", { name: CHANGED }).click();
      await page.waitForURL(`**/devices/${CHANGED}/versions`);
      await page
        .getByRole("link", { name: /^What changed/ })
        .first()
        .click();
      await page.locator(".ns-sd.one .hf.a").first().waitFor();
      expect(await page.locator(".ns-sd.split").count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    test("who may only read sees all of it and starts nothing", async () => {
      const { page, complaints } = await signedIn("/configs", "vera");
      await rowOf(page, CHANGED).getByRole("link", { name: CHANGED }).click();
      await page.getByText("description moved to the second room").waitFor();
      expect(await page.getByRole("button", { name: /[Bb]ack up/ }).count()).toBe(0);
      expect(await page.getByRole("checkbox").count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });
});
