# embed.awk - write files as a C table of struct data_file.
#
#   awk -v symbol=site_templates -v strip=../templates/ -f embed.awk FILE...
#
# Text files only: each line becomes one string literal. Names are stored without
# everything up to and including `strip`.
# What gsub() makes of backslashes differs between awks: they are joined by hand.
function double_backslashes(text, parts, count, i, out) {
	count = split(text, parts, "\\")
	out = parts[1]
	for (i = 2; i <= count; i++)
		out = out "\\\\" parts[i]
	return out
}
function literal(text) {
	text = double_backslashes(text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, "\\t", text)
	gsub(/\r/, "\\r", text)
	gsub(/\?\?/, "?\"\"?", text)
	return "\"" text "\\n\""
}
function finish() {
	if (count)
		print "\t;"
}
BEGIN {
	print "/* Made by build-aux/embed.awk: change the files, not this. */"
	print "#include \"base/data_file.h\"\n"
}
FNR == 1 {
	finish()
	name = FILENAME
	at = index(name, strip)
	if (at)
		name = substr(name, at + length(strip))
	names[count++] = name
	printf "static const char file_%d[] =\n", count - 1
}
{ print "\t" literal($0) }
END {
	finish()
	printf "\nextern const struct data_file %s[];\n", symbol
	printf "extern const size_t %s_count;\n", symbol
	printf "const struct data_file %s[] = {\n", symbol
	for (i = 0; i < count; i++)
		printf "\t{ \"%s\", file_%d, sizeof file_%d - 1 },\n", names[i], i, i
	print "};"
	printf "const size_t %s_count = %d;\n", symbol, count
}
