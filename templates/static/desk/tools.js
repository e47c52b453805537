/*
 * tools.js - what changes the text: buttons and keys.
 */
function select(from, to = from) {
	body.setSelectionRange(from, to);
}

/* Write over what stands from `from` to `to`, so that it can be undone. */
function write(text, from, to) {
	body.focus();
	select(from, to);
	if (!document.execCommand(text ? "insertText" : "delete", false,
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
			wrap("\x60");
	},
	image: () => insertLink("!"),
};
const keys = { b: tools.bold, i: tools.italic, k: tools.link };

/* One stop of the keyboard; the arrows go from tool to tool. */
function beginTools() {
	const bar = find(".tools");
	const buttons = [...bar.querySelectorAll("button")];
	const stop = (button) => buttons.forEach((one) =>
		(one.tabIndex = one === button ? 0 : -1));
	stop(buttons[0]);
	on(bar, "click", ({ target }) => {
		const button = target.closest("button");
		if (button) {
			stop(button);
			tools[button.dataset.tool]();
		}
	});
	on(bar, "keydown", ({ key: pressed }) => {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[pressed] ?? 0;
		const at = buttons.indexOf(document.activeElement) + step;
		const next = buttons.at(at % buttons.length);
		stop(next);
		next.focus();
	});
}
