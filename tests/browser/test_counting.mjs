/*
 * test_counting.mjs - who reads with a browser is counted, and what is no browser is
 * not: Chromium before real web servers, and what the author is shown of it.
 */
import assert from "node:assert/strict";

import { DESKTOP, launch } from "./browser.mjs";
import { endBlogs, makeBlog, setUp } from "./desk.mjs";
import { run, test } from "../support/suite.mjs";

/* Chromium without a window says so in its name, and is taken for a robot. */
const PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 " +
	"(KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";
const ARTICLE = "/articles/boring-processes";

let browser = null;
const blogs = {};

/* A page of a reader's who came to `target`, with all that it asked for. */
async function read(blog, target, more = {}) {
	const context = await browser.newContext({ viewport: DESKTOP, userAgent: PERSON,
		...more });
	const page = await context.newPage();
	page.asked = [];
	page.on("response", (response) => page.asked.push([
		new URL(response.url()).pathname, response.status(), response.headers()]));
	await page.goto(blog.address + target, { waitUntil: "load" });
	return page;
}

const imagesOf = (page) => page.asked.filter(([path]) => path.startsWith("/views/"));
const leave = (page) => page.context().close();

/* What the first page of the desk says of views. */
async function shown(blog) {
	const context = await browser.newContext({ storageState: blog.state });
	const page = await context.newPage();
	await page.goto(`${blog.address}/desk`);
	const text = await page.textContent(".views");
	await context.close();
	const found = /([\d,]+) views? in the last 30 days/.exec(text);
	assert.ok(found || /No article was viewed/.test(text), text);
	return found ? Number(found[1].replaceAll(",", "")) : 0;
}

async function countsBrowsersAlone(blog) {
	const before = await shown(blog);

	/* A visit counts one, and so does each further look. */
	let page = await read(blog, ARTICLE);
	const images = imagesOf(page);
	assert.equal(images.length, 1);
	assert.equal(images[0][1], 200);
	assert.equal(images[0][2]["cache-control"], "no-store");
	assert.equal(images[0][2]["set-cookie"], undefined);
	assert.equal(await shown(blog), before + 1);
	await page.reload();
	assert.equal(await shown(blog), before + 2);
	/* Nothing is left in the browser, and nothing is seen of it. */
	assert.deepEqual(await page.context().cookies(), []);
	const box = await page.locator("img.view").boundingBox();
	assert.deepEqual([box.width, box.height], [1, 1]);
	assert.ok(await page.locator("img.view").evaluate((node) => node.naturalWidth === 1));
	/* A list is no article. */
	await page.goto(`${blog.address}/`);
	assert.equal(await shown(blog), before + 2);
	await leave(page);

	/* A browser without scripts is one, too. */
	page = await read(blog, ARTICLE, { javaScriptEnabled: false });
	assert.equal(await shown(blog), before + 3);
	await leave(page);

	/* A robot, a command line, another site's page are none. */
	page = await read(blog, ARTICLE, { userAgent: undefined });
	assert.equal(imagesOf(page).length, 1);
	await leave(page);
	for (const target of [ARTICLE, images[0][0]]) {
		const answer = await fetch(blog.address + target,
			{ headers: { "User-Agent": "curl/8.7.1" } });
		assert.equal(answer.status, 200);
		await answer.arrayBuffer();
	}
	page = await read(blog, "/");
	await page.goto("about:blank");
	await page.setContent(`<img src="${blog.address}${images[0][0]}" alt="">`,
		{ waitUntil: "load" });
	await leave(page);
	assert.equal(await shown(blog), before + 3);
}

test("test_a_browser_is_counted_through_nginx", async () => {
	await countsBrowsersAlone(blogs.nginx);
});

test("test_a_browser_is_counted_through_apache_with_cgi", async () => {
	await countsBrowsersAlone(blogs.cgi);
});

/* An author who looks at a preview reads nothing. */
test("test_a_preview_is_not_counted", async () => {
	const blog = blogs.nginx;
	const before = await shown(blog);
	const context = await browser.newContext({ userAgent: PERSON,
		storageState: blog.state });
	const page = await context.newPage();
	await page.goto(`${blog.address}/desk/articles?list=published`);
	const target = await page.getAttribute("tbody th a", "href");
	await page.goto(`${blog.address}${target}/preview`);

	assert.equal(await page.locator("article.h-entry").count(), 1);
	assert.equal(await page.locator("img.view").count(), 0);
	assert.equal(await shown(blog), before);
	await context.close();
});

test("test_an_owner_ends_counting_and_begins_again", async () => {
	const blog = blogs.nginx;
	const before = await shown(blog);
	const context = await browser.newContext({ storageState: blog.state });
	const page = await context.newPage();
	const choose = async (label) => {
		await page.goto(`${blog.address}/desk/settings/counting`);
		await page.selectOption("[name=count_views]", { label });
		await Promise.all([page.waitForNavigation(),
			page.click("main form:has([name=count_views]) button")]);
	};

	await choose("Count nothing");
	let reader = await read(blog, ARTICLE);
	assert.equal(imagesOf(reader).length, 0);
	await leave(reader);
	await page.goto(`${blog.address}/desk`);
	assert.match(await page.textContent(".views"), /Views are not counted/);

	await choose("Count views");
	reader = await read(blog, ARTICLE);
	assert.equal(imagesOf(reader).length, 1);
	await leave(reader);
	assert.equal(await shown(blog), before + 1);
	await context.close();
});

await run(async () => {
	browser = await launch();
	blogs.nginx = await makeBlog("counted", "nginx", true);
	blogs.cgi = await makeBlog("counted by cgi", "apache_cgi", true);
	for (const blog of Object.values(blogs))
		await setUp(browser, blog);
}, async () => {
	await browser?.close();
	await endBlogs();
});
