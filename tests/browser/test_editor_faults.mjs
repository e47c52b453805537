/*
 * test_editor_faults.mjs - no word is lost, whatever happens while somebody writes.
 */
import assert from "node:assert/strict";

import { DESKTOP, launch } from "./browser.mjs";
import { bodyOf, close, complaints, draftsIn, endBlogs, keptFields, makeBlog,
	numberOf, offerIn, openAt, openIn, openNew, setText, setUp, signIn, storedBody, textOf, until,
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

/* ---- when it goes wrong ---- */

test("test_offline_loses_nothing", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	await page.context().setOffline(true);
	await bodyOf(page).fill("Stored. Typed on a train.");

	await untilSaid(page, "Not saved: offline. This browser keeps the text.");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Not saved: offline");
	assert.equal((await draftsIn(page)).length, 1);
	assert.equal(await storedBody(blog, id), "Stored.");
	await page.context().setOffline(false);

	/* By itself, as soon as there is a line again. */
	await untilSaid(page, "Draft kept", 3);
	assert.equal((await keptFields(blog, id))[0].get("body"), "Stored. Typed on a train.");
	assert.deepEqual(await draftsIn(page), []);
	await close(page);
});

/* A session of its own, for a test that ends it. */
async function newSession() {
	const page = await openAt(browser, blog, "/desk/session", { storageState: undefined });
	await signIn(page);
	const storageState = await page.context().storageState();
	await close(page);
	return { storageState };
}

function endSession() {
	return blog.sql("DELETE FROM session WHERE id = (SELECT max(id) FROM session)");
}

test("test_signed_out_while_writing_loses_nothing", async () => {
	const page = await openNew(browser, blog, "Stored.", await newSession());
	const id = numberOf(page);
	await endSession();
	await bodyOf(page).fill("Stored. Typed after the session ended.");

	await page.keyboard.press("Control+s");
	await untilSaid(page, "Not saved: you are signed out. " +
		"Sign in in another tab, then save again. This browser keeps the text.");
	assert.equal(await storedBody(blog, id), "Stored.");
	const [tab] = await Promise.all([page.context().waitForEvent("page"),
		page.click("#saved a")]);
	await signIn(tab);
	await page.bringToFront();
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");

	assert.equal(await storedBody(blog, id), "Stored. Typed after the session ended.");
	assert.deepEqual(await draftsIn(page), []);
	await close(page);
});

test("test_signed_out_without_a_script_loses_nothing", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	await close(page);
	const plain = await openAt(browser, blog, `/desk/articles/${id}`,
		{ javaScriptEnabled: false, ...await newSession() });
	await endSession();
	await bodyOf(plain).fill("Stored. Typed after the session ended.");
	await plain.click(".rarer > summary");
	await plain.fill("[name=language]", "de");
	await plain.click("button[value=save]");
	assert.match(await plain.textContent("main"), /signed out/);
	const tab = await plain.context().newPage();
	await tab.goto(`${blog.address}/desk/session`);
	await signIn(tab);

	await plain.click("text=Send it again");

	assert.equal(await storedBody(blog, id), "Stored. Typed after the session ended.");
	assert.deepEqual(await blog.sql("SELECT language FROM article WHERE id = ?", id),
		[["de"]]);
	await close(plain);
});

test("test_server_that_is_restarted_loses_nothing", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	await blog.stop();
	await bodyOf(page).fill("Stored. Typed while nobody listened.");

	await untilSaid(page, "Not saved: the server does not answer. " +
		"This browser keeps the text.");
	assert.equal((await draftsIn(page)).length, 1);
	await blog.start();

	/* By itself, a little later. */
	await untilSaid(page, "Draft kept", 20);
	assert.equal((await keptFields(blog, id))[0].get("body"),
		"Stored. Typed while nobody listened.");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	assert.equal(await storedBody(blog, id), "Stored. Typed while nobody listened.");
	await close(page);
});

/* A number from 0 to 1, the next one of those that `seed` gives. */
function random(seed) {
	seed.state = (Math.imul(seed.state, 1664525) + 1013904223) >>> 0;
	return seed.state / 2 ** 32;
}

/* What is offered in an editor that was opened again: by the server, or by this
 * browser. It is taken. */
async function takeWhatWasKept(page) {
	const ofServer = page.locator("form[action$='/draft'] button[value=continue]");
	if (await offerIn(page).isVisible())
		await offerIn(page).getByText("Take it").click();
	else if (await ofServer.isVisible())
		await Promise.all([page.waitForURL(/draft=/), ofServer.click()]);
}

/* All processes end while the text is on its way, and the tab is closed. What the
 * server has by then it has whole; this browser has the rest. */
test("test_kills_while_it_is_saved_lose_nothing", async () => {
	const seed = { state: Number(process.env.BYLINE_TEST_SEED ?? Date.now() % 2 ** 32) };
	console.log(`BYLINE_TEST_SEED=${seed.state}`);
	const first = await openNew(browser, blog, "Text 0.");
	const id = numberOf(first);
	const context = first.context();
	let [page, before, unstored] = [first, "Text 0.", 0];
	for (let turn = 1; turn <= 12; turn++) {
		const text = `Text ${turn}. ${"More of it. ".repeat(turn * 100)}`;
		await setText(page, text);
		await until(async () => (await draftsIn(page)).length === 1);
		const sent = page.waitForRequest((request) => request.method() === "POST");
		await page.keyboard.press("Control+s");
		await sent;
		await new Promise((resolve) => setTimeout(resolve, 40 * random(seed)));
		await blog.stop();
		const again = await context.newPage();
		await page.close();
		const stored = await storedBody(blog, id);
		assert.ok([before, text].includes(stored), `half of turn ${turn}`);
		unstored += stored === before;
		await blog.start();

		page = again;
		await page.goto(`${blog.address}/desk/articles/${id}`);
		await takeWhatWasKept(page);

		assert.equal(await textOf(page), text, `turn ${turn}`);
		await page.keyboard.press("Control+s");
		await untilSaid(page, /^(Saved|All is saved)/);
		assert.equal(await storedBody(blog, id), text);
		assert.deepEqual(await draftsIn(page), []);
		before = text;
	}
	console.log(`of 12 texts ${unstored} were not saved when it was killed`);
	assert.deepEqual(await blog.sql("PRAGMA integrity_check"), [["ok"]]);
	await context.close();
});

test("test_database_that_is_locked_loses_nothing", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	await blog.lock();
	await bodyOf(page).fill("Stored. Typed while it was locked.");
	const answered = page.waitForResponse((answer) => answer.status() === 503);
	await page.keyboard.press("Control+s");

	await untilSaid(page, "Saving…");
	await untilSaid(page, "Not saved: busy just now.", 30);
	await answered;
	assert.equal((await draftsIn(page)).length, 1);
	await blog.unlock();

	await untilSaid(page, "Draft kept", 30);
	assert.equal((await keptFields(blog, id))[0].get("body"),
		"Stored. Typed while it was locked.");
	await close(page);
});

test("test_what_a_web_server_refuses_is_not_lost", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	await page.route("**/desk/articles/**", (route) =>
		route.request().method() === "POST" ?
			route.fulfill({ status: 413, contentType: "text/html",
				body: "<h1>413</h1>" }) : route.continue());
	await bodyOf(page).fill("Stored. Too much of it.");

	await page.keyboard.press("Control+s");
	await untilSaid(page, "Not saved: it is too large. This browser keeps the text.");
	assert.equal((await draftsIn(page)).length, 1);
	await page.unroute("**/desk/articles/**");
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");

	assert.equal(await storedBody(blog, id), "Stored. Too much of it.");
	await close(page);
});

test("test_a_text_over_one_megabyte_is_refused_in_words", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const text = "0123456789abcde\n".repeat(66000);
	await setText(page, text);

	await page.keyboard.press("Control+s");
	await untilSaid(page, "Not saved: it is too large", 30);

	assert.equal((await textOf(page)).length, text.length);
	assert.equal(await storedBody(blog, numberOf(page)), "Stored.");
	await close(page);
});

/* ---- what this browser keeps ---- */

/* End the process of a page, as a crash does. */
async function crash(page) {
	const crashed = page.waitForEvent("crash");
	page.goto("chrome://crash").catch(() => {});
	await crashed;
}

test("test_a_crash_loses_nothing", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	await page.route("**/autosave", (route) => route.abort());
	await bodyOf(page).fill("Stored. Typed just before it crashed.");
	await until(async () => (await draftsIn(page)).length === 1);
	await crash(page);

	const again = await openIn(page.context(), blog, `/desk/articles/${id}`);
	assert.match(await offerIn(again).textContent(),
		/This browser kept a text from \d\d:\d\d that the server does not have\./);
	assert.equal(await textOf(again), "Stored.");
	await offerIn(again).getByText("Take it").click();

	assert.equal(await textOf(again), "Stored. Typed just before it crashed.");
	assert.equal(await offerIn(again).isVisible(), false);
	await untilSaid(again, "Draft kept");
	assert.deepEqual(await draftsIn(again), []);
	await again.keyboard.press("Control+s");
	await untilSaid(again, "Saved");
	assert.equal(await storedBody(blog, id), "Stored. Typed just before it crashed.");
	await again.reload();
	assert.equal(await offerIn(again).isVisible(), false);
	await close(page);
});

test("test_a_new_text_survives_a_crash_too", async () => {
	const page = await openAt(browser, blog, "/desk/articles/new");
	await page.route("**/autosave", (route) => route.abort());
	await page.fill("#field-title", "Never sent");
	await bodyOf(page).fill("Typed.");
	await until(async () => (await draftsIn(page)).length === 1);
	await crash(page);

	const again = await openIn(page.context(), blog, "/desk/articles/new");
	await offerIn(again).getByText("Take it").click();
	assert.equal(await again.inputValue("#field-title"), "Never sent");
	await again.keyboard.press("Control+s");
	await untilSaid(again, "Saved");

	assert.equal(await storedBody(blog, numberOf(again)), "Typed.");
	assert.deepEqual(await draftsIn(again), []);
	await close(page);
});

test("test_what_was_kept_can_be_thrown_away", async () => {
	const page = await openNew(browser, blog, "Stored.");
	await page.context().setOffline(true);
	await bodyOf(page).fill("Nonsense.");
	await until(async () => (await draftsIn(page)).length === 1);
	const target = page.url();
	await page.close();
	await page.context().setOffline(false);

	const again = await page.context().newPage();
	await again.goto(target);
	await offerIn(again).getByText("Throw it away").click();

	assert.equal(await offerIn(again).isVisible(), false);
	assert.equal(await textOf(again), "Stored.");
	assert.deepEqual(await draftsIn(again), []);
	await again.reload();
	assert.equal(await offerIn(again).isVisible(), false);
	await page.context().close();
});

test("test_drafts_are_of_one_article_and_one_author", async () => {
	const page = await openNew(browser, blog, "Stored.");
	const id = numberOf(page);
	const put = (name) => page.evaluate((to) => localStorage.setItem(to,
		JSON.stringify({ at: Date.now(), fields: [["body", "Another's."]] })), name);
	await put(`byline draft /desk 1 ${id + 1000} k`);
	await put(`byline draft /desk 77 ${id} k`);
	await put(`byline draft /other/desk 1 ${id} k`);

	await page.reload();

	assert.equal(await offerIn(page).isVisible(), false);
	await close(page);
});

test("test_this_browser_keeps_only_a_few", async () => {
	const page = await openNew(browser, blog, "Stored.");
	await page.evaluate(() => {
		for (let i = 0; i < 9; i++)
			localStorage.setItem(`byline draft /desk 1 0 key${i}`,
				JSON.stringify({ at: i, fields: [["body", `text ${i}`]] }));
	});

	await page.reload();

	assert.deepEqual((await draftsIn(page)).map((name) => name.slice(-4)).sort(),
		["key4", "key5", "key6", "key7", "key8"]);
	await close(page);
});

test("test_a_browser_that_keeps_nothing_can_still_write", async () => {
	const context = await browser.newContext({ viewport: DESKTOP,
		storageState: blog.state });
	await context.addInitScript(() => Object.defineProperty(window, "localStorage", {
		get() {
			throw new DOMException("no", "SecurityError");
		},
	}));
	const page = await openIn(context, blog, "/desk/articles/new");
	await page.fill("#field-title", "Nothing is kept here");
	await bodyOf(page).fill("But there.");

	await untilSaid(page, "Draft kept");
	await context.setOffline(true);
	await bodyOf(page).fill("But there, and more.");
	assert.equal(await untilSaid(page, "Not saved: offline"), "Not saved: offline.");
	await context.setOffline(false);
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	await context.close();
});

test("test_going_back_brings_back_what_was_typed", async () => {
	for (const javaScriptEnabled of [true, false]) {
		const page = await openAt(browser, blog, "/desk/articles/new", { javaScriptEnabled });
		await page.fill("#field-title", "Before going back");
		await bodyOf(page).fill("A text that was refused.");
		await page.route("**/desk/articles*", (route) =>
			route.request().method() === "POST" ?
				route.fulfill({ status: 413, body: "no" }) : route.continue());
		await page.route("**/autosave", (route) => route.abort());
		if (javaScriptEnabled) {
			await until(async () => (await draftsIn(page)).length === 1);
			page.on("dialog", (dialog) => dialog.accept());
			await page.goto(`${blog.address}/desk/articles`);
		} else {
			await page.click("button[value=save]");
			await page.waitForSelector("text=no");
		}

		await page.goBack();

		assert.equal(await page.inputValue("#field-title"), "Before going back");
		assert.equal(await textOf(page), "A text that was refused.");
		await close(page);
	}
});

/* ---- what must hold all the time ---- */

test("test_nothing_was_against_the_policy", () => {
	assert.deepEqual(complaints, []);
});

await run(begin, end);

await run(begin, end);
