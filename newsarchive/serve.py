"""`make run`: set the archive up, then keep the web server and the workers (outbox, imports) running."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import runpy
import signal
import socket
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from environs import Env

from articles.pulse import Pulse, adopt_pulse
from articles.storage_faults import EXPLANATIONS, storage_fault
from newsarchive.metrics_folder import share_counters
from newsarchive.preload import preload

PROJECT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20
#: A worker that ends (because its database went away, for example) is restarted after this many seconds.
RESTART_SECONDS = 5
#: A worker that gave no sign of life for this many seconds is killed and started anew.
SILENT_SECONDS = 60.0
#: PR_SET_PDEATHSIG of prctl(2).
_SET_SIGNAL_OF_PARENT = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run until SIGINT or SIGTERM; return 1 if the port is in use or the setup failed."""
    env = Env()
    host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8000)
    if reason := find_listen_error(host, port):
        print(
            f"تعذّر فتح العنوان {host}:{port}؛ جرّب منفذًا آخر: make run PORT={port + 1}\n"
            f"Cannot listen on {host}:{port} ({reason}). Is the archive running already? "
            f"Another port: make run PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    os.chdir(PROJECT)
    share_counters()
    try:
        preload()
    except OSError as error:
        if fault := storage_fault(error):
            print(f"{EXPLANATIONS[fault]} ({error}).", file=sys.stderr)
            return 1
        raise
    setup = fork_process(lambda: run_manage_command("setup_archive"))
    setup.join()
    if setup.exitcode:
        print("لم يكتمل إعداد الأرشيف. The archive could not be set up (see above).", file=sys.stderr)
        return 1
    workers = (
        (lambda: run_manage_command("drain_outbox", "--forever")),
        (lambda: run_manage_command("db_worker")),
    )
    return ProcessSupervisor(gunicorn, *workers).run()


def run_manage_command(*arguments: str) -> None:
    """Run `manage.py …` in a process of its own."""
    from manage import main as manage_main  # noqa: PLC0415  only in that process

    sys.argv = ["manage.py", *arguments]
    manage_main()


def gunicorn() -> None:
    """Run the web server in a process of its own."""
    sys.argv = ["gunicorn", "--config", str(PROJECT / "deploy" / "gunicorn.conf.py"), "newsarchive.wsgi"]
    runpy.run_module("gunicorn", run_name="__main__")


def find_listen_error(host: str, port: int) -> str:
    """Return why the port cannot be used now; "" if it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def fork_process(work: Callable[[], None], *, alone: bool = False) -> BaseProcess:
    """Start a copy of this process that does `work` and ends.

    With `alone` it runs in its own session, so that Ctrl-C does not reach it.
    """
    parent = os.getpid()

    def begin() -> None:
        end_with_parent(parent)
        for number in SIGNALS:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        if alone:
            os.setsid()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        work()

    # Wait until it has its own handlers: ours would only record the request to end.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    process = multiprocessing.get_context("fork").Process(target=begin)
    process.start()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return process


def end_with_parent(parent: int) -> None:
    """Have the kernel send this process SIGTERM when its parent ends, however it ends (Linux).

    A supervisor that is killed would otherwise leave a web server that holds the port.
    """
    if prctl := getattr(ctypes.CDLL(None), "prctl", None):
        prctl(_SET_SIGNAL_OF_PARENT, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)  # it has ended before


class ProcessSupervisor:
    """The web server and its workers. The workers end with the server; one that ends earlier is restarted."""

    def __init__(self, web: Callable[[], None], *workers: Callable[[], None]) -> None:
        self._web, self._workers = web, workers
        self._stopping = False

    def run(self) -> int:
        """Run all until a signal arrives or the server ends; return 0 after a signal, else its exit code."""
        for number in SIGNALS:
            signal.signal(number, self._stop)
        web = fork_process(self._web, alone=True)
        pulses = [Pulse() for _work in self._workers]
        workers = [self._start(*each) for each in zip(self._workers, pulses, strict=True)]
        restart_at = [0.0] * len(workers)
        while not self._stopping and web.is_alive():
            for place, worker in enumerate(workers):
                if worker.is_alive():
                    if pulses[place].age() > SILENT_SECONDS:
                        print(
                            f"A worker gave no sign of life for {SILENT_SECONDS:.0f} s: killed.",
                            file=sys.stderr,
                        )
                        worker.kill()
                    continue
                restart_at[place] = restart_at[place] or time.monotonic() + RESTART_SECONDS
                if time.monotonic() >= restart_at[place]:
                    workers[place] = self._start(self._workers[place], pulses[place])
                    restart_at[place] = 0.0
            time.sleep(0.2)
        for process in (web, *workers):
            process.terminate()
        for process in (web, *workers):
            stop_process(process)
        return 0 if self._stopping else web.exitcode or 1

    @staticmethod
    def _start(work: Callable[[], None], pulse: Pulse) -> BaseProcess:
        """Start a worker whose signs of life go to `pulse`."""

        def begin() -> None:
            adopt_pulse(pulse)
            work()

        pulse.forget()
        return fork_process(begin, alone=True)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True


def stop_process(process: BaseProcess) -> None:
    """Wait for a process that was asked to end, and kill it after STOP_SECONDS."""
    process.join(STOP_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()


if __name__ == "__main__":
    sys.exit(main())
