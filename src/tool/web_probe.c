/*
 * web_probe.c - see web_probe.h.
 *
 * It must stay true that nothing of what a server says gets into curl's
 * arguments or its configuration, and that one answer cannot pass for another:
 * between them stands a line that nobody can guess.
 */
#include "config.h"

#include "web_probe.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/launcher.h"
#include "base/token.h"
#include "model/media_store.h"

/* As much is kept of all answers of one run, and of what curl says. */
#define MAX_OUTPUT ((off_t)1 << 20)
#define MAX_WORDS  ((size_t)64 << 10)

/* Who does not answer by then is not waited for. */
#define CONNECT_SECONDS 3
#define ANSWER_SECONDS  5

struct web_probe {
	int64_t deadline; /* milliseconds, monotonic */
	bool is_trusting;
	char *separator;
	int code;
	char *words;
	int64_t certificate_end;
};

/* What curl is started with, in this order: its 0, 1, 3 and 4. */
enum {
	QUESTIONS,
	ANSWERS,
	WORDS,
	UPLOAD,
	FILE_COUNT
};

struct web_probe *
web_probe_new(void)
{
	struct web_probe *probe = g_new0(struct web_probe, 1);

	probe->deadline =
	    g_get_monotonic_time() / 1000 + (int64_t)WEB_PROBE_SECONDS * 1000;
	probe->separator = token_new();
	probe->words = g_strdup("");
	return probe;
}

void
web_probe_free(struct web_probe *probe)
{
	if (probe == NULL)
		return;
	g_free(probe->separator);
	g_free(probe->words);
	g_free(probe);
}

void
web_probe_trust_all(struct web_probe *probe)
{
	probe->is_trusting = true;
}

/* ---- what curl is asked ---- */

/* As a configuration of curl has it. */
static void
append_option(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, "%s = \"", name);
	for (const char *at = value; *at != '\0'; at++) {
		if (*at == '"' || *at == '\\')
			g_string_append_c(out, '\\');
		if (!g_ascii_iscntrl(*at))
			g_string_append_c(out, *at);
	}
	g_string_append(out, "\"\n");
}

static void
append_method(GString *out, enum web_method method)
{
	switch (method) {
	case WEB_LOOK:
		g_string_append(out, "head\n");
		break;
	case WEB_READ:
		/* Says when the certificate ends. */
		g_string_append(out, "verbose\n");
		break;
	case WEB_BEGIN:
		append_option(out, "range", "0-511");
		break;
	case WEB_DROP:
		break;
	case WEB_SEND:
		append_option(out, "upload-file", "/dev/fd/4");
		append_option(out, "request", "POST");
		append_option(
		    out, "header", "Content-Type: application/octet-stream");
		break;
	}
	append_option(out, "output",
	    method == WEB_READ || method == WEB_BEGIN ? "-" : "/dev/null");
}

static void
append_request(GString *out, const struct web_probe *probe,
    const struct web_request *request)
{
	append_option(out, "url", request->url);
	g_string_append_printf(out,
	    "connect-timeout = %d\nmax-time = %d\n"
	    "path-as-is\ngloboff\nhttp1.1\nsilent\nshow-error\n",
	    CONNECT_SECONDS,
	    request->method == WEB_SEND ? WEB_PROBE_SECONDS : ANSWER_SECONDS);
	append_option(out, "proto", "=http,https");
	append_option(out, "user-agent", "byline-check/" PACKAGE_VERSION);
	append_option(out, "dump-header", "-");
	if (probe->is_trusting)
		g_string_append(out, "insecure\n");
	if (request->header != NULL)
		append_option(out, "header", request->header);
	append_method(out, request->method);
	g_string_append_printf(
	    out, "write-out = \"\\n%s\\n\"\n", probe->separator);
}

/* ---- the child ---- */

/* A file without a name, that curl opens as /dev/fd/N or has at hand. */
static int
make_file(off_t size)
{
	int file = memfd_create("probe", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (file >= 0 && ftruncate(file, size) != 0) {
		close(file);
		return -1;
	}
	return file;
}

static void
close_files(const int files[FILE_COUNT])
{
	for (size_t i = 0; i < FILE_COUNT; i++)
		if (files[i] >= 0)
			close(files[i]);
}

static enum status
open_files(const GString *questions, int files[FILE_COUNT], GError **error)
{
	files[QUESTIONS] = make_file(0);
	files[ANSWERS] = make_file(MAX_OUTPUT);
	files[WORDS] = make_file(0);
	files[UPLOAD] = make_file((off_t)MEDIA_MAX_SIZE);
	if (files[QUESTIONS] >= 0 && files[ANSWERS] >= 0 && files[WORDS] >= 0 &&
	    files[UPLOAD] >= 0 &&
	    file_write(files[QUESTIONS], questions->str, questions->len) &&
	    lseek(files[QUESTIONS], 0, SEEK_SET) == 0 &&
	    /* Whoever says more is not listened to. */
	    fcntl(files[ANSWERS], F_ADD_SEALS, F_SEAL_GROW) == 0)
		return STATUS_OK;
	close_files(files);
	return status_fail(error, STATUS_BUSY, "no memory is left");
}

/* The first `size` bytes of a file, or as many as there are. */
static GString *
read_file(int file, size_t size)
{
	GString *bytes = g_string_sized_new(size);
	ssize_t count = 1;

	while (bytes->len < size && count > 0) {
		count = pread(file, bytes->str + bytes->len, size - bytes->len,
		    (off_t)bytes->len);
		if (count > 0)
			g_string_set_size(bytes, bytes->len + (gsize)count);
	}
	return bytes;
}

static enum status
run(struct web_probe *probe, const int files[FILE_COUNT], GError **error)
{
	g_autofree char *program = g_find_program_in_path("curl");
	const char *const arguments[] = { program, "-q", "--stderr",
		"/dev/fd/3", "--config", "-", NULL };
	int64_t left = probe->deadline - g_get_monotonic_time() / 1000;
	struct launcher *launcher;
	struct launch launch;
	enum status status;

	if (program == NULL || !g_path_is_absolute(program))
		return status_fail(
		    error, STATUS_NOT_FOUND, "curl is not installed");
	if (left < 1000)
		return status_fail(error, STATUS_BUSY,
		    "the web server takes longer than %d s", WEB_PROBE_SECONDS);
	status =
	    launcher_new(arguments, (unsigned)(left / 1000), &launcher, error);
	if (status != STATUS_OK)
		return status;
	status = launcher_run(launcher, files, FILE_COUNT, &launch, error);
	launcher_free(launcher);
	if (status != STATUS_OK) {
		g_prefix_error(error, "curl ");
		return status;
	}
	probe->code = launch.is_out_of_time || !WIFEXITED(launch.wait_status)
			  ? CURL_OUT_OF_TIME
			  : WEXITSTATUS(launch.wait_status);
	return STATUS_OK;
}

/* ---- what it answers ---- */

/* Take what stands before the next separator; whoever was cut off has none. */
static char *
take_part(const struct web_probe *probe, char **at, char *end, size_t *out_size)
{
	g_autofree char *line = g_strdup_printf("\n%s\n", probe->separator);
	char *start = *at;
	char *found = memmem(start, (size_t)(end - start), line, strlen(line));

	*out_size = (size_t)((found == NULL ? end : found) - start);
	*at = found == NULL ? end : found + strlen(line);
	return start;
}

/* "HTTP/1.1 200 OK" */
static unsigned
read_status(const char *head)
{
	const char *code = strchr(head, ' ');

	return code == NULL ? 0 : (unsigned)strtoul(code + 1, NULL, 10) % 1000;
}

/* The head that counts is the last: "100 Continue" may come before it. */
static void
read_answer(const char *part, size_t size, struct web_answer *out_answer)
{
	const char *end = part + size;
	const char *stop;

	*out_answer = (struct web_answer){ .head = g_strdup(""),
		.body = g_string_new(NULL) };
	while (end - part > 5 && memcmp(part, "HTTP/", 5) == 0 &&
	       (stop = memmem(part, (size_t)(end - part), "\r\n\r\n", 4)) !=
		   NULL &&
	       (out_answer->status == 0 || out_answer->status / 100 == 1)) {
		g_free(out_answer->head);
		out_answer->head = g_strndup(part, (gsize)(stop + 2 - part));
		out_answer->status = read_status(out_answer->head);
		part = stop + 4;
	}
	g_string_append_len(out_answer->body, part, (gssize)(end - part));
}

/* "curl: (60) SSL certificate problem: ...": from the last bracket on. The
 * caller frees it. */
static char *
read_words(const char *said)
{
	const char *start = strstr(said, "curl: (");
	const char *end = start == NULL ? NULL : strstr(start, ") ");

	if (end == NULL)
		return g_strdup("");
	return g_strndup(end + 2, strcspn(end + 2, "\n"));
}

/* "Sat, 28 Nov 2026 08:00:00 GMT" of GnuTLS, "Nov 28 08:00:00 2026 GMT" of
 * OpenSSL, which is what asctime(3) writes after the day; 0: neither. */
static int64_t
read_certificate_end(const char *said)
{
	static const char BEGIN[] = "expire date: ";
	const char *start = strstr(said, BEGIN);
	g_autofree char *text = NULL;
	g_autofree char *bare = NULL;
	int64_t time;

	if (start == NULL)
		return 0;
	start += strlen(BEGIN);
	text = g_strndup(start, strcspn(start, "\r\n"));
	bare = g_strdup_printf("Sun %.20s", text);
	if (date_parse_http(text, &time) == STATUS_OK ||
	    date_parse_http(bare, &time) == STATUS_OK)
		return time;
	return 0;
}

/* Fill `out_answers` with what one run of curl brought. */
static void
read_all(struct web_probe *probe, const int files[FILE_COUNT], size_t count,
    struct web_answer out_answers[])
{
	off_t size = lseek(files[ANSWERS], 0, SEEK_CUR);
	g_autoptr(GString) answers =
	    read_file(files[ANSWERS], (size_t)MAX(0, size));
	g_autoptr(GString) said = read_file(files[WORDS], MAX_WORDS);
	char *at = answers->str;

	g_free(probe->words);
	probe->words = read_words(said->str);
	probe->certificate_end = read_certificate_end(said->str);
	for (size_t i = 0; i < count; i++) {
		size_t part_size;
		char *part = take_part(
		    probe, &at, answers->str + answers->len, &part_size);

		read_answer(part, part_size, &out_answers[i]);
	}
}

enum status
web_probe_ask(struct web_probe *probe, const struct web_request requests[],
    size_t count, struct web_answer out_answers[], GError **error)
{
	g_autoptr(GString) questions = g_string_new(NULL);
	int files[FILE_COUNT];
	enum status status;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			g_string_append(questions, "next\n");
		append_request(questions, probe, &requests[i]);
	}
	status = open_files(questions, files, error);
	if (status != STATUS_OK)
		return status;
	status = run(probe, files, error);
	if (status == STATUS_OK)
		read_all(probe, files, count, out_answers);
	close_files(files);
	return status;
}

void
web_answer_release(struct web_answer *answer)
{
	g_free(answer->head);
	if (answer->body != NULL)
		g_string_free(answer->body, TRUE);
	*answer = (struct web_answer){ 0 };
}

int
web_probe_code(const struct web_probe *probe)
{
	return probe->code;
}

const char *
web_probe_words(const struct web_probe *probe)
{
	return probe->words;
}

int64_t
web_probe_certificate_end(const struct web_probe *probe)
{
	return probe->certificate_end;
}

char *
web_answer_header(const struct web_answer *answer, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(answer->head, "\r\n", -1);
	GString *values = g_string_new(NULL);
	size_t size = strlen(name);

	for (char **line = lines; *line != NULL; line++) {
		if (g_ascii_strncasecmp(*line, name, size) != 0 ||
		    (*line)[size] != ':')
			continue;
		g_string_append_printf(values, "%s%s",
		    values->len > 0 ? ", " : "", g_strstrip(*line + size + 1));
	}
	return g_string_free(values, FALSE);
}
