/*
 * date_words.c - a day as readers of twelve languages write it.
 *
 * A table, so that a language is one row more; the month stands in the form it
 * takes inside a date ("30 de mayo", the Persian ezafe). What must stay true:
 * a language that is not here gets ISO 8601, never English words.
 */
#include "config.h"

#include "base/date.h"

#include <string.h>

/*
 * In the patterns: "D" the day, "M" the month's name, "N" its number, "Y" the
 * year; anything else stands for itself.
 */
struct date_language {
	const char *tag; /* primary subtag */
	const char *months[12];
	const char *pattern_long;
	const char *pattern_day_first;
	const char *first_day; /* NULL: "1" as any other */
};

static const struct date_language LANGUAGES[] = {
	{ "en",
	    { "January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December" },
	    "M D, Y", "D M Y", NULL },
	{ "de",
	    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
		"August", "September", "Oktober", "November", "Dezember" },
	    "D. M Y", "D. M Y", NULL },
	{ "fr",
	    { "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
		"août", "septembre", "octobre", "novembre", "décembre" },
	    "D M Y", "D M Y", "1er" },
	{ "es",
	    { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
		"agosto", "septiembre", "octubre", "noviembre", "diciembre" },
	    "D de M de Y", "D de M de Y", NULL },
	{ "it",
	    { "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
		"luglio", "agosto", "settembre", "ottobre", "novembre",
		"dicembre" },
	    "D M Y", "D M Y", NULL },
	{ "pt",
	    { "janeiro", "fevereiro", "março", "abril", "maio", "junho",
		"julho", "agosto", "setembro", "outubro", "novembro",
		"dezembro" },
	    "D de M de Y", "D de M de Y", NULL },
	{ "nl",
	    { "januari", "februari", "maart", "april", "mei", "juni", "juli",
		"augustus", "september", "oktober", "november", "december" },
	    "D M Y", "D M Y", NULL },
	{ "ar",
	    { "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو",
		"أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر" },
	    "D M Y", "D M Y", NULL },
	{ "he",
	    { "ינואר", "פברואר", "מרץ", "אפריל", "מאי", "יוני", "יולי",
		"אוגוסט", "ספטמבר", "אוקטובר", "נובמבר", "דצמבר" },
	    "D בM Y", "D בM Y", NULL },
	{ "fa",
	    { "ژانویهٔ", "فوریهٔ", "مارس", "آوریل", "مهٔ", "ژوئن", "ژوئیهٔ", "اوت",
		"سپتامبر", "اکتبر", "نوامبر", "دسامبر" },
	    "D M Y", "D M Y", NULL },
	{ "ja", { NULL }, "Y年N月D日", "Y年N月D日", NULL },
	{ "zh", { NULL }, "Y年N月D日", "Y年N月D日", NULL },
};

/* The row for a BCP 47 tag ("pt-BR"), by its first subtag; NULL: none. */
static const struct date_language *
find_language(const char *tag)
{
	size_t size;

	if (tag == NULL)
		return NULL;
	size = strcspn(tag, "-_");
	for (size_t i = 0; i < G_N_ELEMENTS(LANGUAGES); i++) {
		if (size == strlen(LANGUAGES[i].tag) &&
		    g_ascii_strncasecmp(tag, LANGUAGES[i].tag, size) == 0)
			return &LANGUAGES[i];
	}
	return NULL;
}

static void
append_day(GString *words, const struct date_language *language, int day)
{
	if (day == 1 && language->first_day != NULL)
		g_string_append(words, language->first_day);
	else
		g_string_append_printf(words, "%d", day);
}

char *
date_format_words(
    int64_t time, GTimeZone *zone, enum date_style style, const char *tag)
{
	const struct date_language *language = find_language(tag);
	GString *words;
	const char *pattern;
	int year, month, day;

	date_split(time, zone, &year, &month, &day);
	if (style == DATE_STYLE_ISO || language == NULL)
		return g_strdup_printf("%04d-%02d-%02d", year, month, day);
	words = g_string_new(NULL);
	pattern = style == DATE_STYLE_LONG ? language->pattern_long
					   : language->pattern_day_first;
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == 'D')
			append_day(words, language, day);
		else if (*pattern == 'M')
			g_string_append(words, language->months[month - 1]);
		else if (*pattern == 'N')
			g_string_append_printf(words, "%d", month);
		else if (*pattern == 'Y')
			g_string_append_printf(words, "%d", year);
		else
			g_string_append_c(words, *pattern);
	}
	return g_string_free(words, FALSE);
}
