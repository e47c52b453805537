/*
 * desk.mjs - what the suites of the desk share: blogs to write at, behind a real web
 * server, and people who sign in.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";

import { DESKTOP, HERE } from "./browser.mjs";
import { Skip } from "../support/suite.mjs";

export const PERSON = { title: "Quiet systems", name: "Mira Halloran",
	email: "mira@blog.example", password: "seven lamps over the harbour" };

let server = null;
let answers = null;

/* Do a command of desk_site.py. */
async function command(...words) {
	if (server === null) {
		server = spawn("python3", [path.join(HERE, "desk_site.py")],
			{ stdio: ["pipe", "pipe", "inherit"] });
		answers = readline.createInterface({ input: server.stdout })[
			Symbol.asyncIterator]();
	}
	server.stdin.write(`${JSON.stringify(words)}\n`);
	const { value, done } = await answers.next();
	if (done)
		throw new Error("desk_site.py ended");
	const { result, skip, error } = JSON.parse(value);
	if (skip !== undefined)
		throw new Skip(skip);
	if (error !== undefined)
		throw new Error(error);
	return result;
}

/* A new blog, which nobody has set up, with the articles of the sample or none. */
export async function makeBlog(name, kind = "nginx", isFilled = false) {
	const { address, setup } = await command("make", name, kind, isFilled);
	const ask = (word) => (...more) => command(word, name, ...more);
	return { name, address, setup, sql: ask("sql"), look: ask("look"),
		lock: ask("lock"), unlock: ask("unlock"), start: ask("start"), stop: ask("stop"),
		reset: ask("reset"), said: ask("said") };
}

export async function endBlogs() {
	if (server === null)
		return;
	const ended = new Promise((resolve) => server.once("exit", resolve));
	server.stdin.end();
	await ended;
	server = null;
}

/* Set up `blog` in a browser, and keep who is signed in there in `blog.state`. */
export async function setUp(browser, blog) {
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(blog.setup);
	for (const [name, value] of Object.entries(PERSON))
		await page.fill(`[name=${name}]`, value);
	await page.click("main form button");
	await page.waitForURL((url) => !url.pathname.endsWith("/setup"));
	blog.state = await context.storageState();
	await context.close();
}

/* Sign in on the page where somebody is asked to. */
export async function signIn(page) {
	await page.fill("[name=email]", PERSON.email);
	await page.fill("[name=password]", PERSON.password);
	await page.click("main form button");
	await page.waitForURL((url) => !url.pathname.endsWith("/session"));
}

/* The value that `look` finds once it is true of it. */
export async function until(look, what = "something", seconds = 60) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const value = await look();
		if (value)
			return value;
		if (Date.now() > end)
			throw new Error(`waited ${seconds} s for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}

/* Until the line of state says `words`, a text or a pattern; that something is saved
 * or kept, of all that was typed. */
export async function untilSaid(page, words, seconds = 60) {
	let text;
	try {
		return await until(async () => {
			const [said, isChanged] = await page.locator("#saved").evaluate((node) =>
				[node.textContent, node.classList.contains("changed")]);
			text = said;
			return (words instanceof RegExp ? words.test(said) : said.startsWith(words)) &&
				!(isChanged && /^(Saved|Draft kept)/.test(said)) && said;
		}, words, seconds);
	} catch (error) {
		throw new Error(`${error.message}, and it says: ${text}`);
	}
}

/* ---- the editor ---- */

/* What a page said that it should not: test_nothing_was_against_the_policy(). */
export const complaints = [];

function watch(page) {
	page.on("pageerror", (error) => complaints.push(String(error)));
	page.on("console", (message) => {
		if (/Content Security Policy|Trusted|violat/i.test(message.text()))
			complaints.push(message.text());
	});
}

/* A page of `context`, at `target` of `blog`. */
export async function openIn(context, blog, target) {
	const page = await context.newPage();
	watch(page);
	await page.goto(blog.address + target);
	return page;
}

/* A page of somebody who is signed in, in a context of its own. */
export async function openAt(browser, blog, target, more = {}) {
	const context = await browser.newContext({ viewport: DESKTOP,
		storageState: blog.state, ...more });
	return await openIn(context, blog, target);
}

/* The editor of an article that is stored. */
export async function openNew(browser, blog, text, more) {
	const page = await openAt(browser, blog, "/desk/articles/new", more);
	await page.fill("#field-title", "An article");
	await bodyOf(page).fill(text);
	await page.keyboard.press("Control+s");
	await untilSaid(page, "Saved");
	return page;
}

export const close = (page) => page.context().close();
export const bodyOf = (page) => page.locator("#field-body");
export const textOf = (page) => bodyOf(page).inputValue();
export const numberOf = (page) => Number(/articles\/(\d+)/.exec(page.url())[1]);

/* Put a long text into the editor, which fill() would take minutes for. */
export async function setText(page, text) {
	await bodyOf(page).evaluate((node, value) => {
		node.value = value;
		node.dispatchEvent(new Event("input", { bubbles: true }));
	}, text);
}

/* What the preview shows of the text. */
export const previewOf = (page) => page.locator("iframe").contentFrame()
	.locator(".e-content");

/* What is stored of an article, and the fields of the drafts that are kept. */
export async function storedBody(blog, id) {
	return (await blog.sql("SELECT body FROM article WHERE id = ?", id))[0][0];
}

export async function keptFields(blog, id) {
	return (await blog.sql("SELECT fields FROM autosave WHERE article_id = ?", id))
		.map(([fields]) => new URLSearchParams(fields));
}

/* The names of what this browser keeps. */
export const draftsIn = (page) => page.evaluate(() => Object.keys(localStorage)
	.filter((name) => name.startsWith("byline draft ")));

/* Where a text that this browser kept is offered. */
export const offerIn = (page) => page.locator("#kept-here");
