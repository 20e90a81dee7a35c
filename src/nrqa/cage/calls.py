"""Which system calls a process may make, by a filter that the kernel runs for each (seccomp, since Linux 3.5).

The filter is a small program of the kernel's (BPF) that sees the number of the call and its arguments, as numbers. A
process that reads files may make those that reading, memory and threads need. Others are refused: sockets, programs,
signals, other processes, and everything that changes a file. The numbers are those of the kernel's own headers.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Iterator

from nrqa.cage.kernel import SECCOMP, control, machine

_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where the filter finds what it looks at, in bytes."""
_FOREIGN = 0x40000000
"""Numbers from here on are those of another convention (x32)."""
_NEW = 424
"""Calls from here on are so new that libraries do without them where the kernel says that it does not know them."""
_THREAD = 0x10000
_NAMELESS = getattr(os, "O_TMPFILE", 0) & ~getattr(os, "O_DIRECTORY", 0)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | _NAMELESS
_OF_TERMINALS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Requests of ioctl(2) that only look: whether it is a terminal, how large, how much can be read; close on exec."""
_SIGNALLING = (8, 10, 15, 1024, 1026)
"""Commands of fcntl(2) that let the kernel send signals to another process."""

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_READING = {
    # read write readv writev pread64 pwrite64 preadv close close_range lseek fstat newfstatat statx fstatfs statfs
    # faccessat faccessat2 readlinkat getdents64 getcwd dup dup3 pipe2 fadvise64 umask
    # mmap munmap mprotect mremap madvise brk mincore msync mlock munlock membarrier
    # rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait sigaltstack restart_syscall
    # futex set_robust_list get_robust_list set_tid_address rseq clock_gettime clock_getres gettimeofday times
    # nanosleep clock_nanosleep getitimer setitimer getrandom getpid gettid getppid getuid geteuid getgid getegid
    # getgroups getpgid getsid uname sysinfo getrusage getrlimit getpriority getcpu capget
    # sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min
    # ppoll pselect6 epoll_create1 epoll_ctl epoll_pwait eventfd2 exit exit_group
    # x86_64 alone: stat lstat access readlink getdents dup2 pipe pause arch_prctl time poll select epoll_wait alarm
    #     getpgrp
    "x86_64": (
        0, 1, 19, 20, 17, 18, 295, 3, 436, 8, 5, 262, 332, 138, 137, 269, 439, 267, 217, 79, 32, 292, 293, 221, 95,
        9, 11, 10, 25, 28, 12, 27, 26, 149, 150, 324, 13, 14, 15, 127, 128, 131, 219,
        202, 273, 274, 218, 334, 228, 229, 96, 100, 35, 230, 36, 38, 318, 39, 186, 110, 102, 107, 104, 108,
        115, 121, 124, 63, 99, 98, 97, 140, 309, 125, 24, 204, 143, 145, 146, 147,
        271, 270, 291, 233, 281, 290, 60, 231, 4, 6, 21, 89, 78, 33, 22, 34, 158, 201, 7, 23, 232, 37, 111,
    ),
    "aarch64": (
        63, 64, 65, 66, 67, 68, 69, 57, 436, 62, 80, 79, 291, 44, 43, 48, 439, 78, 61, 17, 23, 24, 59, 223, 166,
        222, 215, 226, 216, 233, 214, 232, 227, 228, 229, 283, 134, 135, 139, 136, 137, 132, 128,
        98, 99, 100, 96, 293, 113, 114, 169, 153, 101, 115, 102, 103, 278, 172, 178, 173, 174, 175, 176, 177,
        158, 155, 156, 160, 179, 165, 163, 141, 168, 90, 124, 123, 121, 120, 125, 126,
        73, 72, 20, 21, 22, 19, 93, 94,
    ),
}  # fmt: skip
_LOOKED_AT = {
    "x86_64": {"open": 2, "openat": 257, "fcntl": 72, "ioctl": 16, "prlimit64": 302, "clone": 56, "tgkill": 234},
    "aarch64": {"openat": 56, "fcntl": 25, "ioctl": 29, "prlimit64": 261, "clone": 220, "tgkill": 131},
}
_FORBIDDEN = {
    # socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg
    # ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd io_uring_setup io_uring_enter io_uring_register
    # bpf perf_event_open userfaultfd keyctl add_key request_key setns unshare mount umount2 pivot_root chroot
    # open_by_handle_at init_module finit_module delete_module kexec_load reboot swapon swapoff syslog
    "x86_64": (
        41, 53, 42, 49, 50, 43, 288, 44, 46, 307, 101, 310, 311, 312, 438, 425, 426, 427,
        321, 298, 323, 250, 248, 249, 308, 272, 165, 166, 155, 161, 304, 175, 313, 176, 246, 169, 167, 168, 103,
    ),
    "aarch64": (
        198, 199, 203, 200, 201, 202, 242, 206, 211, 269, 117, 270, 271, 272, 438, 425, 426, 427,
        280, 241, 282, 219, 217, 218, 268, 97, 40, 39, 41, 51, 265, 105, 273, 106, 104, 142, 224, 225, 116,
    ),
}  # fmt: skip
"""What a process that starts a program may not do all the same."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def known() -> bool:
    """Whether there is a filter for this machine, and a kernel that runs it."""
    return machine() in _ARCHITECTURES and os.path.exists("/proc/sys/kernel/seccomp/actions_avail")  # noqa: PTH110


def allow_reading() -> None:
    """Refuse all calls but those that reading needs, from now on and for ever. OSError where the kernel cannot."""
    _install(_reading(machine()))


def forbid_network() -> None:
    """Refuse the network, and looking into other processes; programs can be started, under the same filter."""
    numbers = _FORBIDDEN[machine()]
    _install([*_same_architecture(machine()), *_each(numbers, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _ALLOW)])


_Step = tuple[int, int, int, int]
"""An instruction: what to do, how many to skip where it is true and where not, and a number."""


def _reading(name: str) -> list[_Step]:
    looked_at = _LOOKED_AT[name]
    steps = _same_architecture(name)
    for call, argument in (("open", 1), ("openat", 2)):
        if call in looked_at:
            steps += _where(looked_at[call], [_argument(argument), (_ANY_BIT, 0, 1, _WRITING), _refused(), _allowed()])
    steps += _where(looked_at["clone"], [_argument(0), (_ANY_BIT, 1, 0, _THREAD), _refused(), _allowed()])
    # A process may end itself by a signal, and nobody else.
    steps += _where(looked_at["tgkill"], [_argument(0), (_EQUAL, 1, 0, os.getpid()), _refused(), _allowed()])
    # Limits may be read: the pointer to new ones, in two halves, is null.
    null = [_argument(2), (_EQUAL, 1, 0, 0), _refused(), (_LOAD, 0, 0, _ARGUMENTS + 8 * 2 + 4), (_EQUAL, 1, 0, 0)]
    steps += _where(looked_at["prlimit64"], [*null, _refused(), _allowed()])
    steps += _where(looked_at["ioctl"], [_argument(1), *_each(_OF_TERMINALS, _ALLOW), _refused()])
    steps += _where(looked_at["fcntl"], [_argument(1), *_each(_SIGNALLING, _REFUSE | errno.EPERM), _allowed()])
    steps += _each(_READING[name], _ALLOW)
    return [*steps, (_AT_LEAST, 0, 1, _NEW), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS), _refused()]


def _same_architecture(name: str) -> list[_Step]:
    return [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _ARCHITECTURES[name]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _FOREIGN),
        _refused(),
    ]


def _where(number: int, steps: list[_Step]) -> list[_Step]:
    """Steps for one call, all of which end it."""
    return [(_EQUAL, 0, len(steps), number), *steps]


def _each(numbers: Iterable[int], answer: int) -> Iterator[_Step]:
    for number in numbers:
        yield (_EQUAL, 0, 1, number)
        yield (_RETURN, 0, 0, answer)


def _argument(at: int) -> _Step:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * at)


def _refused() -> _Step:
    return (_RETURN, 0, 0, _REFUSE | errno.EPERM)


def _allowed() -> _Step:
    return (_RETURN, 0, 0, _ALLOW)


def _install(steps: list[_Step]) -> None:
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    control(SECCOMP, 2, ctypes.byref(_Program(len(steps), code)))
