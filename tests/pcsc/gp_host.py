"""A GlobalPlatform host in Python, through PC/SC: SCP02 and SCP03 written from the specifications,
sharing nothing with the card or with "onecard gp", and as particular about answers as the strictest
clients are. How clients differ on the wire is in Habits."""
import dataclasses
import os
import zipfile

from gp_card import ENC, MAC, RENC, RMAC, aes, cmac, pad, retail, tdes, unpad
from harness import check, check_equal

ISD = bytes.fromhex("A000000151000000")
DOMAIN_PACKAGE = bytes.fromhex("A0000001515350")
DOMAIN_MODULE = bytes.fromhex("A000000151535041")
DEFAULT_KEY = bytes.fromhex("404142434445464748494A4B4C4D4E4F")
GOOD = (0x9000, 0x6310, 0x6283)


@dataclasses.dataclass
class Habits:
    """What two clients in wide use do differently."""
    name: str
    le_always: bool        # Le = 00 behind every protected command, or only where data are expected
    empty_enciphered: bool  # SCP02: no data are enciphered as a block of padding
    tags: bool             # GET STATUS in templates, or in the form of GlobalPlatform 2.1.1
    block: dict            # data bytes of a LOAD block, by protocol; None: as many as fit
    related: int           # P2 of DELETE


JAVA = Habits("Java", True, False, True, {2: None, 3: None}, 0x00)
NATIVE = Habits("C", False, True, False, {2: 239, 3: 231}, 0x80)


class Reader:
    """A connection over pyscard, which looks for pcscd once a process."""

    def __init__(self, name):
        from smartcard.System import readers
        self.connection = next(r for r in readers() if str(r) == name).createConnection()
        self.connection.connect()

    def exchange(self, command):
        data, sw1, sw2 = self.connection.transmit(list(command))
        return bytes(data), sw1 << 8 | sw2

    def reset(self):
        self.close()
        self.connection.connect()

    def close(self):
        self.connection.disconnect()

    def end(self):
        """While pcscd is still there to be told."""
        self.close()
        self.connection = None


# ---- TLV, with nothing forgiven ----

def tlvs(data):
    found, at = [], 0
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 0x1F == 0x1F:
            tag = tag << 8 | data[at]
            at += 1
        size = data[at]
        at += 1
        if size >= 0x80:
            check(size in (0x81, 0x82), f"length in {data.hex()}")
            count = size & 0x7F
            size = int.from_bytes(data[at:at + count], "big")
            check(size >= (0x80 if count == 1 else 0x100), f"shortest length in {data.hex()}")
            at += count
        check(at + size <= len(data), f"an object longer than its template: {data.hex()}")
        found.append((tag, data[at:at + size]))
        at += size
    return found


def tlv(tag, value):
    size = len(value)
    head = bytes([size]) if size < 0x80 else b"\x81" + bytes([size]) if size < 0x100 else \
        b"\x82" + size.to_bytes(2, "big")
    return bytes.fromhex(f"{tag:02X}") + head + value


def lv(*fields):
    return b"".join(bytes([len(f)]) + f for f in fields)


# ---- load files ----

COMPONENTS = ("Header", "Directory", "Import", "Applet", "Class", "Method", "StaticField", "Export",
              "ConstantPool", "RefLocation")


def components(path):
    """{name: bytes} of a CAP file."""
    with zipfile.ZipFile(path) as cap:
        return {entry.rsplit("/", 1)[1].removesuffix(".cap"): cap.read(entry)
                for entry in cap.namelist() if entry.endswith(".cap")}


def load_file(parts, extra=()):
    return b"".join(parts[c] for c in (*COMPONENTS, *extra) if c in parts)


# ---- secure channels ----

class Scp02:
    number, size = 2, 8

    def __init__(self, keys, host, data, _aid):
        check_equal(len(data), 28, "bytes that INITIALIZE UPDATE answers")
        sequence, challenge, card = data[12:14], data[14:20], data[20:]
        key = lambda k, constant: tdes(k, bytes.fromhex(constant) + sequence + bytes(12))
        self.enc, self.mac = key(keys[0], "0182"), key(keys[1], "0101")
        self.rmac, self.dek = key(keys[1], "0102"), key(keys[2], "0181")
        check_equal(card, tdes(self.enc, pad(host + sequence + challenge, 8))[-8:],
                    "the card's cryptogram")
        self.cryptogram = tdes(self.enc, pad(sequence + challenge + host, 8))[-8:]
        self.icv = None

    def opened(self):
        self.ricv = self.icv

    def wrap(self, header, data, level, habits):
        icv = bytes(8) if self.icv is None else tdes(self.mac[:8], self.icv)
        self.icv = retail(self.mac, header + lc(len(data) + 8) + data, icv)
        if level & ENC and (data or habits.empty_enciphered):
            data = tdes(self.enc, pad(data, 8))
        return data + self.icv

    def unwrap(self, header, data, answer, status, level):
        if not level & RMAC:
            return answer
        check(len(answer) >= 8, "an R-MAC on every answer")
        answer, given = answer[:-8], answer[-8:]
        header = bytes([header[0] & 0xF8]) + header[1:]
        self.ricv = retail(self.rmac, header + bytes([len(data)]) + data + bytes([len(answer)]) +
                           answer + status.to_bytes(2, "big"), self.ricv)
        check_equal(given, self.ricv, "R-MAC")
        return answer

    def sensitive(self, value):
        return b"".join(tdes(self.dek, value[i:i + 8]) for i in range(0, len(value), 8))

    def key_field(self, value, _random_blocks=0):
        check_value = tdes(value, bytes(8))[:3]
        return b"\x80" + lv(self.sensitive(value), check_value), check_value


class Scp03:
    number = 3

    def __init__(self, keys, host, data, aid):
        self.size = len(host)
        option = data[12]
        expected = 13 + 2 * self.size + (3 if option & 0x10 else 0)
        check_equal(len(data), expected, f"bytes that INITIALIZE UPDATE answers with i = {option:02X}")
        check_equal(option & 1, self.size == 16, "S16 in i")
        challenge = data[13:13 + self.size]
        self.context = host + challenge
        if option & 0x10:
            self.context = data[-3:] + aid
            check_equal(challenge, self.derive(keys[0], 0x02, 8 * self.size),
                        "the pseudo-random challenge")
            self.context = host + challenge
        bits = 8 * len(keys[0])
        self.enc, self.mac = self.derive(keys[0], 0x04, bits), self.derive(keys[1], 0x06, bits)
        self.rmac, self.dek = self.derive(keys[1], 0x07, bits), keys[2]
        check_equal(data[13 + self.size:13 + 2 * self.size],
                    self.derive(self.mac, 0x00, 8 * self.size), "the card's cryptogram")
        self.cryptogram = self.derive(self.mac, 0x01, 8 * self.size)
        self.chain, self.counter = bytes(16), 0

    def derive(self, key, constant, bits):
        return b"".join(cmac(key, bytes(11) + bytes([constant, 0]) + bits.to_bytes(2, "big") +
                             bytes([n]) + self.context)
                        for n in range(1, (bits + 127) // 128 + 1))[:bits // 8]

    def opened(self):
        pass

    def wrap(self, header, data, level, _habits):
        if level & ENC:
            self.counter += 1
            if data:
                iv = aes(self.enc, self.counter.to_bytes(16, "big"))
                data = aes(self.enc, pad(data, 16), iv)
        self.chain = cmac(self.mac, self.chain + header + lc(len(data) + self.size) + data)
        return data + self.chain[:self.size]

    def unwrap(self, _header, _data, answer, status, level):
        if not level & RMAC:
            return answer
        if status not in GOOD:
            check_equal(answer, b"", "an error comes bare")
            return answer
        check(len(answer) >= self.size, "an R-MAC on what is no error")
        answer, given = answer[:-self.size], answer[-self.size:]
        check_equal(given, cmac(self.rmac, self.chain + answer + status.to_bytes(2, "big"))
                    [:self.size], "R-MAC")
        if level & RENC and answer:
            iv = aes(self.enc, b"\x80" + self.counter.to_bytes(15, "big"))
            answer = unpad(aes(self.enc, answer, iv, decrypt=True))
        return answer

    def sensitive(self, value):
        return aes(self.dek, value)

    def key_field(self, value, random_blocks=0):
        """The value's length goes before it; behind it as much padding as a client happens to put."""
        check_value = aes(value, b"\x01" * 16)[:3]
        padded = value + os.urandom(-len(value) % 16 + 16 * random_blocks)
        field = bytes([len(value)]) + self.sensitive(padded)
        return b"\x88" + lv(field, check_value), check_value


def lc(size):
    return bytes([size]) if size < 0x100 else b"\0" + size.to_bytes(2, "big")


class Host:
    """A client at work: what is selected, and the secure channel."""

    def __init__(self, reader, habits):
        self.reader, self.habits = reader, habits
        self.channel, self.level, self.aid = None, 0, None

    def bare(self, command, *status):
        data, sw = self.reader.exchange(bytes.fromhex(command) if isinstance(command, str) else command)
        check(sw in (status or (0x9000,)), f"{command} answered {sw:04X}")
        return data

    def select(self, aid, *status):
        self.channel, self.aid = None, aid
        return self.bare(b"\x00\xA4\x04\x00" + lv(aid) + b"\x00", *status)

    def open(self, version, level, keys=(DEFAULT_KEY,) * 3, size=8):
        """Selects nothing. version 00: whichever keys the card likes best."""
        challenge = os.urandom(size)
        data = self.bare(b"\x80\x50" + bytes([version, 0]) + lv(challenge) + b"\x00")
        check(version in (0, data[10]), f"keys of version {version:02X}, not {data[10]:02X}")
        self.channel = {2: Scp02, 3: Scp03}[data[11]](keys, challenge, data, self.aid)
        self.level = MAC
        self.version = data[10]
        self.send(0x82, level, 0, self.channel.cryptogram, cla=0x84)
        self.level = level
        self.channel.opened()
        return self

    def room(self):
        """Data bytes that a protected command of 255 can carry."""
        if not self.level:
            return 255
        room = 255 - self.channel.size
        if self.level & ENC:
            block = 8 if self.channel.number == 2 else 16
            room = room // block * block - 1
        return room

    def send(self, ins, p1, p2, data=b"", *status, cla=0x80, answer=False, extended=False):
        """One command, in as many pieces as it takes, or with extended length; its answer. The
        status word is in self.status, and one of `status`, or 9000."""
        header, wrapped = bytes([cla, ins, p1, p2]), data
        if self.level:
            header = bytes([cla | 0x04, ins, p1, p2])
            opening = ins == 0x82
            wrapped = self.channel.wrap(header, data, MAC if opening else self.level, self.habits)
        le = b"\x00" if answer or self.habits.le_always else b""
        if extended:
            pieces = [wrapped]
        else:
            pieces = [wrapped[i:i + 255] for i in range(0, len(wrapped), 255)] or [b""]
        for i, piece in enumerate(pieces):
            last = i + 1 == len(pieces)
            command = header[:2] + bytes([header[2] | (0 if last else 0x80)]) + header[3:]
            long = len(piece) > 255
            command += (lc(len(piece)) if long else bytes([len(piece)])) + piece if piece else b""
            got, sw = self.reader.exchange(command + (le * 2 if long else le))
            if not last:
                check_equal((got, sw), (b"", 0x9000), "a piece that is not the last")
        plain = got if not self.level or ins == 0x82 else \
            self.channel.unwrap(bytes([cla]) + header[1:], data, got, sw, self.level)
        self.status = sw
        check(sw in (status or (0x9000,)),
              f"{self.habits.name}: {header.hex()} {data.hex()[:80]} answered {sw:04X}")
        return plain

    # ---- content management ----

    def registry(self, scope):
        return (self.templates if self.habits.tags else self.legacy)(scope)

    def pages(self, scope, p2):
        data = self.send(0xF2, scope, p2, b"\x4F\x00", 0x9000, 0x6310, 0x6A88, answer=True)
        while self.status == 0x6310:
            more = self.send(0xF2, scope, p2 | 1, b"\x4F\x00", 0x9000, 0x6310, answer=True)
            check(more, "a next page has something on it")
            data += more
        return data

    def templates(self, scope):
        """{AID: {tag: [values]}}, checked as strict clients do."""
        found = {}
        for tag, value in tlvs(self.pages(scope, 0x02)):
            check_equal(tag, 0xE3, "template of GET STATUS")
            entry = {}
            for inner, content in tlvs(value):
                entry.setdefault(inner, []).append(content)
            check_equal((len(entry[0x4F]), len(entry[0x9F70])), (1, 1), "one AID, one state")
            aid, state = entry[0x4F][0], entry[0x9F70][0]
            for name in entry[0x4F] + entry.get(0xCC, []) + entry.get(0xC4, []) + entry.get(0x84, []):
                check(5 <= len(name) <= 16, f"AID {name.hex()}")
            check_equal(len(state), 1, "bytes of a state")
            if 0xC5 in entry if scope == 0xE0 else scope in (0x80, 0x40):
                check(len(entry[0xC5][0]) in (1, 3), "bytes of privileges")
            else:
                check_equal(state, b"\x01", "a package's state")
                check_equal(len(entry[0xCE][0]), 2, "bytes of a version")
            check(all(len(v) == 1 for v in entry.get(0xCF, [])), "bytes of implicit selection")
            check(aid not in found, "each once")
            found[aid] = entry
        return found

    def legacy(self, scope):
        """The same from the form of GlobalPlatform 2.1.1."""
        data, at, found = self.pages(scope, 0x00), 0, {}
        while at < len(data):
            size = data[at]
            aid = data[at + 1:at + 1 + size]
            check(5 <= size <= 16, f"AID in {data.hex()}")
            at += 1 + size
            entry = {0x9F70: [data[at:at + 1]], 0xC5: [data[at + 1:at + 2]]}
            at += 2
            if scope in (0x20, 0x10):
                check_equal(entry.pop(0xC5), [b"\0"], "privileges of a package")
            if scope == 0x10:
                count = data[at]
                at += 1
                for _ in range(count):
                    entry.setdefault(0x84, []).append(data[at + 1:at + 1 + data[at]])
                    at += 1 + data[at]
            found[aid] = entry
        check_equal(at, len(data), "entries come out even")
        return found

    def state(self, aid):
        return self.registry(0x40)[aid][0x9F70][0][0]

    def load(self, package, file, domain=b"", digest=b"", parameters=b"", dap=b"", status=0x9000,
             room=None):
        domain = domain or self.aid
        check_equal(self.send(0xE6, 0x02, 0, lv(package, domain, digest, parameters, b""), answer=True),
                    b"\0", "no confirmation yet")
        whole = dap + tlv(0xC4, file)
        room = room or self.habits.block[self.channel.number] or self.room()
        blocks = [whole[i:i + room] for i in range(0, len(whole), room)]
        for number, block in enumerate(blocks):
            last = number + 1 == len(blocks)
            self.send(0xE8, 0x80 if last else 0, number & 0xFF, block, status if last else 0x9000,
                      answer=last, extended=room > 255)

    def install(self, package, module, aid, privileges=b"\0", parameters=b"\xC9\0", status=0x9000):
        self.send(0xE6, 0x0C, 0, lv(package, module, aid, privileges, parameters, b""), status,
                  answer=True)

    def delete(self, aid, *status, related=False):
        self.send(0xE4, 0, 0x80 if related else self.habits.related, tlv(0x4F, aid), *status,
                  answer=not self.habits.tags)

    def put_keys(self, version, values, replaces=0, status=0x9000, random_blocks=0):
        fields = [self.channel.key_field(v, random_blocks) for v in values]
        answer = self.send(0xD8, replaces, 0x81, bytes([version]) + b"".join(f for f, _ in fields),
                           status, answer=True)
        if status == 0x9000:
            check_equal(answer, bytes([version]) + b"".join(c for _, c in fields), "check values")
