/*
 * test_editor_files.mjs - files that are pasted and dropped into the editor: they arrive
 * whole through nginx and through Apache with mod_fcgid at its default limits, over lost
 * connections and closed pages, and are asked about.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { launch, load, PHONE, SHOTS } from "./browser.mjs";
import { bodyOf, close, complaints, endBlogs, keptFields, makeBlog, numberOf, openAt,
	openIn, openNew, setUp, signIn, storedBody, textOf, until, untilSaid } from "./desk.mjs";
import { run, test } from "../support/suite.mjs";

let browser = null;
let blog = null; /* behind nginx */
let apache = null;

async function begin() {
	browser = await launch();
	blog = await makeBlog("files");
	await setUp(browser, blog);
}

async function end() {
	await browser?.close();
	await endBlogs();
}

/* ---- files, which the page itself makes ---- */

/* Give the page `files`, objects with a name and either text, bytes, or the width and
 * height of a JPEG that does not compress, by an event "paste" or "drop". */
async function give(page, kind, files) {
	await page.evaluate(async ([type, list]) => {
		/* The same noise each time. */
		const make = async ({ name, text, bytes, width, height, seed = 1 }) => {
			if (width === undefined)
				return new File([text ?? new Uint8Array(bytes)], name);
			const canvas = new OffscreenCanvas(width, height);
			const context = canvas.getContext("2d");
			const image = context.createImageData(width, height);
			let state = seed;
			for (let i = 0; i < image.data.length; i++) {
				state = Math.imul(state, 1664525) + 1013904223 | 0;
				image.data[i] = i % 4 === 3 ? 255 : state >>> 24;
			}
			context.putImageData(image, 0, 0);
			return new File([await canvas.convertToBlob(
				{ type: "image/jpeg", quality: 0.9 })], name);
		};
		const data = new DataTransfer();
		for (const file of list)
			data.items.add(await make(file));
		const body = document.getElementById("field-body");
		const box = body.getBoundingClientRect();
		window.size = data.files[0].size;
		body.focus();
		const more = { bubbles: true, cancelable: true, clientX: box.left + 30,
			clientY: box.top + 30 };
		if (type === "paste")
			body.dispatchEvent(new ClipboardEvent("paste",
				{ ...more, clipboardData: data }));
		for (const step of type === "drop" ? ["dragover", "drop"] : [])
			if (body.dispatchEvent(new DragEvent(step, { ...more, dataTransfer: data })))
				throw new Error(`${step} was left to the browser`);
	}, [kind, files]);
}

/* About a megabyte. */
const PHOTO = { name: "A view.jpg", width: 1000, height: 900 };

const toldIn = (page) => page.textContent("#told");
const askedIn = (page) => page.locator("#field-asked");
/* Until `words` are told of the files; an error says what was told instead. */
async function untilTold(page, words) {
	const told = [];
	await until(async () => {
		const now = await toldIn(page);
		if (now !== told.at(-1))
			told.push(now);
		return now.includes(words);
	}, words, 60).catch((error) => {
		throw new Error(`${error.message}; told: ${told.join(" | ")}`);
	});
}

/* Where the pieces begin that are sent from now on. `act` may do something about one
 * before it goes. */
async function watchPieces(page, act = () => {}) {
	const offsets = [];
	await page.route(/\/uploads\/[^/]+\?offset=/, async (route) => {
		offsets.push(Number(/offset=(\d+)/.exec(route.request().url())[1]));
		if (await act(offsets, route) !== "done")
			await route.continue();
	});
	return offsets;
}

/* Until no upload is left in the text; the text. */
function untilThere(page, count = 1) {
	return until(async () => {
		const text = await textOf(page);
		return !text.includes("[Uploading") &&
			text.split("(/media/").length === count + 1 && text;
	}, "the text", 60);
}

/* ---- one image ---- */

/* An image of a megabyte, by `kind`, at `there`: from the placeholder to the page that
 * readers see. */
async function bring(there, kind) {
	const page = await openNew(browser, there, "Before it. After it.");
	await bodyOf(page).evaluate((node) => node.setSelectionRange(11, 11));
	let placeholder = null;
	/* Where a person drops it, the text is parted there. */
	const at = kind === "paste" ? 11 : await page.evaluate(() => {
		const box = document.getElementById("field-body").getBoundingClientRect();
		return document.caretPositionFromPoint?.(box.left + 30, box.top + 30).offset ??
			11;
	});
	const [before, after] = ["Before it. After it.".slice(0, at),
		"Before it. After it.".slice(at)];
	const offsets = await watchPieces(page, async () => {
		placeholder ??= await textOf(page);
	});

	await give(page, kind, [{ ...PHOTO, seed: kind === "drop" ? 9 : 1 }]);
	const text = await untilThere(page);
	const size = await page.evaluate(() => window.size);
	assert.ok(size > 700_000 && size < 1_500_000, `${size} bytes`);
	assert.equal(placeholder, `${before}[Uploading A view.jpg…]${after}`);
	assert.deepEqual(offsets, Array.from({ length: Math.ceil(size / 98304) },
		(_, i) => i * 98304));
	assert.equal(text.replace(/[0-9a-f]{16}/, "#"),
		`${before}![](/media/#-a-view.jpg)${after}`);
	assert.match(await toldIn(page), /A view.jpg is in the text/);

	/* What it shows is asked beside the text, and nobody has to answer at once. */
	assert.equal(await bodyOf(page).evaluate((node) => node === document.activeElement), true);
	assert.equal(await page.getByLabel("What A view.jpg shows").isVisible(), true);
	await page.keyboard.press("Tab");
	assert.equal(await askedIn(page).evaluate((node) => node === document.activeElement), true);
	await page.keyboard.type("Hills [far] away");
	await page.keyboard.press("Enter");
	assert.match(await textOf(page), /!\[Hills \\\[far\\\] away\]\(\/media/);
	assert.equal(await askedIn(page).isVisible(), false);
	assert.equal(await bodyOf(page).evaluate((node) => node === document.activeElement), true);
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	const stored = await storedBody(there, numberOf(page));
	assert.equal(stored, await textOf(page));
	const target = /\((\/media[^)]*)\)/.exec(stored)[1];
	const answer = await fetch(there.address + target);
	assert.equal(answer.status, 200);
	assert.equal(answer.headers.get("content-type"), "image/jpeg");
	await until(async () => (await there.sql("SELECT alt FROM media WHERE path = ?",
		target.slice(7)))[0][0] === "Hills [far] away");
	await close(page);
}

test("test_paste_through_nginx", () => bring(blog, "paste"));

test("test_drop_through_nginx", () => bring(blog, "drop"));

test("test_paste_and_drop_through_mod_fcgid", async () => {
	apache = await makeBlog("files-apache", "apache_fcgid");
	await setUp(browser, apache);
	await bring(apache, "paste");
	await bring(apache, "drop");
});

test("test_what_is_done_can_be_undone", async () => {
	const page = await openNew(browser, blog, "A text.");
	await bodyOf(page).press("Control+End");
	await give(page, "paste", [{ name: "a.bin", text: "some bytes" }]);
	await untilThere(page);
	await page.keyboard.type(" More.");
	assert.match(await textOf(page), /^A text\.\[a\.bin\]\(\/media\/[^)]*\) More\.$/);

	await until(async () => {
		await page.keyboard.press("Control+z");
		return await textOf(page) === "A text.";
	}, "the text as it was");

	await close(page);
});

test("test_who_writes_on_is_left_alone", async () => {
	const page = await openNew(browser, blog, "One. Two.");
	await bodyOf(page).evaluate((node) => node.setSelectionRange(5, 5));
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await page.route(/\/uploads\/.*\/end$/, async (route) => {
		await held;
		await route.continue();
	});
	await give(page, "paste", [{ name: "a.bin", text: "other bytes" }]);
	await until(async () => (await textOf(page)).includes("[Uploading"));
	await bodyOf(page).press("Control+End");
	await page.keyboard.type(" Th");
	release();
	await untilThere(page);
	await page.keyboard.type("ree.");
	assert.match(await textOf(page), /^One\. \[a\.bin\]\([^)]*\)Two\. Three\.$/);
	/* Nor whoever is at the title by now. */
	await give(page, "paste", [{ name: "b.bin", text: "other bytes again" }]);
	await page.focus("#field-title");
	await untilThere(page, 2);

	assert.equal(await page.evaluate(() => document.activeElement.id), "field-title");
	await close(page);
});

test("test_who_is_told_to_wait_at_the_end_tries_again", async () => {
	const page = await openNew(browser, blog, "");
	let count = 0;
	await page.route(/\/uploads\/.*\/end$/, (route) => ++count > 1 ? route.continue() :
		route.fulfill({ status: 503, contentType: "application/json",
			body: '{"problem":"busy.bin cannot be taken just now."}' }));

	await give(page, "paste", [{ name: "busy.bin", text: "bytes of two pages" }]);
	await untilTold(page, "waits and goes on by itself: busy.bin cannot be taken");

	assert.match(await untilThere(page), /^\[busy\.bin\]/);
	assert.equal(count, 2);
	await close(page);
});

test("test_several_files_at_once", async () => {
	const page = await openNew(browser, blog, "");

	await give(page, "drop", [{ name: "one.jpg", width: 60, height: 40, seed: 2 },
		{ name: "image.jpg", width: 60, height: 40, seed: 3 },
		{ name: "image.jpg", width: 60, height: 40, seed: 4 },
		{ name: "notes.txt", text: "Some notes." }]);
	const text = await untilThere(page, 4);

	assert.deepEqual(text.split("\n\n").map((part) => part.replace(/[0-9a-f]{16}/, "#")),
		["![](/media/#-one.jpg)", "![](/media/#-image.jpg)", "![](/media/#-image.jpg)",
			"[notes.txt](/media/#-notes.bin)"]);
	assert.equal(new Set(text.split("\n\n")).size, 4);
	for (const words of ["First", "", "Third"]) {
		await askedIn(page).fill(words);
		await page.click("#asked button");
	}
	assert.match(await textOf(page),
		/^!\[First\]\S+one\.jpg\)\n\n!\[\]\S+\n\n!\[Third\]\S+image\.jpg\)\n\n\[notes/);
	assert.equal(await askedIn(page).isVisible(), false);
	await close(page);
});

test("test_text_that_is_pasted_stays_text", async () => {
	const page = await openNew(browser, blog, "");
	const wasTaken = await page.evaluate(() => {
		const data = new DataTransfer();
		data.items.add(new File(["x"], "picture of it.png"));
		data.setData("text/plain", "a table");
		return !document.getElementById("field-body").dispatchEvent(new ClipboardEvent(
			"paste", { bubbles: true, cancelable: true, clipboardData: data }));
	});

	assert.equal(wasTaken, false);
	assert.equal(await textOf(page), "");
	await close(page);
});

/* ---- what goes wrong ---- */

test("test_upload_goes_on_when_the_connection_is_back", async () => {
	const page = await openNew(browser, blog, "");
	const offsets = await watchPieces(page, async (sent, route) => {
		if (sent.length !== 4)
			return "go on";
		await page.context().setOffline(true);
		await route.abort();
		return "done";
	});

	await give(page, "paste", [{ ...PHOTO, seed: 5 }]);
	await untilTold(page, "A view.jpg waits and goes on by itself: offline");
	assert.match(await textOf(page), /\[Uploading A view\.jpg…\]/);
	await page.context().setOffline(false);
	await untilThere(page);

	assert.deepEqual(offsets.slice(0, 5), [0, 98304, 196608, 294912, 294912]);
	assert.equal(new Set(offsets).size, offsets.length - 1, "nothing is sent twice");
	await close(page);
});

test("test_upload_goes_on_in_a_new_page", async () => {
	let page = await openNew(browser, blog, "Text. ");
	const target = `/desk/articles/${numberOf(page)}`;
	const photo = { ...PHOTO, name: "later.jpg", seed: 6 };
	await bodyOf(page).press("Control+End");
	/* The fourth piece never arrives, however often another was sent. */
	await watchPieces(page, (sent) =>
		(sent.at(-1) >= 294912 ? new Promise(() => {}) : ""));
	await give(page, "paste", [photo]);
	await untilTold(page, "Uploading later.jpg: 30 %");
	await page.keyboard.press("Control+s");
	assert.match(await untilSaid(page, "Saved"), /A file is still on its way/);
	const context = page.context();
	await page.close();

	page = await openIn(context, blog, target);
	assert.equal(await textOf(page), "Text. [Uploading later.jpg…]");
	const offsets = await watchPieces(page);
	await give(page, "paste", [photo]);
	const text = await untilThere(page);

	assert.ok(offsets[0] >= 294912, `what was there was sent again: ${offsets}`);
	assert.match(text, /^Text\. !\[\]\(\/media\/[^)]*\)$/);
	await close(page);
});

test("test_upload_goes_on_after_signing_in", async () => {
	const first = await openAt(browser, blog, "/desk/session", { storageState: undefined });
	await signIn(first);
	const storageState = await first.context().storageState();
	await close(first);
	const page = await openNew(browser, blog, "", { storageState });
	await watchPieces(page, async (sent) => {
		if (sent.length === 3)
			await blog.sql("DELETE FROM session WHERE id = (SELECT max(id) FROM session)");
	});

	await give(page, "paste", [{ ...PHOTO, seed: 7 }]);
	await untilTold(page, "You are signed out");
	const tab = await openIn(page.context(), blog, "/desk/session");
	await signIn(tab);
	await page.bringToFront();

	await untilThere(page);
	await close(page);
});

test("test_what_cannot_be_taken_is_said_in_words", async () => {
	const page = await openNew(browser, blog, "Text.");
	await bodyOf(page).press("Control+End");
	for (const [file, words] of [
		[{ name: "half.png", bytes: [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72,
			68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0] }, "Not uploaded: half.png "],
		[{ name: "empty.bin", text: "" }, "Not uploaded: empty.bin is empty."],
		[{ name: "large.bin", text: "x".repeat(10 * 1024 * 1024 + 1) },
			"larger than 10 MB"]]) {
		await give(page, "paste", [file]);
		await untilTold(page, words);
		assert.equal(await textOf(page), "Text.");
	}

	await untilSaid(page, /^(Saved|Draft kept)/);
	await close(page);
});

test("test_nobody_leaves_a_file_behind", async () => {
	const page = await openNew(browser, blog, "Text.");
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await page.route(/\/uploads\/.*\/end$/, async (route) => {
		await held;
		await route.continue();
	});
	await give(page, "paste", [{ name: "slow.bin", text: "slowly" }]);
	await until(async () => (await textOf(page)).includes("[Uploading"));

	await page.click("button[value=publish]");
	assert.match(await untilSaid(page, "Saved"), /A file is still on its way/);
	assert.match(page.url(), /articles\/\d+$/);
	release();
	await untilThere(page);
	/* The draft has the file, without anybody's doing. */
	await until(async () => (await keptFields(blog, numberOf(page))).some((fields) =>
		fields.get("body").includes("[slow.bin](/media/")), "the draft");
	await page.click("button[value=publish]");
	await page.waitForURL(/publication$/);

	assert.match(await storedBody(blog, Number(/articles\/(\d+)/.exec(page.url())[1])),
		/\[slow\.bin\]\(\/media/);
	await close(page);
});

/* ---- for everybody ---- */

test("test_axe_finds_nothing_where_it_is_asked", async () => {
	const axe = fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
	for (const colorScheme of ["light", "dark"])
		for (const viewport of [PHONE, undefined]) {
			const page = await openNew(browser, blog, "", { colorScheme,
				...(viewport && { viewport }) });
			await give(page, "paste", [{ name: "a.jpg", width: 50, height: 50, seed: 8 }]);
			await untilThere(page);
			await until(() => askedIn(page).isVisible());
			await page.evaluate(axe);
			const found = await page.evaluate(async () => (await window.axe.run(document,
				{ resultTypes: ["violations"] })).violations.map(({ id, nodes }) =>
				`${id}: ${nodes[0].html}`));
			assert.deepEqual(found, []);
			assert.equal(await page.evaluate(() =>
				document.documentElement.scrollWidth > innerWidth), false, "too wide");
			await page.screenshot({ path: path.join(SHOTS,
				`editor-files-${viewport ? "phone" : "desk"}-${colorScheme}.png`) });
			await blog.sql("DELETE FROM file_upload");
			await blog.sql("UPDATE media SET alt = ''");
			await close(page);
		}
});

test("test_nothing_was_against_the_policy", () => {
	assert.deepEqual(complaints, []);
});

await run(begin, end);
