/*
 * preview.js - the text as its readers will see it, and how long it is.
 */
let looked = null; /* the title and text that it shows */
let cost = 0; /* ms that the last one took */

function isShown() {
	return root.classList.contains("with-preview");
}

function showCounts(words, minutes) {
	counts.textContent = `${words} ${words === 1 ? "word" : "words"} · ${
		minutes} min`;
}

/* Much as the server does. */
function count() {
	const parts = body.value.replace(/<[^<>]*>/g, " ")
		.split(/^ {0,3}(?:\x60{3}|~~~).*$/m);
	let words = 0, minutes = 0;
	parts.forEach((part, i) => {
		/* Chinese and Japanese, character by character. */
		const others = part.split(/[\u3040-\u30ff\u3400-\u9fff]/);
		const found = others.join(" ").split(/\s+/)
			.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
		words += found;
		/* Each second part is code. */
		minutes += found / (i % 2 > 0 ? 115 : 230) + (others.length - 1) / 500;
	});
	showCounts(words, Math.round(minutes) || 1);
}

/* The preview is one stop of the keyboard, and its links open elsewhere. */
function tame(part) {
	for (const node of part.querySelectorAll("a, input, button, [tabindex]")) {
		node.tabIndex = -1;
		if (node.getAttribute("href")?.[0] !== "#")
			node.target = "_blank";
	}
}

/* Put `html` into `place`, and leave what is the same at both ends alone. */
function patch(place, html) {
	const fresh = document.createElement("template");
	fresh.innerHTML = policy.createHTML(html);
	tame(fresh.content);
	const old = [...place.childNodes], next = [...fresh.content.childNodes];
	while (next.length && old[0]?.isEqualNode(next[0])) {
		old.shift();
		next.shift();
	}
	let end = null;
	while (next.length && old.at(-1)?.isEqualNode(next.at(-1))) {
		end = old.pop();
		next.pop();
	}
	for (const node of old)
		node.remove();
	for (const node of next)
		place.insertBefore(node, end);
}

/* The place of the text, once the page is there. */
function findPlace() {
	return frame.contentDocument?.querySelector(".e-content");
}

function showContents(place, contents) {
	let list = find("nav.contents", frame.contentDocument);
	if (!list)
		place.before(list = element("nav", { className: "contents" }));
	list.hidden = !contents;
	patch(list, `<h2>Contents</h2>${contents}`);
}

/* What is read is about where what is written is. */
function follow() {
	const place = findPlace();
	const share = body.scrollTop / (body.scrollHeight - body.clientHeight);
	if (!place || !isShown())
		return;
	const page = frame.contentWindow;
	const end = page.scrollY + place.getBoundingClientRect().bottom;
	page.scrollTo({ behavior: "instant",
		top: (share || 0) * (end - frame.clientHeight) });
}

function lookLater() {
	if (isShown())
		later("look", Math.min(Math.max(cost, 30), 1500), look);
}

function look() {
	return inTurn(async () => {
		const began = Date.now();
		const text = body.value, all = title.value + text;
		if (hurry || !findPlace() || !isShown())
			return;
		const heading = find("h1", frame.contentDocument);
		if (heading)
			heading.textContent = title.value;
		if (looked === all)
			return;
		const { isDone, said } = await send("/preview",
			new URLSearchParams({ id, title: title.value, body: text }));
		note.textContent = isDone || hurry ? "" :
			`Not up to date. ${said.problem ?? ""}`;
		if (!isDone)
			return;
		patch(findPlace(), said.html);
		showContents(findPlace(), said.contents);
		showCounts(said.words, said.minutes);
		looked = all;
		if (!frame.matches(":hover, :focus"))
			follow();
		cost = Date.now() - began;
	});
}

function showPreview(isOn) {
	root.classList.toggle("with-preview", isOn);
	find("[value=preview]").ariaPressed = isOn;
	if (isOn && !frame.src)
		frame.src = `${address()}/preview`;
	lookLater();
}
