/*
 * test_editor.mjs - what the script of the editor does, and that nothing needs it: real
 * Chromium before real nginx and the real desk.
 */
import assert from "node:assert/strict";

import { DESKTOP, launch, PHONE } from "./browser.mjs";
import { bodyOf, close, complaints, draftsIn, endBlogs, keptFields, makeBlog,
	numberOf, offerIn, openAt, openNew, previewOf, setUp, storedBody, textOf, until,
	untilSaid } from "./desk.mjs";
import { run, test } from "../support/suite.mjs";

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

/* ---- the script itself ---- */

test("test_script_is_small_and_optional", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	const scripts = await page.locator("script").evaluateAll((nodes) =>
		nodes.map((node) => [node.src, node.textContent]));
	assert.equal(scripts.length, 1);
	assert.equal(scripts[0][1], "");

	const size = (await (await fetch(scripts[0][0])).arrayBuffer()).byteLength;

	console.log(`desk.js has ${size} bytes`);
	assert.ok(size > 5000 && size <= 20000, `${size} bytes`);
	await page.goto(`${blog.address}/desk/articles`);
	assert.equal(await page.locator("script").count(), 0);
	await close(page);
});

test("test_editor_works_without_a_script", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new", { javaScriptEnabled: false });
	assert.equal(await page.locator(".tools").isVisible(), false);
	assert.equal(await page.locator("iframe").isVisible(), false);
	assert.equal(await page.locator("#hint-body").isVisible(), true);
	await page.fill("#field-title", "Without");
	await bodyOf(page).fill("A *plain* form.");

	await page.click("button[value=preview]");
	assert.equal(await previewOf(page).innerHTML(),
		"\n<p>A <em>plain</em> form.</p>\n\n");
	await bodyOf(page).fill("A *plainer* form.");
	await page.click("button[value=preview]");
	assert.match(await previewOf(page).innerHTML(), /plainer/);
	const id = numberOf(page);
	assert.equal(await storedBody(blog, id), "A *plain* form.");
	await page.click("button[value=save]");

	assert.equal(await storedBody(blog, id), "A *plainer* form.");
	assert.match(await page.textContent("main"), /Saved/);
	assert.equal((await keptFields(blog, id)).length, 0);
	await close(page);
});

/* ---- saving ---- */

test("test_ctrl_s_saves_and_stays", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	const loads = [];
	page.on("load", () => loads.push(page.url()));
	await page.fill("#field-title", "A title");
	await bodyOf(page).fill("One.");

	await page.keyboard.press("Control+s");
	const said = await untilSaid(page, /^Saved \d\d:\d\d$/);
	const id = numberOf(page);
	assert.equal(await storedBody(blog, id), "One.");
	await bodyOf(page).fill("One. Two.");
	await page.focus("#field-title");
	await page.keyboard.press("Control+s");
	await until(async () => await storedBody(blog, id) === "One. Two.");

	assert.match(said, /^Saved/);
	assert.deepEqual(loads, []);
	assert.equal(await page.getAttribute("#editor", "action"), `/desk/articles/${id}`);
	assert.equal(await page.locator("#saved").getAttribute("role"), "status");
	/* Each save is a revision; the second began from the first. */
	assert.deepEqual(await blog.sql(
		"SELECT version FROM revision WHERE article_id = ? ORDER BY version", id),
	[[1], [2]]);
	await close(page);
});

test("test_saving_what_is_saved_makes_no_revision", async () => {
	const page = await openNew(browser, blog, "Once.");

	await page.keyboard.press("Control+s");
	await untilSaid(page, "All is saved");

	assert.deepEqual(await blog.sql(
		"SELECT count(*) FROM revision WHERE article_id = ?", numberOf(page)), [[1]]);
	await close(page);
});

test("test_a_problem_stands_beside_its_field", async () => {
	const page = await openNew(browser, blog, "A text.");
	await page.fill("[name=slug]", "No Slug!");

	await page.keyboard.press("Control+s");
	await untilSaid(page, "Not saved: it is made of lower-case letters");
	const field = page.locator("[name=slug]");
	assert.equal(await field.getAttribute("aria-invalid"), "true");
	assert.match(await page.textContent("#problem-slug"), /lower-case/);
	assert.match(await field.getAttribute("aria-describedby"), /problem-slug/);
	assert.equal(await field.evaluate((node) => node === document.activeElement), true);
	await field.fill("a-slug");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");

	assert.equal(await page.locator("#problem-slug").count(), 0);
	assert.equal(await field.getAttribute("aria-invalid"), null);
	assert.deepEqual(await blog.sql("SELECT slug FROM article WHERE id = ?",
		numberOf(page)), [["a-slug"]]);
	await close(page);
});

test("test_a_title_of_10000_characters_is_refused_and_kept", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	const title = "long ".repeat(2000);
	await page.fill("#field-title", title);
	await bodyOf(page).fill("A text under it.");

	await page.keyboard.press("Control+s");
	await untilSaid(page, "Not saved: ");
	assert.equal((await draftsIn(page)).length, 1);
	assert.equal(await page.inputValue("#field-title"), title);
	await page.fill("#field-title", "short");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");

	assert.equal(await storedBody(blog, numberOf(page)), "A text under it.");
	assert.deepEqual(await draftsIn(page), []);
	await close(page);
});

test("test_what_is_wrong_with_a_field_stands_in_sight", async () => {
	for (const viewport of [PHONE, DESKTOP]) {
		const page = await openNew(browser, blog, "A text.", { viewport });
		await page.fill("[name=slug]", "No Slug!");
		await page.keyboard.press("Control+s");
		await untilSaid(page, "Not saved");

		const [problem, bar] = await Promise.all(["#problem-slug", ".actions"]
			.map((one) => page.locator(one).boundingBox()));
		assert.ok(problem.y > 0 && problem.y + problem.height <= bar.y,
			`${viewport.width} px: ${problem.y} to ${problem.y + problem.height}, ` +
			`and the bar begins at ${bar.y}`);
		await close(page);
	}
});

/* ---- keeping ---- */

/* By the clock of the page: how long the server takes is another matter. */
test("test_a_draft_is_kept_within_five_seconds_of_a_pause", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	await page.clock.install();
	await page.reload();
	await page.clock.pauseAt(Date.now() + 3600000);
	await bodyOf(page).fill("Stored. Typed");
	await page.keyboard.type(" since.");
	assert.deepEqual(await keptFields(blog, id), []);

	await page.clock.runFor(4900);
	await untilSaid(page, /^Draft kept \d\d:\d\d$/);

	const [fields] = await keptFields(blog, id);
	assert.equal(fields.get("body"), "Stored. Typed since.");
	assert.equal(await storedBody(blog, id), "Stored.");
	assert.deepEqual(await draftsIn(page), []);
	await close(page);
});

test("test_a_new_article_is_there_from_its_first_draft_on", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	await page.fill("#field-title", "From the first draft on");
	await bodyOf(page).fill("One.");

	await untilSaid(page, "Draft kept");
	const id = numberOf(page);
	assert.equal(await page.getAttribute("#editor", "action"), `/desk/articles/${id}`);
	assert.deepEqual(await blog.sql("SELECT status, title FROM article WHERE id = ?",
		id), [["draft", "From the first draft on"]]);
	await bodyOf(page).fill("One. Two.");
	await untilSaid(page, "Draft kept");
	await until(async () => (await keptFields(blog, id)).length === 1);
	await page.reload();

	assert.equal(await textOf(page), "One.");
	await page.click("text=Go on with it");
	assert.equal(await textOf(page), "One. Two.");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	assert.equal(await storedBody(blog, id), "One. Two.");
	assert.equal((await keptFields(blog, id)).length, 0);
	await close(page);
});

test("test_nothing_typed_keeps_nothing", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	const before = await blog.sql("SELECT count(*) FROM article");
	await page.fill("#field-title", "x");
	await page.fill("#field-title", "");

	await page.waitForTimeout(3000);

	assert.deepEqual(await blog.sql("SELECT count(*) FROM article"), before);
	assert.equal(await page.textContent("#saved"), "Not saved yet");
	await close(page);
});

test("test_a_lost_answer_makes_no_second_article", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	let lost = 0;
	await page.route("**/new/autosave", async (route) => {
		await route.fetch();
		lost++;
		await route.abort();
	}, { times: 1 });
	await page.fill("#field-title", "Only one of it");
	await bodyOf(page).fill("One.");
	await untilSaid(page, "Not saved: the server does not answer");
	await bodyOf(page).fill("One. Two.");

	await untilSaid(page, "Draft kept");

	assert.equal(lost, 1);
	const rows = await blog.sql(
		"SELECT id, body FROM article WHERE title = 'Only one of it'");
	assert.deepEqual(rows.map(([, text]) => text), ["One."]);
	assert.equal(numberOf(page), rows[0][0]);
	assert.equal((await keptFields(blog, rows[0][0]))[0].get("body"), "One. Two.");
	await close(page);
});

test("test_leaving_warns_while_something_is_not_kept", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const asked = [];
	page.on("dialog", (dialog) => {
		asked.push(dialog.type());
		return dialog.accept();
	});
	await bodyOf(page).pressSequentially(" More");

	await page.close({ runBeforeUnload: true });
	await until(() => page.isClosed());
	assert.deepEqual(asked, ["beforeunload"]);

	const other = await page.context().newPage();
	await other.goto(`${blog.address}/desk/articles/new`);
	other.on("dialog", (dialog) => {
		asked.push("again");
		return dialog.accept();
	});
	await other.fill("#field-title", "Kept");
	await untilSaid(other, "Draft kept");
	await other.close({ runBeforeUnload: true });
	await until(() => other.isClosed());
	assert.deepEqual(asked, ["beforeunload"]);
	await page.context().close();
});

/* ---- two at once ---- */

test("test_a_conflict_shows_both_texts", async () => {
	const one = await openNew(browser, blog, "The text that both began from.");
	const id = numberOf(one);
	const other = await openAt(browser, blog, `/desk/articles/${id}`);
	await bodyOf(other).fill("The text that the other saved.");
	await other.keyboard.press("Control+s");
	await untilSaid(other, "Saved");
	await bodyOf(one).fill("The text that one typed.");

	await Promise.all([one.waitForNavigation(), one.keyboard.press("Control+s")]);
	const main = await one.textContent("main");
	assert.match(main, /was saved elsewhere since you opened it/);
	assert.equal(await textOf(one), "The text that one typed.");
	assert.equal(await storedBody(blog, id), "The text that the other saved.");
	assert.match(await one.locator(".difference del").allTextContents()
		.then((texts) => texts.join(" ")), /other/);
	/* It is not stored, so it is kept at once. */
	await untilSaid(one, "Draft kept");
	assert.deepEqual(await draftsIn(one), []);
	assert.equal(await offerIn(one).isVisible(), false);
	await one.keyboard.press("Control+s");
	await untilSaid(one, "Saved");

	assert.equal(await storedBody(blog, id), "The text that one typed.");
	assert.deepEqual(await blog.sql("SELECT body FROM revision WHERE article_id = ?" +
		" ORDER BY version", id), [["The text that both began from."],
		["The text that the other saved."], ["The text that one typed."]]);
	await close(one);
	await close(other);
});

test("test_what_this_browser_kept_does_not_overwrite_what_was_saved_since", async () => {
	const page = await openNew(browser, blog, "First.");
	const id = numberOf(page);
	await page.context().setOffline(true);
	await bodyOf(page).fill("Offline.");
	await until(async () => (await draftsIn(page)).length === 1);
	await page.close();
	await page.context().setOffline(false);
	const other = await openAt(browser, blog, `/desk/articles/${id}`);
	await bodyOf(other).fill("Meanwhile.");
	await other.keyboard.press("Control+s");
	await untilSaid(other, "Saved");
	const again = await page.context().newPage();
	await again.goto(`${blog.address}/desk/articles/${id}`);

	await offerIn(again).getByText("Take it").click();
	await Promise.all([again.waitForNavigation(), again.keyboard.press("Control+s")]);

	assert.match(await again.textContent("main"), /was saved elsewhere/);
	assert.equal(await storedBody(blog, id), "Meanwhile.");
	assert.equal(await textOf(again), "Offline.");
	await close(other);
	await page.context().close();
});

/* ---- tools ---- */

/* Put `text` into the editor, [selected] or with a | where the cursor stands. */
async function put(page, text) {
	const from = text.search(/[[|]/);
	const plain = text.replace(/[[\]|]/g, "");
	const to = text.includes("]") ? text.indexOf("]") - 1 : from;
	await bodyOf(page).fill(plain);
	await bodyOf(page).evaluate((node, [start, end]) => {
		node.focus();
		node.setSelectionRange(start, end);
	}, [from, to]);
}

/* The same of what is there now. */
const look = (page) => bodyOf(page).evaluate((node) => {
	const { value, selectionStart: from, selectionEnd: to } = node;
	return from === to ? `${value.slice(0, from)}|${value.slice(from)}` :
		`${value.slice(0, from)}«${value.slice(from, to)}»${value.slice(to)}`;
});

const WITH_TOOLS = [
	["Bold", "a [word] here", "a **«word»** here"],
	["Bold", "a **[word]** here", "a «word» here"],
	["Bold", "a [word ]here", "a **«word»** here"],
	["Bold", "a |", "a **|**"],
	["Italic", "a [word]", "a _«word»_"],
	["Link", "see [this]", "see [this](|)"],
	["Link", "see |", "see [|]()"],
	["Link", "see [https://example.org/a]", "see [|](https://example.org/a)"],
	["Heading", "one\ntwo| three", "one\n## two three|"],
	["Heading", "## two|", "### two|"],
	["Heading", "### two|", "two|"],
	["Quote", "one\n[two\nthree]\nfour", "one\n«> two\n> three»\nfour"],
	["Quote", "one\n[> two\n> three]\nfour", "one\n«two\nthree»\nfour"],
	["List", "[one\ntwo]", "«- one\n- two»"],
	["Code", "a [word]", "a `«word»`"],
	["Code", "x\n[a\nb]\ny", "x\n«```\na\nb\n```»\ny"],
	["Image", "[a cat]", "![a cat](|)"],
];

test("test_tools_mark_what_is_selected", async () => {
	const page = await openNew(browser, blog, "x");
	for (const [tool, before, after] of WITH_TOOLS) {
		await put(page, before);
		const plain = await textOf(page);
		await page.getByRole("button", { name: tool, exact: true }).click();
		assert.equal(await look(page), after, `${tool} of ${before}`);
		await bodyOf(page).press("Control+z");
		assert.equal(await textOf(page), plain, `${tool} of ${before}, undone`);
	}
	await close(page);
});

test("test_keys_mark_what_is_selected", async () => {
	const page = await openNew(browser, blog, "x");
	for (const [key, after] of [["b", "a **«word»**"], ["i", "a _«word»_"],
		["k", "a [word](|)"]]) {
		await put(page, "a [word]");
		await page.keyboard.press(`Control+${key}`);
		assert.equal(await look(page), after);
		await page.keyboard.press("Control+z");
		assert.equal(await textOf(page), "a word");
	}
	/* Elsewhere they are the browser's. */
	await page.focus("[name=slug]");
	await page.keyboard.press("Control+b");
	assert.equal(await textOf(page), "a word");
	await close(page);
});

test("test_keyboard_is_not_trapped_and_tools_are_one_stop", async () => {
	const page = await openNew(browser, blog, "x");
	await page.focus("#field-title");
	const names = [];
	for (let i = 0; i < 5; i++) {
		await page.keyboard.press("Tab");
		names.push(await page.evaluate(() => document.activeElement.getAttribute(
			"aria-label") ?? document.activeElement.name ??
			document.activeElement.localName));
	}
	assert.deepEqual(names.slice(0, 2), ["Bold", "body"]);
	assert.ok(!names.slice(2).includes("body"), `${names}`);
	await page.getByRole("button", { name: "Bold" }).focus();
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("ArrowLeft");
	assert.equal(await page.evaluate(() =>
		document.activeElement.getAttribute("aria-label")), "Italic");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Shift+Tab");
	assert.equal(await page.evaluate(() =>
		document.activeElement.getAttribute("aria-label")), "Italic");
	await page.keyboard.press("ArrowLeft");
	await page.keyboard.press("ArrowLeft");
	assert.equal(await page.evaluate(() =>
		document.activeElement.getAttribute("aria-label")), "Image");
	await page.focus("#field-title");
	await page.keyboard.press("Enter");
	assert.equal(await page.evaluate(() => document.activeElement.id), "field-body");
	await close(page);
});

/* ---- what must hold all the time ---- */

test("test_nothing_was_against_the_policy", () => {
	assert.deepEqual(complaints, []);
});

await run(begin, end);

await run(begin, end);
