# summary.awk - adds up what the tests said: awk -f summary.awk FILE.log ...
#
# Every program of tests, whatever it is written in, ends with cmocka's summary:
#
#	[==========] 3 test(s) run.
#	[  PASSED  ] 1 test(s).
#	[  SKIPPED ] 1 test(s), listed below:
#	[  FAILED  ] 1 test(s), listed below:
#
# Each such line is shown with the name of its log; the last line is the sum,
# "N passed, N failed, N skipped". A log without any of them is that of a program
# that crashed or never began: one failure. So is a log whose lines do not add
# up to the tests it ran, and one that ended with Automake's word that the
# program failed though no test did. Exit code 0: nothing failed; else 1.

function name_of(path)
{
	sub(/\.log$/, "", path)
	sub(/^\.\//, "", path)
	return path
}

function begin_log(path)
{
	log_name = name_of(path)
	log_run = 0
	log_passed = 0
	log_failed = 0
	log_skipped = 0
	has_summary = 0
	has_result = 0
	has_run = 0
	is_open = 1
}

function fail_log(reason)
{
	failed++
	printf "%s: %s\n", log_name, reason
}

function end_log(    sum)
{
	if (!is_open)
		return
	is_open = 0
	passed += log_passed
	failed += log_failed
	skipped += log_skipped
	sum = log_passed + log_failed + log_skipped
	if (!has_summary)
		fail_log("no summary: the program crashed or did not run")
	else if (has_run && log_run > sum)
		fail_log(log_run - sum " of " log_run " test(s) have no result")
	else if (has_result && log_failed == 0)
		fail_log("the program failed after its tests")
}

# The number of tests, wherever in the line it stands.
function count_in(line,    words)
{
	sub(/^.*\] /, "", line)
	split(line, words, " ")
	return words[1] + 0
}

function show(line)
{
	has_summary = 1
	sub(/^.*\[  /, "[  ", line)
	printf "%s: %s\n", log_name, line
}

BEGIN {
	passed = 0
	failed = 0
	skipped = 0
	# A file that is empty gives awk no line to begin with, and one that is
	# missing ends it: ask for each by its name.
	for (i = 1; i < ARGC; i++) {
		begin_log(ARGV[i])
		while ((result = (getline line < ARGV[i])) > 0)
			take(line)
		close(ARGV[i])
		if (result < 0)
			fail_log("there is no such log")
		if (result < 0)
			is_open = 0
		end_log()
	}
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0
}

# cmocka writes to two streams, so that one line may begin in another.
function take(line)
{
	sub(/\r$/, "", line)
	if (line ~ /\[==========\] [0-9]+ test\(s\) run\.$/) {
		log_run += count_in(line)
		has_run = 1
	} else if (line ~ /\[  PASSED  \] [0-9]+ test\(s\)\.$/) {
		log_passed += count_in(line)
		show(line)
	} else if (line ~ /\[  SKIPPED \] [0-9]+ test\(s\), listed below:$/) {
		log_skipped += count_in(line)
		show(line)
	} else if (line ~ /\[  FAILED  \] [0-9]+ test\(s\), listed below:$/) {
		log_failed += count_in(line)
		show(line)
	} else if (line ~ /^(FAIL|ERROR) .*\(exit status: [0-9]+\)$/) {
		has_result = 1
	}
}
