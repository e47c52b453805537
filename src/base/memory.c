/*
 * memory.c - see memory.h.
 *
 * What must hold: only what the file on the disk says all the same is dropped.
 * A segment that may be written to is never touched, nor is any of an object
 * whose code was changed as it was loaded (DT_TEXTREL).
 */
#include "config.h"

#include "base/memory.h"

#include <link.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Whether the loader wrote to what is not writable now. */
static bool
has_changed_code(const struct dl_phdr_info *object)
{
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		const ElfW(Dyn) *entry =
		    (const void *)(uintptr_t)(object->dlpi_addr +
					      segment->p_vaddr);

		if (segment->p_type != PT_DYNAMIC)
			continue;
		for (; entry->d_tag != DT_NULL; entry++)
			if (entry->d_tag == DT_TEXTREL ||
			    (entry->d_tag == DT_FLAGS &&
				(entry->d_un.d_val & DF_TEXTREL) != 0))
				return true;
	}
	return false;
}

static int
drop_object(struct dl_phdr_info *object, size_t size, void *data)
{
	const uintptr_t page = *(const uintptr_t *)data;

	(void)size;
	if (has_changed_code(object))
		return 0;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t from = object->dlpi_addr + segment->p_vaddr;
		uintptr_t to = (from + segment->p_memsz) & ~(page - 1);

		from &= ~(page - 1);
		/* What cannot be dropped (the kernel's own object) stays. */
		if (segment->p_type == PT_LOAD &&
		    (segment->p_flags & PF_W) == 0 && from < to)
			(void)madvise((void *)from, to - from, MADV_DONTNEED);
	}
	return 0;
}

void
memory_give_back(void)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
	(void)dl_iterate_phdr(drop_object, &page);
}
