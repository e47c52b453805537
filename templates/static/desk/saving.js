/*
 * saving.js - drafts on the server, saving, and what to say of it.
 */
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
	fill(said.fields);
	kept = number;
	wait = 0;
	say(`${words} ${said.at}`);
	keepHere();
	keepLater();
}

function fail({ status, said }) {
	const here = keepHere() ? " This browser keeps the text." : "";
	const words = !status && !navigator.onLine ? "offline" :
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
			!id && !`${title.value}${body.value}`.trim())
			return;
		const answer = await send(`/articles/${id || "new"}/autosave`, readForm());
		if (answer.isDone)
			done(answer, number, "Draft kept");
		else
			fail(answer);
	});
}

function save(then) {
	/* Not behind a preview, which comes after it. */
	hurry++;
	looking?.abort();
	lookLater();
	later("slow", 500, () => say("Saving…"));
	return inTurn(async () => {
		const number = typed;
		hurry--;
		if (!id || saved < typed) {
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
			if (answer.said.warnings.length)
				state.append(`. ${answer.said.warnings[0]}`);
		} else {
			clearTimeout(timers.slow);
			say("All is saved");
		}
		if (running.size)
			state.append(". A file is still on its way");
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
		field.ariaInvalid = null;
	/* The first is the last to take the focus. */
	for (const [name, words] of Object.entries(problems).reverse()) {
		const field = form.elements[name];
		field.closest(".field").append(element("p", { className: "problem",
			id: `problem-${name}`, textContent: words }));
		field.ariaInvalid = "true";
		field.setAttribute("aria-describedby", `hint-${name} problem-${name}`);
		field.closest("details")?.setAttribute("open", "");
		field.focus();
		/* With what is said below it. */
		field.scrollIntoView({ block: "center" });
	}
}
