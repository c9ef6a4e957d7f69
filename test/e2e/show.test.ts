import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ShowOutput } from "../../domain/contract/parse.ts";
import { DESK, openBrowser, signInAt, type TestBrowser } from "../support/browser.ts";
import { startProduct, type Product } from "../support/product.ts";
import { requires } from "../support/requires.ts";

const CLI = fileURLToPath(new URL("../../cli/netstacks.ts", import.meta.url));
let product: Product;
let token: string;
beforeAll(async () => {
  product = await startProduct();
  await product.admin.newUser("olga", ["operator"]);
  ({ token } = await product.admin.post<{ token: string }>("/auth/tokens", {
    name: "show",
    scopes: ["devices:test"],
    expires_in_days: 1,
  }));
});
afterAll(() => product?.stop());

async function netstacks(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [CLI, "show", ...args], {
    env: { PATH: process.env["PATH"], NETSTACKS_URL: product.address, NETSTACKS_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (bytes: Buffer) => (said.out += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (said.err += bytes.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, ...said };
}

describe("netstacks show", () => {
  test("prints what the device says, or rows of it, or both as JSON", async () => {
    const raw = await netstacks("lab-ams-1", "show", "ip", "interface", "brief");
    expect(raw).toMatchObject({ code: 0, err: "" });
    expect(raw.out).toMatch(/^Interface +IP-Address +OK\? Method/m);
    const rows = await netstacks("lab-ams-1", "show ip interface brief", "--parse");
    expect(rows).toMatchObject({ code: 0, err: "" });
    expect(rows.out).toMatch(/^interface +ip_address +status +proto\nLoopback0 /);
    const json = await netstacks("lab-ams-1", "show version", "--parse", "--json");
    const shown = ShowOutput.parse(JSON.parse(json.out));
    expect(shown).toMatchObject({ device: "lab-ams-1", template: "cisco_ios_show_version.textfsm" });
    expect(shown.rows?.[0]).toMatchObject({ hostname: "lab-ams-1", version: "15.9(3)M6" });
  });

  test("masks what is secret, like every other output", async () => {
    const { out } = await netstacks("lab-ams-1", "show running-config");
    expect(out).toContain("secret://");
    expect(out).not.toContain("virtualLabRouterHasNoRealSecretHere");
  });

  test("ends with 1 and the reason: no rows, no read, no such device", async () => {
    const none = await netstacks("lab-ams-1", "show privilege", "--parse");
    expect(none.code).toBe(1);
    expect(none.out).toContain("Current privilege level");
    expect(none.err).toContain("No rows (template_not_found)");
    expect(await netstacks("lab-ams-1", "reload")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("“reload” is not a read on IOS") as string,
    });
    expect((await netstacks("nobody", "show version")).err).toContain("not_found");
    expect((await netstacks("lab-ams-1")).err).toContain("needs a device and a command");
  });
});

requires("chromium")("the page", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test("asks several devices at once, shows rows to sort and filter, and what they said", async () => {
    const { page, complaints } = await browser.visit(product.address, DESK);
    await signInAt(page, "/show?devices=lab-ams-1,lab-ams-2", "olga");
    await page.getByRole("combobox", { name: "Command" }).fill("show ip interface brief");
    await page.getByRole("button", { name: "Run" }).click();
    const table = page.getByRole("region", { name: "show ip interface brief, as rows" });
    await table.waitFor();
    expect(await table.getByRole("columnheader").allInnerTexts()).toContain("Device");
    const devices = async (): Promise<string[]> => table.locator("tbody tr td:first-child").allInnerTexts();
    expect(new Set(await devices())).toEqual(new Set(["lab-ams-1", "lab-ams-2"]));
    await table.getByRole("button", { name: "Device" }).click();
    await table.getByRole("button", { name: "Device" }).click();
    expect((await devices())[0]).toBe("lab-ams-2");
    await page.getByLabel("Filter the rows").fill("lab-ams-1 Loopback");
    await expect.poll(async () => new Set(await devices())).toEqual(new Set(["lab-ams-1"]));
    await page.getByText("Raw", { exact: true }).click();
    await page.getByRole("heading", { name: "lab-ams-2" }).waitFor();
    expect(await page.getByText("IP-Address").count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("says where no template fits, and what is no read", async () => {
    const { page } = await browser.visit(product.address, DESK);
    await signInAt(page, "/devices/lab-ams-1/show?command=show%20privilege", "olga");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("heading", { name: "No template fits" }).waitFor();
    await page.getByRole("combobox", { name: "Command" }).fill("reload");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/“reload” is not a read on IOS/).waitFor();
    await page.context().close();
  });
});
