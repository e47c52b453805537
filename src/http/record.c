/*
 * record.c - see record.h. It must keep true that a reader who knows only the
 * specification can read what is written here: contents of at most 65,535
 * bytes, an empty STDOUT record before END_REQUEST.
 */
#include "config.h"

#include "http/record.h"

#include <errno.h>
#include <poll.h>
#include <sys/uio.h>

/* Records that one writev() takes: each needs a header, up to PART_MAX pieces
 * and padding, and IOV_MAX is 1024. */
#define BATCH_RECORDS 64
#define BATCH_VECTORS 512

/* A web server that reads as fast as we write is waited for so long, rather
 * than to copy what it takes next. */
#define ROOM_MILLISECONDS 2

/* What goes out with the next writev(). */
struct batch {
	int fd;
	GByteArray *rest; /* where bytes go that the socket does not take */
	unsigned request_id;
	size_t record_count;
	size_t vector_count;
	struct iovec vectors[BATCH_VECTORS];
	uint8_t headers[BATCH_RECORDS][RECORD_HEADER_SIZE];
};

/* Where we are in the parts of an answer. */
struct cursor {
	const struct iovec *part;
	size_t offset;
};

static void
fill_header(uint8_t *header, enum record_type type, unsigned request_id,
    size_t size, size_t padding)
{
	header[0] = RECORD_VERSION;
	header[1] = (uint8_t)type;
	header[2] = (uint8_t)(request_id >> 8);
	header[3] = (uint8_t)request_id;
	header[4] = (uint8_t)(size >> 8);
	header[5] = (uint8_t)size;
	header[6] = (uint8_t)padding;
	header[7] = 0;
}

void
record_append(GByteArray *out, enum record_type type, unsigned request_id,
    const void *content, size_t size)
{
	uint8_t header[RECORD_HEADER_SIZE];

	g_assert(size <= UINT16_MAX);
	fill_header(header, type, request_id, size, 0);
	g_byte_array_append(out, header, sizeof(header));
	if (size > 0)
		g_byte_array_append(out, content, (guint)size);
}

bool
record_extend(
    GByteArray *out, size_t record_at, const void *content, size_t size)
{
	uint8_t *header = out->data + record_at;
	size_t sum = ((size_t)header[4] << 8 | header[5]) + size;

	g_assert(record_at + RECORD_HEADER_SIZE + sum - size == out->len);
	if (sum > UINT16_MAX)
		return false;
	header[4] = (uint8_t)(sum >> 8);
	header[5] = (uint8_t)sum;
	g_byte_array_append(out, content, (guint)size);
	return true;
}

void
record_append_end(GByteArray *out, unsigned request_id,
    enum record_protocol_status protocol_status)
{
	uint8_t body[8] = { 0, 0, 0, 0, (uint8_t)protocol_status, 0, 0, 0 };

	record_append(out, RECORD_END_REQUEST, request_id, body, sizeof(body));
}

void
record_append_answer_end(GByteArray *out, unsigned request_id)
{
	record_append(out, RECORD_STDOUT, request_id, NULL, 0);
	record_append_end(out, request_id, RECORD_REQUEST_COMPLETE);
}

/* The first `size` bytes of `vectors` are done. */
static void
skip(struct iovec **vectors, size_t *count, size_t size)
{
	while (*count > 0 && size >= (*vectors)->iov_len) {
		size -= (*vectors)->iov_len;
		(*vectors)++;
		(*count)--;
	}
	if (*count > 0) {
		(*vectors)->iov_base = (uint8_t *)(*vectors)->iov_base + size;
		(*vectors)->iov_len -= size;
	}
}

enum status
record_write_all(int fd, struct iovec *vectors, size_t count)
{
	while (count > 0) {
		ssize_t written = writev(fd, vectors, (int)count);

		if (written >= 0)
			skip(&vectors, &count, (size_t)written);
		else if (errno != EINTR)
			return STATUS_FAILED;
	}
	return STATUS_OK;
}

/*
 * Write all of `vectors`, which are used up; where the peer stops reading, only
 * what it takes until then. False when it is gone.
 */
static bool
write_some(int fd, struct iovec **vectors, size_t *count)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };

	while (*count > 0) {
		ssize_t written = writev(fd, *vectors, (int)*count);

		if (written >= 0)
			skip(vectors, count, (size_t)written);
		else if (errno == EAGAIN &&
			 poll(&room, 1, ROOM_MILLISECONDS) == 0)
			return true;
		else if (errno != EAGAIN && errno != EINTR)
			return false;
	}
	return true;
}

enum status
record_send(int fd, struct iovec *vectors, size_t count, GByteArray *rest)
{
	if (rest->len == 0 && !write_some(fd, &vectors, &count))
		return STATUS_FAILED;
	for (size_t i = 0; i < count; i++)
		g_byte_array_append(
		    rest, vectors[i].iov_base, (guint)vectors[i].iov_len);
	return STATUS_OK;
}

static void
batch_add(struct batch *batch, const void *bytes, size_t size)
{
	g_assert(batch->vector_count < BATCH_VECTORS);
	batch->vectors[batch->vector_count++] =
	    (struct iovec){ .iov_base = (void *)bytes, .iov_len = size };
}

static enum status
batch_flush(struct batch *batch)
{
	size_t count = batch->vector_count;

	batch->vector_count = 0;
	batch->record_count = 0;
	return record_send(batch->fd, batch->vectors, count, batch->rest);
}

/* Add one record with the next `size` bytes of the parts. */
static void
batch_add_record(struct batch *batch, struct cursor *cursor, size_t size)
{
	static const uint8_t padding[8];
	size_t padding_size = (8 - size % 8) % 8;
	uint8_t *header = batch->headers[batch->record_count++];

	fill_header(
	    header, RECORD_STDOUT, batch->request_id, size, padding_size);
	batch_add(batch, header, RECORD_HEADER_SIZE);
	while (size > 0) {
		size_t left = cursor->part->iov_len - cursor->offset;
		size_t piece = MIN(left, size);

		if (piece > 0)
			batch_add(batch,
			    (const uint8_t *)cursor->part->iov_base +
				cursor->offset,
			    piece);
		cursor->offset += piece;
		size -= piece;
		if (piece == left) {
			cursor->part++;
			cursor->offset = 0;
		}
	}
	if (padding_size > 0)
		batch_add(batch, padding, padding_size);
}

enum status
record_send_answer(int fd, unsigned request_id, const struct iovec *parts,
    size_t part_count, GByteArray *rest)
{
	struct batch batch;
	struct cursor cursor = { .part = parts };
	uint8_t end[3 * RECORD_HEADER_SIZE] = { 0 };
	size_t left = 0;

	batch.fd = fd;
	batch.rest = rest;
	batch.request_id = request_id;
	batch.record_count = 0;
	batch.vector_count = 0;
	for (size_t i = 0; i < part_count; i++)
		left += parts[i].iov_len;
	while (left > 0) {
		size_t size = MIN(left, RECORD_MAX_CONTENT);

		/* Three for what this record and the end need besides parts. */
		if (batch.record_count == BATCH_RECORDS ||
		    batch.vector_count + part_count + 3 > BATCH_VECTORS) {
			if (batch_flush(&batch) != STATUS_OK)
				return STATUS_FAILED;
		}
		batch_add_record(&batch, &cursor, size);
		left -= size;
	}
	fill_header(end, RECORD_STDOUT, request_id, 0, 0);
	fill_header(end + RECORD_HEADER_SIZE, RECORD_END_REQUEST, request_id,
	    RECORD_HEADER_SIZE, 0);
	batch_add(&batch, end, sizeof(end));
	return batch_flush(&batch);
}
