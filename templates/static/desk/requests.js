/*
 * requests.js - what is asked of the server: of the article, one request after the
 * other.
 */
let queue = Promise.resolve();
let looking = null; /* ends the last preview that was asked for */
let hurry = 0; /* saves that wait for their turn: no preview is asked for now */

function inTurn(task) {
	queue = queue.then(task, task);
	return queue;
}

/* The status, 0 without an answer, and the JSON that it says. */
async function post(path, content) {
	const stop = new AbortController();
	let status = 0;
	if (path === "/preview")
		looking = stop;
	/* A long text went before it, while somebody wanted to save. */
	setTimeout(() => stop.abort(), hurry && looking === stop ? 0 : 30000);
	try {
		const answer = await fetch(desk + path, { method: "POST", body: content,
			headers: { "X-Form-Token": token }, redirect: "error",
			signal: stop.signal });
		({ status } = answer);
		return { status, isDone: answer.ok, said: await answer.json() };
	} catch {
		return { status, said: {} };
	}
}

/* The piece of `bytes` that begins at `at`. */
function cut(bytes, at) {
	return new Blob([bytes.slice(at, at + PIECE)],
		{ type: "application/octet-stream" });
}

/* A long text goes before its form, in pieces; of one that has changed, what comes
 * after the first change. */
const pieces = {
	key: newKey(),
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
			const answer = await post(`/pieces/${this.key}?offset=${at}`,
				cut(bytes, at));
			/* Less may be there than we know of. */
			if (answer.status === 409 && answer.said.size < at)
				at = answer.said.size;
			else if (answer.isDone)
				at += PIECE;
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
