import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConfigBackup } from "../../domain/contract/backup.ts";
import type { Run } from "../../domain/contract/run.ts";
import { PASSWORD, type ApiClient } from "../support/api-client.ts";
import {
  DARK,
  DESK,
  PHONE,
  openBrowser,
  signInAt,
  tabTo,
  type Screen,
  type TestBrowser,
  type Visit,
} from "../support/browser.ts";
import { ask, carryOut, ownDevice, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";
import { requires } from "../support/requires.ts";

const DIST = fileURLToPath(new URL("../../web/dist/", import.meta.url));
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** As long as a name may be, without a place where it could break. */
const LONG_NAME = `edge-${"x".repeat(58)}`;
const LONG_TITLE = `Other time servers for ${LONG_NAME} and everything that stands behind it in the same room`;

describe("what the browser loads first", () => {
  test("is less than 300 KB of JavaScript, packed", async () => {
    const first = await firstScripts();
    const sizes = await Promise.all(first.map(async (file) => gzipSync(await readFile(join(DIST, file))).length));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    process.stdout.write(`First JavaScript: ${Math.round(total / 1000)} KB packed, in ${first.length} files\n`);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(300_000);
  });
});

requires("chromium")("every page", () => {
  let product: Product;
  let browser: TestBrowser;
  let operator: ApiClient;
  let axe: string;
  let urls: string[] = [];

  beforeAll(async () => {
    axe = await readFile(AXE, "utf8");
    product = await startProduct();
    browser = await openBrowser();
    operator = await product.admin.newUser("olga", ["operator"]);
    const approver = await product.admin.newUser("adam", ["approver"]);
    urls = await pagesWithSomethingOnThem(product, operator, approver);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** Opens each address cold and says all that is wrong with it. */
  async function look(screen: Screen): Promise<string[]> {
    const visit = await browser.visit(product.address, screen);
    const { page } = visit;
    await page.emulateMedia({ reducedMotion: "reduce" });
    const open = openRequests(page);
    let named = 0;
    await page.goto("/login");
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    const wrong = await faults("/login", visit, axe);
    await signInAt(page, "/runs", "admin", product.adminPassword);
    for (const url of urls) {
      visit.complaints.length = 0;
      await page.goto(url);
      await untilQuiet(page, open);
      if ((await page.content()).includes(LONG_NAME)) named += 1;
      wrong.push(...(await faults(url, visit, axe)));
    }
    expect(await page.evaluate(() => document.documentElement.dataset["mantineColorScheme"])).toBe(
      screen.dark ? "dark" : "light",
    );
    expect(named, "pages that show the longest name").toBeGreaterThan(15);
    await page.context().close();
    return wrong;
  }

  test(
    "opens cold, wide in light and dark and on the phone: nothing on the console, nothing for axe, no sideways scroll, the longest name survives",
    { timeout: 400_000 },
    async () => {
      expect(urls.length).toBeGreaterThan(20);
      // Side by side: most of the time of a page is waiting.
      const [light, dark, phone] = await Promise.all([look(DESK), look(DARK), look(PHONE)]);
      expect({ light, dark, phone }).toEqual({ light: [], dark: [], phone: [] });
    },
  );

  test("what is not there says so", async () => {
    const { page } = await browser.visit(product.address);
    await signInAt(page, "/nowhere", "olga");
    await page.getByRole("heading", { name: "No page has this address" }).waitFor();
    await page.goto("/runs/019a0000-0000-7000-8000-000000000000");
    await page.getByRole("heading", { name: "There is no such thing" }).waitFor();
    await page.context().close();
  });

  test("from Now to a yes by keyboard alone", async () => {
    const planned = await plan(operator, {
      title: "By keyboard",
      targets: [{ device: "edge-eos", lines: ["ntp server 203.0.113.74"] }],
    });
    const asked = await ask(operator, planned);
    const { page, complaints } = await browser.visit(product.address);
    await page.goto("/");
    await page.getByLabel("Name", { exact: true }).waitFor();
    await page.keyboard.type("adam");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    const review = page.getByRole("link", { name: "Review By keyboard" });
    await review.waitFor();
    await tabTo(page, review);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/approvals/${asked.approval_id}`));
    const approve = page.getByRole("button", { name: "Approve 1 device" });
    await page.getByRole("button", { name: /^(Next: diff|Mark diff)/ }).waitFor();
    expect(await approve.count()).toBe(0);
    await expect
      .poll(
        async () => {
          if (!(await approve.isVisible())) await page.keyboard.press("n");
          return approve.isVisible();
        },
        { timeout: 30_000, interval: 400 },
      )
      .toBe(true);
    await page.keyboard.press("a");
    await page.keyboard.type("read by keyboard");
    await tabTo(page, approve);
    await page.keyboard.press("Enter");
    await page.getByText(/^Approved by you/).waitFor();
    expect((await operator.untilEnded(planned.run.id)).status).toBe("success");
    expect(complaints).toEqual([]);
  });
});

/** A network with everything a page can show: kept, waiting, in doubt, taken back; and a name of 63 characters in each of it. */
async function pagesWithSomethingOnThem(product: Product, operator: ApiClient, approver: ApiClient): Promise<string[]> {
  await ownDevice(product, LONG_NAME, "lab-ams-1");
  await ownDevice(product, "edge-eos", "lab-ams-2");
  await ownDevice(product, "edge-junos", "lab-ams-3");
  const both = (lines: string[], eos: string) => [
    { device: LONG_NAME, lines },
    { device: "edge-eos", lines: [eos] },
  ];
  const kept = await carryOut(operator, approver, {
    title: "Kept",
    targets: both(["ntp server 203.0.113.70"], "ntp server 203.0.113.70"),
  });
  // The second read finds what the change has done; two of its devices do not answer.
  const backUpAll = async (): Promise<Run> =>
    operator.untilEnded((await operator.post<{ run: Run }>("/config-backups/run-all")).run.id);
  const firstBackup = await backUpAll();
  await product.lab.addFault("lab-ams-1", { kind: "refused_line", match: "203\\.0\\.113\\.71", once: true });
  const back = await carryOut(operator, approver, {
    title: "Taken back",
    targets: both(["ntp server 203.0.113.71"], "ntp server 203.0.113.71"),
  });
  const stale = await plan(operator, {
    title: "Overtaken",
    targets: [{ device: LONG_NAME, lines: ["no ntp server 203.0.113.70", "ntp server 203.0.113.76"] }],
  });
  const askedStale = await ask(operator, stale);
  await carryOut(operator, approver, {
    title: "Meanwhile",
    targets: [{ device: LONG_NAME, lines: ["no ntp server 203.0.113.70"] }],
  });
  await approver.post(`/approvals/${askedStale.approval_id}/approve`, {});
  await operator.untilChange(stale.change.id, ["stale"]);
  const refused = await ask(
    operator,
    await plan(operator, {
      title: "Not tonight",
      targets: both(["ntp server 203.0.113.77"], "ntp server 203.0.113.77"),
    }),
  );
  await approver.post(`/approvals/${refused.approval_id}/reject`, { reason: "not in the window" });
  const waiting = await plan(operator, {
    title: LONG_TITLE,
    targets: [
      ...both(
        ["interface Loopback72", ` description ${"y".repeat(90)}`, "ntp server 203.0.113.72"],
        "ntp server 203.0.113.72",
      ),
      { device: "edge-junos", lines: ["set system ntp server 203.0.113.72"] },
    ],
    verify: [{ device: LONG_NAME, command: "show running-config | include ntp", expect: "203.0.113.72" }],
  });
  const asked = await ask(operator, waiting);
  const cut = await plan(operator, {
    title: "In doubt",
    targets: [{ device: LONG_NAME, lines: ["interface Loopback73", " description one", " no shutdown"] }],
  });
  const askedCut = await ask(operator, cut);
  await product.lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 2, phase: "before_prompt", once: true });
  await approver.post(`/approvals/${askedCut.approval_id}/approve`, {});
  await operator.untilRun(cut.run.id, (run) => run.status === "interrupted");
  await product.lab.addFault("lab-ams-3", { kind: "cut_output", percent: 40, match: "^show configuration" });
  const backedUp = await backUpAll();
  await product.lab.clearFaults("lab-ams-3");
  const { backups } = await operator.get<{ backups: ConfigBackup[] }>(`/config-backups?device=${LONG_NAME}`);
  const [newer, older] = backups.map((backup) => backup.id);
  const told = [firstBackup, backedUp].map(({ steps }) => steps.find((step) => step.device === LONG_NAME));
  expect(older, `a second version: ${JSON.stringify(told)}`).toBeDefined();
  expect(backedUp.backup?.failed, "devices that could not be read").toBe(2);
  const draft = await plan(operator, {
    title: "A draft",
    targets: [{ device: LONG_NAME, lines: ["ntp server 203.0.113.75"] }],
  });
  await variablesAndApis(product.admin);

  await writeTemplates(operator);

  const run = (id: string, query = "") => `/runs/${id}${query}`;
  return [
    "/",
    "/welcome",
    "/password",
    "/approvals",
    `/approvals/${asked.approval_id}`,
    `/approvals/${kept.change.approval_id}`,
    `/approvals/${askedStale.approval_id}`,
    `/approvals/${refused.approval_id}`,
    "/runs",
    run(kept.run.id),
    run(back.run.id),
    run(cut.run.id),
    run(waiting.run.id, "?tab=diff"),
    run(kept.run.id, "?tab=transcript"),
    run(kept.run.id, "?tab=input"),
    "/changes",
    "/changes/new",
    `/changes/new?draft=${draft.change.id}`,
    `/changes/${waiting.change.id}`,
    `/changes/${back.change.id}`,
    `/changes/${stale.change.id}`,
    "/devices",
    "/devices/import",
    `/devices/${LONG_NAME}`,
    `/devices/${LONG_NAME}/runs`,
    `/devices/${LONG_NAME}/show?command=show%20version`,
    "/show",
    `/show?devices=${LONG_NAME},edge-eos&command=show%20version`,
    `/devices/${LONG_NAME}?edit=1`,
    `/devices/${LONG_NAME}/versions`,
    `/devices/${LONG_NAME}/variables`,
    "/configs",
    "/configs?q=health:failed&sel=edge-junos",
    `/configs?device=${LONG_NAME}`,
    "/configs?device=edge-junos",
    "/configs/diff",
    `/configs/diff?a=${older}&b=${newer}`,
    `/configs/versions/${newer}?line=3-9`,
    "/runs?kind=backup",
    run(backedUp.id),
    "/templates",
    "/templates/new",
    "/templates/import",
    `/templates/core/${LONG_NAME}`,
    `/templates/core/off?device=${LONG_NAME}`,
    `/templates/core/off?device=${LONG_NAME}&out=diff`,
    `/templates/core/${LONG_NAME}?tab=details`,
    `/templates/core/${LONG_NAME}?tab=tests`,
    `/templates/core/${LONG_NAME}?tab=versions`,
    `/templates/core/${LONG_NAME}?tab=used-by`,
    "/audit",
    "/settings",
    "/settings/users",
    "/settings/credentials",
    "/settings/tokens",
    "/settings/variables",
    "/settings/apis",
    "/settings/engines",
  ];
}

/** Variables at every level, one hiding the others; an override; an API that answers and one that may not be asked. */
async function variablesAndApis(admin: ApiClient): Promise<void> {
  const put = async (path: string, body: object): Promise<void> =>
    expect((await admin.call("PUT", path, body)).status, path).toBe(200);
  await admin.post("/device-groups", { name: LONG_NAME, devices: [LONG_NAME] });
  await put("/variables/global/all", {
    variables: { ntp: ["203.0.113.1"], mtu: 9000 },
    secrets: { community: "a-secret-word" },
  });
  await put(`/variables/group/${LONG_NAME}`, { variables: { ntp: ["203.0.113.2"], bgp: { asn: 65010 } } });
  await put(`/variables/device/${LONG_NAME}`, { variables: { ntp: LONG_NAME } });
  await put("/device-overrides/edge-junos", { timeouts: { idle: 90 }, notes: LONG_NAME });
  await admin.post("/settings/api-resources", { name: LONG_NAME, base_url: "https://ipam.example.net/api" });
}

/** One with everything: values that are missing, a test that fails, versions, a family, others that use it. */
async function writeTemplates(operator: ApiClient): Promise<void> {
  const name = `core/${LONG_NAME}`;
  const text = `hostname ${LONG_NAME}\n! {{ banner }}\n{% for server in servers %}\nntp server {{ server }}\n{% endfor %}\n`;
  await operator.post("/templates", { name: "core/off", type: "delete", content: "no ntp server\n" });
  await operator.post("/templates", {
    name,
    content: text,
    description: `Time servers of ${LONG_NAME}`,
    vendor_types: ["cisco_ios", "arista_eos"],
    delete_template: "core/off",
    tests: [{ name: "one", variables: { servers: ["192.0.2.1"] }, expected: "ntp server 192.0.2.1\n" }],
    allow_failing_tests: true,
  });
  await operator.call("PUT", `/templates/${encodeURIComponent(name)}`, {
    content: `${text}ntp source Loopback0\n`,
    allow_failing_tests: true,
    comment: `a source, for ${LONG_NAME}`,
  });
  await operator.post("/templates", { name: "all", content: `{% include "${name}" %}\n` });
}

/** Requests that are under way; streams never end and do not count. */
function openRequests(page: Page): ReadonlySet<Request> {
  const open = new Set<Request>();
  page.on("request", (request) => {
    if (!request.url().endsWith("/events")) open.add(request);
  });
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  page.on("framenavigated", () => open.clear());
  return open;
}

/** The page stands: its heading is there, nothing is on its way, no skeleton is left, two frames in a row. */
async function untilQuiet(page: Page, open: ReadonlySet<Request>): Promise<void> {
  await page.locator("h1").first().waitFor();
  await expect
    .poll(
      async () => {
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        return [...open]
          .map((request) => request.url())
          .concat(
            await page.locator('.ns-skel, [aria-busy="true"]').evaluateAll((found) => found.map((el) => el.className)),
          );
      },
      { timeout: 30_000, interval: 100 },
    )
    .toEqual([]);
}

/** What axe finds. Evaluated by the browser's debugger, so that the page's own CSP stays as it is. */
async function runAxe(page: Page, source: string): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    // The script above has put it there.
    const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } };
    const { passes, violations } = await axe.run();
    if (passes.length === 0) return ["axe looked at nothing"];
    return violations.map(
      (v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 200)} ${n.any[0]?.message ?? ""}`).join(" | ")}`,
    );
  });
}

/** What may be wider than the screen: code, which is read as it is. */
const CODE = ".ns-code, .ns-edt, .cm-editor, pre";

async function faults(url: string, { page, complaints }: Visit, axe: string): Promise<string[]> {
  const violations = await runAxe(page, axe);
  const wide = await page.evaluate(
    ({ code, name }) => {
      const all = [...document.querySelectorAll("body *")].filter((el) => el.closest(code) === null);
      const scrolls = all.filter(
        (el) => el.scrollWidth > el.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(el).overflowX),
      );
      const named = all.filter(
        (el) =>
          el.childElementCount === 0 &&
          el.textContent.includes(name) &&
          el.getBoundingClientRect().right > innerWidth + 1,
      );
      const page = document.documentElement.scrollWidth > innerWidth ? [document.documentElement] : [];
      return [...page, ...scrolls, ...named].map((el) => `${el.tagName} ${el.className} ${el.scrollWidth} wide`);
    },
    { code: CODE, name: LONG_NAME },
  );
  return [
    ...complaints.map((c) => `${url} console: ${c}`),
    ...violations.map((v) => `${url} axe: ${v}`),
    ...wide.map((w) => `${url} sideways: ${w}`),
  ];
}

/** The entry script and what it imports at once, not what it loads when needed. */
async function firstScripts(): Promise<string[]> {
  const html = await readFile(join(DIST, "index.html"), "utf8");
  const found = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((m) => m[1] ?? ""));
  for (const file of found) {
    const text = await readFile(join(DIST, file), "utf8");
    for (const [, name] of text.matchAll(
      /(?:^|[;}\s])(?:import|export)(?:[\w$\s{},*]*from)?\s*["']\.\/([^"']+\.js)["']/g,
    ))
      if (name) found.add(`assets/${name}`);
  }
  return [...found];
}
