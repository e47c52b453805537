/*
 * qr_code.h - a text as a QR code (ISO/IEC 18004), by libqrencode. Nothing else
 * in the project calls it.
 */
#ifndef BASE_QR_CODE_H
#define BASE_QR_CODE_H

#include "base/status.h"

/* Light modules around it on each side, as the standard asks for. */
#define QR_CODE_QUIET_ZONE 4

/* A code for an SVG whose viewBox is "0 0 SIZE SIZE": one path, filled dark on
 * a light ground. The ground has to be drawn, too: in a dark page the quiet
 * zone would be dark. */
struct qr_code {
	char *path; /* the attribute `d`: commands M, h, v and z, integers */
	int size;   /* modules on a side, quiet zone included */
};

/*
 * Make the code of `text`, which is not empty: its bytes as they are, error
 * correction M (15 % may be unreadable), the smallest version that has room.
 * STATUS_TOO_LARGE: over 2,331 bytes (more, where they are digits or capital
 * letters); STATUS_INVALID: it is empty. The caller releases `out_qr_code`.
 */
MUST_CHECK enum status qr_code_init(
    struct qr_code *out_qr_code, const char *text);

/* Free the contents. */
void qr_code_release(struct qr_code *qr_code);

#endif
