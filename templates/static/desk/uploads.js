/*
 * uploads.js - files that are pasted or dropped into the text, and those that are chosen
 * for the library.
 *
 * A placeholder stands in the text at once, and its file goes to the server in pieces,
 * one file after the other. What is cut off goes on where it was, by itself or in a
 * page that is opened later and given the same file: its content is its name there.
 */

/* The placeholders of those that are on their way, one after the other; in the library
 * its form. */
const running = new Set();
let line = Promise.resolve();
let wake = null; /* goes on with one that waits for a better time */

/* Images of which nobody has said yet what they show. */
const unsaid = [];

/* What becomes of them; who listens hears the same words once. */
function tell(words) {
	if (told.textContent !== words)
		told.textContent = words;
}

/* Write `text` in the place of `old`, beside whoever goes on writing. False: it is
 * not there any more. */
function swap(old, text) {
	const from = body.value.indexOf(old);
	const { selectionStart, selectionEnd, scrollTop } = body;
	const active = document.activeElement;
	const move = (at) => at > from ?
		Math.max(at + text.length - old.length, from) : at;
	if (from < 0)
		return false;
	write(text, from, from + old.length);
	select(move(selectionStart), move(selectionEnd));
	body.scrollTop = scrollTop;
	active.focus({ preventScroll: true });
	return true;
}

/* Whatever time it takes; what the server says of the file at last. With its end go
 * `fields`. */
async function bring(name, bytes, fields) {
	/* Browsers have no hash for pages without a certificate. */
	const hash = await crypto.subtle?.digest("SHA-256", bytes);
	const key = hash ? btoa(String.fromCharCode(...new Uint8Array(hash)))
		.replace(/\W/g, "") : newKey();
	const size = bytes.byteLength;
	let at = -1; /* how much is there; -1: it is not begun */
	for (let pause = 1000;;) {
		const [path, content] = at < 0 ?
			["", new URLSearchParams({ key, name, size })] :
			at < size ? [`/${key}?offset=${at}`, cut(bytes, at)] :
			[`/${key}/end`, fields];
		const { status, said } = await post(`/uploads${path}`, content);
		if (said.markdown || [400, 413, 422].includes(status))
			return said;
		at = said.size ?? (status === 404 ? -1 : at);
		if (said.size >= 0) {
			pause = 1000;
			tell(`Uploading ${name}: ${Math.floor(at / size * 10) * 10} %`);
			continue;
		}
		tell(`${name} waits and goes on by itself: ${said.problem ?? "offline"}`);
		await new Promise((resolve) => {
			wake = resolve;
			setTimeout(resolve, pause);
		});
		pause = Math.min(2 * pause, 30000);
	}
}

/* Ask what the next image shows, beside the text. Returns where to go on. */
function ask() {
	const [label, input] = asked.children;
	const [image] = unsaid;
	asked.hidden = !image;
	label.textContent = `What ${image?.name} shows`;
	input.value = "";
	return image ? input : body;
}

function answer() {
	const { id: number, markdown } = unsaid.shift();
	const alt = asked.children[1].value.trim();
	if (alt) {
		swap(markdown,
			`![${alt.replace(/[[\]\\]/g, "\\$&")}${markdown.slice(2)}`);
		post(`/media/${number}`, new URLSearchParams({ alt }));
	}
	ask().focus();
}

/* As bring(), of any file: `problem` tells, with its name, why it is not there or not as
 * it was meant. */
async function deliver(file, fields) {
	const { name } = file;
	let said = { problem: `${name} cannot be read.` };
	try {
		said = await bring(name, await file.arrayBuffer(), fields);
	} catch {
		/* It is a folder, or was removed. */
	}
	const { markdown, problem = "it is refused." } = said;
	if (!markdown && !problem.includes(name))
		said.problem = `${name}: ${problem}`;
	return said;
}

async function upload(file, mark) {
	const { name } = file;
	const said = await deliver(file);
	running.delete(mark);
	if (!said.markdown) {
		swap(mark, "");
		tell(`Not uploaded: ${said.problem}`);
		return;
	}
	const isThere = swap(mark, said.markdown);
	tell(`${name} is in the ${isThere ? "text" : "library"}`);
	if (isThere && said.markdown.startsWith("![]") && unsaid.push(said) === 1)
		ask();
}

/* Put `files` where the text is being written. */
function takeFiles(files) {
	const missing = [];
	for (const file of files) {
		let mark = `[Uploading ${file.name}…]`;
		while (running.has(mark))
			mark = mark.replace("…]", "……]");
		running.add(mark);
		/* That of a page that was closed waits for its file. */
		if (!body.value.includes(mark))
			missing.push(mark);
		line = line.then(() => upload(file, mark));
	}
	if (missing.length)
		write(missing.join("\n\n"), body.selectionStart, body.selectionEnd);
}

function onFiles(event) {
	const { type, clipboardData: pasted, clientX, clientY } = event;
	const { files, types } = pasted ?? event.dataTransfer;
	/* What is copied from a document is its text, and an image of it. */
	if (!types.includes("Files") || pasted && types.includes("text/plain"))
		return;
	/* Else the file would be opened in the place of this page. */
	event.preventDefault();
	if (type === "dragover")
		return;
	if (!body) {
		form.file.files = files;
		return;
	}
	if (type === "drop") {
		const spot = document.caretPositionFromPoint?.(clientX, clientY);
		if (spot?.offsetNode === body)
			select(spot.offset);
	}
	takeFiles(files);
}

function refuse(words) {
	told.className = "problem";
	tell(`Not uploaded: ${words}`);
}

/* Upload what is chosen for the library, and show it. Where something is not as it was
 * meant, the page stays with what was typed, and says what; so it does where something
 * else was chosen meanwhile. */
async function fillLibrary(event) {
	const files = [...form.file.files];
	const { value: alt } = form.alt;
	const problems = [];
	event.preventDefault();
	/* It is on its way already. */
	if (running.size)
		return;
	if (files.length > 1 && alt)
		return refuse("what is shown can be said of one file at a time.");
	running.add(form);
	told.className = "hint";
	for (const file of files) {
		const { problem } = await deliver(file, new URLSearchParams({ alt }));
		if (problem)
			problems.push(problem);
	}
	running.clear();
	if (problems.length)
		refuse(`${problems.join(" ")}${
			problems.length < files.length ? " The others are there." : ""}`);
	else if (form.file.files[0] === files[0])
		location.assign(`${desk}/media?said=uploaded`);
	else
		tell("Uploaded. What was chosen since is not yet.");
}
