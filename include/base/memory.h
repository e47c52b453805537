/*
 * memory.h - what a process that waits gives back to the system.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

/*
 * Give back what this process does not need while it waits: free pages of its
 * heap, and those of the program and its libraries, which starting has mapped
 * and nobody has written to. Those that are needed again are mapped again as
 * they are touched, mostly without a look at the disk. For a process that is
 * idle most of the time, and for one that has just started.
 */
void memory_give_back(void);

#endif
