/*
 * test_layout.mjs - how pages stand on a screen: width, measure, sizes, contrast,
 * targets, focus, and the other circumstances in which people read: large text,
 * text spacing, the keyboard, forced colours, less motion, paper, right to left.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { articlesOf, blog, DESKTOP, forEachKind, KINDS, launch,
	launchWithText, load, open, PHONE, SHOTS, startBlogs, stopBlogs } from "./browser.mjs";
import * as look from "./look.mjs";
import { run, test } from "../support/suite.mjs";

const NARROW = { width: 320, height: 640 };
const kind = (name) => KINDS.find((one) => one.name === name);

let browser = null;

/* Do `body` with a page of `options`, and close it. */
async function withPage(options, body) {
	const context = await browser.newContext(options);
	try {
		return await body(await context.newPage());
	} finally {
		await context.close();
	}
}

/* `inPage` of look.mjs on every kind of page; what it returns are findings. */
function lookAtEachKind(options, inPage, prepare = async () => {}) {
	return withPage(options, (page) => forEachKind(KINDS, async (one) => {
		await open(page, one);
		await prepare(page, one);
		return await page.evaluate(inPage);
	}));
}

/* The beginning of a page, for people to look at. */
const shoot = (page, name) => page.screenshot({ fullPage: true,
	clip: { x: 0, y: 0, width: page.viewportSize().width, height: 4000 },
	path: path.join(SHOTS, `${name}.png`) });

/* ---- nothing scrolls sideways ---- */

test("test_no_page_scrolls_sideways_at_320_pixels", () =>
	lookAtEachKind({ viewport: NARROW }, look.sticksOut, async (page, one) => {
		if (["article", "listing", "tags", "article-arabic"].includes(one.name))
			await shoot(page, `${one.name}-narrow`);
	}));

test("test_no_page_scrolls_sideways_on_a_desk", () =>
	lookAtEachKind({ viewport: DESKTOP }, look.sticksOut));

test("test_no_page_scrolls_sideways_between_the_two", () =>
	withPage({}, (page) => forEachKind(["article", "listing", "author"].map(kind),
		async (one) => {
			const found = [];
			await open(page, one);
			for (let width = 320; width <= 1600; width += 40) {
				await page.setViewportSize({ width, height: 900 });
				for (const words of await page.evaluate(look.sticksOut))
					found.push(`${width}: ${words}`);
			}
			return found;
		})));

test("test_no_article_of_others_scrolls_sideways", async () => {
	const paths = await articlesOf("rust");
	const some = paths.filter((_, i) => i % 12 === 0)
		.map((one) => ({ name: one, blog: "rust", path: one }));

	await withPage({ viewport: NARROW }, async (page) => {
		/* Pictures on other hosts say nothing about width. */
		await page.route((url) => url.origin !== blog("rust"),
			(route) => route.abort());
		await forEachKind(some, async (one) => {
			await open(page, one);
			return await page.evaluate(look.sticksOut);
		});
	});
	console.log(`${some.length} articles`);
});

/* As a reader sets it, so that the widths at which the page changes change too. */
async function withDoubleText(viewport, body) {
	const profile = fs.mkdtempSync(path.join(os.tmpdir(), "byline-chromium-"));
	fs.mkdirSync(path.join(profile, "Default"));
	fs.writeFileSync(path.join(profile, "Default/Preferences"), JSON.stringify(
		{ webkit: { webprefs: { default_font_size: 32 } } }));
	const context = await launchWithText(profile, { viewport });
	try {
		await body(context.pages()[0]);
	} finally {
		await context.close();
		fs.rmSync(profile, { recursive: true, force: true });
	}
}

const holdsDoubleText = (viewport) => withDoubleText(viewport, (page) =>
	forEachKind(KINDS, async (one) => {
		await open(page, one);
		const size = await page.evaluate(() =>
			parseFloat(getComputedStyle(document.documentElement).fontSize));
		assert.ok(size >= 34 && size <= 38, `${size}`);
		if (["article", "listing"].includes(one.name))
			await shoot(page, `${one.name}-double-${viewport.width}`);
		return [...await page.evaluate(look.sticksOut),
			...await page.evaluate(look.isCut)];
	}));

test("test_text_twice_as_large_holds_on_a_desk", () => holdsDoubleText(DESKTOP));
test("test_text_twice_as_large_holds_at_320_pixels", () => holdsDoubleText(NARROW));

test("test_text_spacing_of_wcag_holds", () =>
	withPage({}, (page) => forEachKind(KINDS, async (one) => {
		const found = [];
		for (const viewport of [NARROW, DESKTOP]) {
			await page.setViewportSize(viewport);
			await open(page, one);
			await page.evaluate(look.spaceOut);
			if (one.name === "article")
				await shoot(page, `${one.name}-spaced-${viewport.width}`);
			for (const check of [look.sticksOut, look.isCut])
				for (const words of await page.evaluate(check))
					found.push(`${viewport.width}: ${words}`);
		}
		return found;
	})));

/* ---- what is wider than the text ---- */

test("test_code_and_tables_scroll_by_themselves_and_by_keyboard", () =>
	withPage({ viewport: PHONE }, async (page) => {
		await open(page, kind("article"));
		const regions = page.locator("pre, .table");
		let moved = 0;

		for (let i = 0; i < await regions.count(); i++) {
			const region = regions.nth(i);
			const isWide = await region.evaluate((node) =>
				node.scrollWidth > node.clientWidth);
			await region.focus();
			assert.ok(await region.evaluate((node) =>
				node === document.activeElement), `region ${i} takes no focus`);
			assert.ok(await region.getAttribute("aria-label"), `region ${i}`);
			if (!isWide)
				continue;
			await page.keyboard.press("ArrowRight");
			await page.waitForFunction((node) => node.scrollLeft > 0,
				await region.elementHandle(), { timeout: 3000 });
			moved++;
		}

		console.log(`${await regions.count()} regions, ${moved} scroll`);
		assert.ok(moved >= 5);
	}));

/* ---- type ---- */

const hasGoodType = (viewport) => withPage({ viewport }, async (page) => {
	for (const one of ["article-text", "standing"]) {
		await open(page, kind(one));
		const type = await page.evaluate(look.type);

		console.log(one, type);
		assert.ok(type.size >= 17 && type.size <= 19, `${type.size} px`);
		assert.ok(type.leading >= 1.5 && type.leading <= 1.7, `${type.leading}`);
		assert.ok(type.headings.every((size, i) =>
			i === 0 || size <= type.headings[i - 1]), `${type.headings}`);
		if (viewport === DESKTOP)
			assert.ok(type.measure >= 60 && type.measure <= 75,
				`${type.measure} characters a line`);
	}
});

test("test_type_on_a_desk", () => hasGoodType(DESKTOP));
test("test_type_on_a_telephone", () => hasGoodType(PHONE));

/* ---- colours ---- */

const hasContrast = async (colorScheme) => {
	let least = { text: 99, control: 99 };
	await withPage({ viewport: DESKTOP, colorScheme }, (page) =>
		forEachKind(KINDS, async (one) => {
			await open(page, one);
			const { text, control, found } = await page.evaluate(look.contrast);
			least = { text: Math.min(least.text, text),
				control: Math.min(least.control, control) };
			return found;
		}));
	console.log(`least contrast: text ${least.text.toFixed(2)}, ` +
		`controls ${least.control.toFixed(2)}`);
};

test("test_contrast_light", () => hasContrast("light"));
test("test_contrast_dark", () => hasContrast("dark"));

const hasCodeContrast = (colorScheme) =>
	withPage({ colorScheme }, async (page) => {
		await open(page, kind("article"));

		const colours = await page.evaluate(look.codeColours);

		console.log(colours.map(({ name, ratio }) =>
			`${name} ${ratio.toFixed(2)}`).join(", "));
		assert.ok(colours.length >= 15);
		assert.deepEqual(colours.filter(({ ratio }) => ratio < 4.5), []);
	});

test("test_contrast_of_every_colour_of_code_light", () => hasCodeContrast("light"));
test("test_contrast_of_every_colour_of_code_dark", () => hasCodeContrast("dark"));

test("test_light_and_dark_differ_and_are_announced", () =>
	withPage({ colorScheme: "dark" }, async (page) => {
		await open(page, kind("listing"));
		const dark = await page.evaluate(look.paper);
		await page.emulateMedia({ colorScheme: "light" });
		const light = await page.evaluate(look.paper);

		assert.ok(dark.luminance < 0.15 && light.luminance > 0.9);
		/* Without a flash: the browser knows before it has the style sheet. */
		assert.equal(dark.announced, "light dark");
	}));

/* ---- fingers and keys ---- */

const hasLargeTargets = (viewport) => lookAtEachKind({ viewport }, look.smallTargets);

test("test_targets_are_large_on_a_telephone", () => hasLargeTargets(PHONE));
test("test_targets_are_large_on_a_desk", () => hasLargeTargets(DESKTOP));

test("test_skip_link_leads_to_the_content", () =>
	withPage({ viewport: PHONE }, (page) => forEachKind(KINDS, async (one) => {
		await open(page, one);
		await page.keyboard.press("Tab");
		const skip = await page.evaluate(() => {
			const { left, top, width, height } =
				document.activeElement.getBoundingClientRect();
			return { name: document.activeElement.className, left, top, width, height };
		});
		assert.equal(skip.name, "skip");
		assert.ok(skip.left >= 0 && skip.top >= 0 && skip.width > 100 &&
			skip.height >= 24, JSON.stringify(skip));
		await page.keyboard.press("Enter");
		assert.equal(await page.evaluate(() => document.activeElement.id), "page-main");
		/* The next key goes on from there. */
		await page.keyboard.press("Tab");
		return await page.evaluate(() => document.activeElement === document.body ||
			document.querySelector("main, footer")
				.compareDocumentPosition(document.activeElement) &
				(Node.DOCUMENT_POSITION_CONTAINED_BY |
				Node.DOCUMENT_POSITION_FOLLOWING)) ? [] : ["the key goes elsewhere"];
	})));

/* Every stop of the Tab key on a page. */
async function stops(page) {
	const seen = [];
	await page.evaluate(look.numberFocusable);
	for (;;) {
		await page.keyboard.press("Tab");
		const stop = await page.evaluate(look.stop);
		if (stop === null || seen.some(({ number }) => number === stop.number))
			return seen;
		seen.push(stop);
	}
}

const keysFollow = (viewport) => withPage({ viewport, reducedMotion: "reduce" }, (page) =>
	forEachKind(["listing", "listing-subscribe", "article", "article-arabic",
		"author", "tags", "search-hits", "not-found"].map(kind), async (one) => {
		await open(page, one);
		const found = [];
		const seen = await stops(page);
		const count = await page.evaluate(look.countFocusable);

		if (seen.length !== count)
			found.push(`${seen.length} stops of ${count}`);
		seen.forEach((stop, i) => {
			if (!stop.isMarked)
				found.push(`no ring at ${stop.words}`);
			if (!stop.isSeen)
				found.push(`not in sight: ${stop.words}`);
			if (stop.number !== i)
				found.push(`${stop.words} is out of order`);
			/* Beside the text stand only the contents. */
			if (i > 0 && !stop.isBeside && !seen[i - 1].isBeside &&
				stop.bottom <= seen[i - 1].top)
				found.push(`${stop.words} stands above ${seen[i - 1].words}`);
		});
		return found;
	}));

test("test_keys_follow_the_reading_order_on_a_telephone", () => keysFollow(PHONE));
test("test_keys_follow_the_reading_order_on_a_desk", () => keysFollow(DESKTOP));

/* ---- other circumstances ---- */

test("test_forced_colours_leave_everything_to_be_seen", () =>
	withPage({ viewport: DESKTOP, forcedColors: "active" }, (page) =>
		forEachKind(KINDS, async (one) => {
			await open(page, one);
			assert.ok(await page.evaluate(() =>
				matchMedia("(forced-colors: active)").matches));
			if (["article", "listing-subscribe"].includes(one.name))
				await shoot(page, `${one.name}-forced`);
			return await page.evaluate(look.borderless);
		})));

test("test_nothing_moves_for_those_who_want_that", () =>
	lookAtEachKind({ reducedMotion: "reduce" }, look.moves));

test("test_paper_shows_what_paper_can", () =>
	withPage({ viewport: { width: 700, height: 990 }, colorScheme: "dark" },
		(page) => forEachKind(KINDS, async (one) => {
			await open(page, one);
			await page.emulateMedia({ media: "print" });
			if (["article", "listing"].includes(one.name))
				await shoot(page, `${one.name}-print`);
			const found = [...await page.evaluate(look.onPaper),
				...await page.evaluate(look.sticksOut)];
			await page.emulateMedia({ media: null });
			return found;
		})));

test("test_paper_has_the_whole_article", () =>
	withPage({}, async (page) => {
		await open(page, kind("article"));

		const pdf = await page.pdf({ format: "A4" });

		fs.writeFileSync(path.join(SHOTS, "article.pdf"), pdf);
		const count = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
		console.log(`${count} pages of A4`);
		assert.ok(count >= 4 && count <= 12);
	}));

test("test_right_to_left", () =>
	withPage({ viewport: DESKTOP }, async (page) => {
		await open(page, kind("article-arabic"));

		const sides = await page.evaluate(look.sides);

		assert.deepEqual(sides, { dir: "rtl", lang: "ar", code: "ltr",
			codeAlign: "left", text: "right", name: "right", quote: "right",
			list: "right", back: "→" });
	}));

test("test_a_word_in_another_direction", () =>
	withPage({ viewport: PHONE }, async (page) => {
		await open(page, kind("article"));

		assert.equal(await page.locator("[lang=ar]").evaluate((node) =>
			getComputedStyle(node).direction), "rtl");
		assert.equal(await page.locator("[lang=ar] code").evaluate((node) =>
			getComputedStyle(node).direction), "ltr");
	}));

/* What a browser's reader mode makes of it: Firefox uses this very code. */
test("test_reader_mode_finds_the_article", () =>
	withPage({}, async (page) => {
		await open(page, kind("article"));
		await page.evaluate(fs.readFileSync(
			load.resolve("@mozilla/readability/Readability.js"), "utf8"));

		const article = await page.evaluate(() => {
			const copy = document.implementation.createHTMLDocument();
			copy.replaceChild(copy.importNode(document.documentElement, true),
				copy.documentElement);
			return new window.Readability(copy).parse();
		});

		assert.match(article.title, /^Everything an article can hold/);
		assert.match(article.byline, /Mira Halloran/);
		for (const words of ["The first paragraph is a plain one", "Tables",
			"pub struct Article", "A figure has a caption", "alphabetical",
			"The text of the second, of several lines"])
			assert.ok(article.textContent.includes(words), words);
		assert.ok(!article.textContent.includes("Stay in the loop"));
		assert.ok(!article.textContent.includes("Follow by"));
	}));

await run(async () => {
	await startBlogs("sample", "subscribing", "arabic", "empty", "rust");
	browser = await launch();
}, async () => {
	await browser?.close();
	await stopBlogs();
});
