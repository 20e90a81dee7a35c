/* Lets system call number N on the files below a folder fail with an error, as a bad or full disk would. faults.py builds
   it, loads it before the C library, and says in each process which call fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t length;
static long failing, made;
static int error_number;
static __thread int inside;

void faults_begin(const char *below, long number, int error) {
    snprintf(folder, sizeof folder, "%s", below);
    failing = number;
    error_number = error;
    made = 0;
    length = strlen(folder);
}

long faults_made(void) { return made; }

static int counted(const char *path) {
    if (!length || inside || !path || strncmp(path, folder, length)) return 0;
    if (__atomic_add_fetch(&made, 1, __ATOMIC_SEQ_CST) != failing) return 0;
    errno = error_number;
    return 1;
}

static int named(int at, const char *path) {
    char whole[PATH_MAX];
    if (!length || inside || !path) return 0;
    if (path[0] == '/') return counted(path);
    inside = 1;
    ssize_t size = -1;
    if (at == AT_FDCWD) {
        if (getcwd(whole, sizeof whole)) size = strlen(whole);
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        size = readlink(link, whole, sizeof whole - 1);
    }
    inside = 0;
    if (size < 0) return 0;
    snprintf(whole + size, sizeof whole - size, "/%s", path);
    return counted(whole);
}

static int opened(int handle) {
    char link[64], whole[PATH_MAX];
    if (!length || inside) return 0;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    inside = 1;
    ssize_t size = readlink(link, whole, sizeof whole - 1);
    inside = 0;
    errno = before;
    if (size < 0) return 0;
    whole[size] = 0;
    return counted(whole);
}

#define REAL(result, name, ...)                                   \
    static result (*real)(__VA_ARGS__);                           \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define OPEN(name)                                                \
    int name(const char *path, int flags, ...) {                  \
        va_list more;                                             \
        va_start(more, flags);                                    \
        mode_t mode = va_arg(more, mode_t);                       \
        va_end(more);                                             \
        if (named(AT_FDCWD, path)) return -1;                     \
        REAL(int, name, const char *, int, ...);                  \
        return real(path, flags, mode);                           \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                              \
    int name(int at, const char *path, int flags, ...) {          \
        va_list more;                                             \
        va_start(more, flags);                                    \
        mode_t mode = va_arg(more, mode_t);                       \
        va_end(more);                                             \
        if (named(at, path)) return -1;                           \
        REAL(int, name, int, const char *, int, ...);             \
        return real(at, path, flags, mode);                       \
    }
OPENAT(openat)
OPENAT(openat64)

FILE *fopen(const char *path, const char *mode) {
    if (named(AT_FDCWD, path)) return 0;
    REAL(FILE *, fopen, const char *, const char *);
    return real(path, mode);
}
FILE *fopen64(const char *path, const char *mode) {
    if (named(AT_FDCWD, path)) return 0;
    REAL(FILE *, fopen64, const char *, const char *);
    return real(path, mode);
}

#define BY_HANDLE(result, name, parameters, arguments, ...)       \
    result name parameters {                                      \
        if (opened(handle)) return -1;                            \
        REAL(result, name, __VA_ARGS__);                          \
        return real arguments;                                    \
    }
BY_HANDLE(ssize_t, read, (int handle, void *to, size_t size), (handle, to, size), int, void *, size_t)
BY_HANDLE(ssize_t, write, (int handle, const void *from, size_t size), (handle, from, size), int, const void *, size_t)
BY_HANDLE(ssize_t, pread, (int handle, void *to, size_t size, off_t at), (handle, to, size, at), int, void *, size_t, off_t)
BY_HANDLE(ssize_t, pread64, (int handle, void *to, size_t size, off64_t at), (handle, to, size, at), int, void *, size_t,
          off64_t)
BY_HANDLE(ssize_t, pwrite, (int handle, const void *from, size_t size, off_t at), (handle, from, size, at), int,
          const void *, size_t, off_t)
BY_HANDLE(ssize_t, pwrite64, (int handle, const void *from, size_t size, off64_t at), (handle, from, size, at), int,
          const void *, size_t, off64_t)
BY_HANDLE(ssize_t, writev, (int handle, const struct iovec *from, int count), (handle, from, count), int,
          const struct iovec *, int)
BY_HANDLE(int, fsync, (int handle), (handle), int)
BY_HANDLE(int, fdatasync, (int handle), (handle), int)
BY_HANDLE(int, ftruncate, (int handle, off_t size), (handle, size), int, off_t)
BY_HANDLE(int, ftruncate64, (int handle, off64_t size), (handle, size), int, off64_t)

int posix_fallocate64(int handle, off64_t at, off64_t size) {
    if (opened(handle)) return error_number;
    REAL(int, posix_fallocate64, int, off64_t, off64_t);
    return real(handle, at, size);
}
int posix_fallocate(int handle, off_t at, off_t size) {
    if (opened(handle)) return error_number;
    REAL(int, posix_fallocate, int, off_t, off_t);
    return real(handle, at, size);
}
void *mmap(void *near, size_t size, int rights, int flags, int handle, off_t at) {
    if (handle >= 0 && opened(handle)) return MAP_FAILED;
    REAL(void *, mmap, void *, size_t, int, int, int, off_t);
    return real(near, size, rights, flags, handle, at);
}
void *mmap64(void *near, size_t size, int rights, int flags, int handle, off64_t at) {
    if (handle >= 0 && opened(handle)) return MAP_FAILED;
    REAL(void *, mmap64, void *, size_t, int, int, int, off64_t);
    return real(near, size, rights, flags, handle, at);
}

#define BY_NAME(name, parameters, arguments, path, ...)           \
    int name parameters {                                         \
        if (named(AT_FDCWD, path)) return -1;                     \
        REAL(int, name, __VA_ARGS__);                             \
        return real arguments;                                    \
    }
BY_NAME(rename, (const char *from, const char *to), (from, to), to, const char *, const char *)
BY_NAME(link, (const char *from, const char *to), (from, to), to, const char *, const char *)
BY_NAME(mkdir, (const char *path, mode_t mode), (path, mode), path, const char *, mode_t)
BY_NAME(rmdir, (const char *path), (path), path, const char *)
BY_NAME(unlink, (const char *path), (path), path, const char *)
BY_NAME(chmod, (const char *path, mode_t mode), (path, mode), path, const char *, mode_t)

int linkat(int from_at, const char *from, int at, const char *to, int flags) {
    if (named(at, to)) return -1;
    REAL(int, linkat, int, const char *, int, const char *, int);
    return real(from_at, from, at, to, flags);
}
int renameat(int from_at, const char *from, int at, const char *to) {
    if (named(at, to)) return -1;
    REAL(int, renameat, int, const char *, int, const char *);
    return real(from_at, from, at, to);
}
int unlinkat(int at, const char *path, int flags) {
    if (named(at, path)) return -1;
    REAL(int, unlinkat, int, const char *, int);
    return real(at, path, flags);
}
