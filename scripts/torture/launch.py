"""Runs one program with limits and says what it cost. Linux only.

argv[1] is a JSON object: argv, cwd, env, uid (null: as this process), stdout and stderr (see `stream`), wall (seconds)
and memory (MB of resident memory at which it is killed). Descriptor 3 receives two lines of JSON: the process id, then
how the program ended and what it used (wait4's figures, so of this program alone). The program leads a process group
of its own; the whole group is killed when a limit is reached, and when the program has ended.
"""
import fcntl, json, os, resource, signal, sys, threading, time

F_SETPIPE_SZ = 1031
spec = json.loads(sys.argv[1])
kept = []


def stream(kind, number):
    """What becomes of standard output or error; the descriptor that the program gets, or -1 to close it.

    inherit: this process's own. closed: none. unread: a pipe of 4 KiB that is never read; unread-full: one that is
    full at the start. goes-away: a pipe whose reader leaves after the first byte. Anything else: a path to open.
    """
    if kind == 'inherit':
        return number
    if kind == 'closed':
        return -1
    if kind in ('unread', 'unread-full', 'goes-away'):
        reader, writer = os.pipe()
        kept.append(reader)
        if kind == 'goes-away':
            def leave():
                os.read(reader, 1)
                os.close(reader)
            threading.Thread(target=leave, daemon=True).start()
            return writer
        fcntl.fcntl(writer, F_SETPIPE_SZ, 4096)
        if kind == 'unread-full':
            os.set_blocking(writer, False)
            try:
                while True:
                    os.write(writer, b'x' * 512)
            except BlockingIOError:
                os.set_blocking(writer, True)
        return writer
    return os.open(kind, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)


outputs = [stream(spec['stdout'], 1), stream(spec['stderr'], 2)]
started = time.monotonic()
child = os.fork()
if child == 0:
    try:
        os.setsid()
        silence = os.open('/dev/null', os.O_RDONLY)
        os.dup2(silence, 0)
        copies = [-1 if each < 0 else fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in outputs]
        for number, each in enumerate(copies, 1):
            os.close(number) if each < 0 else os.dup2(each, number)
        os.closerange(3, 256)
        os.chdir(spec['cwd'])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if spec['uid'] is not None:
            os.setgroups([])
            os.setresgid(spec['uid'], spec['uid'], spec['uid'])
            os.setresuid(spec['uid'], spec['uid'], spec['uid'])
        os.execvpe(spec['argv'][0], spec['argv'], spec['env'])
    except BaseException as error:
        try:
            os.write(2, f'launch: {error}\n'.encode())
        finally:
            os._exit(126)
for each in outputs:
    if each > 2:
        os.close(each)
control = os.fdopen(3, 'w', buffering=1)
control.write(json.dumps({'pid': child}) + '\n')
limit = None


def end(*_):
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass


for each in (signal.SIGTERM, signal.SIGINT):
    signal.signal(each, lambda *_: (end(), os._exit(143)))
while True:
    pid, status, used = os.wait4(child, os.WNOHANG)
    if pid:
        break
    now = time.monotonic()
    try:
        pages = int(open(f'/proc/{child}/statm').read().split()[1])
    except (OSError, IndexError):
        pages = 0
    if now - started > spec['wall']:
        limit = 'wall'
    elif pages * 4096 > spec['memory'] * 1e6:
        limit = 'memory'
    if limit:
        end()
        pid, status, used = os.wait4(child, 0)
        break
    time.sleep(0.005 if now - started < 1 else 0.02)
wall = time.monotonic() - started
end()
control.write(json.dumps({
    'code': os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
    'signal': os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
    'limit': limit,
    'wallSeconds': wall,
    'cpuSeconds': used.ru_utime + used.ru_stime,
    'peakMb': used.ru_maxrss * 1024 / 1e6,
}) + '\n')
