/*
 * test_markup.mjs - what the pages say to machines: the HTML itself, by a checker;
 * microformats, by a parser; JSON-LD, OpenGraph, links between pages and to feeds;
 * how much all that weighs; and what w3m makes of it.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import http from "node:http";
import { gzipSync } from "node:zlib";

import { address, articlesOf, blog, forEachKind, KINDS, load, startBlogs,
	stopBlogs } from "./browser.mjs";
import { HTML_RULES } from "./html_rules.mjs";
import { run, Skip, test } from "../support/suite.mjs";

const KB = 1024;
const pages = new Map();

/* The text of an address, asked for once. */
async function read(url) {
	if (!pages.has(url))
		pages.set(url, await (await fetch(url)).text());
	return pages.get(url);
}

const readKind = (kind) => read(address(kind));
const kind = (name) => KINDS.find((one) => one.name === name);
const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
const unescapeHtml = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
	.replaceAll("&quot;", "\"").replaceAll("&#39;", "'").replaceAll("&amp;", "&");

/* Start and end of an array, and what is spread evenly between them. */
function spread(list, count) {
	if (list.length <= count)
		return list;
	return Array.from({ length: count },
		(_, i) => list[Math.floor(i * (list.length - 1) / (count - 1))]);
}

/* ---- HTML ---- */

let checker = null;

async function mistakesIn(html, name) {
	const { HtmlValidate } = load("html-validate");
	checker ??= new HtmlValidate(HTML_RULES);
	const report = await checker.validateString(html, name);
	return report.results.flatMap((result) => result.messages)
		.map((message) => `${message.line}:${message.column} ${message.ruleId}: ` +
			message.message);
}

test("test_html_checker_finds_a_mistake", async () => {
	const html = await readKind(kind("article"));

	const found = await mistakesIn(
		html.replace("<main", "<p id=\"page-main\"><div></p><main"), "wrong");

	assert.ok(found.length >= 2, found);
});

test("test_html_of_every_kind_of_page", async () => {
	await forEachKind(KINDS, async (one) =>
		mistakesIn(await readKind(one), one.name));
});

test("test_html_of_every_sample_article", async () => {
	const paths = await articlesOf("sample");
	assert.ok(paths.length >= 15, paths);

	await forEachKind(paths.map((path) => ({ name: path, blog: "sample", path })),
		async (one) => mistakesIn(await readKind(one), one.name));
	console.log(`${KINDS.length + paths.length} pages have no mistake`);
});

/*
 * What other people typed may be wrong in ways that only they can mend: a header
 * cell that does not say what it heads, a link without words, a paragraph opened
 * inside a <span>, a <summary> that comes late. All else comes out right.
 */
const THEIRS = [/^wcag\/h63: /, /^wcag\/h30: /,
	/^element-permitted-content: <p> element .* under <span>$/,
	/^element-permitted-order: Element <summary> /];

test("test_html_of_articles_that_others_wrote", async () => {
	const paths = spread(await articlesOf("rust"), 100);
	const theirs = new Set();

	await forEachKind(paths.map((path) => ({ name: path, blog: "rust", path })),
		async (one) => (await mistakesIn(await readKind(one), one.name))
			.filter((words) => {
				const isTheirs = THEIRS.some((pattern) =>
					pattern.test(words.replace(/^\S+ /, "")));
				if (isTheirs)
					theirs.add(one.path);
				return !isTheirs;
			}));

	console.log(`${paths.length} pages; mistakes of those who wrote them in ` +
		theirs.size);
	assert.ok(theirs.size <= paths.length / 20);
});

test("test_headings_begin_at_one_and_skip_no_level", async () => {
	const paths = await articlesOf("sample");

	await forEachKind([...KINDS, ...paths.map((path) =>
		({ name: path, blog: "sample", path }))], async (one) => {
		const levels = all(await readKind(one), /<h([1-6])[ >]/g).map(Number);
		const found = levels.filter((level) => level === 1).length === 1 &&
			levels[0] === 1 ? [] : [`levels are ${levels}`];
		levels.forEach((level, i) => {
			if (i > 0 && level > levels[i - 1] + 1)
				found.push(`h${level} follows h${levels[i - 1]}`);
		});
		return found;
	});
});

test("test_every_image_has_a_size_and_words", async () => {
	let count = 0;

	await forEachKind(KINDS, async (one) => {
		const images = (await readKind(one)).match(/<img [^>]*>/g) ?? [];
		count += images.length;
		return images.filter((image) => !/ width="\d+"/.test(image) ||
			!/ height="\d+"/.test(image) || !/ alt="/.test(image));
	});
	assert.ok(count >= 6, `${count} images`);
});

test("test_pages_hold_no_script_and_no_style_of_their_own", async () => {
	await forEachKind(KINDS, async (one) => {
		const html = await readKind(one);
		return [...html.match(/<script(?! type="application\/ld\+json">)[^>]*>/g) ?? [],
			...html.match(/<style[^>]*>/g) ?? [],
			...html.match(/<[^>]* (style|on[a-z]+)="[^>]*>/g) ?? [],
			...html.match(/(href|src|action)="\s*javascript:[^"]*"/gi) ?? []];
	});
});

/* ---- what search engines and others read ---- */

const canonicalsOf = (html) => all(html, /<link rel="canonical" href="([^"]*)">/g);

test("test_canonical_address_is_the_page_itself", async () => {
	await forEachKind(KINDS, async (one) => {
		const found = canonicalsOf(await readKind(one)).map(unescapeHtml);
		const wanted = one.status || one.path.startsWith("/search") ? null
			: address(one);
		if (wanted === null)
			return found.length === 0 || found.length === 1 && one.path.startsWith(
				"/search") ? [] : [`${found}`];
		return found.length === 1 && found[0] === wanted ? [] : [`${found}`];
	});
});

test("test_open_graph_describes_the_page", async () => {
	const html = await readKind(kind("article"));
	const property = (name) => all(html, new RegExp(
		`<meta property="${name}" content="([^"]*)">`, "g")).map(unescapeHtml);

	assert.deepEqual(property("og:type"), ["article"]);
	assert.deepEqual(property("og:url"), [address(kind("article"))]);
	assert.match(property("og:title")[0], /^Everything an article can hold/);
	assert.match(property("og:description")[0], /^One article with each thing/);
	assert.match(property("og:image:alt")[0], /^A field of green/);
	assert.equal(property("article:published_time")[0], "2026-10-20T09:30:00Z");
	const image = await fetch(property("og:image")[0]);
	assert.equal(image.status, 200);
	assert.equal(image.headers.get("content-type"), "image/png");

	await forEachKind(KINDS, async (one) =>
		(await readKind(one)).match(/<meta (property|name)="[^"]*" content="">/g));
});

test("test_json_ld_is_a_blog_posting", async () => {
	await forEachKind(KINDS, async (one) => {
		const scripts = all(await readKind(one),
			/<script type="application\/ld\+json">(.*?)<\/script>/gs);
		const isArticle = one.path.startsWith("/articles/");
		if (scripts.length !== (isArticle ? 1 : 0))
			return [`${scripts.length} of them`];
		for (const data of scripts.map(JSON.parse)) {
			assert.equal(data["@context"], "https://schema.org");
			assert.equal(data["@type"], "BlogPosting");
			assert.equal(data.url, address(one));
			assert.ok(data.headline.length > 0);
			assert.ok(!Number.isNaN(Date.parse(data.datePublished)));
			assert.ok(Date.parse(data.dateModified) >= Date.parse(data.datePublished));
			if (one.name !== "article-bare")
				assert.equal(data.author[0]["@type"], "Person");
		}
		return [];
	});
});

test("test_pages_of_a_listing_lead_back_and_forth", async () => {
	const links = async (path) => {
		const html = await read(blog("sample") + path);
		const of = (rel) => all(html, new RegExp(
			`<(?:link|a)(?= )[^>]* rel="${rel}" href="([^"]*)"`, "g"));
		return { prev: of("prev"), next: of("next") };
	};

	const first = await links("/");
	const second = await links("/page/2");

	assert.deepEqual(first, { prev: [], next: ["/page/2", "/page/2"] });
	assert.deepEqual(second, { prev: ["/", "/"], next: [] });
	for (const target of ["/", "/page/2"])
		assert.equal((await fetch(blog("sample") + target)).status, 200);
});

const FEED_TYPES = { "application/atom+xml": "feed", "application/rss+xml": "rss",
	"application/feed+json": "json" };

/* The name of the root element, by a real parser; fails when it is no XML. */
function rootOf(xml) {
	return execFileSync("python3", ["-c", "import sys, xml.etree.ElementTree as t;" +
		"print(t.fromstring(sys.stdin.buffer.read()).tag.split('}')[-1])"],
	{ input: xml, encoding: "utf8" }).trim();
}

test("test_feed_links_lead_to_feeds", async () => {
	const seen = new Set();

	await forEachKind(KINDS, async (one) => {
		const links = [...(await readKind(one)).matchAll(
			/<link rel="alternate" type="([^"]*)" title="[^"]+" href="([^"]*)">/g)];
		if (links.length < 3)
			return [`${links.length} feeds`];
		for (const [, type, href] of links) {
			const url = new URL(href, address(one)).href;
			if (seen.has(url))
				continue;
			seen.add(url);
			const answer = await fetch(url);
			assert.equal(answer.status, 200, url);
			assert.ok(answer.headers.get("content-type").startsWith(type), url);
			const text = await answer.text();
			if (FEED_TYPES[type] === "json")
				assert.match(JSON.parse(text).version, /^https:\/\/jsonfeed\.org\//);
			else
				assert.equal(rootOf(text), FEED_TYPES[type], url);
		}
		return [];
	});
	console.log(`${seen.size} feeds`);
	assert.ok(seen.size >= 12);
});

test("test_every_link_of_every_kind_of_page_answers", async () => {
	const asked = new Map();
	const status = (url) => {
		if (!asked.has(url))
			asked.set(url, fetch(url).then(async (answer) => {
				await answer.arrayBuffer();
				return answer.status;
			}));
		return asked.get(url);
	};

	await forEachKind(KINDS, async (one) => {
		const html = await readKind(one);
		const found = [];
		for (const link of all(html, /<(?:a|link|img)\b[^>]* (?:href|src)="([^"]*)"/g)) {
			const url = new URL(unescapeHtml(link), address(one));
			if (url.origin !== new URL(address(one)).origin)
				continue;
			if (url.pathname + url.search === one.path && url.hash !== "" &&
				!html.includes(` id="${decodeURIComponent(url.hash.slice(1))}"`))
				found.push(`${url.hash} is nowhere`);
			if (await status(url.href.split("#")[0]) !== (url.href.split("#")[0] ===
				address(one) ? one.status ?? 200 : 200))
				found.push(`${url.href}: ${await status(url.href.split("#")[0])}`);
		}
		return found;
	});
	console.log(`${asked.size} addresses`);
});

/* ---- microformats ---- */

function itemsOf(html, base) {
	return load("microformats-parser").mf2(html, { baseUrl: base }).items;
}

const typed = (items, type) => items.filter((item) => item.type.includes(type));

test("test_microformats_of_a_listing", async () => {
	for (const name of ["listing", "listing-page-2", "tag", "category", "author",
		"year", "listing-arabic"]) {
		const one = kind(name);
		const [feed, ...others] = typed(itemsOf(await readKind(one), address(one)),
			"h-feed");

		assert.equal(others.length, 0, name);
		assert.ok(feed.properties.name[0].length > 0, name);
		const entries = typed(feed.children ?? [], "h-entry");
		assert.ok(entries.length >= 2, `${name}: ${entries.length} entries`);
		for (const { properties } of entries) {
			assert.equal(properties.name.length, 1, name);
			assert.match(properties.url[0], /^http:\/\/127\.0\.0\.1:\d+\/articles\//);
			assert.ok(!Number.isNaN(Date.parse(properties.published[0])), name);
			if (!properties.url[0].endsWith("/bare"))
				assert.ok(properties.summary[0].length > 0 &&
					properties.category.length >= 1, properties.url[0]);
		}
	}
	const [feed] = typed(itemsOf(await readKind(kind("listing")), blog("sample")),
		"h-feed");
	assert.equal(feed.properties.author[0].properties.name[0], "Mira Halloran");
});

test("test_microformats_of_an_article", async () => {
	const one = kind("article");
	const [entry, ...others] = typed(itemsOf(await readKind(one), address(one)),
		"h-entry");

	assert.equal(others.length, 0);
	const { properties } = entry;
	assert.match(properties.name[0], /^Everything an article can hold/);
	assert.deepEqual(properties.url, [address(one)]);
	assert.match(properties.summary[0], /^One article with each thing/);
	assert.deepEqual(new Set(properties.category), new Set(["System Design",
		"everything", "tables", "a tag of several words",
		"Donaudampfschifffahrtsgesellschaftskapitänsmütze"]));
	assert.equal(properties.published[0], "2026-10-20T09:30:00Z");
	assert.equal(properties.updated[0], "2026-11-02T12:00:00Z");
	assert.equal(properties.author[0].properties.name[0], "Mira Halloran");
	assert.ok(properties.author[0].properties.url[0].endsWith(
		"/authors/mira-halloran"));
	assert.match(properties.content[0].html, /^<p>The first paragraph/);
	assert.match(properties.content[0].value, /^The first paragraph/);
	assert.ok(properties.featured.length === 1);
});

/* ---- weight ---- */

/* What travels for an address: the bytes of the body as the server sends them. */
function wireSize(url) {
	return new Promise((resolve, reject) => {
		http.get(url, { headers: { "Accept-Encoding": "gzip" } }, (answer) => {
			let size = 0;
			answer.on("data", (data) => {
				size += data.length;
			});
			answer.on("end", () => resolve(
				{ size, encoding: answer.headers["content-encoding"] }));
		}).on("error", reject);
	});
}

test("test_weight_of_pages", async () => {
	const html = await readKind(kind("listing"));
	const sheet = new URL(all(html, /<link rel="stylesheet" href="([^"]*)">/g)[0],
		blog("sample"));
	const text = await read(sheet);
	const style = await wireSize(sheet);
	const figures = [];

	await forEachKind(KINDS, async (one) => {
		const whole = await wireSize(address(one));
		/* nginx compresses 200 and 404. */
		if (whole.encoding !== "gzip" && one.status !== 400)
			return [`sent as ${whole.encoding}`];
		/* Before the article's text makes it larger; nginx compresses like this. */
		const bare = gzipSync((await readKind(one)).replace(
			/(<div class="prose e-content">).*(<\/div>\s*<\/?(?:footer|article))/s,
			"$1$2"), { level: 1 }).length;
		figures.push(`${one.name} ${bare}/${whole.size}`);
		return bare + style.size <= 14 * KB ? []
			: [`${bare} + ${style.size} bytes`];
	});

	console.log(`style.css: ${text.length} bytes, ${style.size} sent\n` +
		`HTML without the article's text/with it, sent: ${figures.join(", ")}`);
	assert.equal(style.encoding, "gzip");
	assert.ok(style.size <= 8 * KB, `style.css: ${style.size}`);
	assert.doesNotMatch(text, /@font-face|@import|url\(/);
});

/* ---- without a graphical browser ---- */

test("test_article_reads_well_in_w3m", async () => {
	const done = spawnSync("w3m", ["-dump", "-cols", "80", "-O", "UTF-8",
		address(kind("article"))], { encoding: "utf8" });
	if (done.error?.code === "ENOENT")
		throw new Skip("w3m is not installed");

	const lines = done.stdout.split("\n").map((line) => line.trim());
	const at = (wanted) => {
		const line = lines.findIndex((text) => text.startsWith(wanted));
		assert.notEqual(line, -1, `no line begins with "${wanted}":\n${done.stdout}`);
		return line;
	};
	const order = ["Skip to the content", "Everything an article can hold",
		"Mira Halloran", "The first paragraph is a plain one.", "Tables",
		"public/", "Code", "#[derive(Debug, Clone)]", "$ make check",
		"A figure has a caption", "1. The text of the first footnote"].map(at);

	assert.deepEqual(order, order.toSorted?.((a, b) => a - b) ??
		[...order].sort((a, b) => a - b));
	assert.ok(lines.includes("pub struct Article<'a> {"));
	assert.ok(at("slug: &'a str,") === at("pub struct Article<'a> {") + 1);
});

await run(() => startBlogs("sample", "subscribing", "arabic", "empty", "rust"),
	stopBlogs);
