/*
 * drafts.js - what is kept in this browser until the server has it.
 */
function readForm() {
	const fields = new URLSearchParams(new FormData(form));
	fields.set("body", body.value);
	fields.delete("form_token");
	return fields;
}

function fill(fields) {
	for (const [name, value] of fields)
		if (form.elements[name])
			form.elements[name].value = value;
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

/* Whether somebody would see a difference. */
function isSame(draft) {
	const fields = readForm();
	return draft.fields.every(([name, value]) =>
		form.elements[name]?.type === "hidden" || fields.get(name) === value);
}

/* With the version that it began from: what was saved since is a conflict. */
function take(draft) {
	fill(draft.fields);
	change();
	keepHere();
	body.focus();
}

function offer(draft) {
	const notice = find("#kept-here");
	const [yes, no] = notice.querySelectorAll("button");
	const at = new Date(draft.at);
	const day = at.toDateString();
	notice.firstElementChild.textContent = `This browser kept a text from ${
		day === new Date().toDateString() ? "" : `${day}, `}${
		at.toTimeString().slice(0, 5)} that the server does not have.`;
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
