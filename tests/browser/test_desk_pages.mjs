/*
 * test_desk_pages.mjs - every page of the desk in Chromium, light and dark, on a
 * telephone and on a desk: axe finds nothing, the markup is what the standard asks
 * for, the console stays silent, nothing moves while a page loads, nothing stands out
 * of the window. Leaves pictures of all in shots/ of the build, or in the folder that
 * SHOTS names: they are there to be looked at.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

import { DESKTOP, launch, load, PHONE, SHOTS, watchMoves } from "./browser.mjs";
import { bodyOf, endBlogs, makeBlog, numberOf, PERSON, previewOf, setUp, until,
	untilSaid } from "./desk.mjs";
import { HTML_RULES } from "./html_rules.mjs";
import { run, test } from "../support/suite.mjs";

const NARROW = { width: 320, height: 640 };
const VARIANTS = [
	["phone", PHONE, "light"], ["phone", PHONE, "dark"],
	["desktop", DESKTOP, "light"], ["desktop", DESKTOP, "dark"],
];

let blog = null; /* with articles, and somebody who is signed in */
let bare = null; /* that nobody has set up */
let invitation = "";
let longest = 0; /* the number of an article */
let hashing = Promise.resolve();

/* ---- the pages ---- */

/* The first row of the list of articles. */
async function firstArticle(page) {
	await page.goto(`${blog.address}/desk/articles?list=published`);
	return await page.getAttribute("tbody th a", "href");
}

async function openNew(page, text) {
	await page.goto(`${blog.address}/desk/articles/new`);
	await page.fill("#field-title", "An article of this test");
	await bodyOf(page).fill(text);
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
}

const FIELDS = { category: "Old", description: "What a search engine shows of it, in a " +
	"sentence that is as long as such a one may be.", cover_alt: "A hill in the evening",
cover_path: "https://example.org/a/rather/long/address/of/a/picture/of-a-hill-in-the-evening.jpg",
canonical_url: "https://example.org/where-it-appeared-first" };

/* Have the editor save `fields`. */
async function saveWith(page, fields) {
	await page.evaluate((values) => {
		const { elements } = document.getElementById("editor");
		for (const [name, value] of Object.entries(values))
			elements[name].value = value;
		elements.category.dispatchEvent(new Event("input", { bubbles: true }));
	}, fields);
	const version = Number(await page.inputValue("[name=version]"));
	await page.keyboard.press("Control+s");
	await until(async () =>
		Number(await page.inputValue("[name=version]")) === version + 1);
}

const go = (target) => (page) => page.goto(blog.address + target);
const goTo = (part) => async (page) =>
	await page.goto(blog.address + await firstArticle(page) + part);

/* The form of a page there whose action ends with `action`, sent with `fields` however
 * the browser would have checked them. */
async function sendFrom(page, target, action, fields) {
	await page.goto(blog.address + target);
	const form = page.locator(`form[action$="${action}"]`);
	await Promise.all([page.waitForNavigation(), form.evaluate((node, values) => {
		for (const [name, value] of Object.entries(values))
			node.elements[name].value = value;
		node.submit();
	}, fields)]);
}

const LONG_WORD = "Donaudampfschiff";

/* The article whose title and tags are as long as they can be. */
const goToLong = (part) => (page) =>
	page.goto(`${blog.address}/desk/articles/${longest}${part}`);

async function untilPreviewed(page) {
	if (await page.locator("iframe").isVisible())
		await until(async () => (await previewOf(page).textContent()).trim());
}

const EDITOR = "/desk/articles/{id}";

/*
 * One of each: its name, the route that it shows, how to open it, its status where that
 * is not 200. `isAct` is of what somebody has done something on: that may move. `as` is
 * "nobody" where nobody is signed in.
 */
const KINDS = [
	{ name: "setup", route: "/desk/setup", as: "nobody",
		open: (page) => page.goto(bare.setup) },
	{ name: "sign-in", route: "/desk/session", as: "nobody", open: go("/desk/session") },
	{ name: "sign-in-wrong", as: "nobody", status: 403, open: (page) =>
		/* There is memory for one password at a time. */
		(hashing = hashing.then(async () => {
			await page.goto(`${blog.address}/desk/session`);
			await page.fill("[name=email]", `${Math.random()}@blog.example`);
			await page.fill("[name=password]", "not the right one");
			await Promise.all([page.waitForNavigation(),
				page.click("main form button")]);
		})) },
	{ name: "reset", route: "/desk/reset", as: "nobody",
		open: async (page) => page.goto(await blog.reset(PERSON.email)) },
	{ name: "invitation", route: "/desk/invitation", as: "nobody",
		open: (page) => page.goto(invitation) },
	{ name: "front", route: "/desk", open: go("/desk") },
	{ name: "front-views", isAct: true, async open(page) {
		await page.goto(`${blog.address}/desk`);
		await page.click(".views summary");
	} },
	{ name: "articles", route: "/desk/articles", open: go("/desk/articles") },
	{ name: "articles-found", open: go("/desk/articles?q=backup") },
	{ name: "articles-chosen", open: go("/desk/articles?category=none&tag=none") },
	{ name: "articles-none", open: go("/desk/articles?list=trash") },
	{ name: "editor-new", route: "/desk/articles/new", open: go("/desk/articles/new") },
	{ name: "editor", route: EDITOR, async open(page) {
		await goTo("")(page);
		await untilPreviewed(page);
	} },
	{ name: "editor-preview", isAct: true, async open(page) {
		await goTo("")(page);
		if (!await page.locator("iframe").isVisible())
			await page.click("button[value=preview]");
		await untilPreviewed(page);
	} },
	{ name: "editor-alone", isAct: true, async open(page) {
		await goTo("")(page);
		if (await page.locator("iframe").isVisible())
			await page.click("button[value=preview]");
	} },
	{ name: "editor-typing", isAct: true, async open(page) {
		await openNew(page, "## A heading\n\nA text, and **more** of it.\n\n> So it is.");
		await bodyOf(page).press("Control+End");
		await page.keyboard.type("\n\nTyped since.");
		await untilPreviewed(page);
	} },
	{ name: "editor-problem", isAct: true, async open(page) {
		await openNew(page, "A text.");
		await page.fill("[name=slug]", "No Slug!");
		await page.keyboard.press("Control+s");
		await untilSaid(page, "Not saved");
	} },
	{ name: "editor-offline", isAct: true, async open(page) {
		await openNew(page, "A text.");
		await page.context().setOffline(true);
		await bodyOf(page).fill("A text, typed on a train.");
		await untilSaid(page, "Not saved: offline");
		await page.context().setOffline(false);
	} },
	{ name: "editor-kept-here", async open(page) {
		await openNew(page, "A text.");
		await page.evaluate((name) => localStorage.setItem(name, JSON.stringify(
			{ at: Date.now(), fields: [["body", "Another text."]] })),
		`byline draft /desk 1 ${numberOf(page)} key`);
		await page.reload();
	} },
	{ name: "editor-unsaved", async open(page) {
		await openNew(page, "A text.");
		await bodyOf(page).fill("A text, not saved since.");
		await untilSaid(page, "Draft kept");
		await page.reload();
	} },
	{ name: "conflict", status: 409, isAct: true, async open(page) {
		await openNew(page, "One.\n\nThe text that both began from.\n\nTwo.");
		await blog.sql("UPDATE article SET version = version + 1 WHERE id = ?",
			numberOf(page));
		await bodyOf(page).fill("One.\n\nThe text that somebody typed.\n\nTwo.");
		await Promise.all([page.waitForNavigation(), page.keyboard.press("Control+s")]);
		await untilPreviewed(page);
	} },
	{ name: "article-preview", route: `${EDITOR}/preview`, open: goTo("/preview") },
	{ name: "article-preview-new", route: "/desk/articles/new/preview",
		open: go("/desk/articles/new/preview") },
	{ name: "publication", route: `${EDITOR}/publication`, async open(page) {
		await openNew(page, "A text with [nothing](/articles/not-there) behind it.");
		await page.goto(`${page.url()}/publication`);
	} },
	{ name: "publication-back", open: goTo("/publication") },
	{ name: "publication-problem", status: 422, async open(page) {
		await openNew(page, "A text.");
		await page.goto(`${page.url()}/publication`);
		await page.fill("[name=published_at]", "2020-01-01T10:00");
		await Promise.all([page.waitForNavigation(),
			page.click("button[value=schedule]")]);
	} },
	{ name: "revisions", route: `${EDITOR}/revisions`, open: goTo("/revisions") },
	{ name: "revision", route: `${EDITOR}/revisions/{version}`, async open(page) {
		await openNew(page, "One.\n\nTwo.\n\nThree.");
		await bodyOf(page).fill("One.\n\nTwo, changed.\n\nThree.");
		await page.keyboard.press("Control+s");
		await untilSaid(page, "Saved");
		await page.goto(`${page.url()}/revisions/1`);
	} },
	{ name: "revision-fields", async open(page) {
		await openNew(page, "One.\n\nTwo.\n\nThree.");
		/* Each variant has its own: no two articles stand at one address. */
		const slug = `address-${numberOf(page)}`;
		await saveWith(page, { ...FIELDS, tags: "Old, Other", slug });
		await saveWith(page, { cover_path: "", cover_alt: "", category: "New",
			description: "", tags: "New", canonical_url: "", slug: `new-${slug}` });
		await page.goto(`${page.url()}/revisions/2`);
	} },
	{ name: "revision-names", async open(page) {
		await openNew(page, "One.");
		await saveWith(page, { category: "Old" });
		await saveWith(page, { category: "New" });
		await page.goto(`${page.url()}/revisions/2`);
	} },
	{ name: "sharing", route: `${EDITOR}/sharing`, async open(page) {
		await openNew(page, "A text.");
		await page.goto(`${page.url()}/sharing`);
		await Promise.all([page.waitForNavigation(),
			page.click("main form button")]);
	} },
	{ name: "shared", route: "/desk/shared/{token}", as: "nobody", status: 404,
		open: go("/desk/shared/nothing") },
	{ name: "media", route: "/desk/media", open: go("/desk/media") },
	{ name: "file", route: "/desk/media/{id}", open: go("/desk/media/1") },
	{ name: "account", route: "/desk/account", open: go("/desk/account") },
	{ name: "codes", route: "/desk/account/codes", open: go("/desk/account/codes") },
	{ name: "authors", route: "/desk/authors", open: go("/desk/authors") },
	{ name: "author", route: "/desk/authors/{id}", async open(page) {
		await page.goto(`${blog.address}/desk/authors`);
		await Promise.all([page.waitForNavigation(),
			page.click("a:text-is('Noor Haddad')")]);
	} },
	{ name: "author-without-account", async open(page) {
		await page.goto(`${blog.address}/desk/authors`);
		await Promise.all([page.waitForNavigation(),
			page.click("a:text-is('Vera Void')")]);
	} },
	{ name: "author-problem", status: 422, async open(page) {
		await page.goto(`${blog.address}/desk/account`);
		await page.fill("[name=picture_path]", "https://example.org/a.png");
		await Promise.all([page.waitForNavigation(),
			page.press("[name=picture_path]", "Enter")]);
	} },
	...["blog", "reading", "embedding", "navigation", "subscribing", "counting", "robots",
		"theme"].map((part) =>
		({ name: `settings-${part}`, route: "/desk/settings/{part}", mayBeAbsent: true,
			open: go(`/desk/settings/${part}`) })),
	...["categories", "tags"].flatMap((term) => [
		{ name: term, route: `/desk/settings/${term}`,
			open: go(`/desk/settings/${term}`) },
		{ name: `${term}-one`, route: `/desk/settings/${term}/{id}`,
			open: go(`/desk/settings/${term}/1`) },
		{ name: `${term}-merge`, route: `/desk/settings/${term}/{id}/merge`,
			open: async (page) => {
				await page.goto(`${blog.address}/desk/settings/${term}/1`);
				await page.fill("[name=into]", await page.locator("datalist option")
					.first().getAttribute("value"));
				await Promise.all([page.waitForNavigation(),
					page.locator("form").filter({ has: page.locator("[name=into]") })
						.locator("button").click()]);
			} },
	]),
	{ name: "series", route: "/desk/settings/series",
		open: go("/desk/settings/series") },
	{ name: "series-one", route: "/desk/settings/series/{id}",
		open: go("/desk/settings/series/1") },
	{ name: "export", route: "/desk/settings/export", open: go("/desk/settings/export") },
	{ name: "redirects", route: "/desk/settings/redirects",
		open: go("/desk/settings/redirects") },
	{ name: "redirects-problem", status: 422, open: (page) =>
		sendFrom(page, "/desk/settings/redirects", "redirects/import",
			{ lines: "no line of that kind\n/a /b /c" }) },
	{ name: "settings-problem", status: 422, open: (page) =>
		sendFrom(page, "/desk/settings/reading", "settings/reading",
			{ per_page: "0" }) },
	{ name: "password-problem", status: 422, open: (page) =>
		sendFrom(page, "/desk/account", "account/password",
			{ password: "not it", new_password: "short" }) },
	{ name: "invited", open: (page) =>
		sendFrom(page, "/desk/authors", "/desk/authors", { name: `Somebody ${Math.random()}` }) },
	{ name: "editor-trashed", async open(page) {
		await openNew(page, "A text.");
		await page.reload();
		const editor = page.url();
		await Promise.all([page.waitForNavigation(), page.click("#trashing button")]);
		await page.goto(editor);
	} },
	{ name: "articles-long", open: go("/desk/articles?list=scheduled") },
	{ name: "editor-long", isAct: true, async open(page) {
		await goToLong("")(page);
		await page.fill("#field-title", LONG_WORD.repeat(625));
		await page.keyboard.press("Control+s");
		await untilSaid(page, "Not saved");
	} },
	{ name: "publication-long", open: goToLong("/publication") },
	{ name: "revisions-long", open: goToLong("/revisions") },
	{ name: "tags-long", open: go("/desk/settings/tags?q=%F0%9F%8C%8A") },
	{ name: "error", status: 404, open: go("/desk/articles/123456") },
	{ name: "error-method", status: 405, open: go("/desk/session/end") },
	{ name: "error-large", status: 413, async open(page) {
		await page.goto(`${blog.address}/desk/account`);
		await Promise.all([page.waitForNavigation(),
			page.locator("[name=biography]").evaluate((node) => {
				node.value = "A word. ".repeat(150000);
				node.form.submit();
			})]);
	} },
	{ name: "error-typed", status: 403, async open(page) {
		await openNew(page, "A text that somebody wants to have again.");
		const cookies = await page.context().cookies();
		await page.context().clearCookies({ name: /session/ });
		await page.evaluate(() => document.getElementById("editor").submit());
		await page.waitForSelector("text=Send it again");
		await page.context().addCookies(cookies);
	} },
];

/* ---- pages that come slowly ---- */

/* In the page, before anything of it is there: window.moved names all that was moved. */
function watchAll() {
	window.moved = [];
	new PerformanceObserver((list) => {
		for (const { value, sources } of list.getEntries())
			window.moved.push(`${value.toFixed(5)} by ${sources.map(({ node }) =>
				`${node?.nodeName} ${node?.textContent?.trim().slice(0, 20)}`)}`);
	}).observe({ type: "layout-shift", buffered: true });
}

/* The elements after each of which a page may be held up. */
const STEPS = ["h1", "a", "label", "select", "button", "tr"];
const STEP_END = new RegExp(`(?<=</(?:${STEPS.join("|")})>)`);
const STEP_START = new RegExp(`<(?:${STEPS.join("|")})\\b`, "g");

/* Until `page` has shown that many of them. */
async function untilShown(page, count) {
	await page.waitForFunction(([steps, least]) =>
		document.querySelectorAll(steps).length >= least, [STEPS.join(), count]);
	await page.evaluate(() => new Promise((resolve) =>
		requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/* A server in front of the blog that sends pages step by step, each once the one before
 * it has been seen in `page`. */
function serveBySteps(page) {
	const server = http.createServer(async (request, response) => {
		const answer = await fetch(blog.address + request.url, {
			headers: { cookie: request.headers.cookie ?? "" }, redirect: "manual" });
		const type = answer.headers.get("content-type");
		response.writeHead(answer.status, { "content-type": type });
		const bytes = Buffer.from(await answer.arrayBuffer());
		if (type.startsWith("text/html")) {
			const parts = bytes.toString().split(STEP_END);
			let count = 0;
			for (const part of parts.slice(0, -1)) {
				count += part.match(STEP_START)?.length ?? 0;
				response.write(part);
				await untilShown(page, count).catch(() => response.destroy());
			}
			response.end(parts.at(-1));
		} else {
			response.end(bytes);
		}
	});
	return new Promise((resolve) => server.listen(0, "127.0.0.1", () =>
		resolve(server)));
}

async function movesOf(browser, viewport, target) {
	const context = await browser.newContext({ viewport, storageState: blog.state });
	const page = await context.newPage();
	const server = await serveBySteps(page);
	await page.addInitScript(watchAll);
	await page.goto(`http://127.0.0.1:${server.address().port}${target}`,
		{ timeout: 120000 });
	const [count, moved] = await page.evaluate((steps) =>
		[document.querySelectorAll(steps).length, window.moved], STEPS.join());
	await context.close();
	server.close();
	assert.ok(count > 10, `${target} came in ${count} steps`);
	return moved.map((words) => `${target} at ${viewport.width} px: ${words}`);
}

/* ---- visits ---- */

/* What was seen of each page. */
const visits = [];
let axe = null;
let checker = null;

/* In the page, before anything of it is there. */
function watch() {
	window.violations = [];
	document.addEventListener("securitypolicyviolation", (event) =>
		window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
}

/* In the page: what stands out of a window that is `width` wide and is not cut off on
 * purpose. A telephone says that its window is as wide as what it shows. */
function standsOut(width) {
	const found = [];
	if (document.scrollingElement.scrollWidth > width)
		found.push(`the page is ${document.scrollingElement.scrollWidth} px wide`);
	const isCut = (node) => node !== document.body &&
		(getComputedStyle(node).overflowX !== "visible" || isCut(node.parentElement));
	for (const node of document.body.querySelectorAll("*")) {
		const box = node.getBoundingClientRect();
		if (box.width > 0 && !node.closest(".skip, h1.quiet, thead") &&
			!isCut(node.parentElement) && (box.right > width + 1 || box.left < -1))
			found.push(`<${node.localName} class="${node.className}"> stands from ${
				box.left.toFixed(1)} to ${box.right.toFixed(1)}`);
	}
	return found.slice(0, 4);
}

/* In the page: what is cut off though it is no longer than titles usually are. */
function isCutShort() {
	return [...document.querySelectorAll("main :not(.quiet)")].filter((node) =>
		getComputedStyle(node).webkitLineClamp !== "none" &&
		node.scrollHeight > node.clientHeight + 1 && node.textContent.length < 200 &&
		!/\S{40}/.test(node.textContent))
		.map((node) => `<${node.localName}> is cut: ${node.textContent}`);
}

/* In the page: buttons that have the same name and do not do the same. */
function alike() {
	const acts = new Map();
	return [...document.querySelectorAll("button")].filter((node) =>
		node.checkVisibility()).filter((node) => {
		const name = node.ariaLabel ?? node.textContent.trim();
		const act = node.form === null ? name : `${node.form.action} ${node.value} ${
			[...node.form.querySelectorAll("[type=hidden]")].map(({ value }) => value)}`;
		const first = acts.get(name) ?? act;
		acts.set(name, first);
		return first !== act;
	}).map((node) => `another is called as ${node.outerHTML}`);
}

async function axeFindings(page) {
	/* By the debugger, which the page's policy does not concern. */
	await page.evaluate(axe);
	return await page.evaluate(async () => {
		const found = await window.axe.run(document, { resultTypes: ["violations"] });
		return found.violations.flatMap((rule) => rule.nodes.map((node) =>
			`${rule.id}: ${node.target} ${node.failureSummary}`));
	});
}

/* What html-validate says of the page as the server sent it. */
async function mistakesIn(html, name) {
	const report = await checker.validateString(html, name);
	return report.results.flatMap((result) => result.messages).map((message) =>
		`${message.line}:${message.column} ${message.ruleId}: ${message.message}`);
}

async function visit(page, kind, [device, viewport, scheme]) {
	const name = `${kind.name}-${device}-${scheme}`;
	const said = [];
	let answer = null;
	const listeners = {
		console: (message) => said.push(`${message.type()}: ${message.text()}`),
		pageerror: (error) => said.push(`error: ${error}`),
		response: (response) => {
			if (response.request().isNavigationRequest() &&
				response.frame() === page.mainFrame())
				answer = response;
		},
	};
	for (const [event, listener] of Object.entries(listeners))
		page.on(event, listener);
	await kind.open(page);
	await page.waitForLoadState("load");
	await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
	const status = answer.status();
	const html = await answer.text().catch(() => "");
	const { violations, moved } = await page.evaluate(() =>
		({ violations: window.violations, moved: window.moved }));
	const stands = [...await page.evaluate(standsOut, viewport.width),
		...await page.evaluate(isCutShort)];
	await page.screenshot({ path: path.join(SHOTS, `desk-${name}.png`),
		fullPage: !kind.name.startsWith("editor") });
	const found = await axeFindings(page);
	found.push(...await page.evaluate(alike));
	/* The narrowest window that there is. */
	if (viewport === PHONE) {
		await page.setViewportSize(NARROW);
		stands.push(...await page.evaluate(standsOut, NARROW.width));
	}
	for (const [event, listener] of Object.entries(listeners))
		page.off(event, listener);
	/* Chromium tells of every answer that is not 200, and of being offline; and the
	 * scripts of this test do not run in the frame either. */
	const silent = said.filter((words) =>
		!/^verbose|status of \d+|ERR_INTERNET|Blocked script execution/.test(words));
	visits.push({ name, kind, status, html, axe: found, stands,
		moved: kind.isAct ? [] : moved, said: [...silent, ...violations] });
}

async function visitAll(browser, variant) {
	const [device, viewport, colorScheme] = variant;
	const more = { viewport, colorScheme, isMobile: viewport === PHONE,
		hasTouch: viewport === PHONE };
	const contexts = {
		somebody: await browser.newContext({ ...more, storageState: blog.state }),
		nobody: await browser.newContext(more),
	};
	for (const kind of KINDS) {
		/* A page of its own for each, and nothing of it that is kept. */
		const page = await contexts[kind.as ?? "somebody"].newPage();
		page.on("dialog", (dialog) => dialog.accept());
		await page.addInitScript(watch);
		await page.addInitScript(watchMoves);
		await visit(page, kind, variant).catch((error) => {
			throw new Error(`${kind.name} ${device} ${colorScheme}: ${error.message}`);
		});
		await page.evaluate(() => localStorage.clear());
		await page.close();
	}
	await Promise.all(Object.values(contexts).map((context) => context.close()));
}

/* The link of somebody who is invited. */
async function invite(browser) {
	const page = await (await browser.newContext({ storageState: blog.state })).newPage();
	await page.goto(`${blog.address}/desk/authors`);
	await page.fill("[name=name]", "Ada");
	await Promise.all([page.waitForNavigation(), page.locator("form").filter({
		has: page.locator("[name=name]") }).locator("button").click()]);
	const link = /http:\S+token=[\w-]+/.exec(await page.content())[0];
	await page.context().close();
	return link;
}

/* Write an article that has no word that could be broken, and waits for its time. */
async function writeLongest(browser) {
	const page = await (await browser.newContext({ storageState: blog.state })).newPage();
	await page.goto(`${blog.address}/desk/articles/new`);
	await page.fill("#field-title", LONG_WORD.repeat(30));
	await bodyOf(page).fill("A text.");
	await page.fill("[name=category]", "W".repeat(80));
	await page.fill("[name=tags]", `${"\u{1f30a}".repeat(40)}, \u{1f469}\u200d\u{1f680}`);
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	await page.goto(`${page.url()}/publication`);
	await page.fill("[name=published_at]", "2100-01-01T10:00");
	await Promise.all([page.waitForNavigation(), page.click("button[value=schedule]")]);
	longest = numberOf(page);
	await page.context().close();
}

/* As if people had read the blog for a month, and followed an old address. */
async function read() {
	await blog.sql("WITH RECURSIVE ago (days) AS (SELECT 0 UNION ALL" +
		" SELECT days + 1 FROM ago WHERE days < 29)" +
		" INSERT INTO page_view (article_id, day, count)" +
		" SELECT a.id, unixepoch() / 86400 - days, 1 + (a.id * 37 + days * days * 11) % 90" +
		" FROM article a, ago WHERE a.status = 'published' AND days % 9 <> 4");
	await blog.sql("INSERT INTO redirect (path, target, created_at)" +
		" VALUES ('/2019/an/old/address', '/about', unixepoch()), ('/older', '/', 0)");
	await blog.sql("INSERT INTO redirect_hit (path, count, last_day)" +
		" VALUES ('/2019/an/old/address', 12, unixepoch() / 86400)");
}

/* Three others, one of whom may not sign in any more and one never did, a face, and a
 * series. */
async function bring() {
	await blog.sql("INSERT INTO author (handle, name, email, role, password_hash," +
		" disabled_at, created_at, updated_at)" +
		" VALUES ('noor', 'Noor Haddad', 'noor@blog.example', 'editor', 'none'," +
		" NULL, 0, 0), ('kees', 'Kees van der Meulen', 'kees@blog.example', 'author'," +
		" 'none', 1, 0, 0), ('vera', 'Vera Void', NULL, 'author', NULL, NULL, 0, 0)");
	await blog.sql("UPDATE author SET picture_path = (SELECT '/media/' || path" +
		" FROM media WHERE content_type LIKE 'image/%') WHERE handle = 'noor'");
	await blog.sql("INSERT INTO session (token_hash, author_id, created_at, seen_at," +
		" network, browser) SELECT browser, 1, unixepoch(), unixepoch(), '192.0.2.0/24'," +
		" browser FROM (SELECT 'Firefox on Linux' AS browser UNION ALL" +
		" SELECT 'Safari on a telephone')");
	await blog.sql("INSERT INTO series (id, slug, name)" +
		" VALUES (1, 'how-it-is-built', 'How it is built')");
	await blog.sql("UPDATE article SET series_id = 1 WHERE kind = 'article'" +
		" AND status = 'published' AND id % 3 = 0");
}

async function begin() {
	const browser = await launch();
	axe = fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
	const { HtmlValidate } = load("html-validate");
	checker = new HtmlValidate(HTML_RULES);
	blog = await makeBlog("desk pages", "nginx", true);
	bare = await makeBlog("desk bare");
	await setUp(browser, blog);
	await read();
	await bring();
	invitation = await invite(browser);
	await writeLongest(browser);
	/* Two at a time: more would only wait for each other. */
	for (const half of [VARIANTS.slice(0, 2), VARIANTS.slice(2)])
		await Promise.all(half.map((variant) => visitAll(browser, variant)));
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

test("test_every_page_of_the_desk_was_seen", () => {
	const routes = execFileSync(path.join(process.env.builddir ?? ".",
		"tests/web/desk_routes"), { encoding: "utf8" }).trim().split("\n")
		.map((line) => line.split(" "))
		.filter(([method, guard]) => method === "GET" && guard !== "file")
		.map(([, , pattern]) => pattern);
	const seen = new Set(KINDS.map(({ route }) => route));
	/* What is no page. */
	seen.add("/desk/settings");
	assert.ok(routes.length > 20);

	assert.deepEqual(routes.filter((route) => !seen.has(route)), []);
	assert.deepEqual(visits.filter(({ kind, status }) =>
		status !== (kind.status ?? 200)).map(({ name, status }) => [name, status]), []);
	console.log(`${visits.length} visits to ${KINDS.length} pages`);
});

test("test_axe_finds_nothing", () => {
	nothing((one) => one.axe);
});

test("test_markup_is_valid", async () => {
	const found = [];
	for (const { name, html } of visits.filter((one) => one.name.endsWith("phone-light")))
		found.push(...(await mistakesIn(html, name)).map((words) => `${name}: ${words}`));
	assert.equal(found.length, 0, found.slice(0, 30).join("\n\t"));
});

test("test_console_is_silent_under_the_policy", () => {
	nothing((one) => one.said);
});

test("test_nothing_moves_while_a_page_loads", () => {
	nothing((one) => one.moved);
});

test("test_nothing_moves_though_a_page_comes_step_by_step", async () => {
	const browser = await launch();
	const article = await firstArticle(await (await browser.newContext(
		{ storageState: blog.state })).newPage());
	const found = [];
	for (const target of ["/desk", "/desk/media", "/desk/articles", "/desk/authors",
		"/desk/settings/tags", "/desk/settings/redirects", "/desk/articles/new",
		`${article}/revisions`])
		found.push(...await Promise.all([PHONE, DESKTOP].map((viewport) =>
			movesOf(browser, viewport, target))));
	await browser.close();

	assert.deepEqual(found.flat(), []);
});

test("test_nothing_stands_out_of_the_window", () => {
	nothing((one) => one.stands);
});

await run(begin, endBlogs);
