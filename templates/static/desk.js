/*
 * Byline: what the editor can do better with a script. Nothing needs it.
 *
 * What must hold: no word is lost. What was typed is in this browser until the
 * server has it, and the line of state says in words which of both is so.
 */
"use strict";
{ /* None of these names is the page's. */

const PIECE = 96 * 1024; /* bytes: mod_fcgid refuses bodies over 128 KB */
const PAUSE = 2000; /* ms without typing until the server keeps a draft */
const SOON = 300; /* the same for this browser */
const DRAFTS = 5; /* how many it keeps */

const root = document.documentElement;
const wide = matchMedia("(min-width: 64rem)");
const modifier = /Mac|iP/.test(navigator.platform) ? "metaKey" : "ctrlKey";
const rules = { createHTML: (html) => html };
const policy = window.trustedTypes?.createPolicy("byline", rules) ?? rules;

/* Do `act`, unless this browser keeps nothing. */
function stored(act) {
	try {
		return act(localStorage);
	} catch {
		return undefined;
	}
}

function forget(name) {
	stored((storage) => storage.removeItem(name));
}

/* Whether the preview stands beside the text: until it is turned off. */
function isWanted() {
	return wide.matches && !stored((storage) => storage["byline no preview"]);
}

/* Before anything is shown, so that nothing moves. */
root.classList.add("live");
root.classList.toggle("with-preview", isWanted());

let form, body, title, version, key, state, counts, frame, note, desk, token;
let id = 0; /* of the article; 0: it is not stored yet */

/* Changes have numbers: the last one, the last that the server keeps, and the last
 * that is saved. */
let typed = 0, kept = 0, saved = 0;
let wait = 0; /* ms until it is tried again; 0: nothing has failed */
let isLeaving = false;

const timers = {};

/* Do `act` once `name` was not asked for in `time` ms. */
function later(name, time, act) {
	clearTimeout(timers[name]);
	timers[name] = setTimeout(act, time);
}

function address() {
	return `${desk}/articles/${id || "new"}`;
}

function clock(time = new Date()) {
	return time.toTimeString().slice(0, 5);
}

function element(name, properties) {
	return Object.assign(document.createElement(name), properties);
}

/* Whether the line of state is about all that was typed. */
function mark() {
	state.classList.toggle("failed", wait > 0);
	state.classList.toggle("changed", id > 0 && wait === 0 && kept < typed);
}

/* Who listens hears the same words once. */
function say(...words) {
	const line = element("p");
	line.append(...words);
	if (line.textContent !== state.textContent)
		state.replaceChildren(...line.childNodes);
	mark();
}

/* ---- requests, one after the other ---- */

let queue = Promise.resolve();

function inTurn(task) {
	queue = queue.then(task, task);
	return queue;
}

/* The status, 0 without an answer, and the JSON that it says. */
async function post(path, content) {
	let status = 0;
	try {
		const answer = await fetch(desk + path, { method: "POST", body: content,
			headers: { "X-Form-Token": token }, redirect: "error",
			signal: AbortSignal.timeout(30000) });
		({ status } = answer);
		return { status, isDone: answer.ok, said: await answer.json() };
	} catch {
		return { status, said: {} };
	}
}

/* A long text goes before its form, in pieces; of one that has changed, what comes
 * after the first change. */
const pieces = {
	key: Date.now().toString(36) + Math.random().toString(36).slice(2),
	there: new Uint8Array(0),

	/* Returns the answer that refused it, or null. */
	async send(text) {
		const bytes = new TextEncoder().encode(text);
		const { there } = this;
		let at = 0;
		while (at < bytes.length && bytes[at] === there[at])
			at++;
		if (at === bytes.length && at === there.length)
			return null;
		this.there = new Uint8Array(0);
		do {
			const end = Math.min(at + PIECE, bytes.length);
			const answer = await post(`/pieces/${this.key}?offset=${at}`,
				new Blob([bytes.subarray(at, end)],
					{ type: "application/octet-stream" }));
			/* Less may be there than we know of. */
			if (answer.status === 409 && answer.said.size < at)
				at = answer.said.size;
			else if (answer.isDone)
				at = end;
			else
				return answer;
		} while (at < bytes.length);
		this.there = bytes;
		return null;
	},
};

async function send(path, fields, isAgain = false) {
	if (`${fields}`.length <= PIECE)
		return post(path, fields);
	const short = new URLSearchParams(fields);
	short.delete("body");
	short.set("body_piece", pieces.key);
	const answer = await pieces.send(fields.get("body")) ??
		await post(path, short);
	if (answer.status !== 400 || isAgain)
		return answer;
	/* The server has swept it out since. */
	pieces.there = new Uint8Array(0);
	return send(path, fields, true);
}

/* ---- what is kept in this browser ---- */

function readForm() {
	const fields = new URLSearchParams(new FormData(form));
	fields.set("body", body.value);
	fields.delete("form_token");
	return fields;
}

function draftName(editor = key.value) {
	return `byline draft ${desk} ${form.dataset.author} ${id} ${editor}`;
}

/* Whether nothing is lost when this page goes. */
function keepHere() {
	return kept === typed || stored((storage) => {
		storage[draftName()] = JSON.stringify({ at: Date.now(),
			fields: [...readForm()] });
		return true;
	});
}

function isSame(draft) {
	const fields = readForm();
	return draft.fields.every(([name, value]) =>
		name === "version" || name === "key" || fields.get(name) === value);
}

/* With the version that it began from: what was saved since is a conflict. */
function take(draft) {
	for (const [name, value] of draft.fields)
		if (form.elements[name])
			form.elements[name].value = value;
	change();
	keepHere();
	body.focus();
}

function offer(draft) {
	const notice = document.getElementById("kept-here");
	const [yes, no] = notice.querySelectorAll("button");
	const at = new Date(draft.at);
	const day = at.toDateString();
	notice.firstElementChild.textContent = `This browser kept a text from ${
		day === new Date().toDateString() ? "" : `${day}, `}${
		clock(at)} that the server does not have.`;
	yes.onclick = () => {
		notice.hidden = true;
		take(draft);
	};
	no.onclick = () => {
		notice.hidden = true;
		forget(draft.name);
		offerDraft();
	};
	notice.hidden = false;
	/* What the same editor left on the server is older. */
	for (const other of document.querySelectorAll(".notice [name=key]"))
		other.form.hidden = draft.name === draftName(other.value);
}

/* Offer the newest draft that is not what stands in the form. */
function offerDraft() {
	const drafts = stored((storage) => Object.keys(storage)
		.filter((name) => name.startsWith("byline draft "))
		.map((name) => ({ name, ...JSON.parse(storage[name]) }))) ?? [];
	drafts.sort((one, other) => other.at - one.at);
	for (const { name } of drafts.splice(DRAFTS))
		forget(name);
	for (const draft of drafts) {
		if (!draft.name.startsWith(draftName("")) ||
			draft.name === draftName() && kept < typed)
			continue;
		if (!isSame(draft))
			return offer(draft);
		if (kept === typed)
			forget(draft.name);
	}
}

/* ---- keeping and saving ---- */

function change() {
	typed++;
	mark();
	keepLater();
	lookLater();
	later("here", SOON, () => {
		keepHere();
		if (!isShown())
			count();
	});
}

function keepLater() {
	later("keep", wait || PAUSE, keep);
}

function done({ said }, number, words) {
	forget(draftName());
	id = said.id;
	form.setAttribute("action", address());
	history.replaceState(null, "", address());
	version.value = said.version;
	kept = number;
	wait = 0;
	say(`${words} ${clock()}`);
	keepHere();
	keepLater();
}

function fail({ status, said }) {
	const here = keepHere() ? " This browser keeps the text." : "";
	const words = status === 0 && !navigator.onLine ? "offline" :
		status === 413 ? "it is too large" :
		Object.values(said.problems ?? {})[0] ?? said.problem ??
		"the server does not answer";
	wait = Math.min(2 * wait || 5000, 60000);
	keepLater();
	if (said.signed_out)
		say("Not saved: you are signed out. ", element("a", {
			href: `${desk}/session`, target: "_blank",
			textContent: "Sign in in another tab" }),
			`, then save again.${here}`);
	else
		say(`Not saved: ${words[0].toLowerCase()}${
			words.slice(1).replace(/\.$/, "")}.${here}`);
}

/* Keep a draft beside what is stored; nothing that is public changes. */
function keep() {
	return inTurn(async () => {
		const number = typed;
		if (kept === typed || isLeaving ||
			id === 0 && `${title.value}${body.value}`.trim() === "")
			return;
		const answer = await send(`/articles/${id || "new"}/autosave`, readForm());
		if (answer.isDone)
			done(answer, number, "Draft kept");
		else
			fail(answer);
	});
}

function save(then) {
	later("slow", 500, () => say("Saving…"));
	return inTurn(async () => {
		const number = typed;
		if (id === 0 || saved < typed) {
			const answer = await send(`/articles${id ? `/${id}` : ""}`,
				readForm());
			clearTimeout(timers.slow);
			if (answer.status === 409)
				return submit();
			showProblems(answer.said.problems);
			if (!answer.isDone)
				return fail(answer);
			saved = number;
			done(answer, number, "Saved");
			if (answer.said.warnings.length > 0)
				state.append(`. ${answer.said.warnings[0]}`);
		} else {
			clearTimeout(timers.slow);
			say("All is saved");
		}
		then?.();
	});
}

/* Send the form as a browser does: the page that answers has both texts. */
function submit() {
	isLeaving = true;
	keepHere();
	if (`${readForm()}`.length > PIECE) {
		form.append(element("input", { type: "hidden", name: "body_piece",
			value: pieces.key }));
		body.removeAttribute("name");
	}
	form.submit();
}

function showProblems(problems = {}) {
	for (const old of form.querySelectorAll(".field .problem"))
		old.remove();
	for (const field of form.querySelectorAll("[aria-invalid]"))
		field.removeAttribute("aria-invalid");
	/* The first is the last to take the focus. */
	for (const [name, words] of Object.entries(problems).reverse()) {
		const field = form.elements[name];
		field.closest(".field").append(element("p", { className: "problem",
			id: `problem-${name}`, textContent: words }));
		field.setAttribute("aria-invalid", "true");
		field.setAttribute("aria-describedby", `hint-${name} problem-${name}`);
		field.closest("details")?.setAttribute("open", "");
		field.focus();
	}
}

/* ---- the preview ---- */

let looked = null; /* the text that it shows */
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
		.split(/^ {0,3}(?:```|~~~).*$/m);
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
	showCounts(words, Math.max(1, Math.round(minutes)));
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
	while (next.length > 0 && old[0]?.isEqualNode(next[0])) {
		old.shift();
		next.shift();
	}
	let end = null;
	while (next.length > 0 && old.at(-1)?.isEqualNode(next.at(-1))) {
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
	let list = frame.contentDocument.querySelector("nav.contents");
	if (list === null)
		place.before(list = element("nav", { className: "contents" }));
	list.hidden = contents === "";
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
		top: share > 0 ? share * (end - frame.clientHeight) : 0 });
}

function lookLater() {
	if (isShown())
		later("look", Math.min(Math.max(cost, 30), 1500), look);
}

function look() {
	return inTurn(async () => {
		const began = performance.now();
		const text = body.value;
		if (!findPlace() || !isShown())
			return;
		const heading = frame.contentDocument.querySelector("h1");
		if (heading !== null)
			heading.textContent = title.value;
		if (looked === text)
			return;
		const { isDone, said } = await send("/preview",
			new URLSearchParams({ id, body: text }));
		note.textContent = isDone ? "" :
			`Not up to date. ${said.problem ?? ""}`;
		if (!isDone)
			return;
		patch(findPlace(), said.html);
		showContents(findPlace(), said.contents);
		showCounts(said.words, said.minutes);
		looked = text;
		if (!frame.matches(":hover, :focus"))
			follow();
		cost = performance.now() - began;
	});
}

function showPreview(isOn) {
	root.classList.toggle("with-preview", isOn);
	form.querySelector("[value=preview]").setAttribute("aria-pressed", isOn);
	if (isOn && !frame.hasAttribute("src"))
		frame.src = `${address()}/preview`;
	lookLater();
}

/* ---- the tools ---- */

function select(from, to = from) {
	body.setSelectionRange(from, to);
}

/* Write over what stands from `from` to `to`, so that it can be undone. */
function write(text, from, to) {
	body.focus();
	select(from, to);
	if (!document.execCommand(text === "" ? "delete" : "insertText", false,
		text)) {
		body.setRangeText(text, from, to, "end");
		change();
	}
}

/* Put `mark` around what is selected, or remove it. */
function wrap(mark) {
	const { value, selectionStart: from, selectionEnd: to } = body;
	const size = mark.length;
	const [, before, inner, after] =
		/^(\s*)([^]*?)(\s*)$/.exec(value.slice(from, to));
	if (value.slice(from - size, from) === mark &&
		value.slice(to, to + size) === mark) {
		write(value.slice(from, to), from - size, to + size);
		select(from - size, to - size);
	} else {
		const start = from + before.length + size;
		write(before + mark + inner + mark + after, from, to);
		select(start, start + inner.length);
	}
}

/* Change each line of what is selected. */
function changeLines(act) {
	const { value, selectionStart, selectionEnd } = body;
	const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
	const next = value.indexOf("\n", selectionEnd);
	const to = next < 0 ? value.length : next;
	const text = act(value.slice(from, to).split("\n")).join("\n");
	write(text, from, to);
	if (selectionStart < selectionEnd)
		select(from, from + text.length);
}

function prefix(mark) {
	changeLines((lines) => lines.every((line) => line.startsWith(mark)) ?
		lines.map((line) => line.slice(mark.length)) :
		lines.map((line) => mark + line));
}

/* `mark` is "" of a link and "!" of an image. */
function insertLink(mark) {
	const { value, selectionStart: from, selectionEnd: to } = body;
	const inner = value.slice(from, to);
	const [words, target] = /^(https?:\/)?\/\S+$/.test(inner) ? ["", inner] :
		[inner, ""];
	write(`${mark}[${words}](${target})`, from, to);
	select(from + mark.length + 1 + (words && words.length + 2));
}

const tools = {
	bold: () => wrap("**"),
	italic: () => wrap("_"),
	link: () => insertLink(""),
	/* None, second level, third level, none. */
	heading: () => changeLines((lines) => lines.map((line) =>
		line.startsWith("### ") ? line.slice(4) :
		line.startsWith("## ") ? `#${line}` : `## ${line}`)),
	quote: () => prefix("> "),
	list: () => prefix("- "),
	code() {
		const text = body.value.slice(body.selectionStart, body.selectionEnd);
		if (text.includes("\n"))
			changeLines((lines) => ["```", ...lines, "```"]);
		else
			wrap("`");
	},
	image: () => insertLink("!"),
};
const keys = { b: tools.bold, i: tools.italic, k: tools.link };

/* One stop of the keyboard; the arrows go from tool to tool. */
function beginTools() {
	const bar = form.querySelector(".tools");
	const buttons = [...bar.querySelectorAll("button")];
	const stop = (button) => buttons.forEach((one) =>
		(one.tabIndex = one === button ? 0 : -1));
	stop(buttons[0]);
	bar.addEventListener("click", ({ target }) => {
		const button = target.closest("button");
		if (button !== null) {
			stop(button);
			tools[button.dataset.tool]();
		}
	});
	bar.addEventListener("keydown", ({ key: pressed }) => {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[pressed] ?? 0;
		const at = buttons.indexOf(document.activeElement) + step;
		const next = buttons.at(at % buttons.length);
		stop(next);
		next.focus();
	});
}

/* ---- what a person does ---- */

function onKey(event) {
	const pressed = event.key?.toLowerCase();
	const act = pressed === "s" ? () => save() :
		event.target === body && keys[pressed];
	if (act && event[modifier] && !event.shiftKey && !event.altKey) {
		event.preventDefault();
		act();
	} else if (pressed === "enter" && event.target === title &&
		!event.isComposing) {
		event.preventDefault();
		body.focus();
	}
}

function onSubmit(event) {
	const action = event.submitter?.value;
	event.preventDefault();
	if (action === "preview") {
		showPreview(!isShown());
		if (wide.matches)
			stored((storage) => {
				storage["byline no preview"] = isShown() ? "" : "yes";
			});
		else if (isShown())
			frame.scrollIntoView({ block: "center" });
	} else if (action === "publish") {
		save(() => kept === typed && location.assign(`${address()}/publication`));
	} else {
		save();
	}
}

/* What was in the way may be gone. */
function tryAgain() {
	keep();
	lookLater();
}

function listen() {
	form.addEventListener("submit", onSubmit);
	form.addEventListener("input", () => {
		if (title.value.includes("\n"))
			title.value = title.value.replace(/\s*\n\s*/g, " ");
		change();
	});
	document.addEventListener("keydown", onKey);
	body.addEventListener("scroll", follow);
	frame.addEventListener("load", () => {
		looked = null;
		if (findPlace())
			tame(frame.contentDocument);
		look();
	});
	wide.addEventListener("change", () => showPreview(isWanted()));
	addEventListener("online", tryAgain);
	addEventListener("focus", tryAgain);
	document.addEventListener("visibilitychange", () => {
		keepHere();
		tryAgain();
	});
	addEventListener("beforeunload", (event) => {
		if (kept < typed && !isLeaving)
			event.preventDefault();
	});
}

function begin() {
	form = document.getElementById("editor");
	({ body, title, version, key } = form.elements);
	token = form.elements.form_token.value;
	[state, counts, note] = ["saved", "counts", "preview-note"]
		.map((name) => document.getElementById(name));
	frame = form.querySelector("iframe");
	desk = form.dataset.desk;
	id = +form.dataset.id;
	form.noValidate = true;
	form.classList.remove("previewing");
	beginTools();
	listen();
	/* What was typed before a conflict, or before somebody came back to this
	 * page, is kept by nobody yet. */
	if (form.dataset.kept === "no" || body.value !== body.defaultValue ||
		title.value !== title.defaultValue)
		change();
	else if (form.dataset.kept === "draft")
		saved = -1;
	offerDraft();
	showPreview(isShown());
}

document.addEventListener("DOMContentLoaded", begin);

}
