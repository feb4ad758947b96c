/* Lets User Mode Linux 6.1 run on processors whose extended state is larger than it knows.
 *
 * The kernel takes PTRACE_SETREGSET of NT_X86_XSTATE only with the exact size of the state. User Mode
 * Linux was built with the size of AVX-512; with AMX it is larger, and the guest dies at once with
 * "ptrace set fp regs failed, errno = 14". Preloaded, this puts the guest's part over the state as
 * it is and hands on the whole.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/types.h>

enum { GET_REGSET = 0x4204, SET_REGSET = 0x4205, XSTATE = 0x202, LARGEST = 65536 };

long ptrace(int request, ...)
{
    static long (*real)(int, pid_t, void *, void *);
    static char state[LARGEST];
    va_list arguments;
    va_start(arguments, request);
    pid_t pid = va_arg(arguments, pid_t);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);
    if (!real)
        real = (long (*)(int, pid_t, void *, void *))dlsym(RTLD_NEXT, "ptrace");
    if (request != SET_REGSET || (long)address != XSTATE)
        return real(request, pid, address, data);
    struct iovec whole = {state, sizeof state};
    struct iovec *part = data;
    if (real(GET_REGSET, pid, address, &whole) || whole.iov_len < part->iov_len)
        return real(request, pid, address, data);
    memcpy(state, part->iov_base, part->iov_len);
    return real(request, pid, address, &whole);
}
