/*
 * fuzz_intake.c - any bytes as a FastCGI connection, whole and cut in two: the
 * outcome is the same, what passes is a whole plain request, and nothing grows
 * over its limit.
 */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/intake.h"

#define MAX_BODY 4096

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_limits(const struct intake *intake, enum intake_state state)
{
	if (intake->params->len > INTAKE_MAX_PARAMS ||
	    (state != INTAKE_REFUSED && intake->body_size > MAX_BODY) ||
	    (state == INTAKE_REFUSED) != (intake->reason != NULL))
		abort();
}

/* What was let through is plain when it is looked at again. */
static void
check_clean(const struct intake *first)
{
	struct intake second;
	size_t used;

	intake_init(&second, MAX_BODY);
	if (intake_take(&second, first->clean->data, first->clean->len,
		&used) != INTAKE_WHOLE ||
	    !second.is_plain || used != first->clean->len ||
	    second.body_size != first->body_size ||
	    second.request_id != first->request_id)
		abort();
	intake_release(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t cut = size > 0 ? bytes[0] * size / 256 : 0;
	struct intake whole, pieces;
	enum intake_state state, pieces_state;
	size_t used;

	intake_init(&whole, MAX_BODY);
	intake_init(&pieces, MAX_BODY);
	state = intake_take(&whole, bytes, size, &used);
	check_limits(&whole, state);
	if (state == INTAKE_WHOLE)
		check_clean(&whole);
	pieces_state = intake_take(&pieces, bytes, cut, &used);
	if (pieces_state == INTAKE_MORE)
		pieces_state =
		    intake_take(&pieces, bytes + used, size - used, &used);
	if (pieces_state != state || pieces.clean->len != whole.clean->len)
		abort();
	intake_release(&whole);
	intake_release(&pieces);
	return 0;
}
