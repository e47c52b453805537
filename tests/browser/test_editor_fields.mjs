/*
 * test_editor_fields.mjs - what an article says of itself beyond its text is typed in
 * Chromium, with the script and without it, and looked at where readers see it.
 */
import assert from "node:assert/strict";
import path from "node:path";

import { DESKTOP, launch, load, PHONE, SHOTS } from "./browser.mjs";
import { bodyOf, close, complaints, endBlogs, keptFields, makeBlog, numberOf, openAt,
	setUp, storedBody, until, untilSaid } from "./desk.mjs";
import { run, test } from "../support/suite.mjs";

const FIELDS = { authors: "Noor Haddad, Mira Halloran", series: "Quiet machines",
	series_number: "2", description: "What machines are told.", language: "ar",
	canonical_url: "https://example.net/first" };
const CHOICES = { pinned: "true", direction: "ltr" };

let browser = null;
let blog = null;

async function begin() {
	browser = await launch();
	blog = await makeBlog("fields");
	await setUp(browser, blog);
	await blog.sql("INSERT INTO author (handle, name, created_at, updated_at) " +
		"VALUES ('noor-haddad', 'Noor Haddad', 1, 1)");
}

async function end() {
	await browser?.close();
	await endBlogs();
}

/* Open what few articles need, and type all of it. */
async function typeFields(page, fields = FIELDS, choices = CHOICES) {
	if (!await page.locator(".rarer").evaluate((node) => node.open))
		await page.click(".rarer > summary");
	for (const [name, value] of Object.entries(fields))
		await page.fill(`[name=${name}]`, value);
	for (const [name, value] of Object.entries(choices))
		await page.selectOption(`[name=${name}]`, value);
}

async function valuesOf(page, names) {
	const values = {};
	for (const name of names)
		values[name] = await page.inputValue(`[name=${name}]`);
	return values;
}

async function publish(page) {
	await page.click("button[value=publish]");
	await page.waitForURL(/\/publication$/);
	await page.click("main button[value=publish]");
	await page.waitForURL(/said=/);
}

/* What `look` finds on the public page at `target`. */
async function seen(target, look) {
	const page = await openAt(browser, blog, target, { storageState: undefined });
	try {
		return await look(page);
	} finally {
		await close(page);
	}
}

test("test_each_name_of_several_is_completed", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	const offered = (list) => page.locator(`${list} option`).evaluateAll((nodes) =>
		nodes.map((node) => node.value));
	const names = await offered("#known-authors");
	assert.ok(names.includes("Noor Haddad") && names.includes("Mira Halloran"), names);

	await page.fill("[name=authors]", "Mira Halloran, No");
	assert.deepEqual(await offered("#known-authors"),
		names.map((name) => `Mira Halloran, ${name}`));
	await page.fill("[name=authors]", "a,b,");
	assert.deepEqual(await offered("#known-authors"), names.map((name) => `a,b,${name}`));
	await page.fill("[name=authors]", "No");
	assert.deepEqual(await offered("#known-authors"), names);
	await close(page);
});

test("test_fields_are_typed_and_shown", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	assert.equal(await page.inputValue("[name=authors]"), "Mira Halloran");
	await page.fill("#field-title", "Second part");
	await bodyOf(page).fill("The second.");
	await typeFields(page);
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	await publish(page);

	assert.deepEqual(await valuesOf(page, Object.keys({ ...FIELDS, ...CHOICES })),
		{ ...FIELDS, ...CHOICES });
	const found = await seen("/articles/second-part", async (reader) => ({
		article: await reader.locator("article.h-entry").evaluate((node) =>
			[node.lang, node.dir]),
		description: await reader.getAttribute("meta[name=description]", "content"),
		shared: await reader.getAttribute("meta[property='og:description']",
			"content"),
		canonical: await reader.getAttribute("link[rel=canonical]", "href"),
		authors: await reader.locator(".byline .p-author").allTextContents(),
		series: await reader.locator(".series").count(),
		json: JSON.parse(await reader.textContent("script[type*=json]")),
	}));
	assert.deepEqual(found.article, ["ar", "ltr"]);
	assert.equal(found.description, FIELDS.description);
	assert.equal(found.shared, FIELDS.description);
	assert.equal(found.canonical, FIELDS.canonical_url);
	assert.equal(found.authors.length, 2);
	assert.match(found.authors[0], /Noor Haddad/);
	assert.match(found.authors[1], /Mira Halloran/);
	assert.equal(found.series, 0, "the only part leads nowhere");
	assert.equal(found.json.description, FIELDS.description);
	assert.deepEqual(found.json.author.map(({ name }) => name),
		["Noor Haddad", "Mira Halloran"]);
	assert.equal(found.json.isPartOf.name, "Quiet machines");
	await close(page);
});

test("test_fields_without_a_script", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new",
		{ javaScriptEnabled: false });
	assert.deepEqual(await page.locator("#known-series option").evaluateAll(
		(nodes) => nodes.map((node) => node.value)), ["Quiet machines"]);
	await page.fill("#field-title", "First part");
	await bodyOf(page).fill("The first.");
	await typeFields(page, { ...FIELDS, authors: "Nobody", series_number: "1",
		canonical_url: "", language: "" }, { pinned: "", direction: "rtl" });
	await page.click("button[value=save]");

	assert.match(await page.textContent("#problem-authors"),
		/There is no author called Nobody/);
	assert.equal(await page.inputValue("[name=authors]"), "Nobody");
	assert.equal(await page.inputValue("[name=series_number]"), "1");
	await page.fill("[name=authors]", "Mira Halloran");
	await page.click("button[value=save]");
	await page.waitForURL(/said=saved/);
	await publish(page);

	await seen("/articles/first-part", async (reader) => {
		assert.equal(await reader.textContent(".series summary"),
			"Part 1 of 2 of Quiet machines");
		assert.equal(await reader.locator("article.h-entry").getAttribute("dir"), "rtl");
		await reader.click(".series summary");
		assert.deepEqual(await reader.locator(".series a").allTextContents(),
			["First part", "Second part"]);
		await reader.click(".neighbours .on");
		assert.match(reader.url(), /second-part$/);
		assert.match(await reader.textContent(".neighbours .back"), /Previous part/);
	});
	/* The pinned one is the older one of both. */
	await seen("/", async (reader) => {
		assert.deepEqual(await reader.locator(".card h2").allTextContents(),
			["Second part", "First part"]);
		assert.match(await reader.locator(".card .meta").first().textContent(),
			/Pinned.*Noor Haddad.*Mira Halloran/s);
		assert.equal(await reader.textContent(".count b"), "2 articles");
	});
	await close(page);
});

test("test_fields_are_kept_before_they_are_saved", async () => {
	const [[number]] = await blog.sql(
		"SELECT id FROM article WHERE slug = 'first-part'");
	const page = await openAt(browser, blog, `/desk/articles/${number}`);
	await typeFields(page, { description: "Not saved.", series: "Another" },
		{ pinned: "true" });
	await untilSaid(page, "Draft kept");

	const [kept] = await until(async () => {
		const fields = await keptFields(blog, numberOf(page));
		return fields.length > 0 && fields;
	}, "a draft");
	assert.equal(kept.get("description"), "Not saved.");
	assert.equal(kept.get("series"), "Another");
	assert.equal(kept.get("pinned"), "true");
	assert.deepEqual(await blog.sql("SELECT pinned_at FROM article WHERE id = ?",
		number), [[null]]);
	await close(page);
});

/* An editor that stays open means by the names what it meant when it saved. */
test("test_names_stay_what_they_mean_from_save_to_save", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	await page.fill("#field-title", "Named");
	await bodyOf(page).fill("One.");
	await page.fill("[name=tags]", "pumps");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	await typeFields(page, { authors: "Mira Halloran, Noor Haddad",
		series: "Loud machines" }, {});
	await page.fill("[name=tags]", "pumps, valves");
	await page.keyboard.press("Control+s");
	await until(async () => await page.inputValue("[name=tags_shown]") === "pumps, valves",
		"what the names mean");
	await blog.sql("UPDATE author SET name = 'Noor H.' WHERE handle = 'noor-haddad'");
	await blog.sql("UPDATE series SET name = 'Silent machines' WHERE name LIKE 'Loud%'");
	await blog.sql("UPDATE tag SET name = 'taps' WHERE name = 'valves'");

	await bodyOf(page).fill("Two.");
	await page.keyboard.press("Control+s");
	await until(async () => await storedBody(blog, numberOf(page)) === "Two.",
		"what was saved");

	await page.reload();
	assert.deepEqual(await valuesOf(page, ["authors", "series", "tags"]), {
		authors: "Mira Halloran, Noor H.", series: "Silent machines",
		tags: "pumps, taps" });
	assert.equal(await page.isVisible("#kept-here"), false);
	await close(page);
	await blog.sql("UPDATE author SET name = 'Noor Haddad' WHERE handle = 'noor-haddad'");
});

test("test_fields_that_are_wrong_are_shown_where_they_are", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	await page.fill("#field-title", "Wrong");
	await bodyOf(page).fill("x");
	await typeFields(page, { language: "english, mostly" }, {});
	await page.click(".rarer > summary");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Not saved: a language is a tag");

	assert.equal(await page.evaluate(() => document.activeElement.name), "language");
	assert.ok(await page.locator("[name=language]").isVisible());
	await close(page);
});

test("test_fields_have_no_barrier", async () => {
	const axe = load.resolve("axe-core/axe.min.js");
	for (const [size, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
		for (const colorScheme of ["light", "dark"]) {
			for (const [name, target] of [["series", "/articles/first-part"],
				["pinned", "/"], ["editor-more", "/desk/articles/1"]]) {
				const page = await openAt(browser, blog, target,
					{ viewport, colorScheme, bypassCSP: true });
				for (const summary of await page.locator(
					".rarer > summary, .series summary").all())
					await summary.click();
				await page.addScriptTag({ path: axe });
				const { violations } = await page.evaluate(() => window.axe.run());
				assert.deepEqual(violations.map(({ id, nodes }) =>
					[id, nodes.map(({ html }) => html)]), [],
				`${name} ${size} ${colorScheme}`);
				const width = await page.evaluate(() =>
					document.documentElement.scrollWidth - innerWidth);
				assert.ok(width <= 0, `${name} ${size} scrolls sideways`);
				await page.screenshot({ fullPage: true, path: path.join(SHOTS,
					`fields-${name}-${size}-${colorScheme}.png`) });
				await close(page);
			}
		}
	}
});

test("test_nothing_was_against_the_policy", async () => {
	assert.deepEqual(complaints, []);
});

await run(begin, end);
