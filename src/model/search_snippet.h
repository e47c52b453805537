/*
 * search_snippet.h - the part of a text that shows best what was found in it.
 */
#ifndef MODEL_SEARCH_SNIPPET_H
#define MODEL_SEARCH_SNIPPET_H

/*
 * About 30 words of `marked`, a text with SEARCH_MARK_BEGIN and SEARCH_MARK_END
 * around each match: those where most different words were found close
 * together. From the beginning of a sentence if one is near; an ellipsis stands
 * where it was cut. Takes time as the text is long, however many matches there
 * are. The caller frees it.
 */
char *search_cut_snippet(const char *marked);

#endif
