/*
 * code_language.c - which language an author meant by the word after a fence.
 *
 * The table is all there is to know about a language outside its definition in
 * languages/. An alias belongs to one language only.
 */
#include "config.h"

#include "content/code_language.h"

#include <glib.h>
#include <string.h>

static const struct code_language LANGUAGES[] = {
	{ "", NULL, false,
	    "text plain plaintext plain-text txt none nohighlight "
	    "no-highlight ascii" },
	{ "Assembly", "asm.lang", true,
	    "asm assembly nasm gas s x86asm armasm" },
	{ "C", "c.lang", true, "c h" },
	{ "C#", "csharp.lang", true, "c# csharp cs dotnet" },
	{ "C++", "cpp.lang", true,
	    "c++ cpp cxx cc hpp hxx hh h++ ino arduino" },
	{ "CSS", "css.lang", true, "css scss less" },
	{ "Diff", "diff.lang", true, "diff patch udiff" },
	{ "Dockerfile", "dockerfile.lang", true,
	    "dockerfile docker containerfile" },
	{ "Go", "go.lang", true, "go golang" },
	{ "HTML", "html.lang", true,
	    "html htm xhtml html5 vue svelte handlebars jinja liquid erb" },
	{ "HTTP", "http.lang", true, "http https" },
	{ "INI", "ini.lang", true,
	    "ini cfg conf config properties dosini systemd desktop "
	    "editorconfig "
	    "gitconfig" },
	{ "Java", "java.lang", true, "java" },
	{ "JavaScript", "javascript.lang", true,
	    "javascript js mjs cjs jsx node nodejs ecmascript" },
	{ "JSON", "json.lang", true,
	    "json jsonc json5 jsonl ndjson webmanifest" },
	{ "Kotlin", "kotlin.lang", true, "kotlin kt kts" },
	{ "Lua", "lua.lang", true, "lua luau" },
	{ "Makefile", "makefile.lang", true,
	    "makefile make mk gnumake automake" },
	{ "nginx", "nginx.lang", true, "nginx nginxconf" },
	{ "PHP", "php.lang", true, "php php5 php7 php8 phtml" },
	{ "PowerShell", "powershell.lang", true,
	    "powershell ps1 pwsh psm1 posh" },
	{ "Protocol Buffers", "proto.lang", true,
	    "protobuf proto proto3 protocol-buffers" },
	{ "Python", "python.lang", true,
	    "python py python3 py3 pyi gyp starlark bazel" },
	{ "Ruby", "ruby.lang", true, "ruby rb rake gemfile podfile gemspec" },
	{ "Rust", "rust.lang", true, "rust rs" },
	{ "Shell", "sh.lang", true,
	    "sh bash shell zsh ksh dash shellscript ash fish bats" },
	{ "Shell", "console.lang", true,
	    "console shell-session sh-session shellsession bash-session "
	    "terminal" },
	{ "SQL", "sql.lang", true,
	    "sql postgres postgresql pgsql plpgsql psql sqlite sqlite3 mysql "
	    "mariadb tsql plsql" },
	{ "Swift", "swift.lang", true, "swift" },
	{ "TOML", "toml.lang", true, "toml cargo" },
	{ "TypeScript", "typescript.lang", true,
	    "typescript ts tsx mts cts typescriptreact" },
	{ "XML", "xml.lang", true,
	    "xml svg rss atom xsd xsl xslt plist wsdl mathml" },
	{ "YAML", "yaml.lang", true, "yaml yml" },
	{ "Ada", "ada.lang", false, "ada adb ads" },
	{ "Awk", "awk.lang", false, "awk gawk mawk" },
	{ "D", "d.lang", false, "d dlang" },
	{ "Erlang", "erlang.lang", false, "erlang erl" },
	{ "Fortran", "fortran.lang", false, "fortran f90 f95" },
	{ "Groovy", "groovy.lang", false, "groovy gradle" },
	{ "Haskell", "haskell.lang", false, "haskell hs" },
	{ "LaTeX", "latex.lang", false, "latex tex" },
	{ "Lisp", "lisp.lang", false, "lisp elisp emacs-lisp common-lisp" },
	{ "OCaml", "caml.lang", false, "ocaml ml caml" },
	{ "Pascal", "pascal.lang", false, "pascal delphi objectpascal" },
	{ "Perl", "perl.lang", false, "perl pl pm" },
	{ "R", "r.lang", false, "r rlang splus" },
	{ "Scala", "scala.lang", false, "scala sc" },
	{ "Scheme", "scheme.lang", false, "scheme scm racket" },
	{ "Tcl", "tcl.lang", false, "tcl" },
	{ "Vim script", "vim.lang", false, "vim viml vimscript" },
	{ "ActionScript", NULL, false, "actionscript as3" },
	{ "Clojure", NULL, false, "clojure clj edn" },
	{ "CMake", NULL, false, "cmake" },
	{ "Dart", NULL, false, "dart" },
	{ "Elixir", NULL, false, "elixir ex exs" },
	{ "F#", NULL, false, "f# fsharp fs" },
	{ "GraphQL", NULL, false, "graphql gql" },
	{ "HCL", NULL, false, "hcl terraform tf" },
	{ "Julia", NULL, false, "julia jl" },
	{ "LLVM IR", NULL, false, "llvm ll" },
	{ "Markdown", NULL, false, "markdown md mdx" },
	{ "Mermaid", NULL, false, "mermaid" },
	{ "Nix", NULL, false, "nix" },
	{ "Objective-C", NULL, false, "objective-c objectivec objc" },
	{ "Regular expression", NULL, false, "regex regexp re" },
	{ "WebAssembly", NULL, false, "wasm wat wast webassembly" },
	{ "Zig", NULL, false, "zig" },
};

const struct code_language *
code_language_at(size_t index)
{
	return index < G_N_ELEMENTS(LANGUAGES) ? &LANGUAGES[index] : NULL;
}

char *
code_language_word(const char *info)
{
	static const char *const PREFIXES[] = { "language-", "lang-" };

	if (info == NULL)
		return g_strdup("");
	info += strspn(info, " \t{.");
	for (size_t i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
		if (g_ascii_strncasecmp(
			info, PREFIXES[i], strlen(PREFIXES[i])) == 0) {
			info += strlen(PREFIXES[i]);
			break;
		}
	}
	return g_strndup(info, strcspn(info, " \t\r\n,;:={}()[]\"'"));
}

/* Whether `word` is one of `words`, which stand between single spaces. */
static bool
has_word(const char *words, const char *word, size_t size)
{
	while (*words != '\0') {
		size_t length = strcspn(words, " ");

		if (length == size && memcmp(words, word, size) == 0)
			return true;
		words += length;
		words += strspn(words, " ");
	}
	return false;
}

const struct code_language *
code_language_find(const char *info)
{
	g_autofree char *word = code_language_word(info);
	g_autofree char *lower = g_ascii_strdown(word, -1);
	size_t size = strlen(lower);

	if (g_str_has_prefix(lower, "diff-"))
		size = strlen("diff");
	for (size_t i = 0; size > 0 && i < G_N_ELEMENTS(LANGUAGES); i++)
		if (has_word(LANGUAGES[i].aliases, lower, size))
			return &LANGUAGES[i];
	return NULL;
}
