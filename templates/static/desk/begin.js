/*
 * begin.js - what a person does, and where the page begins.
 */
function onKey(event) {
	const pressed = event.key?.toLowerCase();
	const act = pressed === "s" ? () => save() :
		event.target === body && keys[pressed];
	if (act && event[modifier] && !event.shiftKey && !event.altKey) {
		event.preventDefault();
		act();
	} else if (pressed === "enter" && !event.isComposing &&
		[title.parentNode, asked].includes(event.target.parentNode)) {
		event.preventDefault();
		if (event.target === title)
			body.focus();
		else
			answer();
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
		save(() => kept === typed && !running.size &&
			location.assign(`${address()}/publication`));
	} else {
		save();
	}
}

/* What was in the way may be gone. */
function tryAgain() {
	wake?.();
	keep();
	lookLater();
}

/* Of a field of several names the last one is completed: all that is offered begins
 * with what stands before it. */
function complete({ target }) {
	if (/^(tag|author)s$/.test(target.name))
		for (const option of target.list.options) {
			option.last ??= option.value;
			option.value = /^(.*,\s*)?/.exec(target.value)[0] + option.last;
		}
}

function listen() {
	on(form, "submit", onSubmit);
	on(form, "input focusin", complete);
	on(form, "input", () => {
		if (title.value.includes("\n"))
			title.value = title.value.replace(/\s*\n\s*/g, " ");
		change();
	});
	on(document, "keydown", onKey);
	on(body, "paste", onFiles);
	on(document, "dragover drop", onFiles);
	/* It is no part of the article until it is in its text. */
	on(asked, "input", (event) => event.stopPropagation());
	on(asked.lastElementChild, "click", answer);
	on(body, "scroll", follow);
	on(frame, "load", () => {
		looked = null;
		if (findPlace())
			tame(frame.contentDocument);
		look();
	});
	on(wide, "change", () => showPreview(isWanted()));
	on(window, "online focus", tryAgain);
	on(document, "visibilitychange", () => {
		keepHere();
		tryAgain();
	});
}

function beginEditor() {
	frame = find("iframe");
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

function beginLibrary() {
	/* Not at once: other words on its button would move what stands beside it. */
	on(form.file, "click", () => {
		form.file.multiple = true;
	});
	on(form, "submit", fillLibrary);
	on(document, "paste dragover drop", onFiles);
	on(window, "online focus", () => wake?.());
}

function begin() {
	form = find("[data-desk]");
	({ body, title, key, form_token: { value: token } } = form.elements);
	[state, counts, note, told, asked] =
		["saved", "counts", "preview-note", "told", "asked"]
		.map((name) => find(`#${name}`));
	desk = form.dataset.desk;
	on(window, "beforeunload", (event) => {
		if ((kept < typed || running.size) && !isLeaving)
			event.preventDefault();
	});
	if (body)
		beginEditor();
	else
		beginLibrary();
}

on(document, "DOMContentLoaded", begin);
