/*
 * test_desk.mjs - a whole day's work at the desk: with a script, without one, and by the
 * keyboard alone; behind nginx and behind Apache. day.mjs says what a day is.
 */
import { launch } from "./browser.mjs";
import { Day } from "./day.mjs";
import { endBlogs, makeBlog } from "./desk.mjs";
import { Keyboard, Pointer } from "./hands.mjs";
import { run, test } from "../support/suite.mjs";

let browser = null;

async function wholeDay(server, Hands, hasScript) {
	const blog = await makeBlog(`${server} ${Hands.name} ${hasScript}`, server);
	await new Day(browser, blog, Hands, hasScript).work();
}

test("test_day_with_a_script", () => wholeDay("nginx", Pointer, true));

test("test_day_without_a_script", () => wholeDay("nginx", Pointer, false));

test("test_day_by_keyboard_alone", () => wholeDay("nginx", Keyboard, true));

test("test_day_with_a_script_behind_apache", () =>
	wholeDay("apache_fcgid", Pointer, true));

test("test_day_without_a_script_behind_apache", () =>
	wholeDay("apache_fcgid", Pointer, false));

test("test_day_by_keyboard_alone_behind_apache", () =>
	wholeDay("apache_fcgid", Keyboard, true));

await run(async () => {
	browser = await launch();
}, async () => {
	await browser.close();
	await endBlogs();
});
