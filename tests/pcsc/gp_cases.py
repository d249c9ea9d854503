#!/usr/bin/python3
"""What users of the two GlobalPlatform clients do that is out of the ordinary, and what newer and
older versions of these send otherwise than gp_clients.py has it. gp_cases.py BUILD"""
import hashlib
import os
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from gp_card import aes, tdes
from gp_host import (DEFAULT_KEY, DOMAIN_MODULE, DOMAIN_PACKAGE, ISD, JAVA, NATIVE, Host, Reader,
                     components, load_file, lv, tlv, tlvs)
from harness import GREET, Card, Place, PrivateReader, await_card, check, check_equal, run_tests
from reader import SOCKET_VARIABLE

place = Place(sys.argv[1], "gp_cases")
HELLO, HELLO_PACKAGE = bytes.fromhex("F06F6E656361726401"), bytes.fromhex("F06F6E65636172640150")
DOMAIN, OTHER = bytes.fromhex("D2760000850101"), bytes.fromhex("D2760000850102")
ANOTHER = bytes.fromhex("F0123456789A50")
DES, AES = 0x20, 0x30
PARTS = components(place.build / "applets" / "hello.cap")
FILE = load_file(PARTS)


def session(habits=JAVA, version=AES, level=0x01, aid=ISD, **more):
    host = Host(link, habits)
    host.select(aid)
    return host.open(version, level, **more)


def greets(aid=HELLO, status=0x9000):
    host = Host(link, JAVA)
    host.select(aid, status)
    if status == 0x9000:
        host.bare(GREET)


def fresh_hello(host):
    host.delete(HELLO_PACKAGE, 0x9000, 0x6A88, related=True)
    host.load(HELLO_PACKAGE, FILE)


def owner_of(aid):
    return session().registry(0x40)[aid][0xCC]


# ---- what is installed ----

def without_token_fields():
    """A client of 2026 ends the data of INSTALL before the token's length."""
    for version, level in ((DES, 0x03), (AES, 0x33)):
        host = session(JAVA, version, level)
        host.delete(HELLO_PACKAGE, 0x9000, 0x6A88, related=True)
        host.send(0xE6, 0x02, 0, lv(HELLO_PACKAGE, ISD, b"", b""), answer=True)
        whole = tlv(0xC4, FILE)
        blocks = [whole[i:i + host.room()] for i in range(0, len(whole), host.room())]
        for number, block in enumerate(blocks):
            host.send(0xE8, 0x80 if number + 1 == len(blocks) else 0, number, block)
        host.send(0xE6, 0x0C, 0, lv(HELLO_PACKAGE, HELLO, HELLO, b"\0", b"\xC9\0"))
        greets()
        host = session(JAVA, version, level)
        host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, DOMAIN, b"\x80")
        host.send(0xE6, 0x10, 0, lv(DOMAIN, b"", HELLO, b"", b""))
        host.delete(DOMAIN, related=True)


def privileges():
    """Of no byte, one, two (zeros at the end cut off) and three."""
    for given, told in ((b"", b"\0\0\0"), (b"\x04", b"\x04\0\0"), (b"\0\x02\0", b"\0\x02\0")):
        host = session()
        host.delete(HELLO, 0x9000, 0x6A88)
        host.install(HELLO_PACKAGE, HELLO, HELLO, given)
        check_equal(host.registry(0x40)[HELLO][0xC5], [told], "privileges")
    for given, told in ((b"\x80\x40", b"\x80\x40\0"), (b"\x80\0\0", b"\x80\0\0")):
        host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, DOMAIN, given)
        check_equal(host.registry(0x40)[DOMAIN][0xC5], [told], "privileges of a domain")
        host.delete(DOMAIN)


def package_of(package, applets):
    """hello under other names: those of the package and of the applets in it."""
    parts = dict(PARTS)
    names = b"".join(lv(aid) + b"\0\0" for aid in applets)
    parts["Applet"] = b"\3" + (1 + len(names)).to_bytes(2, "big") + bytes([len(applets)]) + names
    header = parts["Header"]
    at = header.index(lv(HELLO_PACKAGE))
    renamed = header[3:at] + lv(package) + header[at + 1 + len(HELLO_PACKAGE):]
    parts["Header"] = b"\1" + len(renamed).to_bytes(2, "big") + renamed
    return load_file(parts)


def names():
    """Packages and applets with names of 5 and 16 bytes, several applets in one, and several
    instances of one: each installed with one session, listed, selected, deleted."""
    short, long = bytes.fromhex("F012345678"), bytes.fromhex("F0123456780102030405060708090A0B")
    package = ANOTHER
    for habits in (JAVA, NATIVE):
        host = session(habits, AES, 0x03)
        host.load(package, package_of(package, [short, long, HELLO + b"\x55"]))
        check_equal(host.registry(0x10)[package][0x84], [short, long, HELLO + b"\x55"], "modules")
        for aid in (short, long, HELLO + b"\x55"):
            host.install(package, aid, aid)
        host.install(package, long, long[:-1], b"\0", bytes.fromhex("C903AABBCC"))
        host.send(0xE4, 0, 0, tlv(0x4F, package), 0x6985, answer=True)
        for aid in (long, long[:-1], HELLO + b"\x55"):
            greets(aid)
        link.exchange(b"\0\xA4\4\0" + lv(short))  # the beginning of others' names too
        host = session(habits)
        host.delete(package, related=True)
        check_equal([a for a in host.registry(0x40) if a.startswith(short)], [], "all gone")
    for aid in (short, long):
        host.load(aid, package_of(aid, [aid[:-1] + b"\x77"]))
        host.install(aid, aid[:-1] + b"\x77", aid[:-1] + b"\x77")
        greets(aid[:-1] + b"\x77")
        host = session()
        host.delete(aid, related=True)


def everything_at_once():
    """GET STATUS with P1 E0, which the C client's examples have, over many pages."""
    for habits in (JAVA, NATIVE):
        host = session(habits, AES, 0x03)
        if habits is JAVA:
            for number in range(12):
                host.install(HELLO_PACKAGE, HELLO, bytes.fromhex("F0E0") + bytes([number]) * 12)
        found = host.registry(0xE0)
        parts = [host.registry(scope) for scope in (0x80, 0x40, 0x20)]
        check_equal(list(found), [aid for part in parts for aid in part], "names, in order")
        check_equal({a: e[0x9F70] for a, e in found.items()},
                    {a: e[0x9F70] for part in parts for a, e in part.items()}, "states")
    for number in range(12):
        host.delete(bytes.fromhex("F0E0") + bytes([number]) * 12)
    check_equal(host.send(0xCA, 0, 0x4F, answer=True), tlv(0x4F, ISD), "the domain's name")


def twice():
    """The same file a second time is refused, and nothing of the first is touched."""
    for habits in (JAVA, NATIVE):
        host = session(habits)
        fresh_hello(host)
        host.install(HELLO_PACKAGE, HELLO, HELLO)
        host.send(0xE6, 0x02, 0, lv(HELLO_PACKAGE, ISD, b"", b"", b""), 0x6985, answer=True)
        host.install(HELLO_PACKAGE, HELLO, HELLO, status=0x6985)
        host.send(0xE4, 0, 0, tlv(0x4F, HELLO_PACKAGE), 0x6985, answer=True)
        host.delete(HELLO_PACKAGE + b"\1", 0x6A88)
        greets()


def states():
    """SET STATUS by name of the state: what is so already stays, and is no error."""
    host = session()
    host.send(0xF0, 0x40, 0x07, HELLO)
    for lock in (0x80, 0x83, 0xFF):
        host.send(0xF0, 0x40, lock, HELLO)
        check_equal(host.state(HELLO), 0x87, "locked")
        host.send(0xF0, 0x40, 0x07 if lock == 0xFF else 0x00, HELLO)
        check_equal(host.state(HELLO), 0x07, "unlocked")


# ---- keys ----

def key_field(channel, kind, value):
    """A key of either kind under the data key of either protocol."""
    if kind == DES:
        check_value = tdes(value, bytes(8))[:3]
        return b"\x80" + lv(channel.sensitive(value), check_value), check_value
    check_value = aes(value, b"\x01" * 16)[:3]
    padded = value + bytes(-len(value) % (8 if channel.number == 2 else 16))
    return b"\x88" + lv(bytes([len(value)]) + channel.sensitive(padded), check_value), check_value


def put(host, version, kind, values, replaces=0, status=0x9000):
    fields = [key_field(host.channel, kind, v) for v in values]
    answer = host.send(0xD8, replaces, 0x81, bytes([version]) + b"".join(f for f, _ in fields),
                       status, answer=True)
    if status == 0x9000:
        check_equal(answer, bytes([version]) + b"".join(c for _, c in fields), "check values")


def locked_and_unlocked():
    """The issuer's keys of both versions replaced where they are, and put back; version 00 goes on
    to be the one it was. What replaces a version that is not there, or adds one that is, fails."""
    for habits in (JAVA, NATIVE):
        for version, sizes in ((DES, (16,)), (AES, (16, 24, 32))):
            for size in sizes:
                own = [os.urandom(size) for _ in range(3)]
                put(session(habits, version, 0x03), version, version, own, replaces=version)
                host = session(habits, 0x00 if version == AES else version, 0x01, keys=own)
                check_equal(host.version, version, "key version")
                check(host.registry(0x40), "listed")
                put(host, version, version, [DEFAULT_KEY] * 3, replaces=version)
                check(session(habits, version).registry(0x40), "back")
    host = session()
    (_, template), = tlvs(host.send(0xCA, 0, 0xE0, answer=True))
    check_equal([k[1] for _, k in tlvs(template)][0], AES, "the version that comes first")
    put(host, 0x01, AES, [DEFAULT_KEY] * 3, replaces=1, status=0x6A88)
    put(host, AES, AES, [DEFAULT_KEY] * 3, status=0x6A80)
    check_equal(session(version=0).version, AES, "as it was")


def each_by_the_other():
    """3DES keys over SCP03, AES keys over SCP02; each then opens its own protocol."""
    for habits in (JAVA, NATIVE):
        for channel, kind, version, size in ((AES, DES, 0x21, 16), (DES, AES, 0x31, 16),
                                             (DES, AES, 0x31, 24), (DES, AES, 0x31, 32)):
            own = [os.urandom(size) for _ in range(3)]
            put(session(habits, channel, 0x03), version, kind, own)
            host = session(habits, version, 0x03, keys=own)
            check_equal(host.channel.number, 2 if kind == DES else 3, "protocol")
            check(host.registry(0x40), "listed")
            check_equal(session(habits, 0).version, AES, "version 00")
            session(habits).send(0xE4, 0, 0x80, tlv(0xD2, bytes([version])), answer=True)


def single_keys():
    """One key of three at a time: no channel until there are three; others go on as before."""
    host = session()
    own = [os.urandom(16) for _ in range(3)]
    for number, value in enumerate(own, 1):
        bare = host.channel.sensitive(value)  # without the true length, as one client has it
        check_value = aes(value, b"\x01" * 16)[:3]
        answer = host.send(0xD8, 0, number, b"\x05\x88" + lv(bare, check_value), answer=True)
        check_equal(answer, b"\x05" + check_value, "check value")
        host.send(0xCA, 0x01, 0xE0, b"", 0x6A88, answer=True)  # a second list of keys
    session(version=5, keys=own).send(0xE4, 0, 0x80, tlv(0xD0, b"\1") + tlv(0xD2, b"\5"),
                                      answer=True)
    Host(link, JAVA).select(ISD)
    Host(link, JAVA).bare("8050050008" + os.urandom(8).hex() + "00", 0x6A88)
    session().send(0xE4, 0, 0x80, tlv(0xD2, b"\5"), answer=True)


# ---- data ----

def who_personalised():
    """The last parts of CPLC, one by one (9F67, 9F66); each client reads the whole for dates."""
    host = session(version=DES)
    before = dict(tlvs(host.send(0xCA, 0x9F, 0x7F, answer=True)))[0x9F7F]
    made, sold = bytes.fromhex("1234434500000001"), bytes.fromhex("5678535900000002")
    host.send(0xE2, 0x80, 0, tlv(0x9F67, made))
    host.send(0xE2, 0x80, 0, tlv(0x9F66, sold[:7]), 0x6A80)
    session().send(0xE2, 0x82, 0, tlv(0x9F66, sold))  # a bit that means nothing, by default
    cplc = dict(tlvs(session().send(0xCA, 0x9F, 0x7F, answer=True)))[0x9F7F]
    check_equal(cplc, before[:26] + made + sold, "CPLC")


# ---- domains ----

def parameters_of(scp, i):
    """As clients describe the channel of a domain, and who may come to it or leave."""
    channel = bytes([0x81, 2, scp, i])
    return [tlv(0xC9, channel), tlv(0xC9, channel + bytes.fromhex("8202202087022020")),
            tlv(0xC9, channel + bytes.fromhex("820120830101840100860120870120")), tlv(0xC9, b""), b""]


def domains():
    """Made in each of the ways, opened with the keys above, with keys put, given a package and an
    applet, moved about and deleted."""
    host = session()
    for scp, options in ((2, (0x00, 0x15, 0x55)), (3, (0x00, 0x10, 0x70))):
        for parameters in [p for i in options for p in parameters_of(scp, i)]:
            host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, DOMAIN, b"\x80", parameters)
            host.delete(DOMAIN)
    for habits in (JAVA, NATIVE):
        for version, kind in ((DES, DES), (AES, AES), (0x01, AES)):
            host = session(habits)
            host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, DOMAIN, b"\x80",
                         parameters_of(3, 0x70)[0])
            for inherited in (0x00, AES, DES):
                check_equal(session(habits, inherited, 0x03, DOMAIN).state(DOMAIN), 0x07, "no keys")
            own = [os.urandom(16) for _ in range(3)]
            host = session(habits, kind, 0x03, DOMAIN)
            # some say that they replace what the domain was opened with, though it is not its own
            put(host, version, kind, own, replaces=version if habits is JAVA else 0)
            host = session(habits, 0x00, 0x03, DOMAIN, keys=own)
            check_equal((host.version, host.state(DOMAIN)), (version, 0x0F), "own keys")
            Host(link, habits).select(DOMAIN)
            other = DES if version == AES else AES
            Host(link, habits).bare(f"8050{other:02X}0008" + os.urandom(8).hex() + "00", 0x6A88)
            owned_by_its_package(habits)
            session(habits).delete(DOMAIN, related=True)


def owned_by_its_package(habits):
    """Loaded to the domain and installed by the issuer: the domain's."""
    host = session(habits)
    host.delete(HELLO_PACKAGE, 0x9000, 0x6A88, related=True)
    host.load(HELLO_PACKAGE, FILE, DOMAIN)
    host.install(HELLO_PACKAGE, HELLO, HELLO)
    check_equal(owner_of(HELLO), [DOMAIN], "domain of the applet")
    greets()


def to_itself():
    host = session()
    host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, DOMAIN, b"\x80\x40\0")
    own = [os.urandom(16) for _ in range(3)]
    put(session(aid=DOMAIN), 0x30, AES, own)
    session().send(0xE6, 0x10, 0, lv(DOMAIN, b"", DOMAIN, b"", b"", b""), answer=True)
    check_equal(owner_of(DOMAIN), [DOMAIN], "its own root")
    host = session(aid=DOMAIN, keys=own)
    host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, OTHER, b"\x80")
    check_equal(owner_of(OTHER), [DOMAIN], "below it")
    host = session()
    host.delete(OTHER)
    host.delete(DOMAIN)


CURVE = (0xB2, 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1), (0xB3, -3), \
    (0xB4, 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def point_of(public):
    numbers = public.public_numbers()
    return b"\4" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def key_with_its_curve(private):
    p = CURVE[0][1]
    parts = b"".join(tlv(tag, (value % p or p).to_bytes(32, "big")) for tag, value in CURVE)
    generator = point_of(ec.derive_private_key(1, ec.SECP256R1()).public_key())
    return tlv(0xB0, point_of(private.public_key())) + parts + tlv(0xB5, generator) + \
        tlv(0xB6, ORDER.to_bytes(32, "big")) + b"\0"


def dap_by_the_issuer():
    """A DAP domain's key with its curve spelled out; the issuer loads to the domain and installs."""
    private = ec.generate_private_key(ec.SECP256R1())
    digest = hashlib.sha256(FILE).digest()
    r, s = decode_dss_signature(private.sign(digest, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    dap = tlv(0xE2, tlv(0x4F, DOMAIN) + tlv(0xC3, signature))
    for version in (DES, AES):
        host = session(NATIVE, version, 0x03)
        host.delete(HELLO_PACKAGE, 0x9000, 0x6A88, related=True)
        host.install(DOMAIN_PACKAGE, DOMAIN_MODULE, DOMAIN, b"\xC0", parameters_of(3, 0x70)[0])
        host = session(NATIVE, version, 0x03, DOMAIN)
        host.send(0xD8, 0, 0x01, b"\x73" + key_with_its_curve(private), answer=True)
        (_, template), = tlvs(host.send(0xCA, 0, 0xE0, answer=True))
        check_equal([k for _, k in tlvs(template)], [bytes.fromhex("0173B041")], "key information")
        host = session(NATIVE, version, 0x03)
        host.load(HELLO_PACKAGE, FILE, DOMAIN, digest, status=0x6985)
        host.load(HELLO_PACKAGE, FILE, DOMAIN, digest, dap=dap)
        host.install(HELLO_PACKAGE, HELLO, HELLO)
        check_equal(owner_of(HELLO), [DOMAIN], "domain of the applet")
        host = session(NATIVE, version, 0x03)
        host.load(ANOTHER, package_of(ANOTHER, [HELLO + b"\1"]))
        host.send(0xE6, 0x10, 0, lv(DOMAIN, b"", ANOTHER, b"", b"", b""), 0x6985,
                  answer=True)
        host.delete(ANOTHER)
        host.delete(HELLO)
        host.delete(HELLO_PACKAGE)
        host = session(NATIVE, version, 0x03, DOMAIN)
        host.send(0xE4, 0, 0x80, tlv(0xD0, b"\1") + tlv(0xD2, b"\x73"), answer=True)
        session(NATIVE, version).delete(DOMAIN)


with PrivateReader(place.folder / "reader") as reader, \
        Card(place, place.new_card(), reader.port):
    await_card(reader)
    os.environ[SOCKET_VARIABLE] = str(reader.socket)
    link = Reader(reader.reader_name())
    status = run_tests([
        without_token_fields, privileges, names, everything_at_once, twice, states, locked_and_unlocked,
        each_by_the_other, single_keys, who_personalised, domains, to_itself, dap_by_the_issuer])
    link.end()
sys.exit(status)
