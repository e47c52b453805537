/*
 * suite.mjs - for tests written in JavaScript: run each, report as cmocka does.
 *
 *	test("test_something", async () => { ... });
 *	await run(before, after);
 *
 * A test fails by an exception (assert), and is skipped by throwing Skip. What
 * `before` throws is the fate of every test. The names stand alone at the start
 * of their lines, so that tests/browser/run.sh finds them without running them.
 */
import process from "node:process";

const tests = [];

/* This test cannot run here, and why. */
export class Skip extends Error {}

export function test(name, body) {
	tests.push({ name, body });
}

function list(label, names) {
	if (names.length === 0)
		return;
	console.log(`[${label}] ${names.length} test(s), listed below:`);
	for (const name of names)
		console.log(`[${label}] ${name}`);
}

async function runOne({ name, body }, outcome) {
	const began = Date.now();
	console.log(`[ RUN      ] ${name}`);
	try {
		await body();
		outcome.passed.push(name);
		console.log(`[       OK ] ${name} (${Date.now() - began} ms)`);
	} catch (error) {
		if (error instanceof Skip) {
			outcome.skipped.push(name);
			console.log(`skipped: ${error.message}\n[  SKIPPED ] ${name}`);
			return;
		}
		outcome.failed.push(name);
		console.log(error);
		console.log(`[  FAILED  ] ${name}`);
	}
}

/* Run what test() was given, or those of them on the command line. */
export async function run(before = () => {}, after = () => {}) {
	const wanted = process.argv.slice(2);
	const outcome = { passed: [], skipped: [], failed: [] };
	let refusal = null;
	try {
		await before();
	} catch (error) {
		refusal = error;
	}
	for (const one of tests)
		if (wanted.length === 0 || wanted.includes(one.name))
			await runOne(refusal === null ? one : {
				name: one.name,
				body: () => {
					throw refusal;
				},
			}, outcome);
	await after();
	const { passed, skipped, failed } = outcome;
	const count = passed.length + skipped.length + failed.length;
	console.log(`[==========] ${count} test(s) run.`);
	console.log(`[  PASSED  ] ${passed.length} test(s).`);
	list("  SKIPPED ", skipped);
	list("  FAILED  ", failed);
	process.exit(failed.length > 0 ? 1 : 0);
}
