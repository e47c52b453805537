# join-script.awk - make one script of its parts, without what only people read.
#
#   awk -f join-script.awk FILE... > desk.js
#
# Left out are comments that have a line to themselves or end one, empty lines,
# indentation, the line ends after ; , { and ( and before ) ] and }, where none can matter,
# and spaces that part no two tokens; nothing else changes. So the text of a template
# literal and a string end on their line (the ${...} of one may go on), no comment begins
# with two slashes, and nothing follows one: the parts are refused where that is not so.
# They share one block, so that no name is the page's.
#
# Which spaces part nothing is known where all of a line is code but for strings between
# double quotes. Any other line, which has another quote, a backslash, or a slash (a regular
# expression, a comment or a division), or is a part of a template literal, keeps its own.
function refuse(why) {
	print FILENAME ":" FNR ": " why > "/dev/stderr"
	failed = 1
	exit
}
function count_of(mark, text) {
	return gsub(mark, mark, text)
}
# A bracket, comma or semicolon is a token whatever stands beside it. An operator may
# become another one beside an operator (a + +b, a-- > b), or beside a point (a ? .5 : b),
# but never beside a word, a number or a string.
function parts_nothing(before, after) {
	return before after ~ /[][(){},;]/ ||
		before ~ /[=<>?:&|+*-]/ && after ~ /[A-Za-z0-9_$"]/ ||
		before ~ /[A-Za-z0-9_$"]/ && after ~ /[=<>?:&|+*!-]/
}
function without_spaces(line,    i, one, in_string, joined) {
	if (line ~ /['`\/\\]/)
		return line
	for (i = 1; i <= length(line); i++) {
		one = substr(line, i, 1)
		if (one == "\"")
			in_string = !in_string
		if (one != " " || in_string ||
		    !parts_nothing(substr(line, i - 1, 1), substr(line, i + 1, 1)))
			joined = joined one
	}
	if (in_string)
		refuse("a string goes on in the next line")
	return joined
}
BEGIN {
	printf "\"use strict\";\n{"
	is_open = 1
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
/\/\// { refuse("a comment to the end of its line, or what looks like one") }
/\\$/ { refuse("a string goes on in the next line") }
/[;,{(] \/\*[^*"'`]*\*\/$/ { sub(/ \/\*[^*]*\*\/$/, "") }
{
	was_in_literal = in_literal
	if (count_of("`", $0) % 2)
		in_literal = !in_literal
	if (in_literal && !/\$\{$/)
		refuse("a template literal goes on in the next line")
	printf "%s%s", is_open || /^[])}]/ ? "" : "\n",
		was_in_literal || in_literal ? $0 : without_spaces($0)
	is_open = /[;,{(]$/
}
END {
	if (failed)
		exit 1
	print "}"
}
