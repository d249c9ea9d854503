"""The little of PC/SC that "make run" needs, straight from libpcsclite: which readers are there, and
whether a card is in one. The library reads PCSCLITE_CSOCK_NAME once a process, so each look runs in
a process of its own, which also keeps a hanging service from hanging us."""
import ctypes
import multiprocessing
import os

from reader import SOCKET_VARIABLE

LIBRARY = "libpcsclite.so.1"
SECONDS = 30  # for one look, which takes milliseconds unless the service hangs

SCOPE_SYSTEM = 2
STATE_EMPTY, STATE_PRESENT = 0x0010, 0x0020
READER_NAME_MAX = 128
ATR_MAX = 33


class PcscError(Exception):
    pass


class ReaderState(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("user", ctypes.c_void_p),
                ("current", ctypes.c_ulong), ("event", ctypes.c_ulong),
                ("atr_len", ctypes.c_ulong), ("atr", ctypes.c_ubyte * ATR_MAX)]


def reader_states(library, context):
    size = ctypes.c_ulong(0)
    if library.SCardListReaders(context, None, None, ctypes.byref(size)) != 0:
        return {}
    names = ctypes.create_string_buffer(size.value)
    if library.SCardListReaders(context, None, names, ctypes.byref(size)) != 0:
        return {}
    states = {}
    for name in filter(None, names.raw.split(b"\0")):
        state = ReaderState(name=name)
        if library.SCardGetStatusChange(context, ctypes.c_ulong(0), ctypes.byref(state),
                                        ctypes.c_ulong(1)) == 0:
            states[name.decode()] = state.event
    return states


def look(socket, answer):
    os.environ[SOCKET_VARIABLE] = str(socket)
    library = ctypes.CDLL(LIBRARY)
    context = ctypes.c_long(0)
    states = {}
    if library.SCardEstablishContext(ctypes.c_ulong(SCOPE_SYSTEM), None, None,
                                     ctypes.byref(context)) == 0:
        states = reader_states(library, context)
        library.SCardReleaseContext(context)
    answer.send(states)


def readers(socket):
    """{reader name: state bits} at the pcscd behind that socket; empty if it does not answer."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=look, args=(socket, sender),
                                                          daemon=True)
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(SECONDS) else {}
    except EOFError:
        raise PcscError(f"cannot use {LIBRARY}: apt-get install libpcsclite1")
    finally:
        process.kill()
        process.join()


def empty_readers(socket):
    return [name for name, state in readers(socket).items() if state & STATE_EMPTY]


def card_present(socket, name):
    return bool(readers(socket).get(name, 0) & STATE_PRESENT)
