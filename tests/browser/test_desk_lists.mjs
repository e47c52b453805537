/*
 * test_desk_lists.mjs - the lists of the desk in Chromium: what is chosen in them, with
 * no script.
 */
import assert from "node:assert/strict";

import { launch } from "./browser.mjs";
import { close, endBlogs, makeBlog, openAt, setUp } from "./desk.mjs";
import { run, test } from "../support/suite.mjs";

let browser = null;
let blog = null;

const plain = (target) => openAt(browser, blog, target, { javaScriptEnabled: false });
const titles = (page) => page.locator("tbody th a").allTextContents();

async function find(page) {
	await Promise.all([page.waitForNavigation(), page.click(".search button")]);
}

/* How many articles `sql` counts. */
async function count(sql, ...values) {
	return (await blog.sql(`SELECT count(*) FROM article a WHERE ${sql}`, ...values))[0][0];
}

test("test_articles_are_chosen_by_category_and_tag", async () => {
	const [[slug, id]] = await blog.sql("SELECT slug, id FROM category " +
		"ORDER BY article_count DESC LIMIT 1");
	const [[tag, tagId]] = await blog.sql("SELECT t.name, t.id FROM tag t " +
		"JOIN article_tag j ON j.tag_id = t.id JOIN article a ON a.id = j.article_id " +
		"WHERE a.category_id = ? LIMIT 1", id);
	const page = await plain("/desk/articles");
	const all = (await titles(page)).length;

	await page.selectOption("#field-category", slug);
	await find(page);
	assert.equal((await titles(page)).length, await count("category_id = ?", id));
	assert.equal(await page.inputValue("#field-category"), slug);
	await page.fill("#field-tag", tag.toUpperCase());
	await find(page);
	assert.equal((await titles(page)).length, await count("category_id = ? AND EXISTS " +
		"(SELECT 1 FROM article_tag WHERE article_id = a.id AND tag_id = ?)", id, tagId));
	await Promise.all([page.waitForNavigation(), page.click(".shelves a >> nth=1")]);
	assert.equal(await page.inputValue("#field-category"), slug, "kept on another shelf");
	await Promise.all([page.waitForNavigation(), page.click(".shelves a >> nth=0")]);
	await page.selectOption("#field-category", "");
	await page.fill("#field-tag", "");
	await find(page);
	assert.equal((await titles(page)).length, all);
	await close(page);
});

test("test_words_of_published_texts_are_found", async () => {
	const page = await plain("/desk/articles");
	const [[title, body]] = await blog.sql("SELECT title, body FROM article " +
		"WHERE status = 'published' ORDER BY length(body) DESC LIMIT 1");
	const words = body.match(/\p{L}{9,}/gu).filter((word) =>
		!title.toLowerCase().includes(word.toLowerCase()));

	await page.fill("#field-q", words.at(-1));
	await find(page);
	assert.ok((await titles(page)).includes(title), words.at(-1));
	await close(page);
});

await run(async () => {
	browser = await launch();
	blog = await makeBlog("lists", "nginx", true);
	await setUp(browser, blog);
}, async () => {
	await browser?.close();
	await endBlogs();
});
