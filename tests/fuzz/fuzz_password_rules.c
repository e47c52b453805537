/*
 * fuzz_password_rules.c - any bytes as a password, and as what its owner is
 * called: it is accepted, or refused with a reason; and nobody may take the
 * own name.
 */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/password_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(gboolean is_right)
{
	if (!is_right)
		abort();
}

static enum status
judge(const char *bytes, size_t size, const struct password_owner *owner)
{
	g_autoptr(GError) error = NULL;
	enum status status = password_rules_check(bytes, size, owner, &error);

	check((status == STATUS_OK) == (error == NULL));
	check(status == STATUS_OK || status == STATUS_INVALID);
	return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	g_autofree char *name = g_strndup((const char *)bytes, size);
	const struct password_owner owner = { .name = name };

	if (judge((const char *)bytes, size, NULL) == STATUS_INVALID)
		check(
		    judge((const char *)bytes, size, &owner) == STATUS_INVALID);
	check(judge(name, strlen(name), &owner) == STATUS_INVALID);
	return 0;
}
