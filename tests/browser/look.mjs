/*
 * look.mjs - functions that run inside a page and say what is wrong there, as an
 * array of words. Each is sent to the browser alone, so that it uses nothing of
 * this file but what stands inside it.
 */

/* What stands out of the window, unless it is in a region that scrolls. */
export function sticksOut() {
	const found = [];
	const root = document.scrollingElement;
	/* What html and body hide is hidden, not absent. */
	if (root.scrollWidth > window.innerWidth)
		found.push(`the page is ${root.scrollWidth} px wide of ${window.innerWidth}`);
	const column = document.querySelector("main").getBoundingClientRect();
	const check = (node, box) => {
		/* The contents stand beside the text on purpose. */
		const [left, right] = node.closest(".contents") ? [0, window.innerWidth]
			: [column.left, column.right];
		if (box.width > 0 && (box.right > right + 1 || box.left < left - 1))
			found.push(`<${node.localName} class="${node.className}"> ` +
				`"${node.textContent.trim().slice(0, 30)}" stands from ` +
				`${box.left.toFixed(1)} to ${box.right.toFixed(1)}`);
	};
	const isElsewhere = (node) => node.closest("pre, .table, .skip, .trap") !== null;
	for (const node of document.body.querySelectorAll(
		"img, video, iframe, svg, input, button, pre, .table, .code, .tags li"))
		if (!isElsewhere(node.parentElement))
			check(node, node.getBoundingClientRect());
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const range = document.createRange();
	while (walker.nextNode()) {
		range.selectNodeContents(walker.currentNode);
		if (walker.currentNode.data.trim() &&
			!isElsewhere(walker.currentNode.parentElement))
			for (const box of range.getClientRects())
				check(walker.currentNode.parentElement, box);
	}
	return found.slice(0, 4);
}

/* Text that its box cuts off. */
export function isCut() {
	const found = [];
	for (const node of document.body.querySelectorAll("*")) {
		const style = getComputedStyle(node);
		const hides = (value) => value === "hidden" || value === "clip";
		if (node.closest(".skip, .trap") || node.clientHeight === 0 ||
			!node.textContent.trim())
			continue;
		/* Initials stand on a disc, beyond which they cannot be read. */
		if (node.matches("span.face") && node.scrollWidth > node.clientWidth)
			found.push(`"${node.textContent}" is wider than its disc`);
		if (hides(style.overflowY) && node.scrollHeight > node.clientHeight + 1 ||
			hides(style.overflowX) && node.scrollWidth > node.clientWidth + 1)
			found.push(`<${node.localName} class="${node.className}"> is cut off`);
	}
	return found;
}

/* What WCAG 1.4.12 lets a reader set. */
export function spaceOut() {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync("* { line-height: 1.5 !important;" +
		"letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }" +
		"p { margin-block-end: 2em !important; }");
	document.adoptedStyleSheets = [sheet];
}

/* Sizes of the text, and characters a full line by where its letters stand. */
export function type() {
	const size = (node) => parseFloat(getComputedStyle(node).fontSize);
	const paragraphs = [...document.querySelectorAll(".prose > p")];
	const lines = [];
	for (const paragraph of paragraphs) {
		const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
		const rows = new Map();
		const range = document.createRange();
		while (walker.nextNode())
			for (let i = 0; i < walker.currentNode.length; i++) {
				range.setStart(walker.currentNode, i);
				range.setEnd(walker.currentNode, i + 1);
				const box = range.getClientRects()[0];
				if (box === undefined)
					continue;
				/* Code in a line stands a little lower. */
				const row = Math.round((box.top + box.height / 2) / 12);
				rows.set(row, (rows.get(row) ?? 0) + 1);
			}
		lines.push(...[...rows.values()].slice(0, -1));
	}
	const full = lines.filter((count) => count > 20);
	const first = paragraphs[0];
	const style = getComputedStyle(first);
	return {
		size: size(first),
		leading: parseFloat(style.lineHeight) / size(first),
		width: first.getBoundingClientRect().width,
		measure: full.reduce((sum, count) => sum + count, 0) / full.length,
		lines: full.length,
		headings: ["h1", ".prose h2", ".prose h3", ".prose h4"].map((name) =>
			document.querySelector(name)).filter(Boolean).map(size),
	};
}

/* The least contrast of text and of controls, and what is below the limits. */
export function contrast() {
	const parse = (colour) => {
		const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
		return { rgb: [r, g, b], a };
	};
	const luminance = (rgb) => rgb.map((value) => value / 255)
		.map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
		.reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
	const ratio = (one, other) => {
		const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
		return (high + 0.05) / (low + 0.05);
	};
	const behind = (node) => {
		for (let at = node; at !== null; at = at.parentElement) {
			const { rgb, a } = parse(getComputedStyle(at).backgroundColor);
			if (a === 1)
				return rgb;
		}
		return [255, 255, 255];
	};
	const result = { text: 99, control: 99, found: [] };
	const note = (key, limit, value, words) => {
		result[key] = Math.min(result[key], value);
		if (value < limit)
			result.found.push(`${words}: ${value.toFixed(2)}`);
	};
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const node = walker.currentNode.parentElement;
		if (!walker.currentNode.data.trim() || node.getClientRects().length === 0 ||
			node.closest(".anchor, .skip, .trap"))
			continue;
		note("text", 4.5, ratio(parse(getComputedStyle(node).color).rgb, behind(node)),
			`<${node.localName} class="${node.className}"> ` +
			walker.currentNode.data.trim().slice(0, 20));
	}
	for (const node of document.querySelectorAll("input:not([disabled]), button")) {
		if (node.closest(".trap"))
			continue;
		const style = getComputedStyle(node);
		const around = behind(node.parentElement);
		note("control", 3, Math.max(ratio(parse(style.borderTopColor).rgb, around),
			ratio(behind(node), around)), `<${node.localName}> border`);
	}
	return result;
}

/* Every colour of code that the style sheet has, on its ground. */
export function codeColours() {
	const names = new Set();
	const collect = (rules) => {
		for (const rule of rules) {
			if (rule.cssRules)
				collect(rule.cssRules);
			for (const [name] of (rule.selectorText ?? "").matchAll(/hl-[a-z]+/g))
				names.add(name);
		}
	};
	for (const sheet of document.styleSheets)
		collect(sheet.cssRules);
	const rgb = (colour) => colour.match(/[\d.]+/g).map(Number);
	const luminance = ([r, g, b]) => [r, g, b].map((value) => value / 255)
		.map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
		.reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
	const block = document.querySelector(".code");
	return [...names].map((name) => {
		const node = document.createElement("span");
		node.className = name;
		node.textContent = name;
		block.querySelector("code").append(node);
		const style = getComputedStyle(node);
		let ground = rgb(style.backgroundColor);
		if (ground[3] === 0)
			ground = rgb(getComputedStyle(block).backgroundColor);
		const [low, high] = [luminance(rgb(style.color)), luminance(ground)]
			.sort((a, b) => a - b);
		return { name, ratio: (high + 0.05) / (low + 0.05) };
	});
}

export function paper() {
	const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor
		.match(/[\d.]+/g).map((value) => value / 255);
	return {
		luminance: 0.2126 * r + 0.7152 * g + 0.0722 * b,
		announced: document.querySelector("meta[name=color-scheme]").content,
	};
}

/* What is smaller than 24 px, but for links inside a text (WCAG 2.5.8). */
export function smallTargets() {
	const found = [];
	for (const node of document.querySelectorAll(
		"a[href], button, input:not([disabled]), summary, [tabindex='0']")) {
		if (node.closest(".skip, .trap"))
			continue;
		const parent = node.parentElement;
		const around = [...parent.childNodes].filter((other) =>
			other !== node && other.nodeType === Node.TEXT_NODE &&
			other.data.trim().length > 2);
		const isInText = getComputedStyle(node).display === "inline" &&
			(around.length > 0 || parent.localName !== "li" &&
			parent.closest(".prose p, .prose li, .prose td, .footnotes") !== null);
		const boxes = [...node.getClientRects()];
		/* A card is one target: its link covers it. */
		const cover = getComputedStyle(node, "::after");
		if (isInText || cover.position === "absolute")
			continue;
		const height = Math.max(...boxes.map((box) => box.height));
		const width = Math.max(...boxes.map((box) => box.width));
		if (height < 23.9 || width < 23.9)
			found.push(`<${node.localName} class="${node.className}"> ` +
				`"${node.textContent.trim().slice(0, 20)}" is ${width.toFixed(1)} x ` +
				height.toFixed(1));
	}
	return found;
}

export function numberFocusable() {
	window.stops = [...document.querySelectorAll(
		"a[href], button, input, summary, [tabindex='0']")]
		.filter((node) => node.tabIndex >= 0 && !node.disabled &&
			node.checkVisibility());
}

export function countFocusable() {
	return window.stops.length;
}

/* Where the focus is now; null when it left the page. */
export function stop() {
	const node = document.activeElement;
	if (node === document.body || node === null)
		return null;
	const ring = (style) => style.outlineStyle !== "none" &&
		parseFloat(style.outlineWidth) >= 2;
	const box = node.getBoundingClientRect();
	return {
		number: window.stops.indexOf(node),
		words: `<${node.localName}> ${node.textContent.trim().slice(0, 30)}`,
		isMarked: ring(getComputedStyle(node)) ||
			ring(getComputedStyle(node, "::after")),
		isSeen: box.width >= 1 && box.bottom > 0 && box.top < window.innerHeight &&
			getComputedStyle(node).opacity > 0.5,
		isBeside: node.closest(".contents") !== null,
		top: box.top + window.scrollY,
		bottom: box.bottom + window.scrollY,
	};
}

/* What is told from its ground by colour alone, where colours are forced. */
export function borderless() {
	return [...document.querySelectorAll(
		".face, .tags li, .subscribe, .code, button, .field input, mark")]
		.filter((node) => getComputedStyle(node).borderTopStyle === "none")
		.map((node) => `<${node.localName} class="${node.className}">`);
}

export function moves() {
	const found = document.getAnimations().map((one) => `${one}`);
	for (const node of document.querySelectorAll("*")) {
		const style = getComputedStyle(node);
		if (style.scrollBehavior !== "auto")
			found.push(`<${node.localName}> scrolls smoothly`);
		if (parseFloat(style.transitionDuration) > 0 ||
			style.animationName !== "none")
			found.push(`<${node.localName} class="${node.className}"> moves`);
	}
	return found;
}

export function onPaper() {
	const found = [];
	for (const node of document.querySelectorAll(
		"nav, form, .subscribe, .related, .skip, .anchor, footer.site"))
		if (node.checkVisibility())
			found.push(`<${node.localName} class="${node.className}"> is printed`);
	for (const node of document.querySelectorAll(".prose a[href^='http']"))
		if (!getComputedStyle(node, "::after").content.includes(
			node.getAttribute("href")))
			found.push(`${node.href} is not printed`);
	for (const node of document.querySelectorAll("pre"))
		if (getComputedStyle(node).whiteSpace !== "pre-wrap" ||
			node.scrollWidth > node.clientWidth + 1)
			found.push("code is not wrapped");
	for (const node of document.querySelectorAll(".table"))
		if (node.scrollWidth > node.clientWidth + 1)
			found.push("a table is cut off");
	const ink = (node) => getComputedStyle(node).color.match(/\d+/g)
		.reduce((sum, value) => sum + Number(value), 0);
	for (const node of document.querySelectorAll(
		"h1, .prose p, pre span, .face, .tags li"))
		if (ink(node) > 420)
			found.push(`<${node.localName} class="${node.className}"> is pale`);
	if (!document.querySelector("h1").checkVisibility())
		found.push("no title");
	return found;
}

/* On which side of a page from right to left things stand. */
export function sides() {
	const side = (node) => {
		const box = node.getBoundingClientRect();
		const column = document.querySelector(".prose").getBoundingClientRect();
		return column.right - box.right < box.left - column.left ? "right" : "left";
	};
	const start = (node) => {
		const range = document.createRange();
		range.setStart(node.firstChild, 0);
		range.setEnd(node.firstChild, 1);
		return range.getBoundingClientRect();
	};
	const code = document.querySelector("pre");
	const quote = getComputedStyle(document.querySelector("blockquote"));
	const list = getComputedStyle(document.querySelector(".prose ul"));
	const middle = document.querySelector(".prose").getBoundingClientRect();
	return {
		dir: document.documentElement.dir,
		lang: document.documentElement.lang,
		code: getComputedStyle(code).direction,
		codeAlign: getComputedStyle(code).textAlign,
		text: start(document.querySelector(".prose p")).left >
			middle.left + middle.width / 2 ? "right" : "left",
		name: side(document.querySelector(".site .name")),
		quote: parseFloat(quote.borderRightWidth) > 0 ? "right" : "left",
		list: parseFloat(list.paddingRight) > 0 ? "right" : "left",
		back: getComputedStyle(document.querySelector(".neighbours .back small"),
			"::before").content.replaceAll("\"", ""),
	};
}
