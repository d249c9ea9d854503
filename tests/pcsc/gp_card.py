"""A GlobalPlatform card in Python, for testing "onecard gp": the card's end of SCP02 and SCP03, written
from the specifications and sharing nothing with the client or with onecard itself. It checks every
MAC, and notes the commands that came through, in plain."""
import os
import socket
import threading
import warnings

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

warnings.filterwarnings("ignore")  # 3DES is what these cards have

ISD = bytes.fromhex("A000000151000000")
MAC, ENC, RMAC, RENC = 0x01, 0x02, 0x10, 0x20
CIPHER = algorithms.AES


def pad(data, block):
    data += b"\x80"
    return data + bytes(-len(data) % block)


def unpad(data):
    stripped = data.rstrip(b"\0")
    assert stripped.endswith(b"\x80"), "padding"
    return stripped[:-1]


def tdes(key, data, iv=bytes(8), decrypt=False):
    if len(key) == 8:
        key = key * 3
    cipher = Cipher(algorithms.TripleDES(key), modes.CBC(iv))
    worker = cipher.decryptor() if decrypt else cipher.encryptor()
    return worker.update(data) + worker.finalize()


def aes(key, data, iv=bytes(16), decrypt=False):
    cipher = Cipher(CIPHER(key), modes.CBC(iv))
    worker = cipher.decryptor() if decrypt else cipher.encryptor()
    return worker.update(data) + worker.finalize()


def cmac(key, data):
    worker = CMAC(CIPHER(key))
    worker.update(data)
    return worker.finalize()


def retail(key, data, iv=bytes(8)):
    """ISO/IEC 9797-1 algorithm 3, padding 80."""
    data = pad(data, 8)
    if len(data) > 8:
        iv = tdes(key[:8], data[:-8], iv)[-8:]
    return tdes(key, data[-8:], iv)


class Scp02:
    """i = 55 or 75: three keys, explicit, ICV enciphered, R-MAC if asked for."""
    name, size = 2, 8

    def __init__(self, keys, _i):
        self.keys, self.sequence = keys, 0x002A

    def initialize(self, host):
        sequence = self.sequence.to_bytes(2, "big")
        derive = lambda key, constant: tdes(key, bytes.fromhex(constant) + sequence + bytes(12))
        self.s_enc, self.s_mac = derive(self.keys[0], "0182"), derive(self.keys[1], "0101")
        self.s_rmac, self.s_dek = derive(self.keys[1], "0102"), derive(self.keys[2], "0181")
        challenge = os.urandom(6)
        card = tdes(self.s_enc, pad(host + sequence + challenge, 8))[-8:]
        self.host = tdes(self.s_enc, pad(sequence + challenge + host, 8))[-8:]
        return sequence + challenge + card

    def authenticate(self, header, data):
        assert data[:8] == self.host, "host cryptogram"
        self.icv = retail(self.s_mac, header + b"\x10" + data[:8])
        assert data[8:] == self.icv, "C-MAC of EXTERNAL AUTHENTICATE"
        self.ricv = self.icv

    def unwrap(self, header, data, level):
        body, mac = data[:-8], data[-8:]
        if level & ENC and body:
            body = unpad(tdes(self.s_enc, body, decrypt=True))
        self.icv = retail(self.s_mac, header + bytes([len(body) + 8]) + body,
                          tdes(self.s_mac[:8], self.icv))
        assert mac == self.icv, "C-MAC"
        return body

    def wrap(self, header, body, answer, status, level):
        command = bytes([header[0] & 0xF8]) + header[1:] + bytes([len(body)]) + body
        self.ricv = retail(self.s_rmac, command + bytes([len(answer)]) + answer + status, self.ricv)
        return answer + self.ricv

    def put_key(self, value):
        return b"".join(tdes(self.s_dek, value[i:i + 8], decrypt=True)
                        for i in range(0, len(value), 8))


def with_sm4(worker, *words, **options):
    """The same with SM4 in the place of AES."""
    global CIPHER
    CIPHER = algorithms.SM4
    try:
        return worker(*words, **options)
    finally:
        CIPHER = algorithms.AES


class Scp03:
    name = 3

    def __init__(self, keys, i):
        self.keys, self.i = keys, i
        self.size = 16 if i & 1 else 8

    def derive(self, key, constant, bits):
        context = self.context
        out = b""
        for n in range(1, (bits + 127) // 128 + 1):
            out += cmac(key, bytes(11) + bytes([constant, 0]) + bits.to_bytes(2, "big") +
                        bytes([n]) + context)
        return out[:bits // 8]

    def initialize(self, host):
        assert len(host) == self.size, "length of the challenge"
        challenge = os.urandom(self.size)
        self.context = host + challenge
        bits = 8 * len(self.keys[0])
        self.s_enc = self.derive(self.keys[0], 0x04, bits)
        self.s_mac = self.derive(self.keys[1], 0x06, bits)
        self.s_rmac = self.derive(self.keys[1], 0x07, bits)
        card = self.derive(self.s_mac, 0x00, 8 * self.size)
        self.host = self.derive(self.s_mac, 0x01, 8 * self.size)
        sequence = bytes(3) if self.i & 0x10 else b""
        return bytes([self.i]) + challenge + card + sequence

    def authenticate(self, header, data):
        size = self.size
        assert data[:size] == self.host, "host cryptogram"
        self.chain = cmac(self.s_mac, bytes(16) + header + bytes([len(data)]) + data[:size])
        assert data[size:] == self.chain[:size], "C-MAC of EXTERNAL AUTHENTICATE"
        self.counter = 0

    def unwrap(self, header, data, level):
        body, mac = data[:-self.size], data[-self.size:]
        self.chain = cmac(self.s_mac, self.chain + header + bytes([len(data)]) + body)
        assert mac == self.chain[:self.size], "C-MAC"
        if level & ENC:
            self.counter += 1
            if body:
                iv = aes(self.s_enc, self.counter.to_bytes(16, "big"))
                body = unpad(aes(self.s_enc, body, iv, decrypt=True))
        return body

    def wrap(self, header, body, answer, status, level):
        if level & RENC and answer:
            iv = aes(self.s_enc, b"\x80" + self.counter.to_bytes(15, "big"))
            answer = aes(self.s_enc, pad(answer, 16), iv)
        return answer + cmac(self.s_rmac, self.chain + answer + status)[:self.size]

    def put_key(self, value):
        return aes(self.keys[2], value, decrypt=True)


class Scp03Sm4(Scp03):
    """onecard's own variant."""
    name = 0xF3

    def initialize(self, *words):
        return with_sm4(super().initialize, *words)

    def authenticate(self, *words):
        return with_sm4(super().authenticate, *words)

    def unwrap(self, *words):
        return with_sm4(super().unwrap, *words)

    def wrap(self, *words):
        return with_sm4(super().wrap, *words)

    def put_key(self, *words):
        return with_sm4(super().put_key, *words)


class GpCard:
    """registry: {P1 of GET STATUS: [template E3, ...]}; None: the card knows the old form only."""

    def __init__(self, protocol, version=0x20, registry=None, old_registry=None):
        self.protocol, self.version = protocol, version
        self.registry, self.old_registry = registry or {}, old_registry
        self.level, self.commands, self.failure = None, [], None
        self.answers = {}  # (INS, P1) -> bytes

    def status(self, p1, p2):
        if p2 & 0x02 and self.old_registry is not None:
            return b"", 0x6A86
        entries = (self.registry if self.old_registry is None else self.old_registry).get(p1)
        if not entries:
            return b"", 0x6A88
        page = p2 & 1 and entries[1:]  # one entry, then the rest: pages
        if p2 & 1:
            return b"".join(page), 0x9000
        return entries[0], 0x6310 if len(entries) > 1 else 0x9000

    def answer(self, ins, p1, p2, body):
        self.commands.append((ins, p1, p2, body))
        if ins == 0xF2:
            return self.status(p1, p2)
        if ins == 0xCC:
            return body[::-1], 0x9000
        if ins == 0xCA:
            found = self.answers.get((ins, p1 << 8 | p2))
            return (found, 0x9000) if found else (b"", 0x6A88)
        return self.answers.get((ins, p1), b""), 0x9000

    def transmit(self, command):
        try:
            data, status = self.dispatch(command)
        except AssertionError as error:
            self.failure = self.failure or f"{error} in {command.hex()}"
            return bytes.fromhex("6982")
        return data + status.to_bytes(2, "big")

    def dispatch(self, c):
        header, ins = c[:4], c[1]
        body = c[5:5 + c[4]] if len(c) > 5 else b""
        if ins == 0xA4:
            self.level = None
            return bytes.fromhex("6F0C8408") + ISD + bytes.fromhex("A500"), 0x9000
        if ins == 0x50:
            if len(body) != self.protocol.size:
                return b"", 0x6700
            assert c[2] in (0, self.version), "key version"
            rest = self.protocol.initialize(body)
            return bytes(range(10)) + bytes([self.version, self.protocol.name]) + rest, 0x9000
        if ins == 0x82:
            assert c[0] == 0x84, "class of EXTERNAL AUTHENTICATE"
            self.protocol.authenticate(header, body)
            self.level = c[2]
            return b"", 0x9000
        if not self.level:
            return self.answer(ins, c[2], c[3], body)
        assert c[0] & 0x04, "secure messaging"
        plain = self.protocol.unwrap(header, body, self.level)
        data, status = self.answer(ins, c[2], c[3], plain)
        if self.level & RMAC and status in (0x9000, 0x6310):
            data = self.protocol.wrap(header, plain, data, status.to_bytes(2, "big"), self.level)
        return data, status


class Inserted:
    """A card in a vpcd slot, in a thread; .card may be exchanged while no program uses it."""
    ATR = bytes.fromhex("3B80800101")

    def __init__(self, card, port):
        self.card, self.port = card, port

    def __enter__(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()

    def receive(self, size):
        got = b""
        while len(got) < size:
            piece = self.socket.recv(size - len(got))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            if not piece:
                raise ConnectionError
            got += piece
        return got

    def serve(self):
        try:
            while True:
                message = self.receive(int.from_bytes(self.receive(2), "big"))
                answer = self.ATR if message == b"\x04" else \
                    self.card.transmit(message) if len(message) > 1 else None
                if answer is not None:
                    self.socket.sendall(len(answer).to_bytes(2, "big") + answer)
        except OSError:
            pass
