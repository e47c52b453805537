/*
 * looks.mjs - what is there after a step of work: in the database, which is only read,
 * and on the pages that readers get, by plain HTTP. Each look says what it expected.
 */
import assert from "node:assert/strict";

export class Looks {
	constructor(blog) {
		this.blog = blog;
		this.step = "nothing";
	}

	/* Every word of a failure begins with the step after which it was seen. */
	begin(step) {
		this.step = step;
		console.log(`\t${step}`);
	}

	equal(found, expected, what) {
		assert.deepEqual(found, expected, `after "${this.step}", ${what}: expected ${
			JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
	}

	isTrue(value, what) {
		assert.ok(value, `after "${this.step}": ${what}`);
	}

	rows(sql, ...values) {
		return this.blog.look(sql, ...values);
	}

	/* The first row of `sql`. */
	async row(sql, ...values) {
		return (await this.rows(sql, ...values))[0];
	}

	async stores(expected, what, sql, ...values) {
		this.equal(await this.rows(sql, ...values), expected, what);
	}

	/* What readers get at `target`. */
	async read(target) {
		const answer = await fetch(new URL(target, this.blog.address),
			{ redirect: "manual" });
		const bytes = Buffer.from(await answer.arrayBuffer());
		return { status: answer.status, bytes, text: bytes.toString(),
			type: answer.headers.get("content-type"),
			location: answer.headers.get("location") };
	}

	/* `article` is { id, title, slug, status, isTrashed, bodies, draft, former },
	 * bodies of all that was saved, newest first; former slugs redirect. */
	async hasArticle(article) {
		await this.stores([[article.status, article.slug, article.title,
			article.bodies[0], article.isTrashed]], "the article is stored",
		"SELECT status, slug, title, body, trashed_at IS NOT NULL AND trashed_at > 0" +
			" FROM article", );
		await this.stores(article.bodies.map((body) => [body]),
			"the revisions are all that was saved, newest first",
			"SELECT body FROM revision WHERE article_id = ? ORDER BY version DESC",
			article.id);
		const kept = (await this.rows("SELECT fields FROM autosave")).map(([fields]) =>
			new URLSearchParams(fields).get("body"));
		this.equal(kept, article.draft === null ? [] : [article.draft],
			"the drafts that are kept beside it");
		if (article.status === "published" && !article.isTrashed)
			await this.isPublic(article);
		else
			await this.isHidden(article);
	}

	async isPublic(article) {
		const { status, text } = await this.read(`/articles/${article.slug}`);
		this.equal(status, 200, `/articles/${article.slug} is public`);
		for (const words of article.shown)
			this.isTrue(text.includes(words), `its page shows: ${words}`);
		for (const words of article.gone ?? [])
			this.isTrue(!text.includes(words), `its page does not show: ${words}`);
		this.equal(await this.listed(article), [true, true, true, true],
			"it is on the front page, in the feed, the sitemap and its tag");
		for (const slug of article.former) {
			const former = await this.read(`/articles/${slug}`);
			this.equal([former.status, new URL(former.location ?? "/",
				this.blog.address).pathname], [301, `/articles/${article.slug}`],
			`/articles/${slug} redirects`);
		}
	}

	async isHidden(article) {
		for (const slug of [article.slug, ...article.former])
			this.equal((await this.read(`/articles/${slug}`)).status, 404,
				`/articles/${slug} is nobody's business`);
		this.equal(await this.listed(article), [false, false, false, false],
			"it is not on the front page, in the feed, the sitemap or its tag");
	}

	async listed({ title, slug, tag }) {
		const texts = await Promise.all(["/", "/feed.xml", "/sitemap.xml",
			`/tags/${tag}`].map(async (target) => (await this.read(target)).text));
		return texts.map((text, i) => text.includes(i === 2 ? `/${slug}` : title));
	}
}
