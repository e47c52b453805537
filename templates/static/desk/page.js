/*
 * page.js - what all parts of the script of the editor and the library share. Nothing
 * needs it.
 *
 * The parts are joined into one desk.js (build-aux/join-script.awk), in one block:
 * none of their names is the page's.
 *
 * What must hold: no word is lost. What was typed is in this browser until the
 * server has it, and the line of state says in words which of both is so.
 */
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
		/* Nothing comes of it. */
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

let form, body, title, key, state, counts, frame, note, told, asked, desk,
	token;
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

/* The first element that `selector` means. */
function find(selector, place = document) {
	return place.querySelector(selector);
}

/* Call `act` when one of the events `names` comes to `target`. */
function on(target, names, act) {
	for (const name of names.split(" "))
		target.addEventListener(name, act);
}

function newKey() {
	return Date.now().toString(36) + Math.random().toString(36).slice(2);
}

function address() {
	return `${desk}/articles/${id || "new"}`;
}

function element(name, properties) {
	return Object.assign(document.createElement(name), properties);
}

/* Whether the line of state is about all that was typed. */
function mark() {
	state.classList.toggle("failed", wait > 0);
	state.classList.toggle("changed", id > 0 && !wait && kept < typed);
}

/* Who listens hears the same words once. */
function say(...words) {
	const line = element("p");
	line.append(...words);
	if (line.textContent !== state.textContent)
		state.replaceChildren(...line.childNodes);
	mark();
}
