/*
 * test_editor_preview.mjs - the preview beside the text, how fast it is, and texts that
 * are long.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { DESKTOP, launch, PHONE, watchMoves } from "./browser.mjs";
import { bodyOf, close, complaints, endBlogs, makeBlog, openAt, openIn, openNew,
	previewOf, setText, setUp, textOf, until, untilSaid } from "./desk.mjs";
import { run, Skip, test } from "../support/suite.mjs";

let browser = null;
let blog = null;

async function begin() {
	browser = await launch();
	blog = await makeBlog("editor");
	await setUp(browser, blog);
}

async function end() {
	await browser?.close();
	await endBlogs();
}

/* ---- the preview ---- */

const EVERYTHING = `First, *emphasis* and [a link](https://example.org/).

## One heading

\`\`\`c
int main(void) { return 0; }
\`\`\`

## Another heading

| a | b |
| --- | --- |
| 1 | 2 |

## A third one

A note.[^1] <b onclick="alert(1)">Bold</b> <script>alert(2)</script>

[^1]: At the end.
`;

test("test_preview_is_what_readers_will_see", async () => {
	const page = await openNew(browser, blog, EVERYTHING);
	await until(async () => /At the end/.test(await previewOf(page).textContent()));
	const links = await previewOf(page).locator("a").evaluateAll((nodes) =>
		nodes.map((node) => [node.tabIndex, node.target]));
	assert.ok(links.length > 2);
	assert.ok(links.every(([tab]) => tab === -1));
	/* What the editor changes for itself. */
	const strip = (html) => html.replace(/ (tabindex|target)="[^"]*"/g, "").trim();
	const shown = strip(await previewOf(page).innerHTML());
	const contents = await page.locator("iframe").contentFrame()
		.locator("nav.contents li").allTextContents();

	await Promise.all([page.waitForURL("**/publication"),
		page.click("button[value=publish]")]);
	await page.click("button[value=publish]");
	await page.click("text=See it on the blog");

	assert.equal(strip(await page.locator(".e-content").innerHTML()), shown);
	assert.deepEqual(await page.locator("nav.contents li").allTextContents(), contents);
	assert.equal(contents.length, 3);
	await close(page);
});

test("test_preview_follows_the_text_and_the_title", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	await page.fill("#field-title", "A first title");
	await bodyOf(page).fill("Some **bold** words.");
	const inside = page.locator("iframe").contentFrame();

	await until(async () => /bold/.test(await previewOf(page).innerHTML()));
	assert.equal(await inside.locator("h1").textContent(), "A first title");
	await page.fill("#field-title", "A second title");
	await until(async () => await inside.locator("h1").textContent() ===
		"A second title");
	/* What has not changed is not made anew: it keeps its place and its images. */
	await bodyOf(page).fill("Some **bold** words.\n\nAnd a paragraph.\n\nThe end.");
	await until(async () => await previewOf(page).locator("p").count() === 3);
	await previewOf(page).locator("p").evaluateAll((nodes) =>
		nodes.forEach((node) => (node.isOld = true)));
	await bodyOf(page).fill("Some **bold** words.\n\nAnd another one.\n\nThe end.");
	await until(async () => /another/.test(await previewOf(page).textContent()));

	assert.deepEqual(await previewOf(page).locator("p").evaluateAll((nodes) =>
		nodes.map((node) => node.isOld === true)), [true, false, true]);
	await close(page);
});

test("test_preview_shows_the_title_once", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	await page.fill("#field-title", "Said twice");
	await bodyOf(page).fill("# Said twice\n\nSome words.");
	await until(async () => /Some words/.test(await previewOf(page).textContent()));
	assert.doesNotMatch(await previewOf(page).textContent(), /Said twice/);

	await page.fill("#field-title", "Another title");
	await until(async () => /Said twice/.test(await previewOf(page).textContent()));
	await close(page);
});

test("test_preview_can_be_turned_off_and_stays_so", async () => {
	const page = await openNew(browser, blog, "A text of five words.");
	const button = page.locator("button[value=preview]");
	assert.equal(await button.getAttribute("aria-pressed"), "true");
	await button.click();
	assert.equal(await page.locator("iframe").isVisible(), false);
	await page.reload();
	assert.equal(await page.locator("iframe").isVisible(), false);
	assert.equal(await button.getAttribute("aria-pressed"), "false");
	assert.equal(await page.textContent("#counts"), "5 words · 1 min");

	/* Then nobody asks the server for one, and words are counted here. */
	const asked = [];
	page.on("request", (request) => asked.push(request.url()));
	await bodyOf(page).fill("A text of five words.\n```\nand code\n```\n日本語 too");
	await until(async () => await page.textContent("#counts") === "8 words · 1 min");
	assert.ok(!asked.some((url) => url.endsWith("/desk/preview")));
	await button.click();
	await until(async () => /日本語/.test(await previewOf(page).textContent()));
	await close(page);
});

test("test_preview_on_a_telephone_stands_below_when_asked_for", async () => {
	const page = await openNew(browser, blog, "A text.", { viewport: PHONE });
	assert.equal(await page.locator("iframe").isVisible(), false);

	await page.click("button[value=preview]");
	await until(async () => /A text/.test(await previewOf(page).textContent()));

	const [above, below] = await Promise.all([bodyOf(page), page.locator("iframe")]
		.map((node) => node.boundingBox()));
	assert.ok(below.y >= above.y + above.height);
	assert.ok(below.y < PHONE.height, "it is in the window");
	await page.click("button[value=preview]");
	assert.equal(await page.locator("iframe").isVisible(), false);
	await close(page);
});

test("test_preview_keeps_in_step", async () => {
	const page = await openNew(browser, blog, Array.from({ length: 200 }, (_, i) =>
		`Paragraph ${i} of many, which has some words in it.`).join("\n\n"));
	await until(async () => /Paragraph 199/.test(await previewOf(page).textContent()));
	const where = () => page.locator("iframe").evaluate((node) =>
		[...node.contentDocument.querySelectorAll(".e-content p")].findIndex((one) =>
			one.getBoundingClientRect().top > node.clientHeight / 2));
	for (const share of [0.25, 0.5, 0.75]) {
		await bodyOf(page).evaluate((node, to) => node.scrollTo(0,
			to * (node.scrollHeight - node.clientHeight)), share);
		await until(async () => Math.abs(await where() - 200 * share) < 15,
			`the preview at ${share}`);
	}
	await bodyOf(page).evaluate((node) => node.scrollTo(0, 0));
	await until(() => page.locator("iframe").evaluate((node) =>
		node.contentWindow.scrollY === 0));
	await close(page);
});

test("test_preview_says_when_it_is_not_up_to_date", async () => {
	const page = await openNew(browser, blog, "Before.");
	await until(async () => /Before/.test(await previewOf(page).textContent()));
	await page.context().setOffline(true);
	await bodyOf(page).fill("After.");

	await until(async () => /Not up to date/.test(
		await page.textContent("#preview-note")));
	await page.context().setOffline(false);

	await until(async () => /After/.test(await previewOf(page).textContent()));
	assert.equal(await page.textContent("#preview-note"), "");
	await close(page);
});

test("test_nothing_of_a_preview_runs", async () => {
	const page = await openNew(browser, blog, "x");
	await bodyOf(page).fill("<img src=x onerror=\"parent.ran = 1\">" +
		"<script>parent.ran = 1</script><iframe srcdoc=\"<script>parent.ran=1" +
		"</script>\"></iframe> [a](javascript:parent.ran=1) done");
	await until(async () => /done/.test(await previewOf(page).textContent()));

	assert.equal(await page.evaluate(() => window.ran), undefined);
	assert.equal(await previewOf(page).locator("script, [onerror]").count(), 0);
	await close(page);
});

test("test_nothing_jumps_while_somebody_writes", async () => {
	for (const viewport of [PHONE, DESKTOP]) {
		const context = await browser.newContext({ viewport, storageState: blog.state });
		await context.addInitScript(watchMoves);
		const page = await openIn(context, blog, "/desk/articles/new");
		await page.keyboard.type("A title that is typed");
		await bodyOf(page).pressSequentially("## A heading\n\nAnd *text* that is typed.");
		await untilSaid(page, "Draft kept");
		await page.keyboard.type("\n\n- One point\n- And another");
		await page.keyboard.press("Control+s");
		await untilSaid(page, "Saved");
		await page.keyboard.type("\n\nThe end.");
		await untilSaid(page, "Draft kept");
		await page.waitForTimeout(300);

		assert.deepEqual(await page.evaluate(() => window.moved), [],
			`${viewport.width} px`);
		await context.close();
	}
});

test("test_nothing_is_animated", async () => {
	const page = await openNew(browser, blog, "A text.");
	const moving = await page.evaluate(() => [...document.querySelectorAll("*")]
		.filter((node) => {
			const style = getComputedStyle(node);
			return parseFloat(style.transitionDuration) > 0 ||
				style.animationName !== "none" || style.scrollBehavior !== "auto";
		}).map((node) => node.outerHTML.slice(0, 60)));
	assert.deepEqual(moving, []);
	await close(page);
});

/* ---- how much work it is ---- */

/* `size` bytes of prose, lists and code. */
function longText(size) {
	const part = "## A heading that is one of many\n\nA paragraph with *some* " +
		"**marks** and [a link](https://example.org/), long enough to be one of a " +
		"real article, which it therefore is.\n\n- one\n- two\n- three\n\n```c\n" +
		"int number(void)\n{\n\treturn 42;\n}\n```\n\n> Said somebody.\n\n";
	return part.repeat(Math.ceil(size / part.length)).slice(0, size);
}

/*
 * In the page, before its scripts: window.work counts what they read of what is typed
 * (characters), what they put into the page at once, and what they ask for.
 */
function watchWork() {
	const work = window.work = { read: 0, previews: 0, underWay: 0, atOnce: 0 };
	const { prototype } = HTMLTextAreaElement;
	const value = Object.getOwnPropertyDescriptor(prototype, "value");
	Object.defineProperty(prototype, "value", { ...value, get() {
		const text = value.get.call(this);
		work.read += text.length;
		return text;
	} });
	const { fetch } = window;
	window.fetch = async (target, options) => {
		const isPreview = target.endsWith("/preview");
		work.previews += isPreview;
		work.underWay += isPreview;
		work.atOnce = Math.max(work.atOnce, work.underWay);
		try {
			return await fetch(target, options);
		} finally {
			work.underWay -= isPreview;
		}
	};
}

/* An editor with a text of `size` bytes that is kept and previewed, whose clock stands
 * still: it goes on by page.clock. */
async function openLong(size) {
	const context = await browser.newContext({ viewport: DESKTOP,
		storageState: blog.state });
	await context.addInitScript(watchWork);
	await context.clock.install();
	const page = await openIn(context, blog, "/desk/articles/new");
	await page.fill("#field-title", "An article");
	await setText(page, longText(size));
	await until(async () => await previewOf(page).locator("h2").count() > size / 1000,
		"the preview", 60);
	await untilSaid(page, "Draft kept", 60);
	await page.clock.pauseAt(Date.now() + 3600000);
	await bodyOf(page).evaluate((node) => {
		const at = node.value.indexOf("A paragraph", node.value.length / 2);
		node.focus();
		node.setSelectionRange(at, at);
		Object.assign(window.work, { read: 0, previews: 0, atOnce: 0 });
	});
	return page;
}

/* How many nodes the next preview takes away or puts in. */
const nextPatch = (page) => page.locator("iframe").evaluate((frame) =>
	new Promise((resolve) => new MutationObserver((records, observer) => {
		observer.disconnect();
		resolve(records.reduce((sum, { addedNodes, removedNodes }) =>
			sum + addedNodes.length + removedNodes.length, 0));
	}).observe(frame.contentDocument.querySelector(".e-content"),
		{ childList: true, subtree: true })));

test("test_typing_does_not_freeze_at_175_kb", async () => {
	const page = await openLong(175000);
	const words = "typed without a pause ";
	await page.keyboard.type(words);

	/* A key reads nothing of the text, and asks for nothing: its work is the same
	 * however long the text is. */
	const { read, previews } = await page.evaluate(() => window.work);
	console.log(`${words.length} keys read ${read} characters`);
	assert.ok(read <= words.length * 100, `${read} characters`);
	assert.equal(previews, 0);
	assert.ok((await textOf(page)).includes(words));

	/* All of them are one preview, and that changes the paragraph alone. */
	const patch = nextPatch(page);
	await page.clock.runFor(1500);
	assert.ok(await patch <= 4, `${await patch} nodes`);
	await until(async () => (await previewOf(page).textContent()).includes(words.trim()));
	assert.equal((await page.evaluate(() => window.work)).previews, 1);
	await close(page);
});

test("test_typing_waits_for_no_preview", async () => {
	const page = await openLong(175000);
	let release = null, isAsked = false;
	const held = new Promise((resolve) => (release = resolve));
	await page.route("**/desk/preview", async (route) => {
		isAsked = true;
		await held;
		await route.continue();
	});
	const words = "typing goes on while it is made ".split(/(?<= )/);
	for (const word of words) {
		await page.keyboard.type(word);
		await page.clock.runFor(1500);
	}
	await until(() => isAsked, "a request for a preview");

	/* The first has not come, and nobody asked for another one meanwhile. */
	assert.ok((await textOf(page)).includes(words.join("")));
	const meanwhile = await page.evaluate(() => window.work);
	assert.deepEqual([meanwhile.previews, meanwhile.atOnce], [1, 1]);
	release();
	await until(async () => {
		await page.clock.runFor(1500);
		return (await previewOf(page).textContent()).includes(words.join("").trim());
	}, "the last preview", 60);

	const { previews, atOnce } = await page.evaluate(() => window.work);
	assert.equal(atOnce, 1);
	assert.ok(previews <= words.length + 1, `${previews}`);
	await close(page);
});

/* The clock of the page stands still: nothing ends by taking too long. */
test("test_saving_waits_for_no_preview", async () => {
	const page = await openLong(2000);
	const asked = [];
	await page.route("**/desk/preview", (route) => {
		asked.push("preview");
		/* The first is never answered. */
		return asked.length > 1 && route.continue();
	});
	await page.route(/articles\/\d+$/, (route) => {
		asked.push("save");
		return route.continue();
	});
	await page.keyboard.type("saved meanwhile ");
	await page.clock.runFor(1500);
	await until(() => asked.length > 0, "a request for a preview");

	await page.keyboard.press("Control+s");

	await untilSaid(page, "Saved");
	assert.deepEqual(asked, ["preview", "save"]);
	assert.equal(await page.textContent("#preview-note"), "");
	await until(async () => {
		await page.clock.runFor(1500);
		return (await previewOf(page).textContent()).includes("saved meanwhile");
	}, "the preview");
	await close(page);
});

test("test_saving_goes_before_a_preview_that_has_not_begun", async () => {
	const page = await openLong(2000);
	const asked = [];
	let release = null;
	const held = new Promise((resolve) => (release = resolve));
	await page.route("**/autosave", async (route) => {
		asked.push("draft");
		await held;
		await route.continue();
	});
	await page.route("**/desk/preview", (route) => {
		asked.push("preview");
		return route.continue();
	});
	await page.route(/articles\/\d+$/, (route) => {
		asked.push("save");
		return route.continue();
	});
	await page.keyboard.type("kept ");
	await page.clock.runFor(2500);
	await until(() => asked.includes("draft"), "a draft");
	await page.keyboard.type("and saved ");
	await page.clock.runFor(1500);

	await page.keyboard.press("Control+s");
	release();

	await untilSaid(page, "Saved");
	assert.deepEqual(asked.slice(asked.indexOf("draft")), ["draft", "save"]);
	await until(async () => {
		await page.clock.runFor(1500);
		return (await previewOf(page).textContent()).includes("and saved");
	}, "the preview");
	await close(page);
});

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

/* ms from a key to the preview that shows it, for keys at places of the text; and
 * what a preview costs here by itself: to ask for it and to read the answer. */
async function timePreviews(page, count) {
	const own = [], shown = [];
	for (let i = 0; i < count; i++) {
		const times = await bodyOf(page).evaluate(async (node, share) => {
			const { form, value } = node;
			const began = performance.now();
			const answer = await fetch(`${form.dataset.desk}/preview`, {
				method: "POST", headers: { "X-Form-Token":
					form.elements.form_token.value },
				body: new URLSearchParams({ id: form.dataset.id,
					body: `${value}${share}` }) });
			document.implementation.createHTMLDocument().body.append(
				(await answer.json()).html);
			const cost = performance.now() - began;

			const at = value.indexOf("A paragraph", value.length * share);
			node.focus();
			node.setSelectionRange(at, at);
			const place = document.querySelector("iframe").contentDocument
				.querySelector(".e-content");
			const seen = new Promise((resolve) => new MutationObserver((_, observer) => {
				observer.disconnect();
				resolve(performance.now());
			}).observe(place, { childList: true, subtree: true }));
			document.execCommand("insertText", false, "x");
			return [cost, -performance.now() + await seen];
		}, i / (count + 1));
		own.push(times[0]);
		shown.push(times[1]);
		await page.waitForTimeout(200);
	}
	return [median(own), median(shown)];
}

/* 150 ms on a machine of our days; on any machine a small multiple of what it costs to
 * make one, and of the pause that ends typing (30 ms). */
test("test_preview_of_25_kb_within_150_ms", async () => {
	const page = await openNew(browser, blog, "x");
	await setText(page, longText(25000));
	await until(async () => await previewOf(page).locator("h2").count() > 20);

	const [own, shown] = await timePreviews(page, 11);

	console.log(`25 KB: ${shown.toFixed(0)} ms; by itself ${own.toFixed(0)} ms`);
	assert.ok(shown < 5 * Math.max(own, 30), `${shown} ms, of one that costs ${own} ms`);
	await close(page);
});

/* ---- long texts behind a server with limits ---- */

/* The longest article of the corpus, where that is at hand. */
function longestArticle() {
	const file = path.join(process.env.srcdir ?? ".", "../shared/corpus/rust-blog",
		"content/Project-Goals-2025-November-Update.md");
	if (!fs.existsSync(file))
		throw new Skip(`${file} is not there`);
	return fs.readFileSync(file, "utf8").replace(/^(---|\+\+\+)\n[^]*?\n\1\n/, "");
}

async function writeLong(text, mark) {
	const limited = await makeBlog(`limits ${mark}`, "apache_fcgid");
	await setUp(browser, limited);
	const context = await browser.newContext({ viewport: DESKTOP,
		storageState: limited.state });
	/* The debugger does not see how long the body of a Blob is. */
	await context.addInitScript(() => {
		const { fetch } = window;
		window.sizes = [];
		window.fetch = (target, options) => {
			window.sizes.push(options.body instanceof Blob ? options.body.size :
				String(options.body).length);
			return fetch(target, options);
		};
	});
	const page = await openIn(context, limited, "/desk/articles/new");
	await page.fill("#field-title", "A very long one");
	await setText(page, text);
	await bodyOf(page).press("Control+End");
	await page.keyboard.type(mark);

	await until(async () => (await previewOf(page).textContent()).includes(mark),
		"the preview", 30);
	await untilSaid(page, "Draft kept", 30);
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved", 30);

	const rows = await limited.sql("SELECT body FROM article");
	assert.equal(rows.length, 1);
	assert.equal(rows[0][0], text + mark);
	const sizes = await page.evaluate(() => window.sizes);
	console.log(`${Buffer.byteLength(text)} bytes in ${sizes.length} requests of at ` +
		`most ${Math.max(...sizes)} bytes`);
	assert.ok(Math.max(...sizes) <= 96 * 1024, `${sizes}`);
	assert.ok(sizes.reduce((sum, size) => sum + size) > Buffer.byteLength(text));
	return { limited, page, context };
}

test("test_173_kb_through_mod_fcgid_at_its_default_limits", async () => {
	const text = longestArticle();
	assert.ok(Buffer.byteLength(text) > 170000);
	const { limited, page, context } = await writeLong(text, "the mark at its end");

	/* What it would be without pieces: that the limit is there is part of this. */
	const refused = await page.evaluate(async () => {
		const form = document.getElementById("editor");
		const answer = await fetch(form.getAttribute("action"), { method: "POST",
			body: new URLSearchParams(new FormData(form)) });
		return answer.status;
	});
	assert.ok(refused >= 400, `${refused}`);
	/* A conflict, whose form is sent by the browser itself. */
	await limited.sql("UPDATE article SET version = version + 1");
	await bodyOf(page).press("Control+End");
	await page.keyboard.type(" and more");
	await Promise.all([page.waitForNavigation(), page.keyboard.press("Control+s")]);
	assert.match(await page.textContent("main"), /was saved elsewhere/);
	assert.ok((await textOf(page)).endsWith("the mark at its end and more"));
	await context.close();
});

test("test_text_that_is_not_ascii_through_mod_fcgid", async () => {
	/* 45 KB, of which a form makes three times as much. */
	const { context } = await writeLong("Ελληνικά γράμματα, "
		.repeat(1300), "τέλος");

	await context.close();
});

/* ---- what must hold all the time ---- */

test("test_nothing_was_against_the_policy", () => {
	assert.deepEqual(complaints, []);
});

await run(begin, end);

await run(begin, end);
