/*
 * link_check.h - what readers of an article would stumble over: links that lead
 * nowhere, a cover that says nothing to who cannot see it, an address at which
 * they look for another one.
 */
#ifndef MODEL_LINK_CHECK_H
#define MODEL_LINK_CHECK_H

#include <glib.h>

#include "base/status.h"

struct article;
struct site;

/* No more than so many are named. */
#define LINK_CHECK_MOST 20

/*
 * Look at every link and picture of `article`, as it is rendered, and append
 * what is wrong in words for its author to `warnings` (char *): a link to an
 * address of ours where nothing stands or nothing public (a year or a page that
 * there would be with the article is there), an http or https address that is
 * none, a cover without a text for who cannot see it; and that its own address
 * leads elsewhere as long as it is not public. A picture in the text without a
 * description, and a link to a heading that is not there, are not named here:
 * the sanitizer warns of them, with their lines. Nothing is asked of other
 * hosts.
 */
MUST_CHECK enum status link_check(const struct site *site,
    const struct article *article, int64_t now, GPtrArray *warnings);

#endif
