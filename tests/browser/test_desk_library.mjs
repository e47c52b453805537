/*
 * test_desk_library.mjs - files that are brought into the library of the desk by its form:
 * with the script in pieces, through nginx and through Apache with mod_fcgid at its default
 * limits, over lost connections, and with words where something cannot be taken; without
 * the script as one form.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { DESKTOP, launch, load, PHONE, SHOTS } from "./browser.mjs";
import { close, complaints, endBlogs, makeBlog, openAt, setUp, until } from "./desk.mjs";
import { takeNoise } from "./photograph.mjs";
import { run, test } from "../support/suite.mjs";

const PIECE = 98304;
const ALT = "Hills, far away";

let browser = null;
let blog = null; /* behind nginx */

/* ---- what people do ---- */

const openLibrary = (there, more) => openAt(browser, there, "/desk/media", more);
const toldIn = (page) => page.textContent("#told");
const altIn = (page) => page.inputValue("#field-alt");

const makePhoto = async (seed, name = "A view.jpg") => ({ name, mimeType: "image/jpeg",
	buffer: await takeNoise(browser, 800, 600, seed) });
const makeFile = (name, text) => ({ name, mimeType: "text/plain",
	buffer: Buffer.from(text) });

/* An image that ends too early. */
const HALF = { name: "half.png", mimeType: "image/png", buffer: Buffer.from([137, 80, 78,
	71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0,
	0]) };

async function choose(page, files) {
	const [chooser] = await Promise.all([page.waitForEvent("filechooser"),
		page.click("#field-file")]);
	await chooser.setFiles(files);
}

/* Choose `files`, say what they show, and press the button. */
async function upload(page, files, alt = ALT) {
	await choose(page, files);
	await page.fill("#field-alt", alt);
	await page.click(".upload button");
}

/* Until the library is shown with what came. */
async function untilUploaded(page) {
	await page.waitForURL(/\/desk\/media\?said=uploaded$/);
	assert.equal((await page.textContent(".notice")).trim(), "Uploaded.");
}

/* Until the page says something that `pattern` is true of; the words. */
function untilTold(page, pattern) {
	return until(async () => {
		const words = await toldIn(page);
		return pattern.test(words) && words;
	}, pattern);
}

const rowsOf = (there, name) => there.sql(
	"SELECT alt, content_type, path FROM media WHERE original_name = ?", name);

/* The sizes of the bodies that are sent from now on, which are promised, and what is
 * told meanwhile. */
async function watchBodies(page) {
	const seen = { sizes: [], told: [] };
	page.on("requestfinished", (request) => {
		if (request.method() === "POST")
			seen.sizes.push(request.sizes().then((sizes) => sizes.requestBodySize));
	});
	await page.route(/\/desk\/uploads/, async (route) => {
		seen.told.push(await toldIn(page));
		await route.continue();
	});
	return seen;
}

/* ---- one image ---- */

async function bring(there, seed) {
	const page = await openLibrary(there);
	const photo = await makePhoto(seed);
	assert.ok(photo.buffer.length > 3 * PIECE, `${photo.buffer.length} bytes`);
	const seen = await watchBodies(page);

	await upload(page, [photo]);
	await untilUploaded(page);

	const sizes = await Promise.all(seen.sizes);
	assert.ok(Math.max(...sizes) <= PIECE, `${sizes}`);
	assert.ok(sizes.reduce((sum, size) => sum + size, 0) > photo.buffer.length, `${sizes}`);
	assert.ok(seen.told.some((words) => /^Uploading A view\.jpg: [1-9]0 %$/.test(words)),
		seen.told.join(" | "));
	const [[alt, type, file]] = await rowsOf(there, photo.name);
	assert.deepEqual([alt, type], [ALT, "image/jpeg"]);
	assert.equal(await page.getAttribute(`.library img[src$="${file}"]`, "alt"), ALT);
	assert.equal((await fetch(`${there.address}/media/${file}`)).status, 200);
	await close(page);
}

test("test_image_comes_through_nginx", () => bring(blog, 1));

test("test_image_comes_through_mod_fcgid", async () => {
	const apache = await makeBlog("library-apache", "apache_fcgid");
	await setUp(browser, apache);
	await bring(apache, 1);
});

test("test_one_form_without_the_script", async () => {
	const page = await openLibrary(blog, { javaScriptEnabled: false });

	await upload(page, [await makePhoto(2, "Plain.jpg")]);
	await page.waitForURL(/\/desk\/media\/\d+\?said=uploaded$/);

	assert.equal((await rowsOf(blog, "Plain.jpg"))[0][0], ALT);
	await close(page);
});

test("test_several_files_at_once", async () => {
	const page = await openLibrary(blog);
	const files = [makeFile("one.txt", "One."), makeFile("two.txt", "Two.")];

	/* No two files show the same. */
	await upload(page, files);
	await untilTold(page, /one file at a time\.$/);
	assert.equal(await altIn(page), ALT);
	assert.equal((await rowsOf(blog, "one.txt")).length, 0);
	await upload(page, files, "");
	await untilUploaded(page);

	for (const name of ["one.txt", "two.txt"])
		assert.deepEqual((await rowsOf(blog, name)).map(([alt]) => alt), [""]);
	await close(page);
});

test("test_what_is_dropped_or_pasted_is_chosen", async () => {
	for (const kind of ["drop", "paste"]) {
		const page = await openLibrary(blog);
		const wasTaken = await page.evaluate((type) => {
			const data = new DataTransfer();
			data.items.add(new File([type], `by ${type}.txt`));
			const more = { bubbles: true, cancelable: true };
			return type === "paste" ?
				!document.body.dispatchEvent(new ClipboardEvent(type,
					{ ...more, clipboardData: data })) :
				["dragover", "drop"].every((step) => !document.body.dispatchEvent(
					new DragEvent(step, { ...more, dataTransfer: data })));
		}, kind);
		assert.equal(wasTaken, true);
		assert.deepEqual(await page.evaluate(() => Array.from(
			document.getElementById("field-file").files, ({ name }) => name)),
		[`by ${kind}.txt`]);
		await page.click(".upload button");
		await untilUploaded(page);
		assert.equal((await rowsOf(blog, `by ${kind}.txt`)).length, 1);
		await close(page);
	}
});

test("test_button_that_is_pressed_twice", async () => {
	const page = await openLibrary(blog);
	let count = 0, release;
	const held = new Promise((resolve) => (release = resolve));
	await page.route(/\/desk\/uploads$/, async (route) => {
		count++;
		await held;
		await route.continue();
	});

	await upload(page, [makeFile("twice.txt", "Once.")]);
	await page.click(".upload button");
	release();
	await untilUploaded(page);

	assert.equal(count, 1);
	await close(page);
});

test("test_what_is_chosen_meanwhile_stays", async () => {
	const page = await openLibrary(blog);
	let release;
	const held = new Promise((resolve) => (release = resolve));
	await page.route(/\/desk\/uploads$/, async (route) => {
		await held;
		await route.continue();
	});

	await upload(page, [makeFile("first.txt", "First.")]);
	await choose(page, [makeFile("second.txt", "Second.")]);
	release();
	await untilTold(page, /^Uploaded\./);
	assert.equal((await rowsOf(blog, "first.txt")).length, 1);
	await page.click(".upload button");
	await untilUploaded(page);

	assert.equal((await rowsOf(blog, "second.txt")).length, 1);
	await close(page);
});

/* ---- what goes wrong ---- */

test("test_what_cannot_be_taken_is_named", async () => {
	const page = await openLibrary(blog);

	await upload(page, [HALF, makeFile("good.txt", "Good."), makeFile("empty.txt", "")], "");
	const words = await untilTold(page, /^Not uploaded/);

	assert.match(words, /half\.png [^.]+\. empty\.txt is empty\. The others are there\.$/);
	assert.equal(await page.getAttribute("#told", "role"), "status");
	assert.equal((await rowsOf(blog, "good.txt")).length, 1);
	assert.equal((await rowsOf(blog, "half.png")).length, 0);
	await upload(page, [makeFile("large.txt", "x".repeat(10 * 1024 * 1024 + 1))]);
	assert.match(await untilTold(page, /large\.txt/), /large\.txt is larger than 10 MB\.$/);
	assert.equal(await altIn(page), ALT);
	/* What is chosen instead is taken. */
	await choose(page, [makeFile("better.txt", "Better.")]);
	await page.click(".upload button");
	await untilUploaded(page);
	assert.equal((await rowsOf(blog, "better.txt"))[0][0], ALT);
	await close(page);
});

test("test_web_server_that_takes_less_is_told_of", async () => {
	const page = await openLibrary(blog);
	await page.route(/\/uploads\/[^/]+\?offset=/, (route) => route.fulfill({ status: 413,
		contentType: "text/html", body: "<h1>413 Request Entity Too Large</h1>" }));

	await upload(page, [makeFile("refused.txt", "Some words.")]);

	assert.match(await untilTold(page, /^Not uploaded/), /: refused\.txt: it is refused\.$/);
	assert.equal(await altIn(page), ALT);
	await close(page);
});

test("test_upload_goes_on_when_the_connection_is_back", async () => {
	const page = await openLibrary(blog);
	const offsets = [];
	await page.route(/\/uploads\/[^/]+\?offset=/, async (route) => {
		offsets.push(Number(/offset=(\d+)/.exec(route.request().url())[1]));
		if (offsets.length === 3) {
			await page.context().setOffline(true);
			await route.abort();
		} else {
			await route.continue();
		}
	});

	await upload(page, [await makePhoto(3, "Train.jpg")]);
	await untilTold(page, /^Train\.jpg waits and goes on by itself: offline$/);
	assert.equal(await altIn(page), ALT);
	await page.context().setOffline(false);
	await untilUploaded(page);

	assert.deepEqual(offsets.slice(0, 4), [0, PIECE, 2 * PIECE, 2 * PIECE]);
	assert.equal((await rowsOf(blog, "Train.jpg"))[0][0], ALT);
	await close(page);
});

test("test_what_was_said_first_is_kept", async () => {
	const file = makeFile("known.txt", "Known words.");
	for (const alt of ["", ALT]) {
		const before = await openLibrary(blog);
		await upload(before, [file], alt);
		await untilUploaded(before);
		assert.equal((await rowsOf(blog, "known.txt"))[0][0], alt);
		await close(before);
	}
	const page = await openLibrary(blog);

	await upload(page, [file], "Something else");
	await untilTold(page, /known\.txt was here already/);

	assert.equal(await altIn(page), "Something else");
	assert.equal((await rowsOf(blog, "known.txt"))[0][0], ALT);
	await close(page);
});

/* ---- for everybody ---- */

test("test_page_is_as_wide_as_without_the_script", async () => {
	const widths = [];
	for (const javaScriptEnabled of [true, false]) {
		const page = await openLibrary(blog, { javaScriptEnabled,
			viewport: { width: 1800, height: 900 } });
		widths.push((await page.locator("main").boundingBox()).width);
		await close(page);
	}

	assert.equal(widths[0], widths[1]);
});

test("test_axe_finds_nothing_where_something_failed", async () => {
	const axe = fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
	for (const colorScheme of ["light", "dark"])
		for (const [device, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
			const page = await openLibrary(blog, { colorScheme, viewport });
			await upload(page, [HALF]);
			await untilTold(page, /^Not uploaded/);
			await page.evaluate(axe);
			const found = await page.evaluate(async () => (await window.axe.run(document,
				{ resultTypes: ["violations"] })).violations.map(({ id, nodes }) =>
				`${id}: ${nodes[0].html}`));
			assert.deepEqual(found, []);
			assert.equal(await page.evaluate(() =>
				document.documentElement.scrollWidth > innerWidth), false, "too wide");
			await page.screenshot({ path: path.join(SHOTS,
				`library-${device}-${colorScheme}.png`) });
			await close(page);
		}
});

test("test_nothing_was_against_the_policy", () => {
	assert.deepEqual(complaints, []);
});

await run(async () => {
	browser = await launch();
	blog = await makeBlog("library");
	await setUp(browser, blog);
}, async () => {
	await browser?.close();
	await endBlogs();
});
