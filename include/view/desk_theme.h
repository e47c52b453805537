/*
 * desk_theme.h - what a theme changes, looked up in its folder for the page of
 * settings that tells its owner.
 */
#ifndef VIEW_DESK_THEME_H
#define VIEW_DESK_THEME_H

#include <glib.h>

/*
 * What the theme in folder `theme` (which may not exist) does, for its owner: a
 * line for each file that takes the place of one of ours, that does nothing, or
 * that does not load, with why. GPtrArray of char *, which the caller frees.
 */
GPtrArray *desk_theme_list(const char *theme);

#endif
