/*
 * day.mjs - a whole day's work at the desk, step by step: by whatever hands, with a
 * script or without. After each step what is stored and what readers get is compared
 * with what it should be, which `article` says: a step changes it as it should change
 * the blog.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { DESKTOP, SHOTS } from "./browser.mjs";
import { codeOf } from "./codes.mjs";
import { PERSON, previewOf, until, untilSaid } from "./desk.mjs";
import { Looks } from "./looks.mjs";
import { copyPicture, SECRET, takePhotograph } from "./photograph.mjs";

const FIRST = "Processes end. What matters is *how*.";
const SECOND = " They are killed, mostly.";
const THIRD = " Some are not.";
const OTHERS = " The other tab.";
const OWN = " This tab.";
const ALT = "A lighthouse, half red, half blue";

const PATIENCE = 180000; /* ms */

const now = () => Date.now() / 1000;

export class Day {
	/* `Hands` is a class of hands.mjs. */
	constructor(browser, blog, Hands, hasScript) {
		Object.assign(this, { browser, blog, Hands, hasScript });
		this.looks = new Looks(blog);
	}

	async work() {
		this.context = await this.browser.newContext({ viewport: DESKTOP,
			locale: "en-US", javaScriptEnabled: this.hasScript });
		/* What is slow is no failure. */
		this.context.setDefaultTimeout(PATIENCE);
		await this.setUp();
		await this.signIn();
		for (const step of ["write", "addImage", "autosave", "closeAndComeBack",
			"preview", "schedule", "publish", "changeSlug", "revise", "conflict",
			"restore", "unpublish", "trash", "takeBack"]) {
			this.looks.begin(step);
			await this[step]();
			await this.looks.hasArticle(this.article);
		}
		await this.looks.stores([["ok"]], "the file is sound", "PRAGMA integrity_check");
		await this.looks.stores([], "nothing is left over", "PRAGMA foreign_key_check");
		assert.doesNotMatch(await this.blog.said(), / error /);
		await this.context.close();
	}

	/* ---- what steps are made of ---- */

	/* A new tab, and whoever's hands are at it. */
	async open(target) {
		const page = await this.context.newPage();
		page.on("dialog", (dialog) => dialog.accept());
		await page.goto(new URL(target, this.blog.address).href);
		return [page, new this.Hands(page)];
	}

	/* Press `name`, and wait for the page that it leads to. */
	async goBy(name, scope) {
		await Promise.all([this.page.waitForNavigation(),
			this.hands.press(name, scope)]);
	}

	async says(words) {
		assert.match(await this.page.textContent("body"), words,
			`"${this.looks.step}" is said to be done`);
	}

	/* Save what the editor of `page` holds. */
	async save(page = this.page, hands = this.hands) {
		if (this.hasScript) {
			await page.keyboard.press("Control+s");
			await untilSaid(page, /^Saved \d/);
		} else {
			await Promise.all([page.waitForNavigation(), hands.press("Save")]);
			assert.match(await page.textContent("main"), /Saved/);
		}
	}

	/* The text that is stored from now on. */
	stores(body) {
		this.article.bodies.unshift(body);
		this.article.draft = null;
	}

	get body() {
		return this.article.bodies[0];
	}

	/* ---- the steps ---- */

	async setUp() {
		const { looks } = this;
		looks.begin("first run");
		await looks.stores([[0]], "nobody is there", "SELECT count(*) FROM author");
		[this.page, this.hands] = await this.open(this.blog.setup);
		await this.hands.walk();
		await this.hands.fill("Title of the blog", PERSON.title);
		await this.hands.fill("Your name", PERSON.name);
		await this.hands.fill("Email address", PERSON.email);
		await this.hands.fill("Password", PERSON.password);
		await this.goBy("Start writing");

		await looks.stores([[PERSON.email, PERSON.name, "owner"]],
			"there is one author, the owner", "SELECT email, name, role FROM author");
		await looks.stores([[1]], "who is signed in", "SELECT count(*) FROM session");
		await looks.stores([[PERSON.title]], "the title is stored",
			"SELECT value FROM setting WHERE key = 'title'");
		looks.isTrue((await looks.read("/")).text.includes(PERSON.title),
			"readers see the title");
		const stranger = await looks.read(this.blog.setup);
		looks.equal([stranger.status, new URL(stranger.location, this.blog.address)
			.pathname], [303, "/desk/session"], "the link is used up");
		await this.hands.walk();
		await this.page.close();
	}

	/* Turn codes on, sign out, and in again with one. */
	async signIn() {
		const { looks } = this;
		looks.begin("sign in with a code");
		[this.page, this.hands] = await this.open("/desk/account/codes");
		await this.hands.walk();
		const secret = await this.page.textContent(".secret code");
		await this.hands.fill("Code", codeOf(secret, now()));
		await this.hands.fill("Your password", PERSON.password);
		await this.goBy("Turn codes on");
		await this.says(/Codes are on/);
		await this.hands.walk();
		await this.goBy("Sign out");
		await looks.stores([[0]], "signing out ends the session",
			"SELECT count(*) FROM session");
		await this.page.close();

		[this.page, this.hands] = await this.open("/desk/articles");
		assert.match(this.page.url(), /\/desk\/session/);
		looks.isTrue(!(await this.context.cookies()).some(({ name }) =>
			/session/.test(name)), "the browser has no session either");
		await this.hands.walk();
		await this.hands.fill("Email address", PERSON.email);
		await this.hands.fill("Password", PERSON.password);
		/* Without a code nobody gets in, and what was typed is still there. */
		await this.goBy("Sign in");
		looks.equal(await this.page.inputValue("[name=email]"), PERSON.email,
			"the address is still typed");
		await looks.stores([[0]], "a password alone signs nobody in",
			"SELECT count(*) FROM session");
		await this.hands.fill("Password", PERSON.password);
		/* One code is good for one time: the next one, as a clock that is a little
		 * fast shows it. */
		await this.hands.fill("Code", codeOf(secret, now() + 30));
		await this.goBy("Sign in");
		assert.match(this.page.url(), /\/desk\/articles$/);
		await looks.stores([[1]], "with a code there is one session",
			"SELECT count(*) FROM session");
		looks.isTrue(!(await looks.read("/")).text.includes("/desk"),
			"readers see nothing of the desk");
	}

	async write() {
		await this.hands.walk();
		await this.goBy("New article");
		await this.page.waitForSelector("#field-title");
		assert.equal(await this.page.locator("#field-title:focus").count(), 1,
			"the cursor stands in the title");
		await this.page.keyboard.type("Boring processes");
		await this.hands.append(FIRST);
		await this.hands.fill("Category", "Systems");
		await this.hands.fill("Tags", "processes, linux");
		if (this.hasScript)
			await untilSaid(this.page, "Draft kept");
		await this.save();

		const id = Number(/articles\/(\d+)/.exec(this.page.url())[1]);
		this.article = { id, title: "Boring processes", slug: "boring-processes",
			status: "draft", isTrashed: 0, bodies: [FIRST], draft: null, former: [],
			tag: "linux", shown: [] };
		await this.noteFirstDrafts();
		await this.looks.stores([["linux"], ["processes"]], "the tags",
			"SELECT name FROM tag ORDER BY name");
		await this.looks.stores([["Systems"]], "the category",
			"SELECT name FROM category JOIN article ON category.id = category_id");
		await this.hands.walk();
	}

	/* With a script it was there as soon as somebody paused, with as much of the text
	 * as there was then: which may be all of it. */
	async noteFirstDrafts() {
		const { article, looks } = this;
		const earlier = (await looks.rows("SELECT body FROM revision WHERE article_id = ?" +
			" ORDER BY version DESC", article.id)).slice(1).map(([body]) => body);
		looks.isTrue(earlier.length <= (this.hasScript ? 1 : 0),
			"stored before it was saved");
		looks.isTrue(earlier.every((body) => FIRST.startsWith(body)), "what was typed");
		article.bodies.push(...earlier);
	}

	/* An image comes into the text, and is stored upright, with nothing that its
	 * camera told of who took it. */
	async addImage() {
		const { looks } = this;
		if (this.hasScript)
			await this.pasteImage();
		else
			await this.uploadImage();

		const [stored, type, width, height] = await looks.row(
			"SELECT path, content_type, width, height FROM media");
		looks.equal([width, height], [900, 1600], "it stands upright");
		await until(async () => (await looks.row("SELECT alt FROM media"))[0] === ALT,
			"the library to know what it shows");
		this.stores(`${FIRST}\n\n![${ALT}](/media/${stored})`);
		await looks.stores([[this.article.id]], "the library knows where it is used",
			"SELECT article_id FROM media_use");
		const variants = await looks.rows("SELECT path, content_type FROM media_variant");
		looks.isTrue(variants.some(([, kind]) => kind === "image/webp"),
			"it is there as WebP");
		for (const [target, kind] of [[stored, type], ...variants]) {
			const answer = await looks.read(`/media/${target}`);
			looks.equal([answer.status, answer.type], [200, kind], target);
			looks.isTrue(!answer.bytes.includes(SECRET) && !answer.bytes.includes("Exif"),
				`${target} says nothing of its camera`);
		}
		this.article.shown.push(`alt="${ALT}"`, "srcset=", 'width="900"',
			'height="1600"', 'loading="lazy"');
	}

	/* What the system's clipboard holds is put into the text. */
	async pasteImage() {
		const { page, hands } = this;
		await copyPicture(this.context, this.blog.address, 900, 1600);
		await page.bringToFront();
		await hands.append("\n\n");
		await page.keyboard.press("Control+v");
		await page.waitForSelector("#asked:not([hidden])");
		await hands.fill("What \\S+ shows", ALT);
		await hands.press("Put it in");
		await until(async () => (await page.inputValue("#field-body")).includes(
			`![${ALT}](/media/`), "the image in the text");
		await this.save();
		await this.hands.walk();
	}

	/* By the form of the library; then what it says goes into the text. */
	async uploadImage() {
		const file = path.join(SHOTS, "lighthouse.jpg");
		fs.writeFileSync(file, await takePhotograph(this.browser, 1600, 900));
		await this.goBy("Media");
		await this.hands.walk();
		await this.hands.chooseFile("A file from this machine", file);
		await this.hands.fill("What it shows for who cannot see it", ALT);
		await this.goBy("Upload");
		await this.hands.walk();
		const markdown = (await this.page.textContent(".secret code")).trim();
		await this.goBy("Articles");
		await this.goBy(this.article.title);
		await this.hands.append(`\n\n${markdown}`);
		await this.save();
	}

	/* What is typed and not saved is kept beside what is stored: by itself, or by a
	 * look at the preview. */
	async autosave() {
		await this.hands.append(SECOND);
		this.article.draft = this.body + SECOND;
		if (!this.hasScript) {
			await this.goBy("Preview");
			return;
		}
		await untilSaid(this.page, "Draft kept");
		await until(async () => new URLSearchParams((await this.looks.row(
			"SELECT fields FROM autosave"))?.[0]).get("body") === this.article.draft,
		"the draft");
	}

	async closeAndComeBack() {
		const { page } = this;
		await page.close({ runBeforeUnload: true });
		await until(() => page.isClosed());
		await this.looks.hasArticle(this.article);

		[this.page, this.hands] = await this.open("/desk");
		await this.hands.walk();
		await this.goBy("Articles");
		await this.goBy(this.article.title);
		assert.equal(await this.page.inputValue("#field-body"), this.body);
		await this.hands.walk();
		await this.goBy("Go on with it");
		assert.equal(await this.page.inputValue("#field-body"), this.article.draft);
		await this.save();
		this.stores(this.article.draft);
	}

	async preview() {
		const { page } = this;
		if (!this.hasScript)
			await this.goBy("Preview");
		else if (!await page.locator("iframe").isVisible())
			await this.hands.press("Preview");
		await until(async () => /What matters is <em>how<\/em>/.test(
			await previewOf(page).innerHTML()) && /They are killed/.test(
			await previewOf(page).textContent()), "the preview");
		assert.equal(await previewOf(page).getByAltText(ALT).count(), 1);
		/* To look at it without a script keeps what was typed. */
		this.article.draft = this.hasScript ? null : this.body;
	}

	/* Go to where it is published, by the button with `name`. */
	async toPublication(name) {
		await Promise.all([this.page.waitForURL("**/publication"),
			this.hands.press(name)]);
		/* It was saved first, with a script or without one: nothing is a draft. */
		this.article.draft = null;
		await this.hands.walk();
	}

	/* To publish is to save, by all that it leaves behind. */
	async schedule() {
		const day = new Date(Date.now() + 2 * 86400000).toISOString().slice(0, 10);
		await this.toPublication("Publish…");
		await this.hands.fillTime("Date and time", `${day}T14:30`);
		await this.goBy("Schedule");
		await this.says(/Scheduled/);
		this.article.status = "scheduled";
		this.stores(this.body);
		await this.looks.stores([[Date.parse(`${day}T14:30:00Z`) / 1000]],
			"its time", "SELECT published_at FROM article");
	}

	async publish() {
		await this.toPublication("Reschedule…");
		await this.goBy("Publish now");
		this.article.status = "published";
		this.stores(this.body);
		this.article.shown.push("They are killed, mostly.", "<em>how</em>");
		const [at] = await this.looks.row("SELECT published_at FROM article");
		this.looks.isTrue(at <= now() + 1 && at > now() - 600,
			"it is published as of now");
	}

	async changeSlug() {
		await this.hands.fill("Address", "how-processes-end");
		await this.save();
		this.article.former.push(this.article.slug);
		this.article.slug = "how-processes-end";
		this.stores(this.body);
	}

	async revise() {
		await this.hands.append(THIRD);
		await this.save();
		this.stores(this.body + THIRD);
		this.article.shown.push(THIRD.trim());
	}

	/* A second tab saves first. */
	async conflict() {
		const { page, hands, article, looks, body } = this;
		const [other, others] = await this.open(`/desk/articles/${article.id}`);
		await others.append(OTHERS);
		await this.save(other, others);
		this.stores(body + OTHERS);
		article.shown.push(OTHERS.trim());
		await looks.hasArticle(article);
		await other.close();

		await hands.append(OWN);
		await Promise.all([page.waitForNavigation(), this.hasScript ?
			page.keyboard.press("Control+s") : hands.press("Save")]);
		await this.says(/saved elsewhere since you opened/);
		assert.equal(await page.inputValue("#field-body"), body + OWN);
		assert.match((await page.locator("del").allTextContents()).join(" "), /other/i);
		assert.match((await page.locator("ins").allTextContents()).join(" "), /This/);
		await looks.stores([[body + OTHERS]], "the first to save is public",
			"SELECT body FROM article");
		await looks.isPublic(article);
		await this.save();
		this.stores(body + OWN);
		article.shown.splice(-1, 1, OWN.trim());
		article.gone = [OTHERS.trim()];
	}

	async restore() {
		const { page, article } = this;
		await this.goBy("Revisions", page.locator(".more"));
		await this.hands.walk();
		/* The newest is the first, and what is stored now. */
		const row = page.locator("tbody tr").nth(1);
		await this.goBy((await row.getByRole("link").textContent()).trim(), row);
		assert.match((await page.locator("del, ins").allTextContents()).join(" "),
			/other/i);
		await this.hands.walk();
		await this.goBy("Restore this revision");
		this.stores(article.bodies[1]);
		article.shown.splice(-1, 1, OTHERS.trim());
		article.gone = [OWN.trim()];
	}

	async unpublish() {
		await this.toPublication("Take back…");
		await this.goBy("Make it a draft again");
		this.article.status = "draft";
		this.stores(this.body);
	}

	async trash() {
		await this.goBy("Move to the trash");
		assert.match(this.page.url(), /list=trash/);
		await this.hands.walk();
		this.article.isTrashed = 1;
	}

	async takeBack() {
		await this.goBy(this.article.title);
		await this.goBy("Take it out of the trash");
		this.article.isTrashed = 0;
		this.stores(this.body);
		await this.page.close();
	}
}
