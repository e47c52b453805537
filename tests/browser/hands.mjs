/*
 * hands.mjs - the ways in which people work at a page: who points and clicks, and who
 * has a keyboard and nothing else. Both can do the same things, so that a day's work is
 * written once.
 */
import assert from "node:assert/strict";

/* A field by what is written at it. */
function fieldOf(page, label) {
	return page.getByLabel(new RegExp(`^${label}(\\s*optional)?$`)).first();
}

/* A button or link by its name. */
function targetOf(scope, name) {
	return scope.getByRole("button", { name, exact: true })
		.or(scope.getByRole("link", { name, exact: true })).first();
}

class Hands {
	constructor(page) {
		this.page = page;
		/* From now on choosing a file asks nobody else. */
		page.on("filechooser", () => {});
	}

	/* Choose `file` once `act` has asked for one: what a browser asks the system for
	 * is no page. */
	async chooseAfter(act, file) {
		const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"),
			act()]);
		await chooser.setFiles(file);
	}
}

/* Who points and clicks. */
export class Pointer extends Hands {
	async press(name, scope = this.page.locator("body")) {
		await targetOf(scope, name).click();
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

	async chooseFile(label, file) {
		await this.chooseAfter(() => fieldOf(this.page, label).click(), file);
	}

	/* There is nothing to see to. */
	async walk() {}
}

/*
 * In the page: what has the focus, null where nothing has. `number` is the same for the
 * same element, and `order` is its place among all that Tab should reach.
 */
function stopOf() {
	const node = document.activeElement;
	if (node === document.body || node === document.documentElement)
		return null;
	window.stops ??= new Map();
	if (!window.stops.has(node))
		window.stops.set(node, window.stops.size);
	const ring = (one) => {
		const style = getComputedStyle(one);
		return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 ||
			style.boxShadow !== "none";
	};
	/* Whether something else lies over the whole of it. */
	const boxes = [...node.getClientRects()].filter((box) => box.width > 0);
	const isSeen = boxes.some((box) => {
		const top = document.elementFromPoint(
			Math.max(0, Math.min(box.left + box.width / 2, window.innerWidth - 1)),
			Math.max(0, Math.min(box.top + box.height / 2, window.innerHeight - 1)));
		return top !== null && (node.contains(top) || top.contains(node));
	});
	const sheet = node.closest(".sheet");
	const { left, right, top } = node.getBoundingClientRect();
	return { number: window.stops.get(node),
		words: `<${node.localName}> ${node.name ?? ""} ${
			(node.getAttribute("aria-label") ?? node.textContent).trim().slice(0, 20)}`,
		/* The parts of a date, and what a browser makes a file be chosen with, have
		 * rings of its own. */
		isMarked: node.matches("iframe, [type=datetime-local]") || ring(node) ||
			sheet !== null && ring(sheet),
		isSeen: node.localName === "iframe" || isSeen,
		/* What stays at an edge of the window is where it is. */
		isFixed: node.closest(".actions, .skip") !== null,
		isSideways: node.closest(".details") !== null,
		left: left + scrollX, right: right + scrollX, top: top + scrollY };
}

/* In the page: what a keyboard should reach, in the order of the page, by the numbers
 * of stopOf(), and null for what had no focus yet. */
function reachable() {
	return [...document.querySelectorAll("a[href], button, input, select, textarea," +
		" summary, iframe, [tabindex]")].filter((node) => node.tabIndex >= 0 &&
		!node.disabled && node.type !== "hidden" &&
		node.checkVisibility({ visibilityProperty: true }))
		.map((node) => [window.stops.get(node) ?? null,
			`<${node.localName}> ${node.name ?? ""} ${
				node.textContent.trim().slice(0, 20)}`]);
}

/* Whether `next` is where somebody who reads looks for it after `last`. */
function follows(last, next) {
	return last.isFixed || next.isFixed || last.isSideways !== next.isSideways ||
		next.top >= last.top - 8 || next.left >= last.right - 8;
}

/* The pages that were gone around, by the context of the browser. */
const walked = new WeakMap();

/*
 * Who has a keyboard and nothing else: every target is reached by Tab, and every stop on
 * the way can be seen.
 */
export class Keyboard extends Hands {
	/* Press `key`; the stop that it leads to. */
	async stop(key) {
		await this.page.keyboard.press(key);
		let stop = await this.page.evaluate(stopOf);
		if (stop === null) {
			/* What comes back from the bars around the page comes a little later. */
			await this.page.evaluate(() => new Promise((resolve) =>
				requestAnimationFrame(() => requestAnimationFrame(resolve))));
			stop = await this.page.evaluate(stopOf);
		}
		if (stop !== null) {
			const where = this.page.url();
			assert.ok(stop.isMarked, `${where}: no ring at ${stop.words}`);
			assert.ok(stop.isSeen, `${where}: ${stop.words} is hidden`);
		}
		return stop;
	}

	async goTo(target) {
		for (let i = 0; i < 120; i++) {
			if (await this.stop("Tab") === null)
				continue;
			if (await target.evaluateAll((nodes) =>
				nodes.includes(document.activeElement)))
				return;
		}
		throw new Error(`${this.page.url()}: ${target} is not reached`);
	}

	async press(name, scope = this.page.locator("body")) {
		await this.goTo(targetOf(scope, name));
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

	async chooseFile(label, file) {
		await this.goTo(fieldOf(this.page, label));
		await this.chooseAfter(() => this.page.keyboard.press("Enter"), file);
	}

	/* All stops of one round by `key`, from where the focus is. */
	async round(key) {
		const stops = [];
		for (let i = 0; i < 200; i++) {
			const stop = await this.stop(key);
			if (stop === null || stop.number === stops.at(-1)?.number)
				continue;
			if (stop.number === stops[0]?.number)
				return stops;
			stops.push(stop);
		}
		throw new Error(`${this.page.url()}: ${key} leads from ${stops[0]?.words} to ${
			stops.at(-1)?.words} and never back: a trap`);
	}

	/*
	 * Go once around the whole page and back: everything is reached, in the order in
	 * which the page is read, and nothing holds the focus. Each kind of page is gone
	 * around once.
	 */
	async walk() {
		const where = this.page.url();
		const kind = new URL(where).pathname.replace(/\d+/g, "{id}");
		const kinds = walked.get(this.page.context()) ?? new Set();
		walked.set(this.page.context(), kinds);
		if (kinds.has(kind))
			return;
		kinds.add(kind);
		const stops = await this.round("Tab");
		const forward = stops.map(({ number }) => number);
		const inOrder = await this.page.evaluate(reachable);
		const missed = inOrder.filter(([number]) => !forward.includes(number));
		assert.deepEqual(missed, [], `${where}: Tab does not reach these`);

		/* A round begins anywhere. */
		const first = forward.indexOf(inOrder[0][0]);
		const turned = [...forward.slice(first), ...forward.slice(0, first)];
		assert.deepEqual(turned, inOrder.map(([number]) => number),
			`${where}: the order of Tab is not that of the page`);
		const seen = turned.map((number) =>
			stops.find((stop) => stop.number === number));
		seen.slice(1).forEach((next, i) => assert.ok(follows(seen[i], next),
			`${where}: the focus leaps from ${seen[i].words} to ${next.words}`));

		const back = (await this.round("Shift+Tab")).map(({ number }) => number);
		assert.deepEqual(new Set(back), new Set(forward), `${where}: on the way back`);
	}
}
