/*
 * intake.c - see intake.h. It must keep true that nothing passes which libfcgi
 * reads otherwise than the specification does, and that no peer makes it hold
 * more than twice INTAKE_MAX_PARAMS and `max_body` bytes, however small the
 * records are that they come in.
 */
#include "config.h"

#include "http/intake.h"

#include <string.h>

#include "http/record.h"

#define ROLE_RESPONDER 1

/* Storage above this is given back after the request that needed it. */
#define KEPT_SIZE (128 << 10)

/* One record in the buffer. */
struct record {
	unsigned type;
	unsigned request_id;
	const uint8_t *content;
	size_t size;
	size_t padding;
};

void
intake_init(struct intake *intake, size_t max_body)
{
	*intake = (struct intake){
		.is_plain = true,
		.max_body = max_body,
		.params = g_byte_array_new(),
		.clean = g_byte_array_new(),
		.replies = g_byte_array_new(),
	};
}

void
intake_release(struct intake *intake)
{
	g_byte_array_unref(intake->params);
	g_byte_array_unref(intake->clean);
	g_byte_array_unref(intake->replies);
}

void
intake_clear(struct intake *intake)
{
	intake->phase = INTAKE_BEFORE_BEGIN;
	intake->request_id = 0;
	intake->is_plain = true;
	intake->body_size = 0;
	intake->http_status = 0;
	intake->reason = NULL;
	g_byte_array_set_size(intake->params, 0);
	if (intake->clean->len > KEPT_SIZE) {
		g_byte_array_unref(intake->clean);
		intake->clean = g_byte_array_new();
	}
	g_byte_array_set_size(intake->clean, 0);
	g_byte_array_set_size(intake->replies, 0);
}

static enum intake_state
refuse(struct intake *intake, int http_status, const char *reason)
{
	intake->http_status = http_status;
	intake->reason = reason;
	return INTAKE_REFUSED;
}

/* A length of a name or value (section 3.4): one byte, or four. */
static bool
read_length(const uint8_t **at, const uint8_t *end, size_t *out_length)
{
	const uint8_t *p = *at;

	if (p < end && p[0] < 0x80) {
		*out_length = p[0];
		*at = p + 1;
		return true;
	}
	if (end - p < 4)
		return false;
	*out_length = (size_t)(p[0] & 0x7f) << 24 | (size_t)p[1] << 16 |
		      (size_t)p[2] << 8 | p[3];
	*at = p + 4;
	return true;
}

/* Whether a name and value survive as the string "NAME=value". */
static bool
is_plain_pair(const uint8_t *name, size_t name_size, size_t value_size)
{
	return name_size > 0 && memchr(name, '=', name_size) == NULL &&
	       memchr(name, '\0', name_size + value_size) == NULL;
}

static enum intake_state
check_params(struct intake *intake)
{
	const uint8_t *at = intake->params->data;
	const uint8_t *end;

	if (intake->params->len == 0)
		return INTAKE_MORE; /* and `at` may be NULL */
	end = at + intake->params->len;
	while (at < end) {
		size_t name_size, value_size;

		if (!read_length(&at, end, &name_size) ||
		    !read_length(&at, end, &value_size) ||
		    name_size > (size_t)(end - at) ||
		    value_size > (size_t)(end - at) - name_size)
			return refuse(intake, 400, "a parameter is cut off");
		if (!is_plain_pair(at, name_size, value_size))
			return refuse(
			    intake, 400, "a parameter with NUL or a bad name");
		at += name_size + value_size;
	}
	return INTAKE_MORE;
}

static enum intake_state
take_begin(struct intake *intake, const struct record *record)
{
	unsigned role;

	if (record->request_id == 0 || record->size != 8)
		return refuse(intake, 0, "BEGIN_REQUEST is malformed");
	if (intake->phase != INTAKE_BEFORE_BEGIN) {
		if (record->request_id == intake->request_id)
			return refuse(intake, 0, "BEGIN_REQUEST twice");
		record_append_end(
		    intake->replies, record->request_id, RECORD_CANT_MULTIPLEX);
		intake->is_plain = false;
		return INTAKE_MORE;
	}
	role = (unsigned)record->content[0] << 8 | record->content[1];
	if (role != ROLE_RESPONDER) {
		record_append_end(
		    intake->replies, record->request_id, RECORD_UNKNOWN_ROLE);
		return refuse(intake, 0, "a role other than responder");
	}
	intake->request_id = record->request_id;
	intake->phase = INTAKE_IN_PARAMS;
	intake->last_at = intake->clean->len;
	record_append(intake->clean, RECORD_BEGIN_REQUEST, record->request_id,
	    record->content, record->size);
	return INTAKE_MORE;
}

/* The one value of ours that `name` asks for (section 4.1), or 0. */
static char
own_value(const uint8_t *name, size_t size, unsigned *out_bit)
{
	static const struct {
		const char *name;
		char value;
	} values[] = {
		{ "FCGI_MAX_CONNS", '1' },
		{ "FCGI_MAX_REQS", '1' },
		{ "FCGI_MPXS_CONNS", '0' },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		if (strlen(values[i].name) == size &&
		    memcmp(values[i].name, name, size) == 0) {
			*out_bit = 1U << i;
			return values[i].value;
		}
	}
	return '\0';
}

static enum intake_state
answer_values(struct intake *intake, const struct record *record)
{
	const uint8_t *at = record->content;
	const uint8_t *end = at + record->size;
	uint8_t answer[128];
	size_t answer_size = 0;
	unsigned answered = 0;

	while (at < end) {
		size_t name_size, value_size;
		unsigned bit = 0;
		char value;

		if (!read_length(&at, end, &name_size) ||
		    !read_length(&at, end, &value_size) ||
		    name_size > (size_t)(end - at) ||
		    value_size > (size_t)(end - at) - name_size)
			return refuse(intake, 0, "GET_VALUES is malformed");
		value = own_value(at, name_size, &bit);
		/* Each name once: the answer has a bound, the question not. */
		if (value != '\0' && (answered & bit) == 0) {
			answered |= bit;
			answer[answer_size++] = (uint8_t)name_size;
			answer[answer_size++] = 1;
			memcpy(answer + answer_size, at, name_size);
			answer_size += name_size;
			answer[answer_size++] = (uint8_t)value;
		}
		at += name_size + value_size;
	}
	record_append(
	    intake->replies, RECORD_GET_VALUES_RESULT, 0, answer, answer_size);
	return INTAKE_MORE;
}

static enum intake_state
take_management(struct intake *intake, const struct record *record)
{
	uint8_t body[8] = { (uint8_t)record->type };

	intake->is_plain = false;
	if (record->type == RECORD_GET_VALUES)
		return answer_values(intake, record);
	record_append(
	    intake->replies, RECORD_UNKNOWN_TYPE, 0, body, sizeof(body));
	return INTAKE_MORE;
}

static enum intake_state
take_params(struct intake *intake, const struct record *record)
{
	if (record->size == 0) {
		intake->phase = INTAKE_IN_STDIN;
		return check_params(intake);
	}
	if (intake->params->len + record->size > INTAKE_MAX_PARAMS)
		return refuse(intake, 431, "the parameters are too large");
	g_byte_array_append(
	    intake->params, record->content, (guint)record->size);
	return INTAKE_MORE;
}

static enum intake_state
take_stdin(struct intake *intake, const struct record *record)
{
	if (record->size == 0)
		return INTAKE_WHOLE;
	intake->body_size += record->size;
	if (intake->body_size > intake->max_body)
		return refuse(intake, 413, "the body is too large");
	return INTAKE_MORE;
}

/*
 * Pass the record on. Contents of a stream that follow each other become one
 * record, as far as one goes: a byte in a record of its own would cost nine.
 */
static void
append_clean(struct intake *intake, const struct record *record)
{
	GByteArray *clean = intake->clean;
	bool is_more = record->size > 0 &&
		       clean->data[intake->last_at + 1] == record->type;

	if (is_more && record_extend(clean, intake->last_at, record->content,
			   record->size))
		return;
	intake->last_at = clean->len;
	record_append(clean, (enum record_type)record->type, record->request_id,
	    record->content, record->size);
}

/* A record of the request that is under way. */
static enum intake_state
take_own(struct intake *intake, const struct record *record)
{
	enum intake_state state;

	if (record->type == RECORD_ABORT_REQUEST) {
		record_append_end(intake->replies, record->request_id,
		    RECORD_REQUEST_COMPLETE);
		return refuse(intake, 0, "the server gave up the request");
	}
	if (record->type == RECORD_PARAMS && intake->phase == INTAKE_IN_PARAMS)
		state = take_params(intake, record);
	else if (record->type == RECORD_STDIN &&
		 intake->phase == INTAKE_IN_STDIN)
		state = take_stdin(intake, record);
	else
		return refuse(intake, 0, "a record out of place");
	if (state == INTAKE_REFUSED)
		return state;
	/* libfcgi takes the padding of an empty record for a header. */
	if (record->size == 0 && record->padding > 0)
		intake->is_plain = false;
	append_clean(intake, record);
	return state;
}

static enum intake_state
take_record(struct intake *intake, const struct record *record)
{
	if (record->type == RECORD_BEGIN_REQUEST)
		return take_begin(intake, record);
	if (record->request_id == 0)
		return take_management(intake, record);
	if (intake->phase == INTAKE_BEFORE_BEGIN ||
	    record->request_id != intake->request_id) {
		intake->is_plain = false;
		return INTAKE_MORE;
	}
	return take_own(intake, record);
}

enum intake_state
intake_take(
    struct intake *intake, const uint8_t *bytes, size_t size, size_t *out_used)
{
	enum intake_state state = INTAKE_MORE;
	size_t used = 0;

	while (state == INTAKE_MORE && used < size) {
		const uint8_t *header = bytes + used;
		struct record record;
		size_t whole;

		if (header[0] != RECORD_VERSION) {
			state = refuse(intake, 0, "not FastCGI version 1");
			break;
		}
		if (size - used < RECORD_HEADER_SIZE)
			break;
		record.type = header[1];
		record.request_id = (unsigned)header[2] << 8 | header[3];
		record.size = (size_t)header[4] << 8 | header[5];
		record.padding = header[6];
		record.content = header + RECORD_HEADER_SIZE;
		if (record.type == RECORD_BEGIN_REQUEST && record.size != 8) {
			state = refuse(intake, 0, "BEGIN_REQUEST is malformed");
			break;
		}
		whole = RECORD_HEADER_SIZE + record.size + record.padding;
		if (size - used < whole)
			break;
		used += whole;
		state = take_record(intake, &record);
	}
	*out_used = used;
	return state;
}
