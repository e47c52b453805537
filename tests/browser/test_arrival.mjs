/*
 * test_arrival.mjs - a page that arrives in pieces, as on a slow line or while a
 * busy browser reads it, never moves what it has shown before.
 *
 * A relay stands between Chromium and nginx. It hands on everything as it is, but
 * the page itself in pieces that end where a tag ends or in the middle of a text,
 * each long enough before the next to be painted.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";

import { address, DESKTOP, forEachKind, KINDS, launch, PHONE, startBlogs,
	stopBlogs, watchMoves } from "./browser.mjs";
import { run, test } from "../support/suite.mjs";

/* Two frames. */
const PAINT_MS = 35;
/* More than fill the first screen, which is where a shift counts. */
const PIECES_MOST = 130;

let browser = null;

/* `piece` as it is, or where its text has several words parted before the last. */
function halve(piece) {
	const [, first, second] = piece.match(/^([^<]* )([^ <]+<.*)$/s) ?? [];
	return first === undefined ? [piece] : [first, second];
}

/* `page` cut behind its tags and in its texts, the head in one piece. */
function cut(page) {
	const [head, body] = page.split(/(?<=<body>)/);
	const pieces = body.split(/(?<=>)(?!\n)|(?<=>\n)/).flatMap(halve);
	const rest = pieces.splice(PIECES_MOST).join("");
	return [head, ...pieces, rest].filter((piece) => piece !== "");
}

/* Answer `request` as `url` would, a page in pieces. */
async function handOn(url, request, answer) {
	const from = await fetch(url, { headers: { accept: request.headers.accept ?? "*/*",
		"accept-encoding": "identity" } });
	const type = from.headers.get("content-type") ?? "";
	const headers = Object.fromEntries([...from.headers].filter(([name]) =>
		!/^(connection|keep-alive|content-length|transfer-encoding)$/.test(name)));
	answer.writeHead(from.status, headers);
	if (!type.startsWith("text/html")) {
		answer.end(Buffer.from(await from.arrayBuffer()));
		return;
	}
	for (const piece of cut(await from.text())) {
		answer.write(piece);
		await pause(PAINT_MS);
	}
	answer.end();
}

/* A server before another, whose address `relay.target` is. */
async function startRelay() {
	const relay = http.createServer((request, answer) =>
		handOn(new URL(request.url, relay.target), request, answer));
	relay.listen(0, "127.0.0.1");
	await new Promise((resolve) => relay.once("listening", resolve));
	return relay;
}

/* In the page, before anything of it is there. */
function countFrames() {
	window.frameCount = 0;
	const count = () => {
		window.frameCount++;
		requestAnimationFrame(count);
	};
	count();
}

/* Once all of it is painted: what moved in the page, and how often it was drawn. */
const seen = (page) => page.evaluate(() => new Promise((resolve) =>
	requestAnimationFrame(() => requestAnimationFrame(() =>
		resolve({ moved: window.moved, frameCount: window.frameCount })))));

async function arrive(viewport) {
	const context = await browser.newContext({ viewport,
		isMobile: viewport === PHONE, hasTouch: viewport === PHONE });
	const page = await context.newPage();
	const relay = await startRelay();
	const here = `http://127.0.0.1:${relay.address().port}`;
	let frameCount = 0;
	await page.addInitScript(watchMoves);
	await page.addInitScript(countFrames);
	await forEachKind(KINDS, async (kind) => {
		relay.target = address(kind);
		await page.goto(here + kind.path, { waitUntil: "load" });
		const what = await seen(page);
		frameCount += what.frameCount;
		return what.moved;
	});
	await context.close();
	relay.close();
	relay.closeAllConnections();
	console.log(`${frameCount} frames in ${KINDS.length} kinds of page`);
	assert.ok(frameCount > KINDS.length * 20);
}

async function begin() {
	await startBlogs("sample", "subscribing", "arabic", "empty");
	browser = await launch();
}

async function end() {
	await browser?.close();
	await stopBlogs();
}

test("test_nothing_moves_on_a_telephone", () => arrive(PHONE));

test("test_nothing_moves_on_a_desk", () => arrive(DESKTOP));

await run(begin, end);
