// Opens pages in a browser and prints, as JSON, what it saw there. Usage: node browser.cjs report|compare|plain URL
"use strict";
const { chromium } = require("playwright-core");
const fs = require("fs");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// By default a page is asked at each frame, of which a busy machine may draw none.
const POLLING = { polling: 100 };
const [kind, url] = process.argv.slice(2);

// A page in one colour scheme, with all that it complains about and asks for.
async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const seen = { console: [], requests: [], dialogs: [] };
  page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`error: ${error}`));
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("dialog", (dialog) => { seen.dialogs.push(dialog.message()); dialog.dismiss(); });
  await page.goto(url);
  return { page, seen };
}

const shown = (page) => page.locator("output").textContent();
const visible = (page, selector) => page.locator(selector).evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);

async function faults(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((one) => ({ id: one.id, impact: one.impact, where: one.nodes.slice(0, 3).map((node) => node.html) }));
}

const look = (page) => page.evaluate(() => ({
  background: getComputedStyle(document.body).backgroundColor,
  text: getComputedStyle(document.body).color,
  tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
}));

async function inScheme(browser, colorScheme) {
  const { page, seen } = await open(browser, { colorScheme });
  for (const details of await page.locator("details").all()) await details.evaluate((one) => (one.open = true));
  const found = { faults: await faults(page), ...(await look(page)), ...seen };
  await page.context().close();
  return found;
}

async function settled(page, act) {
  const before = await shown(page);
  await act();
  await page.waitForFunction((text) => document.querySelector("output").textContent !== text, before, POLLING);
  return shown(page);
}

async function filters(page) {
  const found = { all: await shown(page) };
  found.deviations = await settled(page, () => page.getByRole("button", { name: "Only deviations" }).click());
  found.entries = await visible(page, "details.case");
  found.groups = await visible(page, "[data-group]");
  found.cleared = await settled(page, () => page.getByRole("button", { name: "Clear the filter" }).click());
  found.verdict = await settled(page, () => page.getByRole("checkbox", { name: /pass/ }).uncheck());
  found.verdictBack = await settled(page, () => page.getByRole("checkbox", { name: /pass/ }).check());
  found.level = await settled(page, () => page.locator("select[name=level]").selectOption("SHOULD"));
  found.levelBack = await settled(page, () => page.locator("select[name=level]").selectOption(""));
  found.search = await settled(page, () => page.getByRole("searchbox").fill("gnu-fwd-02 HOP"));
  found.nothing = await settled(page, () => page.getByRole("searchbox").fill("no such words"));
  found.said = await page.locator("[data-nothing]").isVisible();
  // a link to a case that the filter hides shows it all the same
  await page.locator("section[aria-labelledby=deviations] a").nth(1).click();
  await page.waitForFunction(() => document.querySelector(decodeURI(location.hash).replaceAll(".", "\\.")).checkVisibility(), null, POLLING);
  found.linked = await page.evaluate(() => document.getElementById(decodeURIComponent(location.hash.slice(1))).open);
  return found;
}

async function evidence(page) {
  await page.getByRole("button", { name: "Close", exact: true }).click();
  const first = page.locator("details.case[data-verdict=fail]").first();
  const found = { before: await first.locator("svg").isVisible() };
  await first.locator("summary").first().click();
  found.ladder = await first.locator("svg").isVisible();
  found.arrows = await first.locator("svg path").count();
  found.name = await first.locator("svg > title").textContent();
  await first.getByText("The messages as text").click();
  found.text = await first.locator("pre").last().innerText();
  found.files = await first.locator("ul.files a").evaluateAll((all) => all.map((one) => one.href));
  found.rule = await first.locator(".rule").innerText();
  return found;
}

async function keyboard(browser) {
  const { page } = await open(browser);
  const found = {};
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim().slice(0, 40) || document.activeElement.id);
  await page.keyboard.press("Tab");
  found.first = await focused();
  found.skipShown = await page.locator("a.skip").evaluate((one) => one.getBoundingClientRect().left >= 0);
  await page.keyboard.press("Enter");
  found.skipped = await page.evaluate(() => document.activeElement.id);
  const summary = page.locator("details.case > summary").first();
  await summary.focus();
  found.outline = await summary.evaluate((one) => getComputedStyle(one).outlineStyle);
  await page.keyboard.press("Enter");
  found.opened = await page.locator("details.case").first().evaluate((one) => one.open);
  await page.keyboard.press("Space");
  found.closed = await page.locator("details.case").first().evaluate((one) => !one.open);
  return found;
}

async function printed(browser) {
  const { page } = await open(browser);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  return { form: await page.locator("form.filter").isVisible(), ...(await look(page)), pdf: (await page.pdf()).length };
}

async function withoutScripts(browser) {
  const { page } = await open(browser, { javaScriptEnabled: false });
  return { form: await page.locator("form.filter").isVisible(), text: await page.locator("main").innerText() };
}

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.PEERSPEC_BROWSER, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const found = { light: await inScheme(browser, "light"), dark: await inScheme(browser, "dark") };
    const narrow = await open(browser, { viewport: { width: 360, height: 700 } });
    found.narrow = await look(narrow.page);
    await narrow.page.context().close();
    if (kind === "report") {
      const { page, seen } = await open(browser);
      found.filters = await filters(page);
      found.evidence = await evidence(page);
      found.keyboard = await keyboard(browser);
      found.printed = await printed(browser);
      found.withoutScripts = await withoutScripts(browser);
      found.used = seen;
    }
    if (kind === "compare") {
      const { page, seen } = await open(browser);
      found.all = await shown(page);
      found.differing = await settled(page, () => page.getByLabel("only where nodes differ").check());
      found.rows = await visible(page, "tr[data-entry]");
      found.search = await settled(page, () => page.getByRole("searchbox").fill("no such words"));
      found.used = seen;
    }
    console.log(JSON.stringify(found));
  } finally {
    await browser.close();
  }
}

main().catch((error) => { console.error(error); process.exit(1); });
