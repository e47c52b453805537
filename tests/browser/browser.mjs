/*
 * browser.mjs - what the suites of this folder share: the blogs behind real
 * nginx, the kinds of page that there are, and Chromium.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

import { Skip } from "../support/suite.mjs";

export const HERE = path.dirname(fileURLToPath(import.meta.url));
export const OUTPUT = path.join(process.env.builddir ?? ".", "tests/browser");

/* The folder of pictures that are there to be looked at. */
export const SHOTS = process.env.SHOTS ?? path.join(OUTPUT, "shots");
fs.mkdirSync(SHOTS, { recursive: true });

/* Packages stand below the build folder, not above this file. */
export const load = createRequire(path.join(path.resolve(OUTPUT), "package.json"));

/* ---- the blogs ---- */

let server = null;
let addresses = {};

/* Start the blogs `names` of site.py. */
export async function startBlogs(...names) {
	server = spawn("python3", [path.join(HERE, "site.py"), ...names],
		{ stdio: ["pipe", "pipe", "inherit"] });
	for await (const line of readline.createInterface({ input: server.stdout })) {
		addresses = JSON.parse(line);
		return;
	}
	throw new Error("the blogs did not start");
}

export async function stopBlogs() {
	if (server === null || server.exitCode !== null)
		return;
	const ended = new Promise((resolve) => server.once("exit", resolve));
	server.stdin.end();
	await ended;
}

/* The address of a blog; skips the test where it cannot be. */
export function blog(name) {
	const address = addresses[name];
	if (address.startsWith("skip: "))
		throw new Skip(address.slice(6));
	return address;
}

/* The paths of all articles of a blog, by its sitemap. */
export async function articlesOf(name) {
	const map = await (await fetch(`${blog(name)}/sitemap.xml`)).text();
	const found = [...map.matchAll(/<loc>([^<]*)<\/loc>/g)]
		.map((match) => new URL(match[1]).pathname)
		.filter((target) => !/^\/(page|tags|categories|authors|archive|$)/.test(target));
	assert.notEqual(found.length, 0, `no article in the sitemap of ${name}`);
	return found;
}

/* ---- kinds of page ---- */

/* One of each kind: its name, blog, path, and status where that is not 200. */
export const KINDS = [
	{ name: "listing", blog: "sample", path: "/" },
	{ name: "listing-page-2", blog: "sample", path: "/page/2" },
	{ name: "listing-subscribe", blog: "subscribing", path: "/" },
	{ name: "listing-empty", blog: "empty", path: "/" },
	{ name: "listing-arabic", blog: "arabic", path: "/" },
	{ name: "article", blog: "sample", path: "/articles/everything" },
	{ name: "article-text", blog: "sample", path: "/articles/boring-processes" },
	{ name: "article-bare", blog: "sample", path: "/articles/bare" },
	{ name: "article-arabic", blog: "arabic", path: "/articles/first" },
	{ name: "standing", blog: "sample", path: "/about" },
	{ name: "tags", blog: "sample", path: "/tags" },
	{ name: "tag", blog: "sample", path: "/tags/sqlite" },
	{ name: "categories", blog: "sample", path: "/categories" },
	{ name: "category", blog: "sample", path: "/categories/system-design" },
	{ name: "author", blog: "sample", path: "/authors/mira-halloran" },
	{ name: "archive", blog: "sample", path: "/archive" },
	{ name: "year", blog: "sample", path: "/archive/2026" },
	{ name: "search", blog: "sample", path: "/search" },
	{ name: "search-hits", blog: "sample", path: "/search?q=database" },
	{ name: "search-nothing", blog: "sample", path: "/search?q=xylophonic" },
	{ name: "search-refused", blog: "sample", path: `/search?q=${"x".repeat(400)}`,
		status: 400 },
	{ name: "not-found", blog: "sample", path: "/nothing/here", status: 404 },
];

export const address = (kind) => blog(kind.blog) + kind.path;

/* ---- Chromium ---- */

const FLAGS = [
	"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update",
	"--disable-sync",
];

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };

export function launch(more = {}) {
	const { chromium } = load("playwright-core");
	return chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS,
		...more });
}

/* Chromium whose reader made all text `pixels` tall (16 is what is usual). */
export function launchWithText(profile, more = {}) {
	const { chromium } = load("playwright-core");
	return chromium.launchPersistentContext(profile, {
		executablePath: process.env.CHROMIUM, args: FLAGS, ...more });
}

/* Open `kind` in `page`, whatever it is built of, to its end. */
export async function open(page, kind) {
	const answer = await page.goto(address(kind), { waitUntil: "load" });
	if (answer.status() !== (kind.status ?? 200))
		throw new Error(`${kind.path}: ${answer.status()}`);
	return answer;
}

/*
 * In the page, before anything of it is there: window.moved names what was moved
 * after it had been shown. Cells of a table may: a column is as wide as its widest
 * cell, which may come last.
 */
export function watchMoves() {
	window.moved = [];
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries())
			for (const { node } of entry.sources)
				if (!/^T[HD]$/.test(node?.nodeName))
					window.moved.push(`${entry.value.toFixed(5)} by ${
						node?.nodeName}.${node?.className}`);
	}).observe({ type: "layout-shift", buffered: true });
}

/*
 * Do `body` for each kind in turn, and fail with all that was found: an array of
 * words a kind.
 */
export async function forEachKind(kinds, body) {
	const found = [];
	for (const kind of kinds)
		for (const words of await body(kind) ?? [])
			found.push(`${kind.name}: ${words}`);
	if (found.length > 0)
		throw new Error(`${found.length} found\n\t${found.slice(0, 40).join("\n\t")}`);
}
