/*
 * test_pages.mjs - every kind of page in Chromium, light and dark, on a telephone
 * and on a desk: axe finds nothing, the console stays silent, nothing moves while
 * it loads, and little is asked for. Leaves pictures of all in shots/.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { DESKTOP, KINDS, launch, load, open, PHONE, SHOTS, startBlogs,
	stopBlogs, watchMoves } from "./browser.mjs";
import { run, test } from "../support/suite.mjs";

const VARIANTS = [
	["phone", PHONE, "light"], ["phone", PHONE, "dark"],
	["desktop", DESKTOP, "light"], ["desktop", DESKTOP, "dark"],
];

/* What was seen of each page: { name, axe, said, requests, moved }. */
const visits = [];

/* In the page, before anything of it is there. */
function watch() {
	window.violations = [];
	document.addEventListener("securitypolicyviolation", (event) =>
		window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
}

async function newPage(browser, viewport, colorScheme) {
	const context = await browser.newContext({ viewport, colorScheme,
		isMobile: viewport === PHONE, hasTouch: viewport === PHONE });
	const page = await context.newPage();
	await page.addInitScript(watch);
	await page.addInitScript(watchMoves);
	return page;
}

const axeSource = () => fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");

async function axeFindings(page, source) {
	/* By the debugger, which the page's policy does not concern. */
	await page.evaluate(source);
	return await page.evaluate(async () => {
		const found = await window.axe.run(document, { resultTypes: ["violations"] });
		return found.violations.flatMap((rule) => rule.nodes.map((node) =>
			`${rule.id}: ${node.target} ${node.failureSummary}`));
	});
}

/* One page in one variant; a visit of a cold browser, since nothing is cached. */
async function visit(page, kind, variant, source) {
	const requests = [];
	const said = [];
	const listeners = {
		request: (request) => requests.push(request.url()),
		console: (message) => said.push(`${message.type()}: ${message.text()}`),
		pageerror: (error) => said.push(`error: ${error}`),
		requestfailed: (request) => said.push(`failed: ${request.url()}`),
	};
	for (const [name, listener] of Object.entries(listeners))
		page.on(name, listener);
	await open(page, kind);
	/* Lazy pictures load, and whatever moves by that is counted. */
	const height = await page.evaluate(() => document.documentElement.scrollHeight);
	for (let y = 0; y < height; y += 700)
		await page.evaluate((to) => new Promise((resolve) => {
			window.scrollTo({ top: to, behavior: "instant" });
			requestAnimationFrame(() => requestAnimationFrame(resolve));
		}), y);
	await page.evaluate(() => window.scrollTo({ top: 0, behavior: "instant" }));
	await page.evaluate(() => Promise.all([...document.images].map((image) =>
		image.decode())));
	const { violations, moved } = await page.evaluate(() =>
		({ violations: window.violations, moved: window.moved }));
	const asked = requests.slice();
	/* To see all of a page Chromium makes its window larger, which moves it. */
	await page.screenshot({ fullPage: true,
		path: path.join(SHOTS, `${kind.name}-${variant}.png`) });
	const axe = await axeFindings(page, source);
	for (const [name, listener] of Object.entries(listeners))
		page.off(name, listener);
	/* Chromium tells of every page that is not 200. */
	const silent = said.filter((words) => kind.status === undefined ||
		!words.includes(`status of ${kind.status}`));
	visits.push({ name: `${kind.name} ${variant}`, kind, axe, moved, requests: asked,
		said: [...silent, ...violations] });
}

async function visitAll() {
	await startBlogs("sample", "subscribing", "arabic", "empty");
	const source = axeSource();
	const browser = await launch();
	await Promise.all(VARIANTS.map(async ([device, viewport, scheme]) => {
		const page = await newPage(browser, viewport, scheme);
		for (const kind of KINDS)
			await visit(page, kind, `${device}-${scheme}`, source);
	}));
	await browser.close();
}

/* All that `find` says of every visit. */
function nothing(find) {
	const found = visits.flatMap((one) => find(one).map((words) =>
		`${one.name}: ${words}`));
	assert.equal(visits.length, KINDS.length * VARIANTS.length);
	assert.equal(found.length, 0, `${found.length} found\n\t${
		found.slice(0, 30).join("\n\t")}`);
}

test("test_axe_finds_a_mistake", async () => {
	const browser = await launch();
	const page = await newPage(browser, PHONE, "light");
	await open(page, KINDS[0]);
	await page.evaluate(() => {
		document.documentElement.removeAttribute("lang");
		document.querySelector("h1").style.color = "#eee";
	});

	const found = await axeFindings(page, axeSource());

	await browser.close();
	assert.deepEqual(found.map((words) => words.split(":")[0]).sort(),
		["color-contrast", "html-has-lang"]);
});

test("test_axe_finds_nothing", () => {
	nothing((one) => one.axe);
	console.log(`${visits.length} visits to ${KINDS.length} kinds of page`);
});

test("test_console_is_silent_under_the_policy", () => {
	nothing((one) => one.said);
});

test("test_policy_is_enforced", async () => {
	const browser = await launch();
	const page = await newPage(browser, PHONE, "light");
	await open(page, KINDS[0]);

	const violations = await page.evaluate(async () => {
		const seen = new Promise((resolve) =>
			document.addEventListener("securitypolicyviolation", resolve));
		document.body.insertAdjacentHTML("beforeend", "<p style='color:red'>");
		await seen;
		return window.violations;
	}).catch((error) => [String(error)]);

	await browser.close();
	assert.match(violations[0], /style-src|TrustedHTML/);
});

test("test_nothing_moves_while_a_page_loads", () => {
	nothing((one) => one.moved);
});

test("test_a_page_asks_for_little_and_for_nothing_elsewhere", () => {
	let most = 0;

	nothing((one) => {
		const host = new URL(one.requests[0]).host;
		const found = one.requests.filter((url) => new URL(url).host !== host ||
			/\.(js|woff2?|ttf|otf)$/.test(new URL(url).pathname));
		/* The page, its look, its icon, and what counts it: the rest is what
		 * the author shows in it. */
		const own = one.requests.filter((url) =>
			!new URL(url).pathname.startsWith("/media/"));
		most = Math.max(most, own.length);
		return own.length > 4 ? [`${own}`, ...found] : found;
	});
	console.log(`at most ${most} requests, and one for each image`);
});

test("test_pictures_were_taken", () => {
	for (const kind of KINDS)
		for (const [device, , scheme] of VARIANTS)
			assert.ok(fs.statSync(path.join(SHOTS,
				`${kind.name}-${device}-${scheme}.png`)).size > 5000);
});

await run(visitAll, stopBlogs);
