#!/usr/bin/python3
"""What two unmodified GlobalPlatform clients, one in Java and one in C, send to a card and how
strictly they read it, here in Python over a real pcscd. gp_clients.py BUILD"""
import hashlib
import os
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from gp_host import (DOMAIN_MODULE, DOMAIN_PACKAGE, ISD, JAVA, NATIVE, Host, Reader, components, lv,
                     tlv, tlvs)
from gp_host import load_file as cut
from harness import GREET, Card, Place, PrivateReader, await_card, check, check_equal, run_tests
from reader import SOCKET_VARIABLE

place = Place(sys.argv[1], "gp_clients")
PURSE, PURSE_PACKAGE = bytes.fromhex("A000000632010105"), bytes.fromhex("A00000063201010550")
PPSE = b"2PAY.SYS.DDF01"
HELLO, HELLO_PACKAGE = bytes.fromhex("F06F6E656361726401"), bytes.fromhex("F06F6E65636172640150")
DES, AES = 0x20, 0x30
LEVELS = {DES: (0x00, 0x01, 0x03, 0x11, 0x13), AES: (0x00, 0x01, 0x03, 0x11, 0x13, 0x33)}


def load_file(name, extra=()):
    """As both clients cut it out of the ZIP; the C client takes Descriptor too."""
    return cut(components(place.build / "applets" / f"{name}.cap"), extra)


def file_of(habits):
    return load_file("hello", () if habits is JAVA else ("Descriptor",))


def manager(habits, version=AES, level=0x01, **more):
    host = Host(link, habits)
    host.select(ISD)
    return host.open(version, level, **more)


def each(levels=LEVELS):
    for habits in (JAVA, NATIVE):
        for version, which in levels.items():
            for level in which:
                yield habits, version, level


def greets(status=0x9000):
    host = Host(link, JAVA)
    host.select(HELLO, status)
    if status == 0x9000:
        host.bare(GREET)


# ---- before anything is opened ----

def discovery():
    """Both forms of SELECT, and an FCI with the AID and the longest command."""
    for command in ("00A4040000", "00A40400", "00A4040008" + ISD.hex() + "00",
                    "00A4040008" + ISD.hex()):
        (tag, template), = tlvs(Host(link, JAVA).bare(command))
        fci = dict(tlvs(template))
        check_equal((tag, fci[0x84]), (0x6F, ISD), "FCI")
        check(int.from_bytes(dict(tlvs(fci[0xA5]))[0x9F65], "big") >= 255, "longest command")


def information():
    """GET DATA with both classes; each answer with its own tag, or 6A88, and short enough."""
    host = Host(link, NATIVE)
    host.select(ISD)
    for tag in ("9F7F", "0042", "0045", "00CF", "00C1", "0066", "0067", "00E0", "FF21"):
        for cla in ("80", "00"):
            data, sw = link.exchange(bytes.fromhex(cla + "CA" + tag + "00"))
            check(sw in (0x9000, 0x6A88), f"GET DATA {tag} answered {sw:04X}")
            if sw == 0x9000:
                check_equal([f"{t:04X}" for t, _ in tlvs(data)], [tag], "tag")
                check(len(data) <= 254, f"GET DATA {tag} fits a buffer of 256")
    check_equal(len(dict(tlvs(host.bare("80CA9F7F00")))[0x9F7F]), 42, "CPLC")
    keys = [k for t, k in tlvs(dict(tlvs(host.bare("80CA00E000")))[0xE0]) if t == 0xC0]
    check_equal({k[1] for k in keys}, {DES, AES}, "key versions")
    check_equal({(k[1], k[2], k[3]) for k in keys}, {(DES, 0x80, 16), (AES, 0x88, 16)}, "keys")


def recognition():
    """Card data in the order in which one client walks it, and what it says of the protocol is what
    version 00 then speaks."""
    host = Host(link, NATIVE)
    host.select(ISD)
    (tag, value), = tlvs(host.bare("80CA006600"))
    (inner, recognition), = tlvs(value)
    check_equal((tag, inner), (0x66, 0x73), "nesting")
    parts = tlvs(recognition)
    check_equal([t for t, _ in parts][:4], [0x06, 0x60, 0x63, 0x64], "order")
    oid = dict(tlvs(parts[3][1]))[0x06]
    answer = host.bare("8050000008" + os.urandom(8).hex() + "00")
    check_equal(oid[-2], answer[11], "protocol")
    if answer[11] == 3:
        check_equal(oid[-1], answer[12], "i")


# ---- each protocol and level ----

def listing():
    for habits, version, level in each():
        host = manager(habits, version, level)
        check_equal(list(host.registry(0x80)), [ISD], "the issuer's domain")
        check(PURSE in host.registry(0x40), "the purse")
        check(HELLO_PACKAGE in host.registry(0x20), "a package")
        modules = host.registry(0x10)[HELLO_PACKAGE]
        check_equal(modules[0x84], [HELLO], "its module")
        for scope in (0x80, 0x40, 0x20, 0x10) if habits.tags else ():
            check(all(ISD in e[0xCC] for e in host.registry(scope).values()), "whose each is")
        host.send(0xF2, 0x40, 0x02, tlv(0x4F, b"\xFF\xFF\xFF"), 0x6A88, answer=True)
        host.send(0xCA, 0x00, 0xE0, b"", answer=True)  # a command without data
        check(host.registry(0x40), "the session goes on after a refusal")


def content():
    """Delete, load, install, select, lock and unlock, delete."""
    for habits, version, level in each():
        host = manager(habits, version, level)
        host.delete(HELLO_PACKAGE, related=True)
        host.load(HELLO_PACKAGE, file_of(habits))
        host.install(HELLO_PACKAGE, HELLO, HELLO,
                     b"\0\0\0" if habits is JAVA else b"\0")
        check_equal(host.state(HELLO), 0x07, "selectable")
        greets()
        host = manager(habits, version, level)
        host.send(0xF0, 0x40, 0x80, HELLO)
        check_equal(host.state(HELLO) & 0x83, 0x83, "locked")
        greets(0x6A82)
        host = manager(habits, version, level)
        host.send(0xF0, 0x40, 0x00, HELLO)
        greets()
        host = manager(habits, version, level)
        host.delete(HELLO, related=habits is NATIVE)
        host.install(HELLO_PACKAGE, HELLO, HELLO, b"")
        host.install(HELLO_PACKAGE, HELLO, HELLO + b"\x02", b"\0",
                     bytes.fromhex("C90401020304EF08C7028000C8020800"))
        host.delete(HELLO + b"\x02")


def load_parameters_and_hashes():
    """INSTALL [for load] with limits, and with the hash of each algorithm."""
    for habits in (JAVA, NATIVE):
        file = file_of(habits)
        size = (len(file) + 16).to_bytes(2, "big")
        for parameters in (b"\xEF\x04\xC6\x02" + size, b"\xEF\x0C\xC6\x02" + size +
                           b"\xC7\x02\x80\x00\xC8\x02\x10\x00"):
            host = manager(habits)
            host.delete(HELLO_PACKAGE, related=True)
            host.load(HELLO_PACKAGE, file, parameters=parameters)
        for name in ("sha1", "sha256", "sha384", "sha512"):
            host = manager(habits)
            host.delete(HELLO_PACKAGE, related=True)
            host.load(HELLO_PACKAGE, file, digest=hashlib.new(name, file).digest())
        host = manager(habits)
        host.delete(HELLO_PACKAGE, related=True)
        wrong = hashlib.sha1(file + b"x").digest()
        host.load(HELLO_PACKAGE, file, digest=wrong, status=0x6A80)
        check(HELLO_PACKAGE not in host.registry(0x20), "nothing stays of a refused load")
        host.load(HELLO_PACKAGE, file)
        host.install(HELLO_PACKAGE, HELLO, HELLO)
        greets()


def long_blocks():
    """Extended length, which a client may use after what the FCI says: with and without Le."""
    file = load_file("transit")
    for version in (DES, AES):
        for level in (0x00, 0x01, 0x03):
            host = manager(JAVA, version, level)
            host.delete(HELLO_PACKAGE, related=True)
            host.load(HELLO_PACKAGE, load_file("hello"), room=600)
            host.install(HELLO_PACKAGE, HELLO, HELLO)
    check(len(file) > 10000, "the largest")
    host.delete(PURSE_PACKAGE, related=True)
    for habits in (NATIVE, JAVA):  # more than 16,000 bytes in 67 blocks, in six
        host = manager(habits, AES, 0x03)
        host.load(PURSE_PACKAGE, file, room=None if habits is NATIVE else 2000)
        host.install(PURSE_PACKAGE, PURSE, PURSE)
        host.delete(PURSE_PACKAGE, related=True)
    host.load(PURSE_PACKAGE, file)
    host.install(PURSE_PACKAGE, PURSE, PURSE)


def personalisation():
    """INSTALL [for personalization] and STORE DATA to an applet, and to the domain itself."""
    for habits, version, level in each():
        host = manager(habits, version, level)
        host.send(0xE6, 0x20, 0, lv(b"", b"", PPSE, b"", b"", b""), answer=True)
        label = os.urandom(1)
        group = bytes.fromhex("700105A5038801") + label
        p1 = 0x81 if habits is JAVA else 0x88  # one says that the data are groups
        host.send(0xE2, p1, 0, group, answer=habits is JAVA)
        fci = dict(tlvs(tlvs(host.select(PPSE))[0][1]))
        check_equal(fci[0xA5], b"\x88\x01" + label, "what was stored")
        host = manager(habits, version, level)
        number = os.urandom(8)
        blob = tlv(0x42, b"\x12\x34\x56") + tlv(0x45, number)
        host.send(0xE2, 0x01, 0, blob[:7], answer=True)
        host.send(0xE2, 0x81, 1, blob[7:], answer=True)
        check_equal(host.bare("80CA004500") if not level else
                    host.send(0xCA, 0, 0x45, answer=True), tlv(0x45, number), "card number")


def default_selection_and_card_state():
    for habits in (JAVA, NATIVE):
        host = manager(habits)
        host.send(0xE6, 0x08, 0, lv(b"", b"", HELLO, b"\x04", b"", b""), answer=habits is NATIVE)
        link.reset()
        Host(link, habits).bare(GREET)
        host = manager(habits, DES, 0x03)
        check_equal(host.registry(0x40)[HELLO][0xC5][0][:1], b"\x04", "default selected")
        host.delete(HELLO)
        host.install(HELLO_PACKAGE, HELLO, HELLO)
        host.send(0xF0, 0x80, 0x7F)
        Host(link, habits).select(ISD, 0x6283)
        host = Host(link, habits)
        host.select(ISD, 0x6283)
        host.open(AES, 0x01)
        check_equal(host.registry(0x80)[ISD][0x9F70], [b"\x7F"], "locked")
        host.send(0xF0, 0x80, 0x0F)
        greets()


# ---- keys ----

def key_changes():
    """A set is added, opens a channel, gives way to another while the session goes on, and goes."""
    for habits in (JAVA, NATIVE):
        for version, sizes in ((DES, (16,)), (AES, (16, 24, 32))):
            for size in sizes:
                first, second = ([os.urandom(size) for _ in range(3)] for _ in range(2))
                host = manager(habits, version, 0x03)
                # one client pads a key of 24 bytes with 192 more, in three commands' pieces
                host.put_keys(0x11, first, random_blocks=11 if habits is JAVA and size == 24 else 0)
                host = manager(habits, 0x11, 0x03, keys=first)
                host.put_keys(0x11, second, replaces=0x11)
                check(host.registry(0x80), "the session goes on")
                host = manager(habits, 0x11, 0x01, keys=second)
                host.put_keys(0x12, first, replaces=0x11)
                host = manager(habits, 0x12, 0x01, keys=first)
                check(host.registry(0x80), "the version is another")
                check_equal(manager(habits, version).send(0xE4, 0, 0, tlv(0xD2, b"\x12"),
                                                          answer=True), b"\0", "keys deleted")
                Host(link, habits).select(ISD)
                Host(link, habits).bare("8050120008" + os.urandom(8).hex() + "00", 0x6A88)
    host = manager(JAVA, AES, 0x01)
    field, _ = host.channel.key_field(os.urandom(16))
    host.send(0xD8, 0, 0x81, b"\x13" + field[:-1] + bytes([field[-1] ^ 1]), 0x6A80)
    check_equal(manager(JAVA, 0x00).version, AES, "who answers version 00")


def keys_of_16_byte_challenges():
    host = manager(JAVA, AES, 0x33, size=16)
    check(PURSE in host.registry(0x40), "list over S16")


# ---- domains ----

DOMAIN = bytes.fromhex("D2760000850101")


def new_domain(habits, aid, privileges=b"\x80", parameters=None):
    host = manager(habits)
    if parameters is None:
        parameters = tlv(0xC9, bytes.fromhex("81020370")) if habits is JAVA else tlv(0xC9, b"")
    host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, aid, privileges, parameters)
    return host


def domains():
    """Made, opened with the issuer's keys and then its own, given an applet, and deleted."""
    for habits in (JAVA, NATIVE):
        for parameters in (None, bytes.fromhex("C90145"), bytes.fromhex("C90C810202558202202087022020")):
            new_domain(habits, DOMAIN, parameters=parameters).delete(DOMAIN)
        new_domain(habits, DOMAIN)
        own = [os.urandom(16) for _ in range(3)]
        host = Host(link, habits)
        host.select(DOMAIN)
        host.open(AES, 0x03)
        host.put_keys(AES, own)
        host = Host(link, habits)
        host.select(DOMAIN)
        host.open(0x00, 0x33, keys=own)
        host.send(0xF2, 0x80, 0x02, b"\x4F\0", 0x6A88, answer=True)
        check(DOMAIN in host.registry(0x40), "it sees itself")
        host = manager(habits)
        host.send(0xE6, 0x10, 0, lv(DOMAIN, b"", HELLO, b"", b"", b""), answer=habits is NATIVE)
        host = Host(link, habits)
        host.select(DOMAIN)
        host.open(AES, 0x01, keys=own)
        check(HELLO in host.registry(0x40), "its applet")
        host.send(0xF0, 0x40, 0x80, HELLO)
        host.send(0xF0, 0x40, 0x00, HELLO)
        host = manager(habits)
        host.delete(DOMAIN, related=True)
        check(HELLO not in host.registry(0x40), "what was associated goes too")
        host.install(HELLO_PACKAGE, HELLO, HELLO)


def dap_of(private, digest):
    """As the clients sign: over the hash of the load file."""
    if isinstance(private, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(private.sign(digest, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if private.key_size == 1024:
        kind = hashes.SHA1() if len(digest) == 20 else hashes.SHA256()
        return private.sign(digest, padding.PKCS1v15(), kind)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return private.sign(digest, scheme, hashes.SHA256())


def key_data(private, habits):
    public = private.public_key()
    if isinstance(private, ec.EllipticCurvePrivateKey):
        numbers = public.public_numbers()
        point = b"\4" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        return tlv(0xB0, point) + b"\xF0\x01\x00" + b"\0"
    modulus = public.public_numbers().n.to_bytes(private.key_size // 8, "big")
    if habits is NATIVE or private.key_size == 1024:  # one byte of length, 80 and all
        between = b"\0" if habits is NATIVE else b""
        return b"\xA1" + lv(modulus) + between + bytes.fromhex("A003010001") + b"\0"
    return tlv(0xA1, modulus) + bytes.fromhex("A003010001") + b"\0"


def daps():
    """Keys as each client puts them, the longer ones in pieces; files with a right and a wrong DAP."""
    keys = [(JAVA, rsa.generate_private_key(65537, 1024)), (NATIVE, rsa.generate_private_key(65537, 1024)),
            (JAVA, rsa.generate_private_key(65537, 2048)), (JAVA, ec.generate_private_key(ec.SECP256R1()))]
    file = load_file("hello")
    manager(JAVA).delete(HELLO_PACKAGE, related=True)
    for habits, private in keys:
        new_domain(habits, DOMAIN, b"\xC0")
        own = [os.urandom(16) for _ in range(3)]
        for level in (0x01, 0x03, 0x33):
            host = Host(link, habits)
            host.select(DOMAIN)
            host.open(AES, level, keys=own) if level > 1 else host.open(AES, level)
            if level == 1:
                host.put_keys(AES, own)
            if level > 3:
                break
            replaces = 0x73 if level == 3 else 0
            host.send(0xD8, replaces, 0x01, b"\x73" + key_data(private, habits), answer=True)
        for name in ("sha1", "sha256"):
            digest = hashlib.new(name, file).digest()
            dap = tlv(0xE2, tlv(0x4F, DOMAIN) + tlv(0xC3, dap_of(private, digest)))
            host = manager(habits, DES)
            wrong = dap[:-1] + bytes([dap[-1] ^ 1])
            host.load(HELLO_PACKAGE, file, DOMAIN, digest, dap=wrong, status=0x6985)
            host.load(HELLO_PACKAGE, file, DOMAIN, digest, dap=dap)
            host.delete(HELLO_PACKAGE)
        host.delete(DOMAIN)
    host = manager(JAVA)
    host.load(HELLO_PACKAGE, file)
    host.install(HELLO_PACKAGE, HELLO, HELLO)
    greets()


with PrivateReader(place.folder / "reader") as reader, \
        Card(place, place.new_card(), reader.port):
    await_card(reader)
    os.environ[SOCKET_VARIABLE] = str(reader.socket)
    link = Reader(reader.reader_name())
    status = run_tests([
        discovery, information, recognition, listing, content, load_parameters_and_hashes,
        long_blocks,
        personalisation, default_selection_and_card_state, key_changes,
        keys_of_16_byte_challenges, domains, daps])
    link.end()
sys.exit(status)
