/*
 * fuzz_settings.c - any bytes as byline.conf: what is taken can stand in a
 * page, a header and a policy, and is taken again.
 */
#include "config.h"

#include <sys/mman.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(bool is_right)
{
	if (!is_right)
		abort();
}

static void
check_letters(const char *text, const char *besides)
{
	for (; *text != '\0'; text++)
		check(g_ascii_isalnum(*text) || strchr(besides, *text) != NULL);
}

static void
check_settings(const struct settings *settings)
{
	check(g_str_has_prefix(settings->base_url, "http"));
	check_letters(settings->base_url, ":/.-[]_~");
	check_letters(settings->base_path, "/.-_~");
	check(settings->workers >= 0 && settings->workers <= 64);
	check(settings->request_seconds >= 1);
	for (char **host = settings->iframe_hosts; *host != NULL; host++) {
		const char *asterisk = strrchr(*host, '*');

		check_letters(*host, ".-*");
		check(asterisk == NULL ||
		      (asterisk == *host && asterisk[1] == '.'));
	}
	for (char **proxy = settings->trusted_proxies; *proxy != NULL; proxy++)
		check_letters(*proxy, ".:/");
	if (settings->security_contact != NULL)
		check(strpbrk(settings->security_contact, "\r\n ") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const int descriptor = memfd_create("byline.conf", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", descriptor);
	g_autoptr(GError) error = NULL;
	struct settings settings;

	check(descriptor >= 0);
	check(write(descriptor, bytes, size) == (ssize_t)size);
	if (settings_load(path, &settings, &error) == STATUS_OK) {
		check_settings(&settings);
		settings_release(&settings);
	} else {
		check(error != NULL && g_str_has_prefix(error->message, path));
		check(g_utf8_validate(error->message, -1, NULL));
	}
	close(descriptor);
	return 0;
}
