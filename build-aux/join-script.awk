# join-script.awk - make one script of its parts, without what only people read.
#
#   awk -f join-script.awk FILE... > desk.js
#
# Left out are comments that have a line to themselves or end one, empty lines,
# indentation, and the line ends after ; , { and (, where none can matter; nothing else
# changes. So the text of a template literal ends on its line (its ${...} may go on), and
# nothing follows a comment: the parts are refused where that is not so. They share one
# block, so that no name is the page's.
function refuse(why) {
	print FILENAME ":" FNR ": " why > "/dev/stderr"
	failed = 1
	exit
}
function count_of(mark, text) {
	return gsub(mark, mark, text)
}
BEGIN {
	print "\"use strict\";"
	print "{"
}
FNR == 1 && (in_comment || in_literal) {
	refuse("the file before ends too early")
}
{ sub(/^[ \t]+/, "") }
in_comment {
	if (/\*\/./)
		refuse("something follows a comment")
	in_comment = !/\*\//
	next
}
/^\/\*/ && !in_literal {
	if (/\*\/./ && !/^\/\*[^*]*\*\/$/)
		refuse("something follows a comment")
	in_comment = !/\*\//
	next
}
/^$/ { next }
/[;,{(] \/\*[^*"'`]*\*\/$/ { sub(/ \/\*[^*]*\*\/$/, "") }
{
	if (count_of("`", $0) % 2)
		in_literal = !in_literal
	if (in_literal && !/\$\{$/)
		refuse("a template literal goes on in the next line")
	printf "%s%s", $0, /[;,{(]$/ ? "" : "\n"
}
END {
	if (failed)
		exit 1
	print "}"
}
