import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Template, TemplateVersion } from "../../domain/contract/template.ts";
import type { Run } from "../../domain/contract/run.ts";
import type { ApiClient } from "../support/api-client.ts";
import { DESK, PHONE, openBrowser, signInAt, type TestBrowser } from "../support/browser.ts";
import { startProduct, type Product } from "../support/product.ts";
import { requires } from "../support/requires.ts";

const NAME = "core/ntp";
const TEXT = "{% for server in ntp_servers %}\nntp server {{ server }}\n{% endfor %}\n";
const path = (name: string): string => `/templates/${encodeURIComponent(name)}`;

requires("chromium")("templates in the browser", () => {
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

  const signedIn = async (at: string, who = "olga", screen = DESK) => {
    const visit = await browser.visit(product.address, screen);
    await signInAt(visit.page, at, who);
    return visit;
  };
  const text = (page: Page) => page.getByLabel("Text of the template");
  const output = (page: Page) => page.locator(".ns-tp-ol .x");
  const stored = async (name = NAME): Promise<Template> =>
    (await operator.get<{ template: Template }>(path(name))).template;
  /** As pasted: an editor that closes brackets by itself would add some to what is typed. */
  const paste = (page: Page, content: string): Promise<void> =>
    text(page).evaluate((el, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      el.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, content);
  const write = async (page: Page, content: string): Promise<void> => {
    await text(page).click();
    await page.keyboard.press("Control+a");
    await paste(page, content);
  };

  test("one writes a template, sees what comes of it and what made what, and saves it", async () => {
    const { page, complaints } = await signedIn("/templates");
    await page.getByRole("heading", { name: "No templates yet" }).waitFor();
    await page.getByRole("link", { name: "New template" }).click();
    await page.getByLabel("Name", { exact: true }).fill(`${NAME}.j2`);
    await write(page, TEXT);

    // what has no value is marked at its line, with what to do
    const mark = page.locator(".ns-cm-lint.error");
    await mark.getByText("ntp_servers has no value").waitFor();
    await page.getByLabel("ntp_servers", { exact: true }).fill("- 192.0.2.10\n- 192.0.2.11");
    await page.getByText("It reads and renders.").waitFor();
    const lines = await output(page).allTextContents();
    expect(lines.filter((line) => line !== "")).toEqual(["ntp server 192.0.2.10", "ntp server 192.0.2.11"]);

    // from the output to the text, and back
    await page.locator(".ns-tp-ol", { hasText: "192.0.2.11" }).hover();
    await page.getByText(/is made by.*line 2.*of.*ntp_servers/).waitFor();
    expect(await page.locator(".ns-cm-hot").allTextContents()).toEqual(["ntp server {{ server }}"]);
    await page.mouse.move(5, 5);
    await page.locator(".cm-line", { hasText: "ntp server" }).click();
    await expect
      .poll(() => page.locator(".ns-tp-ol.hot .x").allTextContents())
      .toEqual(["ntp server 192.0.2.10", "ntp server 192.0.2.11"]);

    // a fault of the syntax stands under its line; F8 leads there
    await page.keyboard.press("Control+End");
    await paste(page, "{% if %}\n");
    await mark.waitFor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("F8");
    await page.keyboard.press("Shift+End");
    expect(await page.evaluate(() => getSelection()?.toString())).toBe("{% if %}");
    await page.keyboard.press("Backspace");
    await page.getByText("It reads and renders.").waitFor();

    await page.keyboard.press("Control+s");
    await page.getByText("Saved, v1").waitFor();
    expect(new URL(page.url()).pathname).toBe(`/templates/${NAME}`);
    const template = await stored();
    expect(template.content).toBe(`${TEXT}\n`);
    // the server gives the same, to the byte
    const { rendered } = await operator.post<{ rendered: string }>(`${path(NAME)}/render`, {
      variables: { ntp_servers: ["192.0.2.10", "192.0.2.11"] },
    });
    await expect.poll(() => output(page).allTextContents()).toEqual(rendered.replace(/\n$/, "").split("\n"));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("what is typed is not lost by leaving, nor by a save of somebody else; versions show what changed", async () => {
    const { page, complaints } = await signedIn(`/templates/${NAME}`);
    const mine = `${TEXT}ntp source Loopback0\n`;
    await write(page, mine);
    await page.getByText("Draft of v2").waitFor();
    await page.getByRole("link", { name: /^Devices/ }).click();
    const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
    await dialog.getByRole("button", { name: "Back" }).click();
    await dialog.waitFor({ state: "hidden" });

    const theirs = { content: `! theirs\n${TEXT}`, comment: "a heading" };
    expect((await operator.call("PUT", path(NAME), theirs)).status).toBe(200);
    await page.getByText("olga saved version 2 meanwhile").waitFor();
    await page.keyboard.press("Control+s");
    const newer = page.getByRole("dialog", { name: "Somebody else saved this meanwhile" });
    await newer.getByRole("region", { name: "What they changed" }).last().getByText("! theirs").waitFor();
    expect((await stored()).version).toBe(2);
    await newer.getByRole("button", { name: "Save mine as version 3" }).click();
    await page.getByText("Saved, v3").waitFor();
    expect((await stored()).content).toBe(mine);

    await page.getByRole("link", { name: /^Versions/ }).click();
    await page.locator(".ns-sd .hf.a", { hasText: "ntp source Loopback0" }).waitFor();
    await page.locator(".ns-sd .hf.d", { hasText: "! theirs" }).waitFor();
    await page.getByRole("button", { name: "Restore version 2" }).click();
    await page.getByRole("button", { name: "Save as version 4" }).click();
    await page.getByText("Version 2 is version 4 now.").waitFor();
    expect((await stored()).content).toBe(`! theirs\n${TEXT}`);
    const { versions } = await operator.get<{ versions: TemplateVersion[] }>(`${path(NAME)}/versions`);
    expect(versions.map((version) => version.version)).toEqual([4, 3, 2, 1]);
    expect(complaints.filter((complaint) => !complaint.includes("409"))).toEqual([]);
    await page.context().close();
  });

  test("for a device the server renders, beside what it runs; and for all of them at once", async () => {
    const backup = await operator.post<{ run: Run }>("/config-backups/run-single", { device_name: "lab-ams-1" });
    await operator.untilEnded(backup.run.id);
    await operator.post("/templates", { name: "name", content: "hostname {{ device.name }}\nntp server 192.0.2.77\n" });
    const { page, complaints } = await signedIn("/templates/name?device=lab-ams-1");
    await output(page).getByText("hostname lab-ams-1").waitFor();
    await page.getByText("Diff to running").click();
    const change = page.getByRole("region", { name: "What would change on lab-ams-1" });
    await change.getByText("ntp server 192.0.2.77").waitFor();
    expect(await change.getByText("hostname").count()).toBe(0);
    await page.getByLabel("Which devices").fill("ams");
    await page.getByRole("button", { name: "Render for all" }).click();
    await page.getByText("3 different outputs for 3 devices.").waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("files become templates: all of them or none, each with its own reason", async () => {
    const { page, complaints } = await signedIn("/templates/import");
    const give = (files: Record<string, string>): Promise<void> =>
      page.getByLabel("Template files", { exact: true }).setInputFiles(
        Object.entries(files).map(([name, content]) => ({
          name,
          mimeType: "text/plain",
          buffer: Buffer.from(content),
        })),
      );
    const good = { "banner.j2": "banner motd ^{{ text }}^\n", "all.j2": '{% include "banner" %}\n' };
    await give({ ...good, "bad.j2": "a\n{% for %}\n" });
    await page.getByText("1 file cannot be taken.").waitFor();
    await page.locator('[data-row="bad.j2"]').getByText("line 2:").waitFor();
    await give(good);
    await page.getByRole("button", { name: "Import 2 templates" }).click();
    await page.getByText("2 templates added, 0 changed.").waitFor();
    expect((await stored("all")).references).toMatchObject([{ name: "banner", exists: true }]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("who may only read, and everybody in the hand, reads and tries it, and changes nothing", async () => {
    const { page, complaints } = await signedIn(`/templates/${NAME}`, "vera");
    await page.getByText("Jinja, read only").waitFor();
    expect(await page.getByRole("button", { name: /Save|Discard|Delete/ }).count()).toBe(0);
    await page.getByLabel("ntp_servers", { exact: true }).fill("[192.0.2.5]");
    await output(page).getByText("ntp server 192.0.2.5").waitFor();
    await page.context().close();
    const phone = await signedIn(`/templates/${NAME}`, "olga", PHONE);
    await phone.page.getByText("Jinja, read only").waitFor();
    expect(await phone.page.getByRole("button", { name: /Save/ }).count()).toBe(0);
    expect([...complaints, ...phone.complaints]).toEqual([]);
    await phone.page.context().close();
  });
});
