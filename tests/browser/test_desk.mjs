/*
 * test_desk.mjs - a whole day's work at the desk, three times: with a script, without
 * one, and by the keyboard alone. After each step the database and the public page are
 * what they should be. (Images are pasted elsewhere.)
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { DESKTOP, launch } from "./browser.mjs";
import { endBlogs, makeBlog, PERSON, previewOf, until, untilSaid } from "./desk.mjs";
import { run, test } from "../support/suite.mjs";

let browser = null;

/* ---- hands ---- */

/* A field by what is written at it. */
function fieldOf(page, label) {
	return page.getByLabel(new RegExp(`^${label}(\\s*optional)?$`)).first();
}

/* Who points and clicks. */
class Pointer {
	constructor(page) {
		this.page = page;
	}

	async press(name, scope = this.page.locator("body")) {
		await scope.getByRole("button", { name, exact: true })
			.or(scope.getByRole("link", { name, exact: true })).first().click();
	}

	async fill(label, text) {
		await fieldOf(this.page, label).fill(text);
	}

	async fillTime(label, time) {
		await this.fill(label, time);
	}

	async append(text) {
		await fieldOf(this.page, "Text").press("Control+End");
		await this.page.keyboard.type(text);
	}
}

/* In the page: whether who looks can see where the focus is. */
function focusOf() {
	const node = document.activeElement;
	if (node === document.body)
		return null;
	const ring = (one) => {
		const style = getComputedStyle(one);
		return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 ||
			style.boxShadow !== "none";
	};
	const boxes = [...node.getClientRects()].filter((box) => box.width > 0);
	const isSeen = boxes.some((box) => {
		const top = document.elementFromPoint(
			Math.min(box.left + box.width / 2, window.innerWidth - 1),
			Math.max(0, Math.min(box.top + box.height / 2, window.innerHeight - 1)));
		return top !== null && (node.contains(top) || top.contains(node));
	});
	return { words: `<${node.localName}> ${node.name ?? ""} ${node.textContent
		.trim().slice(0, 20)}`,
	/* The parts of a date have rings of the browser's own. */
	isMarked: node.matches("iframe, [type=datetime-local]") || ring(node) ||
			node.closest(".sheet") !== null && ring(node.closest(".sheet")),
	isSeen: node.localName === "iframe" || isSeen };
}

/* Who has a keyboard and nothing else: every target is reached by Tab, and every
 * stop on the way can be seen. */
class Keyboard {
	constructor(page) {
		this.page = page;
	}

	async goTo(target) {
		for (let i = 0; i < 120; i++) {
			await this.page.keyboard.press("Tab");
			const focus = await this.page.evaluate(focusOf);
			if (focus === null)
				continue;
			assert.ok(focus.isMarked, `${this.page.url()}: no ring at ${focus.words}`);
			assert.ok(focus.isSeen, `${this.page.url()}: ${focus.words} is hidden`);
			if (await target.evaluateAll((nodes) =>
				nodes.includes(document.activeElement)))
				return;
		}
		throw new Error(`${this.page.url()}: ${target} is not reached`);
	}

	async press(name, scope = this.page.locator("body")) {
		await this.goTo(scope.getByRole("button", { name, exact: true })
			.or(scope.getByRole("link", { name, exact: true })));
		await this.page.keyboard.press("Enter");
	}

	async fill(label, text) {
		await this.goTo(fieldOf(this.page, label));
		await this.page.keyboard.press("Control+a");
		await this.page.keyboard.type(text);
	}

	/* Part by part, as a browser in English asks for it: "2026-05-30T14:00". */
	async fillTime(label, time) {
		const [, year, month, day, hour, minute] =
			/(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(time);
		await this.goTo(fieldOf(this.page, label));
		await this.page.keyboard.type(`${month}${day}${year}`);
		await this.page.keyboard.press("ArrowRight");
		const half = Number(hour) < 12 ? "AM" : "PM";
		await this.page.keyboard.type(`${String((Number(hour) + 11) % 12 + 1)
			.padStart(2, "0")}${minute}${half}`);
	}

	async append(text) {
		await this.goTo(fieldOf(this.page, "Text"));
		await this.page.keyboard.press("Control+End");
		await this.page.keyboard.type(text);
	}
}

/* ---- codes ---- */

/* The code of RFC 6238 that an app shows for `secret` at `seconds`. */
function codeOf(secret, seconds) {
	const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
		.indexOf(letter).toString(2).padStart(5, "0")).join("");
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
	const hash = createHmac("sha1", key).update(step).digest();
	const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
	return String(number % 1000000).padStart(6, "0");
}

const now = () => Date.now() / 1000;

/* ---- a day ---- */

const FIRST = "Processes end. What matters is *how*.";
const SECOND = " They are killed, mostly.";

class Day {
	constructor(blog, context, Hands, hasScript) {
		Object.assign(this, { blog, context, Hands, hasScript });
	}

	async open(target) {
		const page = await this.context.newPage();
		page.on("dialog", (dialog) => dialog.accept());
		await page.goto(target.startsWith("http") ? target : this.blog.address + target);
		return [page, new this.Hands(page)];
	}

	/* The first row of `sql`. */
	async row(sql, ...values) {
		return (await this.blog.sql(sql, ...values))[0];
	}

	article(columns = "status, version, slug, body, trashed_at") {
		return this.row(`SELECT ${columns} FROM article WHERE id = ?`, this.id);
	}

	/* What readers get. */
	async read(target) {
		const answer = await fetch(this.blog.address + target, { redirect: "manual" });
		return { status: answer.status, text: await answer.text(),
			location: answer.headers.get("location") };
	}

	async isListed(title) {
		const texts = await Promise.all(["/", "/feed.xml", "/sitemap.xml"].map(
			async (target) => (await this.read(target)).text));
		const found = [texts[0].includes(title), texts[1].includes(title),
			texts[2].includes(this.slug)];
		assert.ok(found.every((one) => one === found[0]), `${found}`);
		return found[0];
	}

	async assertHidden() {
		assert.equal((await this.read(`/articles/${this.slug}`)).status, 404);
		assert.equal(await this.isListed("Boring processes"), false);
	}

	async assertPublic(words) {
		const { status, text } = await this.read(`/articles/${this.slug}`);
		assert.equal(status, 200);
		assert.ok(text.includes(words), words);
		assert.equal(await this.isListed("Boring processes"), true);
	}

	/* Save what the editor of `page` holds. */
	async save(page, hands) {
		if (this.hasScript) {
			await page.keyboard.press("Control+s");
			await untilSaid(page, /^Saved \d/);
		} else {
			await Promise.all([page.waitForNavigation(), hands.press("Save")]);
			assert.match(await page.textContent("main"), /Saved/);
		}
	}

	/* ---- the steps ---- */

	async setUp() {
		const [page, hands] = await this.open(this.blog.setup);
		await hands.fill("Title of the blog", PERSON.title);
		await hands.fill("Your name", PERSON.name);
		await hands.fill("Email address", PERSON.email);
		await hands.fill("Password", PERSON.password);
		await Promise.all([page.waitForNavigation(), hands.press("Start writing")]);

		assert.deepEqual(await this.row("SELECT count(*), min(email), min(role)" +
			" FROM author"), [1, PERSON.email, "owner"]);
		assert.deepEqual(await this.row("SELECT count(*) FROM session"), [1]);
		assert.ok((await this.read("/")).text.includes(PERSON.title));
		/* The link has been used up. */
		const other = await browser.newContext();
		const stranger = await other.newPage();
		await stranger.goto(this.blog.setup);
		assert.match(stranger.url(), /\/desk\/session/);
		await other.close();
		await page.close();
	}

	/* Turn codes on, sign out, and in again with one. */
	async signIn() {
		let [page, hands] = await this.open("/desk/account/codes");
		const secret = await page.textContent(".secret code");
		await hands.fill("Code", codeOf(secret, now()));
		await hands.fill("Your password", PERSON.password);
		await Promise.all([page.waitForNavigation(), hands.press("Turn codes on")]);
		assert.match(await page.textContent("main"), /Codes are on/);
		await Promise.all([page.waitForNavigation(), hands.press("Sign out")]);
		assert.deepEqual(await this.row("SELECT count(*) FROM session"), [0]);
		await page.close();

		[page, hands] = await this.open("/desk/articles");
		assert.match(page.url(), /\/desk\/session/);
		const token = (await this.context.cookies()).find(({ name }) =>
			/session/.test(name));
		assert.equal(token, undefined);
		await hands.fill("Email address", PERSON.email);
		await hands.fill("Password", PERSON.password);
		/* One code is good for one time: the next one, as a clock that is a
		 * little fast shows it. */
		await hands.fill("Code", codeOf(secret, now() + 30));
		await Promise.all([page.waitForNavigation(), hands.press("Sign in")]);
		assert.match(page.url(), /\/desk\/articles$/);
		assert.deepEqual(await this.row("SELECT count(*) FROM session"), [1]);
		await page.close();
	}

	async write() {
		const [page, hands] = await this.open("/desk/articles");
		await Promise.all([page.waitForNavigation(), hands.press("New article")]);
		await page.waitForSelector("#field-title");
		/* The cursor stands in the title. */
		assert.equal(await page.evaluate(() => document.activeElement.id), "field-title");
		await page.keyboard.type("Boring processes");
		await hands.append(FIRST);
		await hands.fill("Category", "Systems");
		await hands.fill("Tags", "processes, linux");
		if (this.hasScript) {
			/* It is there already, as a draft that nobody else sees. */
			await untilSaid(page, "Draft kept");
			assert.deepEqual(await this.row("SELECT count(*), min(status) FROM article"),
				[1, "draft"]);
		}
		await this.save(page, hands);

		this.id = Number(/articles\/(\d+)/.exec(page.url())[1]);
		const [status, , slug, body] = await this.article();
		assert.deepEqual([status, body], ["draft", FIRST]);
		this.slug = slug;
		assert.equal(slug, "boring-processes");
		assert.deepEqual(await this.blog.sql("SELECT name FROM tag ORDER BY name"),
			[["linux"], ["processes"]]);
		await this.assertHidden();
		return [page, hands];
	}

	/* Type more, and close the tab before it is saved. */
	async leave([page, hands]) {
		const [, version] = await this.article();
		await hands.append(SECOND);
		if (this.hasScript)
			await until(async () => /They%20are/.test((await this.row(
				"SELECT fields FROM autosave WHERE article_id = ?", this.id))?.[0]));
		else
			await Promise.all([page.waitForNavigation(), hands.press("Preview")]);
		await page.close({ runBeforeUnload: true });
		await until(() => page.isClosed());

		assert.deepEqual((await this.article()).slice(0, 4),
			["draft", version, this.slug, FIRST]);
		const [fields] = await this.row(
			"SELECT fields FROM autosave WHERE article_id = ?", this.id);
		assert.equal(new URLSearchParams(fields).get("body"), FIRST + SECOND);
		await this.assertHidden();
	}

	async comeBack() {
		const [page, hands] = await this.open("/desk/articles");
		await Promise.all([page.waitForNavigation(), hands.press("Boring processes")]);
		assert.equal(await page.inputValue("#field-body"), FIRST);
		await Promise.all([page.waitForNavigation(), hands.press("Go on with it")]);
		assert.equal(await page.inputValue("#field-body"), FIRST + SECOND);
		await this.save(page, hands);

		const [status, , , body] = await this.article();
		assert.deepEqual([status, body], ["draft", FIRST + SECOND]);
		assert.deepEqual(await this.row("SELECT count(*) FROM autosave"), [0]);
		await this.assertHidden();
		return [page, hands];
	}

	async preview([page, hands]) {
		const [, version] = await this.article();
		if (!this.hasScript)
			await Promise.all([page.waitForNavigation(), hands.press("Preview")]);
		else if (!await page.locator("iframe").isVisible())
			await hands.press("Preview");
		await until(async () => (await previewOf(page).innerHTML()).includes(
			"<p>Processes end. What matters is <em>how</em>. They are killed, mostly."));

		assert.equal((await this.article())[1], version);
		await this.assertHidden();
	}

	/* The page where it is published. */
	async toPublication([page, hands], name) {
		await Promise.all([page.waitForURL("**/publication"), hands.press(name)]);
	}

	async schedule([page, hands]) {
		const day = new Date(Date.now() + 2 * 86400000).toISOString().slice(0, 10);
		await this.toPublication([page, hands], "Publish…");
		await hands.fillTime("Date and time", `${day}T14:30`);
		await Promise.all([page.waitForNavigation(), hands.press("Schedule")]);
		assert.match(await page.textContent("main"), /Scheduled/);

		assert.deepEqual(await this.article("status, published_at"),
			["scheduled", Date.parse(`${day}T14:30:00Z`) / 1000]);
		await this.assertHidden();
	}

	async publish([page, hands]) {
		await this.toPublication([page, hands], "Reschedule…");
		await Promise.all([page.waitForNavigation(), hands.press("Publish now")]);

		const [status, at] = await this.article("status, published_at");
		assert.equal(status, "published");
		assert.ok(Math.abs(at - now()) < 60);
		await this.assertPublic("They are killed, mostly.");
	}

	async changeSlug([page, hands]) {
		const former = this.slug;
		await hands.fill("Address", "how-processes-end");
		await this.save(page, hands);
		this.slug = "how-processes-end";

		assert.equal((await this.article())[2], this.slug);
		await this.assertPublic("They are killed, mostly.");
		const { status, location } = await this.read(`/articles/${former}`);
		assert.equal(status, 301);
		assert.ok(location.endsWith(`/articles/${this.slug}`), location);
	}

	async revise([page, hands]) {
		const [, version] = await this.article();
		await hands.append(" Some are not.");
		await this.save(page, hands);

		assert.deepEqual((await this.article()).slice(0, 4), ["published", version + 1,
			this.slug, `${FIRST}${SECOND} Some are not.`]);
		await this.assertPublic("Some are not.");
	}

	async conflict([page, hands]) {
		const text = `${FIRST}${SECOND} Some are not.`;
		const [other, others] = await this.open(`/desk/articles/${this.id}`);
		await others.append(" The other tab.");
		await this.save(other, others);
		await hands.append(" This tab.");
		await Promise.all([page.waitForNavigation(), this.hasScript ?
			page.keyboard.press("Control+s") : hands.press("Save")]);

		assert.match(await page.textContent("main"), /saved elsewhere since you opened/);
		assert.equal(await page.inputValue("#field-body"), `${text} This tab.`);
		assert.match((await page.locator("del").allTextContents()).join(" "), /other/i);
		assert.equal((await this.article())[3], `${text} The other tab.`);
		await this.assertPublic("The other tab.");
		await this.save(page, hands);

		assert.equal((await this.article())[3], `${text} This tab.`);
		await this.assertPublic("This tab.");
		const bodies = (await this.blog.sql("SELECT body FROM revision" +
			" WHERE article_id = ? ORDER BY version DESC LIMIT 2", this.id)).flat();
		assert.deepEqual(bodies, [`${text} This tab.`, `${text} The other tab.`]);
		await other.close();
	}

	async restore([page, hands]) {
		const [, version] = await this.article();
		await Promise.all([page.waitForNavigation(), hands.press("Revisions",
			page.locator(".more"))]);
		/* The newest is the first, and what is stored now. */
		const row = page.locator("tbody tr").nth(1);
		const when = (await row.getByRole("link").textContent()).trim();
		await Promise.all([page.waitForNavigation(), hands.press(when, row)]);
		assert.match((await page.locator("del, ins").allTextContents()).join(" "),
			/other/i);
		await Promise.all([page.waitForNavigation(),
			hands.press("Restore this revision")]);

		assert.deepEqual((await this.article()).slice(0, 4), ["published", version + 1,
			this.slug, `${FIRST}${SECOND} Some are not. The other tab.`]);
		await this.assertPublic("The other tab.");
	}

	async unpublish([page, hands]) {
		if (!/articles\/\d+(\?|$)/.test(page.url()))
			await page.goto(`${this.blog.address}/desk/articles/${this.id}`);
		await this.toPublication([page, hands], "Take back…");
		await Promise.all([page.waitForNavigation(),
			hands.press("Make it a draft again")]);

		assert.equal((await this.article())[0], "draft");
		await this.assertHidden();
	}

	async trash([page, hands]) {
		await Promise.all([page.waitForNavigation(), hands.press("Move to the trash")]);

		assert.ok((await this.article())[4] > now() - 60);
		assert.match(page.url(), /list=trash/);
		await this.assertHidden();
	}

	async untrash([page, hands]) {
		await Promise.all([page.waitForNavigation(), hands.press("Boring processes")]);
		await Promise.all([page.waitForNavigation(),
			hands.press("Take it out of the trash")]);

		const [status, , slug, body, trashed] = await this.article();
		assert.deepEqual([status, slug, body, trashed], ["draft", this.slug,
			`${FIRST}${SECOND} Some are not. The other tab.`, null]);
		await this.assertHidden();
		await page.close();
	}
}

async function wholeDay(name, Hands, hasScript) {
	const blog = await makeBlog(name);
	const context = await browser.newContext({ viewport: DESKTOP, locale: "en-US",
		javaScriptEnabled: hasScript });
	const day = new Day(blog, context, Hands, hasScript);
	await day.setUp();
	await day.signIn();
	await day.leave(await day.write());
	const desk = await day.comeBack();
	for (const step of ["preview", "schedule", "publish", "changeSlug", "revise",
		"conflict", "restore", "unpublish", "trash", "untrash"])
		await day[step](desk);
	/* Nothing is left over, and nothing went wrong unseen. */
	assert.deepEqual(await blog.sql("PRAGMA integrity_check"), [["ok"]]);
	assert.deepEqual(await blog.sql("PRAGMA foreign_key_check"), []);
	assert.doesNotMatch(await blog.said(), / error /);
	await context.close();
}

test("test_day_with_a_script", () => wholeDay("with a script", Pointer, true));

test("test_day_without_a_script", () => wholeDay("without", Pointer, false));

test("test_day_by_keyboard_alone", () => wholeDay("by keyboard", Keyboard, true));

await run(async () => {
	browser = await launch();
}, async () => {
	await browser.close();
	await endBlogs();
});
