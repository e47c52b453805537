/*
 * test_form_multipart.c - forms with files: bytes stay bytes, and what is cut
 * off or made to deceive is refused.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <glib.h>

#include "http/form.h"
#include "http/form_multipart.h"
#include "http/request.h"

#define TYPE "multipart/form-data; boundary=----WebKitFormBoundaryAb12"
#define LINE "------WebKitFormBoundaryAb12"
#define END  LINE "--\r\n"

#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_HEAD(name, file)                                                  \
	"Content-Disposition: form-data; name=\"" name "\"; filename=\"" file  \
	"\"\r\nContent-Type: application/octet-stream\r\n\r\n"

static enum status
parse(const char *type, const char *body, size_t size, struct form **out_form)
{
	*out_form = NULL;
	return form_parse_multipart(type, body, size, out_form);
}

static struct form *
parse_good(const char *body, size_t size)
{
	struct form *form;

	assert_int_equal(parse(TYPE, body, size, &form), STATUS_OK);
	return form;
}

/* The status of `body` alone. */
static enum status
status_of(const char *type, const char *body, size_t size)
{
	struct form *form;
	enum status status = parse(type, body, size, &form);

	assert_int_equal(form != NULL, status == STATUS_OK);
	form_free(form);
	return status;
}

/* A body of one part: its header, with the empty line, and its bytes. */
static GString *
make_body(const char *head, const char *bytes, size_t size)
{
	GString *body = g_string_new(LINE "\r\n");

	g_string_append(body, head);
	g_string_append_len(body, bytes, (gssize)size);
	g_string_append(body, "\r\n" END);
	return body;
}

static void
assert_file(const struct form *form, const char *name, const char *file_name,
    const char *bytes, size_t size)
{
	const struct form_file *file = form_file(form, name);

	assert_non_null(file);
	assert_string_equal(file->name, name);
	assert_string_equal(file->file_name, file_name);
	assert_int_equal(file->size, size);
	assert_memory_equal(file->bytes, bytes, size);
}

/* What a browser sends for two texts, a file, and a file field left empty. */
static void
test_form_parse_multipart_of_a_browser(void **state)
{
	static const char body[] =
	    LINE "\r\n" FIELD("title") "On Größe\r\n" LINE "\r\n" FIELD(
		"body") "One\r\n\r\ntwo\r\n\r\n" LINE
			"\r\n" FILE_HEAD("picture",
			    "cat.png") "\x89PNG\r\n\x1a\n\r\n" LINE
				       "\r\n" FILE_HEAD("other", "") "\r\n" END;
	struct form *form = parse_good(body, sizeof(body) - 1);

	(void)state;

	assert_int_equal(form_count(form), 2);
	assert_string_equal(form_value(form, "title"), "On Größe");
	assert_string_equal(form_value(form, "body"), "One\r\n\r\ntwo\r\n");
	assert_null(form_value(form, "picture"));
	assert_file(form, "picture", "cat.png", "\x89PNG\r\n\x1a\n", 8);
	assert_null(form_file(form, "other"));
	assert_null(form_file(form, "title"));
	assert_null(form_file(form, ""));
	assert_null(form_file(NULL, "picture"));
	/* Not copied: a file may be large. */
	assert_true((const char *)form_file(form, "picture")->bytes >= body);

	form_free(form);
}

#define BYTES(text)                                                            \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

static void
test_form_parse_multipart_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} cases[] = {
		BYTES(""),
		BYTES("a"),
		BYTES("a\0b\0"),
		BYTES("\0"),
		BYTES("a\n"),
		BYTES("a\r"),
		BYTES("a\r\n"),
		BYTES("\r\n"),
		BYTES("\n\r\n\n"),
		BYTES("\r\r\n\n\r\r"),
		BYTES("\r\n\r\n"),
		BYTES("\xff\xfe\x80\x81"),
		BYTES("--"),
		BYTES("\r\n--"),
		BYTES("\r\n--\r\n--\r\n-"),
		/* all but a boundary */
		BYTES("x\r\n" LINE "x\r\ny"),
		BYTES("x\r\n" LINE "-\r\ny"),
		BYTES("x\r\n" LINE " y\r\nz"),
		BYTES("x\r\n" LINE "\ry"),
		BYTES("x\r\n" LINE "\ny"),
		BYTES("x\r\n------WebKitFormBoundaryAb1\r\ny"),
		BYTES("x\n" LINE "\r\ny"),
		BYTES("x\r" LINE "--\r\ny"),
		BYTES("x " LINE "--\r\ny"),
		BYTES("-" LINE "--\r\n"),
		BYTES("x\r\n\r\r\n-" LINE),
		/* what others read as mail */
		BYTES("From a@b\n>From x\r\n.\r\n"),
		BYTES("From: a\r\nSubject: b\r\n\r\nc"),
		BYTES("--Q\r\n\r\nx\r\n--Q--"),
		BYTES("begin 644 a\n#0V%T\n`\nend\n"),
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) body = make_body(
		    FILE_HEAD("f", "a.bin"), cases[i].bytes, cases[i].size);
		struct form *form = parse_good(body->str, body->len);

		assert_file(form, "f", "a.bin", cases[i].bytes, cases[i].size);
		form_free(form);
	}
}

/* Whether a boundary has come about by chance, also behind the empty line that
 * goes before the bytes. */
static bool
has_boundary(const GString *bytes)
{
	static const char line[] = "\r\n" LINE;
	const char *end = bytes->str + bytes->len;
	const char *at = bytes->str;

	if (g_str_has_prefix(at, LINE) && at[strlen(LINE)] != 'x')
		return true;
	while ((at = memmem(at, (size_t)(end - at), line, strlen(line)))) {
		at += strlen(line);
		if (*at != 'x')
			return true;
	}
	return false;
}

/* Any bytes, in which pieces of the boundary stand. */
static void
test_form_parse_multipart_random_bytes(void **state)
{
	static const char *const pieces[] = { "\r\n", "--", "\r\n--",
		"----WebKitFormBoundaryAb12", "\n" LINE, "\r\n" LINE "x", "-",
		"a", "\r", "\n" };
	g_autoptr(GRand) random = g_rand_new_with_seed(11);

	(void)state;
	for (int i = 0; i < 20000; i++) {
		g_autoptr(GString) bytes = g_string_new(NULL);
		g_autoptr(GString) body = NULL;
		struct form *form;
		int count = g_rand_int_range(random, 0, 12);

		for (int j = 0; j < count; j++) {
			int k = g_rand_int_range(random, 0, 12);

			if (k < (int)G_N_ELEMENTS(pieces))
				g_string_append(bytes, pieces[k]);
			else
				g_string_append_c(bytes,
				    (char)g_rand_int_range(random, 0, 256));
		}
		if (has_boundary(bytes))
			continue;
		body =
		    make_body(FILE_HEAD("f", "a.bin"), bytes->str, bytes->len);
		form = parse_good(body->str, body->len);
		assert_file(form, "f", "a.bin", bytes->str, bytes->len);
		form_free(form);
	}
}

/* The header of a part says what its bytes are called, and no more. */
static void
test_form_parse_multipart_heads(void **state)
{
	static const char *const heads[] = {
		"Content-Disposition: form-data; name=\"f\"; filename=\"a\"",
		"content-disposition:form-data;name=f;filename=a",
		"CONTENT-DISPOSITION: \t Form-Data ; NAME=f ; FileName=a ; ",
		"Content-Type: message/rfc822\r\n"
		"Content-Disposition: form-data; filename=a; name=f",
		"Content-Disposition: form-data; name=f; filename=a\r\n"
		"Content-Type: multipart/mixed; boundary=Q",
		"Content-Disposition: form-data; name=f; filename=a\r\n"
		"Content-Transfer-Encoding: binary",
		"Content-Disposition: form-data; name=f; filename=a\r\n"
		"Content-Transfer-Encoding: 8BIT \r\nX-Anything: else",
		"Content-Disposition: form-data; name=f; filename=a; "
		"filename=b; name=g; size=3",
		"Content-Disposition: form-data; name=f; filename=a; "
		"filename*=UTF-8''evil.php",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autofree char *head = g_strconcat(heads[i], "\r\n\r\n", NULL);
		g_autoptr(GString) body = make_body(head, "a=2\r\n", 5);
		struct form *form = parse_good(body->str, body->len);

		assert_file(form, "f", "a", "a=2\r\n", 5);
		form_free(form);
	}
}

static void
test_form_parse_multipart_file_names(void **state)
{
	static const struct {
		const char *given;
		const char *file_name;
	} cases[] = {
		{ "cat.png", "cat.png" },
		{ "Größe 日本.png", "Größe 日本.png" },
		{ "a%22b%0D%0A.png", "a\"b .png" },
		{ "a\\\"b.png", "a\"b.png" },
		{ "a%41b%.png", "a%41b%.png" },
		{ "/etc/passwd", "passwd" },
		{ "../../x.png", "x.png" },
		{ "C:\\pictures\\new.png", "new.png" },
		{ "C:\\pictures/x\\..", "" },
		{ ".", "" },
		{ "a/", "" },
		{ ".htaccess", ".htaccess" },
		{ "a\x01\x1b[2J\x7f.png", "a[2J.png" },
		{ "a\xc2\x85\xe2\x80\xa8z.png", "a z.png" },
		{ "  a \t b  ", "a b" },
		{ "\xfc.png", "\xef\xbf\xbd.png" },
		/* u and a combining diaeresis: as a Mac sends it */
		{ "u\xcc\x88.png", "\xc3\xbc.png" },
		{ "=?utf-8?q?evil=2ephp?=", "=?utf-8?q?evil=2ephp?=" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *head =
		    g_strdup_printf(FILE_HEAD("f", "%s"), cases[i].given);
		g_autoptr(GString) body = make_body(head, "x", 1);
		struct form *form = parse_good(body->str, body->len);

		assert_file(form, "f", cases[i].file_name, "x", 1);
		form_free(form);
	}
}

/* A file without a name is one if it has bytes, and with a name if it has
 * none. */
static void
test_form_parse_multipart_empty_files(void **state)
{
	static const char body[] = LINE
	    "\r\n" FILE_HEAD("blob", "") "x\r\n" LINE "\r\n" FILE_HEAD("empty",
		"a") "\r\n" LINE "\r\n" FILE_HEAD("none", "") "\r\n" END;
	struct form *form = parse_good(body, sizeof(body) - 1);

	(void)state;

	assert_file(form, "blob", "", "x", 1);
	assert_file(form, "empty", "a", "", 0);
	assert_null(form_file(form, "none"));

	form_free(form);
}

static void
test_form_parse_multipart_first_counts(void **state)
{
	static const char body[] =
	    LINE "\r\n" FIELD("a") "1\r\n" LINE "\r\n" FIELD(
		"a") "2\r\n" LINE "\r\n" FILE_HEAD("a",
		"x") "3\r\n" LINE "\r\n" FILE_HEAD("a", "y") "4\r\n" END;
	struct form *form = parse_good(body, sizeof(body) - 1);

	(void)state;

	assert_string_equal(form_value(form, "a"), "1");
	assert_int_equal(form_count(form), 2);
	assert_file(form, "a", "x", "3", 1);

	form_free(form);
}

/* Text is text: as of any other form. */
static void
test_form_parse_multipart_text(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		enum status status;
	} cases[] = {
		{ "", 0, STATUS_OK },
		{ "a+b%20c&d=e", 11, STATUS_OK },
		{ "\xe2\x82\xac", 3, STATUS_OK },
		{ "a\0b", 3, STATUS_INVALID },
		{ "\xff", 1, STATUS_INVALID },
		{ "\xc3", 1, STATUS_INVALID },
		{ "\xc0\xaf", 2, STATUS_INVALID },
		{ "\xed\xa0\x80", 3, STATUS_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) body =
		    make_body(FIELD("a"), cases[i].bytes, cases[i].size);
		struct form *form;

		assert_int_equal(
		    parse(TYPE, body->str, body->len, &form), cases[i].status);
		if (form != NULL)
			assert_string_equal(
			    form_value(form, "a"), cases[i].bytes);
		form_free(form);
	}
}

static void
test_form_parse_multipart_bad_heads(void **state)
{
	static const char *const heads[] = {
		"",
		"Content-Type: text/plain",
		"Content-Disposition: form-data",
		"Content-Disposition: form-data; filename=\"a\"",
		"Content-Disposition: form-data; name*=UTF-8''a",
		"Content-Disposition: attachment; name=\"a\"",
		"Content-Disposition: form-datax; name=\"a\"",
		"Content-Disposition: form-data name=\"a\"",
		"Content-Disposition: form-data; name=\"a",
		"Content-Disposition: form-data; name=\"a\"; filename=\"a",
		"Content-Disposition: form-data; name=\"a\"x",
		"Content-Disposition: form-data; name=\"\xff\"",
		"Content-Disposition form-data; name=\"a\"",
		"Content-Disposition: form-data; name=\"a\"\r\nno header",
		"Content-Disposition: form-data; name=\"a\"\r\n"
		"Content-Disposition: form-data; name=\"b\"",
		"Content-Disposition: form-data; name=\"a\"\r\n"
		"Content-Transfer-Encoding: base64",
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"Content-Disposition: form-data; name=\"a\"",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autofree char *head = g_strconcat(heads[i], "\r\n\r\n", NULL);
		g_autoptr(GString) body = make_body(head, "x", 1);

		assert_int_equal(
		    status_of(TYPE, body->str, body->len), STATUS_INVALID);
	}
}

static void
test_form_parse_multipart_nul_in_head(void **state)
{
	static const char in_name[] =
	    LINE "\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\nx"
		 "\r\n" END;
	static const char behind_it[] =
	    LINE "\r\nContent-Disposition: form-data; name=\"a\"\0\r\n\r\nx"
		 "\r\n" END;

	(void)state;

	assert_int_equal(
	    status_of(TYPE, in_name, sizeof(in_name) - 1), STATUS_INVALID);
	assert_int_equal(
	    status_of(TYPE, behind_it, sizeof(behind_it) - 1), STATUS_INVALID);
}

/* A form that ends anywhere before its end. */
static void
test_form_parse_multipart_cut_off(void **state)
{
	static const char body[] = LINE "\r\n" FIELD(
	    "a") "1\r\n" LINE "\r\n" FILE_HEAD("f", "x") "bytes\r\n" LINE "--";

	(void)state;
	for (size_t size = 0; size < sizeof(body) - 1; size++) {
		/* A copy, so that a byte too far is seen. */
		g_autofree char *cut = g_memdup2(body, MAX(size, 1));

		assert_int_equal(status_of(TYPE, cut, size), STATUS_INVALID);
	}
	assert_int_equal(status_of(TYPE, body, sizeof(body) - 1), STATUS_OK);
}

/* What may stand around the parts. */
static void
test_form_parse_multipart_around(void **state)
{
	static const char *const good[] = {
		LINE "--",
		LINE "--\r\n",
		LINE "-- anything at all",
		"preamble\r\n" LINE "\r\n" FIELD("a") "1\r\n" END,
		"\r\n" LINE "\r\n" FIELD("a") "1\r\n" END,
		LINE " \t\r\n" FIELD("a") "1\r\n" END "epilogue\r\n" LINE
					  "\r\n",
		LINE "x\r\n" LINE "\r\n" FIELD("a") "1\r\n" END,
	};
	static const char *const bad[] = {
		"",
		"\r\n",
		"no boundary",
		LINE,
		LINE "\r\n",
		LINE "\n" FIELD("a") "1\r\n" END,
		"preamble" LINE "\r\n" FIELD("a") "1\r\n" LINE,
		"preamble\r\n" END,
		/* no empty line, or nothing behind it */
		LINE "\r\nContent-Disposition: form-data; name=\"a\"\r\n" END,
		LINE
		"\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" END,
		/* lines that end as Unix has them */
		LINE "\nContent-Disposition: form-data; name=\"a\"\n\nx\n" END,
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
		assert_int_equal(
		    status_of(TYPE, good[i], strlen(good[i])), STATUS_OK);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_int_equal(
		    status_of(TYPE, bad[i], strlen(bad[i])), STATUS_INVALID);
}

static void
test_form_parse_multipart_boundaries(void **state)
{
	g_autofree char *longest = g_strnfill(70, 'b');
	g_autofree char *longer = g_strnfill(71, 'b');
	const struct {
		const char *format;
		const char *boundary;
		enum status status;
	} cases[] = {
		{ "multipart/form-data; boundary=%s", "x", STATUS_OK },
		{ "multipart/form-data; boundary=%s", longest, STATUS_OK },
		{ "multipart/form-data; boundary=%s", longer, STATUS_INVALID },
		{ "multipart/form-data;charset=utf-8; Boundary=\"%s\"",
		    "a b'()+_,-./:=?", STATUS_OK },
		{ "multipart/form-data; boundary=\"%s\"", "a ",
		    STATUS_INVALID },
		{ "multipart/form-data; boundary=\"%s\"", "", STATUS_INVALID },
		{ "multipart/form-data; boundary=%s", "", STATUS_INVALID },
		{ "multipart/form-data; boundary=%s", "a{b", STATUS_INVALID },
		{ "multipart/form-data; boundary=%s", "\xc3\xa4",
		    STATUS_INVALID },
		{ "multipart/form-data; boundary=\"%s", "x", STATUS_INVALID },
		{ "multipart/form-data; bound=%s", "x", STATUS_INVALID },
		{ "multipart/form-data %s", "x", STATUS_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) type = g_string_new(cases[i].format);
		g_autofree char *body =
		    g_strdup_printf("--%s\r\n" FIELD("a") "1\r\n--%s--",
			cases[i].boundary, cases[i].boundary);

		g_string_replace(type, "%s", cases[i].boundary, 0);
		assert_int_equal(
		    status_of(type->str, body, strlen(body)), cases[i].status);
	}
	assert_int_equal(
	    status_of("multipart/form-data", "x", 1), STATUS_INVALID);
}

/* ---- limits ---- */

static enum status
status_of_parts(size_t count)
{
	g_autoptr(GString) body = g_string_new(LINE);

	for (size_t i = 0; i < count; i++) {
		g_string_append(body, "\r\n");
		g_string_append(body, i % 3 == 0   ? FIELD("a")
				      : i % 3 == 1 ? FILE_HEAD("f", "x")
						   : FILE_HEAD("f", ""));
		g_string_append(body, "\r\n" LINE);
	}
	g_string_append(body, "--");
	return status_of(TYPE, body->str, body->len);
}

static void
test_form_parse_multipart_too_many(void **state)
{
	(void)state;

	assert_int_equal(
	    status_of_parts(REQUEST_MAX_PARAMETERS - 1), STATUS_OK);
	assert_int_equal(status_of_parts(REQUEST_MAX_PARAMETERS), STATUS_OK);
	assert_int_equal(
	    status_of_parts(REQUEST_MAX_PARAMETERS + 1), STATUS_INVALID);
	assert_int_equal(status_of_parts((size_t)REQUEST_MAX_PARAMETERS * 1000),
	    STATUS_INVALID);
}

static enum status
status_of_head(size_t size)
{
	static const char start[] =
	    "Content-Disposition: form-data; name=\"a\"\r\nX: ";
	g_autofree char *rest = g_strnfill(size - strlen(start), 'x');
	g_autofree char *head = g_strconcat(start, rest, "\r\n\r\n", NULL);
	g_autoptr(GString) body = make_body(head, "1", 1);

	return status_of(TYPE, body->str, body->len);
}

static void
test_form_parse_multipart_large_head(void **state)
{
	(void)state;

	assert_int_equal(status_of_head(FORM_MAX_PART_HEAD - 1), STATUS_OK);
	assert_int_equal(status_of_head(FORM_MAX_PART_HEAD), STATUS_OK);
	assert_int_equal(
	    status_of_head(FORM_MAX_PART_HEAD + 1), STATUS_INVALID);
	assert_int_equal(
	    status_of_head(FORM_MAX_PART_HEAD * 100), STATUS_INVALID);
}

/* In all fields together; files are as large as the body. */
static void
test_form_parse_multipart_large_text(void **state)
{
	static const struct {
		const char *head;
		size_t size;
		enum status status;
	} cases[] = {
		{ FIELD("b"), REQUEST_MAX_BODY - 2, STATUS_OK },
		{ FIELD("b"), REQUEST_MAX_BODY - 1, STATUS_OK },
		{ FIELD("b"), REQUEST_MAX_BODY, STATUS_TOO_LARGE },
		{ FIELD("b"), REQUEST_MAX_BODY * 9, STATUS_TOO_LARGE },
		{ FILE_HEAD("b", "x"), REQUEST_MAX_BODY * 9, STATUS_OK },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strnfill(cases[i].size, 'x');
		g_autoptr(GString) body =
		    g_string_new(LINE "\r\n" FIELD("a") "1\r\n");
		g_autoptr(GString) rest =
		    make_body(cases[i].head, text, cases[i].size);

		g_string_append_len(body, rest->str, (gssize)rest->len);
		assert_int_equal(
		    status_of(TYPE, body->str, body->len), cases[i].status);
	}
}

static double
processor_milliseconds(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1000000;
}

/* The address sanitizer reads all of the rest each time that it is searched. */
#ifdef WITH_SANITIZERS
#define LARGE_SIZE ((size_t)100 << 10)
#else
#define LARGE_SIZE (REQUEST_MAX_UPLOAD - 1000)
#endif

/* 10 MB of what looks most like the end of it. */
static void
test_form_parse_multipart_time(void **state)
{
	static const char *const pieces[] = { "x", "\r\n", "\r\n--", "-",
		"\r\n" LINE "x", "\r\n" LINE " x", "\r\n" LINE "\r",
		"\r\n\r\n" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) bytes = g_string_new(NULL);
		g_autoptr(GString) body = NULL;
		struct form *form;
		double before;

		while (bytes->len < LARGE_SIZE)
			g_string_append(bytes, pieces[i]);
		/* A boundary that stands in it ends the file. */
		g_string_append(bytes, "end");
		body = make_body(FILE_HEAD("f", "x"), bytes->str, bytes->len);
		before = processor_milliseconds();
		form = parse_good(body->str, body->len);
		before = processor_milliseconds() - before;
		print_message("10 MB, %zu: %.1f ms\n", i, before);
		assert_true(before < 1000);
		assert_file(form, "f", "x", bytes->str, bytes->len);
		form_free(form);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form_parse_multipart_of_a_browser),
		cmocka_unit_test(test_form_parse_multipart_bytes),
		cmocka_unit_test(test_form_parse_multipart_random_bytes),
		cmocka_unit_test(test_form_parse_multipart_heads),
		cmocka_unit_test(test_form_parse_multipart_file_names),
		cmocka_unit_test(test_form_parse_multipart_empty_files),
		cmocka_unit_test(test_form_parse_multipart_first_counts),
		cmocka_unit_test(test_form_parse_multipart_text),
		cmocka_unit_test(test_form_parse_multipart_bad_heads),
		cmocka_unit_test(test_form_parse_multipart_nul_in_head),
		cmocka_unit_test(test_form_parse_multipart_cut_off),
		cmocka_unit_test(test_form_parse_multipart_around),
		cmocka_unit_test(test_form_parse_multipart_boundaries),
		cmocka_unit_test(test_form_parse_multipart_too_many),
		cmocka_unit_test(test_form_parse_multipart_large_head),
		cmocka_unit_test(test_form_parse_multipart_large_text),
		cmocka_unit_test(test_form_parse_multipart_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
