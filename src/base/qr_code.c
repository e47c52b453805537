/*
 * qr_code.c - the one face of libqrencode: its modules become the path of an
 * SVG, which needs no image and no script.
 *
 * What must stay true: the path holds commands and integers alone, whatever the
 * text, so that a template may put it in.
 */
#include "config.h"

#include "base/qr_code.h"

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <string.h>

#include "base/logger.h"

/* The digits that the largest version has room for: no text of more fits, and
 * the library need not look through it. */
#define MAX_SIZE ((size_t)5596)

static bool
is_dark(const QRcode *code, int x, int y)
{
	/* The other bits say what the module is there for. */
	return (code->data[y * code->width + x] & 1) != 0;
}

/* Append the row `y`, a rectangle for each run of dark modules. */
static void
append_row(GString *path, const QRcode *code, int y)
{
	for (int x = 0; x < code->width;) {
		int start = x;

		while (x < code->width && is_dark(code, x, y))
			x++;
		if (x > start)
			g_string_append_printf(path, "M%d %dh%dv1h-%dz",
			    start + QR_CODE_QUIET_ZONE, y + QR_CODE_QUIET_ZONE,
			    x - start, x - start);
		else
			x++;
	}
}

static enum status
fail(void)
{
	if (errno == ERANGE)
		return STATUS_TOO_LARGE;
	log_error("qr_code.failed", "reason", g_strerror(errno));
	return STATUS_FAILED;
}

enum status
qr_code_init(struct qr_code *out_qr_code, const char *text)
{
	GString *path;
	QRcode *code;

	if (text[0] == '\0')
		return STATUS_INVALID;
	if (strlen(text) > MAX_SIZE)
		return STATUS_TOO_LARGE;
	code = QRcode_encodeString(
	    text, 0, QR_ECLEVEL_M, QR_MODE_8, /* case sensitive */ 1);
	if (code == NULL)
		return fail();
	path = g_string_new(NULL);
	for (int y = 0; y < code->width; y++)
		append_row(path, code, y);
	out_qr_code->size = code->width + 2 * QR_CODE_QUIET_ZONE;
	out_qr_code->path = g_string_free(path, FALSE);
	QRcode_free(code);
	return STATUS_OK;
}

void
qr_code_release(struct qr_code *qr_code)
{
	g_clear_pointer(&qr_code->path, g_free);
}
