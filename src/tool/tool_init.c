/*
 * tool_init.c - `byline init`: a new site.
 */
#include "config.h"

#include <stdio.h>

#include "model/site.h"
#include "tool/tool.h"
#include "tool_link.h"

int
tool_init(const struct tool *tool, const char *directory, int argc, char **argv)
{
	g_autofree char *base_url = NULL;
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {
		{ "base-url", 0, 0, G_OPTION_ARG_STRING, &base_url,
		    "Where readers find it (http://127.0.0.1:8080)",
		    "ADDRESS" },
		{ 0 },
	};
	struct site *site = NULL;
	int exit_code;

	if (!tool_parse(tool, entries, 0, &argc, &argv, &exit_code))
		return exit_code;
	if (directory == NULL || directory[0] == '\0')
		return tool_fail("where shall the blog be? Give --site DIR");
	if (site_create(directory,
		base_url == NULL ? "http://127.0.0.1:8080" : base_url, &site,
		&error) != STATUS_OK)
		return tool_fail("%s", error->message);
	printf("made %s for %s\nset it up at ", directory,
	    site->settings.base_url);
	exit_code = tool_print_setup_link(site);
	site_free(site);
	return exit_code;
}
