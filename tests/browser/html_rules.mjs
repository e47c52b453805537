/*
 * html_rules.mjs - what html-validate asks of a page: all that the HTML standard
 * and WCAG ask of markup and all that it recommends, but for these.
 */
export const HTML_RULES = {
	root: true,
	extends: ["html-validate:standard", "html-validate:a11y",
		"html-validate:document", "html-validate:recommended"],
	rules: {
		/* How long a title is, is for the author; the standard has no limit. */
		"long-title": "off",
		/* Code in an article may end a line with a space. */
		"no-trailing-whitespace": "off",
		/* disabled="" and disabled are the same; gumbo writes the first. */
		"attribute-boolean-style": "off",
		/* The standard asks of an id only that it has no space: "2026" is one. */
		"valid-id": ["error", { relaxed: true }],
		/* The style sheet comes from where the page does: there is nobody else
		 * to protect it from. */
		"require-sri": ["error", { target: "crossorigin" }],
	},
};
