# What a newcomer reads first, and its pictures, which it names as docs/….
dist_doc_DATA += CHANGELOG.md LICENSE README.md

picturesdir = $(docdir)/docs
dist_pictures_DATA = \
	docs/architecture.svg \
	docs/front-page-dark.png \
	docs/front-page.png \
	$(NULL)
