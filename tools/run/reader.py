"""A private PC/SC reader: pcscd with vsmartcard's vpcd driver, needing no privilege and no system
service. Used by "make run" and by the tests. Standard library only.

pcscd takes its client socket as file descriptor 3 (socket activation); clients find it by the
environment variable PCSCLITE_CSOCK_NAME. The driver listens for cards on two TCP ports, one a slot.
"""
import contextlib
import ctypes
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PCSCD = shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") or "pcscd"
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
SOCKET_PATH_MAX = 100  # bytes; sun_path holds 108 with its end
LISTEN_FD = 3  # SD_LISTEN_FDS_START
PR_SET_PDEATHSIG = 1


class ReaderError(Exception):
    pass


def die_with_parent():
    """In a child between fork and exec: get SIGTERM when the parent dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def port_is_free(port):
    """Can vpcd listen there? It binds every interface, on IPv4."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True


def port_listens(port):
    """Does somebody listen there? Looks without connecting, since a connection is a card."""
    wanted = f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError), open(table) as lines:
            for line in lines:
                fields = line.split()
                if fields[1].endswith(wanted) and fields[3] == "0A":
                    return True
    return False


reserved = []


def reserve(port):
    """Of all programs that use this module, only one may have these ports in mind: between finding
    them free and listening there is time. Lasts as long as the process; an abstract name leaves
    nothing behind."""
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        mark.bind(f"\0onecard ports {port}")
    except OSError:
        mark.close()
        return False
    reserved.append(mark)
    return True


def free_port_pair():
    # Below the range that the kernel hands to outgoing connections.
    for _ in range(200):
        port = random.randrange(20000, 32000, 2)
        if port_is_free(port) and port_is_free(port + 1) and reserve(port):
            return port
    raise ReaderError("no two free TCP ports side by side between 20000 and 32000")


def stop_process(process, seconds=20):
    """End a child: politely, then not."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class PrivateReader:
    """A pcscd of our own in folder, with two slots at .port and .port + 1.

    with PrivateReader(folder) as reader:
        subprocess.run(["opensc-tool", "-a"], env=reader.environment())
    """

    def __init__(self, folder, port=None, name="onecard"):
        self.folder = pathlib.Path(folder).absolute()
        self.wanted_port = port
        self.port = port
        self.name = name
        self.process = None
        self.short_folder = None
        self.socket = self.folder / "pcscd.comm"
        self.log = self.folder / "pcscd.log"

    # As pcscd names the reader in slot n.
    def reader_name(self, slot=0):
        return f"{self.name} 00 {slot:02X}"

    def environment(self):
        return {**os.environ, SOCKET_VARIABLE: str(self.socket)}

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        try:
            self.try_start()
        except BaseException:  # an interrupt too: "with" cleans up only what was entered
            self.stop()
            raise

    def try_start(self, attempts=5):
        self.folder.mkdir(parents=True, exist_ok=True)
        if len(os.fsencode(self.socket)) > SOCKET_PATH_MAX and self.short_folder is None:
            self.short_folder = tempfile.mkdtemp(prefix="onecard-")
            self.socket = pathlib.Path(self.short_folder) / "pcscd.comm"
        for _ in range(attempts):
            # Between finding a port free and pcscd taking it, somebody else can: try another.
            self.port = self.wanted_port or free_port_pair()
            self.start_once()
            if self.wait_listening():
                return
            self.stop_daemon()
        raise ReaderError(f"pcscd did not bring up the reader; its log is {self.log}")

    def write_configuration(self):
        folder = self.folder / "conf"  # no name ending in .d: make takes those for its own
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "onecard").write_text(
            f'FRIENDLYNAME "{self.name}"\n'
            f"DEVICENAME /dev/null:0x{self.port:04X}\n"
            f"LIBPATH {DRIVER}\n"
            f"CHANNELID 0x{self.port:04X}\n")
        return folder

    def start_once(self):
        folder = self.write_configuration()
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, \
                open(self.log, "wb") as log:
            listener.bind(str(self.socket))
            listener.listen(16)
            command = [PCSCD, "--foreground", "--info", "-c", str(folder)]
            try:
                self.process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                    pass_fds=[LISTEN_FD], preexec_fn=self.hand_over(listener.fileno()),
                    start_new_session=True)
            except FileNotFoundError:
                raise ReaderError("pcscd is missing: apt-get install pcscd vsmartcard-vpcd")

    @staticmethod
    def hand_over(listener):
        """What the child does before it becomes pcscd."""
        def prepare():
            die_with_parent()
            if listener == LISTEN_FD:
                os.set_inheritable(LISTEN_FD, True)
            else:
                os.dup2(listener, LISTEN_FD)
            os.environ["LISTEN_FDS"] = "1"
            os.environ["LISTEN_PID"] = str(os.getpid())
        return prepare

    def wait_listening(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                return False
            if port_listens(self.port) and port_listens(self.port + 1):
                return True
            time.sleep(0.01)
        return False

    def stop_daemon(self):
        stop_process(self.process)
        self.process = None

    def stop(self):
        self.stop_daemon()
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        if self.short_folder is not None:
            shutil.rmtree(self.short_folder, ignore_errors=True)
