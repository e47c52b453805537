/*
 * fuzz_one_time_code.c - any bytes typed as the second step of signing in: a
 * code of six digits is right or wrong, a recovery code has one spelling.
 */
#include "config.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/one_time_code.h"
#include "base/recovery_code.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(bool is_right)
{
	if (!is_right)
		abort();
}

/* At this time the code is "050471". */
static void
check_code(const char *typed)
{
	static const char SECRET[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
	int64_t step = -1;
	enum status status =
	    one_time_code_check(SECRET, typed, 1111111111, &step);
	size_t digits = 0;

	check(status == STATUS_OK || status == STATUS_INVALID);
	check((status == STATUS_OK) == (step >= 0));
	if (status != STATUS_OK)
		return;
	for (const char *at = typed; *at != '\0'; at++)
		digits += g_ascii_isdigit(*at);
	check(digits == ONE_TIME_CODE_DIGITS);
	check(step >= 37037036 && step <= 37037038);
}

static void
check_recovery_code(const char *typed)
{
	g_autofree char *code = recovery_code_normalize(typed);
	g_autofree char *again = NULL;

	if (code == NULL)
		return;
	check(strlen(code) == RECOVERY_CODE_CHARACTERS);
	again = recovery_code_normalize(code);
	check(again != NULL && strcmp(again, code) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	g_autofree char *typed = g_strndup((const char *)bytes, size);

	check_code(typed);
	check_recovery_code(typed);
	return 0;
}
