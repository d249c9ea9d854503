#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets apdu, channels, load, cap and door: make_seeds.py [BUILD]

The seeds are kept in tests/fuzz/corpus; run this again when a command or the CAP changes. It takes
hello.cap from BUILD/applets (make applets)."""
import io
import pathlib
import sys
import zipfile

CORPUS = pathlib.Path(__file__).parent / "corpus"
BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build")
CAP = BUILD / "applets" / "hello.cap"

HELLO = "F06F6E656361726401"
PROBE = "F06F6E6563617264FF01"
PEER_1, PEER_2, PEER_3 = (f"F06F6E6563617264FE{n:02X}" for n in (1, 2, 3))
DOMAIN = "A000000151000000"
PACKAGE = "F06F6E65636172640150"

# In the order of loading, as GlobalPlatform clients send them.
ORDER = ["Header", "Directory", "Import", "Applet", "Class", "Method", "StaticField", "Export",
         "ConstantPool", "RefLocation"]


def lv(text):
    return f"{len(text) // 2:02X}{text}"


def select(aid, p2="00"):
    return f"00A404{p2}{lv(aid)}00"


# ---- commands: what fuzz_card.c reads is length 1 (or 00 and length 2), then the command ----

def commands(*words):
    seed = b""
    for word in words:
        command = bytes.fromhex(word.replace(" ", ""))
        size = len(command)
        seed += bytes([size]) if 0 < size < 256 else bytes([0, size >> 8, size & 255])
        seed += command
    return seed


LONG = "41" * 300

APDU = {
    "select": commands(select(HELLO), select(PROBE), select("F06F6E"), select("F06F6E", "02"),
                       select(DOMAIN, "0C"), "00A40400", "00A4040000", select("F1F2F3F4F5")),
    "hello": commands(select(HELLO), "8010000000", "80200000 05 68656C6C6F", "8030000000",
                      "8040000004", "8040000002", "8050000000"),
    "hello-text": commands(select(HELLO), "80200000 40" + "42" * 64, "8030000000",
                           "80200000 41" + "42" * 65),
    "chaining": commands(select(HELLO), "90200000 03 616263", "90200000 03 646566",
                         "80200000 01 67", "90200000 03 616263", "8030000000"),
    "extended": commands(select(HELLO), "80200000 000003 616263", "80300000 000000",
                         "80300000 000010", "80200000 00012C" + LONG + "0000"),
    "get-response": commands(select(PROBE), "8004 012C 00", "00C0000000", "00C000002C",
                             "8004 012C 00 0000", "00C0000000"),
    "probe-memory": commands(select(PROBE), "8020000008 00000800 00000010",
                             "802100000C 00000000 00000900 00000004",
                             "8028000004 00000400", "8029000004 FFFFFFFF", "8028000004 00000000"),
    "probe-files": commands(select(PROBE), "802C000008 00000777 00000010",
                            "8025000008 00000000 00000777", "8026000004 00000001",
                            "802300000C 00000000 00000900 00000010",
                            "802700000C 00000001 00000000 00000010"),
    "probe-traps": commands(select(PROBE), "8001000000", select(PROBE), "8003 0020 00",
                            "8003 FFFF 00", select(PROBE), "8007000100", select(PROBE),
                            "8008000100", select(PROBE), "8009000100", "8005000004 00006A82"),
    "probe-memory-grows": commands(select(PROBE), "802D000004 00000001", "8006000000",
                                   "8006000000"),
    "domain": commands(select(DOMAIN), "80CA006600", "80F28000024F0000",
                       "80E60200 0F" + lv(PACKAGE) + "00000000", "80E8800002C400",
                       "80E40000" + lv("4F" + lv(HELLO)), "80F0800F00", "80E2800003010203",
                       "8050000008 0001020304050607", "84820000 10" + "00" * 16),
    "malformed": commands("80", "8010", "801000", "80100000", "8010000003", "80100000000000",
                          "8020000003 6162", "80200000 000000 61", "FF100000", "20100000",
                          "81100000", "00C0000000", "0070000001"),
}

# ---- answers of cards to "onecard gp"; the first byte says to what (fuzz_gp.c) ----

GP = {name: bytes.fromhex(text) for name, text in {
    "list": "00 E314 4F08A000000151000000 9F70010F C5039EFE80"
            "E31B 4F09F06F6E656361726401 9F700107 C50100 CC08A000000151000000".replace(
                "E314", "E315").replace("E31B", "E31D"),
    "packages": "00 E319 4F07A0000000621110 9F700101 CE020103 8407A0000000031010".replace(
        "E319", "E31C"),
    "old": "01 08A0000001510000000F9E 09F06F6E6563617264010700",
    "old-packages": "02 0AF06F6E656361726401500100 01 09F06F6E656361726401",
    "recognition": "03 66 2E 73 2C 06072A864886FC6B01 600C060A2A864886FC6B02020301"
                   "630906072A864886FC6B03 640B06092A864886FC6B040255",
    "scp02": "04 00010203040506070809 20 02 002A 010203040506 0102030405060708",
    "scp03": "04 00010203040506070809 30 03 70 0102030405060708 0102030405060708 000001",
    "scp03-s16": "04 00010203040506070809 30 03 01" + "11" * 32,
    "answer-scp02": "05 01020304 0102030405060708 9000",
    "receipt": "08 1F 10" + "AB" * 16 + "020001 0A 00112233445566778899",
    "no-receipt": "08 00",
    "answer-scp03": "06 " + "22" * 16 + "0102030405060708 9000",
    "answer-error": "07 6A88",
}.items()}


# ---- load files: block size 1, then C4, length and components ----


def components():
    with zipfile.ZipFile(CAP) as cap:
        names = {pathlib.PurePath(name).stem: name for name in cap.namelist()}
        return [(part, cap.read(names[part])) for part in ORDER if part in names]


def c4(content, form=2):
    size = len(content)
    if form == 0:
        return bytes([0xC4, size]) + content
    return bytes([0xC4, 0x80 + form]) + size.to_bytes(form, "big") + content


def load_seeds():
    parts = components()
    by_name = dict(parts)
    whole = b"".join(content for _, content in parts)
    short = b"".join(by_name[part] for part in ("Header", "Import", "Applet"))
    empty = bytes.fromhex("07 0008 0061736D 01000000")
    constant = bytes.fromhex("07 001E 0061736D01000000 010401600000 03020100 0A0A010800"
                             "43 0000803F 1A0B")
    method = by_name["Method"]
    return {
        "hello-255": bytes([255]) + c4(whole),
        "hello-247": bytes([247]) + c4(whole, 3),
        "hello-17": bytes([17]) + c4(whole),
        "hello-small": bytes([255]) + c4(short + method),
        "hello-method-first": bytes([200]) + c4(by_name["Header"] + method + by_name["Import"] +
                                                by_name["Applet"]),
        "empty-module": bytes([64]) + c4(short + empty, 0),
        "float": bytes([64]) + c4(short + constant),
        "header-alone": bytes([1]) + c4(by_name["Header"], 1),
        "too-long": bytes([255]) + c4(whole) + b"\0\0",
        "too-short": bytes([255]) + c4(whole)[:-40],
        "twice": bytes([255]) + c4(short + by_name["Applet"] + method),
        "module-cut": bytes([255]) + c4(short + b"\x07" + (len(method) - 23).to_bytes(2, "big") +
                                        method[3:-20]),
    }


# ---- CAP files, load files and modules as the tool reads them ----

def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as cap:
        for name, content in parts:
            cap.writestr(zipfile.ZipInfo(f"hello/javacard/{name}.cap"), content)
    return out.getvalue()


def module_with(text):
    name = b"\x07onecard" + text
    assert len(name) < 128
    return b"\0asm\1\0\0\0" + bytes([0, len(name)]) + name


def cap_seeds():
    cap = CAP.read_bytes()
    parts = components()
    by_name = dict(parts)
    whole = b"".join(content for _, content in parts)
    good = b"api=1.0\npackage=F06F6E65636172640150\nversion=1.0\napplet=F06F6E656361726401\n"
    return {
        "hello": cap,
        "stored": zipped(parts),
        "header-only": zipped(parts[:1]),
        "no-header": zipped(parts[1:]),
        "cut": cap[:-30],
        "empty-zip": zipped([]),
        "load-file": whole,
        "load-file-cut": whole[:-5],
        "long-import": by_name["Header"] + b"\x04\x00\x02\x02\x00",
        "applets-cut": by_name["Header"] + b"\x03\x00\x03\x08\x10\xF0",
        "module": by_name["Method"][3:],
        "module-words": module_with(good),
        "module-bad-version": module_with(good.replace(b"1.0\na", b"1.999\na")),
        "module-bad-word": module_with(good + b"author=me\n"),
        "module-no-equals": module_with(b"api"),
        "module-long-section": b"\0asm\1\0\0\0\x00\xFF\xFF\xFF\xFF\x0F",
    }


# Protected commands: how (01: the right 8E is put behind), header, room for the answer, objects.
SM = {name: bytes.fromhex(text.replace(" ", "")) for name, text in {
    "plain-object": "01 0CD60000 80 8103A1A2A3",
    "plain-object-le": "C1 0CB00000 FF 8103A1A2A3 970100",
    "cryptogram": "41 0CD60000 60 871101" + "00" * 16,
    "cryptogram-odd": "81 0CD70000 60 8510" + "00" * 16,
    "long-cryptogram": "C1 0CD60000 60 8781F101" + "00" * 240,
    "only-le": "01 0CB00000 90 97020000",
    "nothing": "01 0CB00000 20",
    "header-free": "05 08B00000 20 970104",
    "enciphered-only": "09 0CD60000 20 8103A1A2A3",
    "no-cipher-key": "03 0CD60000 20 8103A1A2A3",
    "no-mac": "00 0CD60000 20 8103A1A2A3",
    "wrong-mac": "00 0CD60000 20 8103A1A2A3 8E080000000000000000",
    "two-data": "01 0CD60000 20 8101A1 8101A1",
    "order": "01 0CD60000 20 970100 8101A1",
    "long-length": "01 0CD60000 20 8183FFFFFF",
}.items()}


# Certificates: what, day, bytes (tests/fuzz/fuzz_cert.c). The target puts keys and signatures right.
CERT_HEAD = "01 {} 04 01 1032547698BADCFE 00000000 0000000A 0000 FFFF 0007 0000"


def certificate(roles):
    return bytes.fromhex(CERT_HEAD.format(roles)) + bytes(128)


def revocations(count):
    return bytes.fromhex("C2010009 00000000") + count.to_bytes(2, "big") + \
        b"".join(b"\1\2\3\4" + n.to_bytes(4, "big") * 2 for n in range(count)) + bytes(64)


CERT = {
    "root-signs": bytes([1, 9, 0]) + certificate("02"),
    "chain": bytes([1, 9, 0]) + certificate("80") + certificate("01"),
    "third-level": bytes([9, 9, 0]) + certificate("80") + certificate("80"),
    "unsigned": bytes([0, 9, 0]) + certificate("02"),
    "roles": bytes([1, 9, 0]) + certificate("81"),
    "short": bytes([1, 9, 0]) + certificate("02")[:-1],
    "list": bytes([3, 0, 0]) + revocations(2),
    "list-empty": bytes([3, 0, 0]) + revocations(0),
    "list-full": bytes([3, 0, 0]) + revocations(32),
    "list-unsigned": bytes([2, 0, 0]) + revocations(2),
    "emv-issuer": bytes([4, 0, 0]) + bytes.fromhex("02 620012FF 1235 000077 0101 68 01") +
                  b"\x77" * 68 + b"\x33" * 36,
    "emv-card": bytes([4, 0, 0]) + bytes.fromhex("04 62001234567890123FFF 1235 000077 0101 40 01") +
                b"\x77" * 62 + b"\x33" * 2,
    "emv-static": bytes([4, 0, 0]) + bytes.fromhex("03 01 DAC5") + b"\xBB" * 78 + b"static",
    "emv-dynamic": bytes([4, 0, 0]) + bytes.fromhex("05 01 04 01020304") + b"\xBB" * 75 + b"1234",
}


# ---- host calls: what fuzz_door.c reads ----

def poke(offset, text):
    value = bytes.fromhex(text.replace(" ", ""))
    return bytes([0xFF, offset >> 8, offset & 255, len(value)]) + value


def call(number, mode, *arguments):
    """Numbers; a buffer is two of them, offset in the scratch and length."""
    return bytes([number, mode]) + b"".join(a.to_bytes(2, "big") for a in arguments)


def group(dgi, text):
    return poke(0, text) + call(61, 0, dgi, 0, len(text.replace(" ", "")) // 2)


FILE = group(0x6200, "6214 820101 83020101 80020020 8604 3FC00000 880108")
OBJECT = group(0x7000, "8002 9F01 8604 3FC00000 5308 0102030405060708")
KEY = group(0x8000, "80020000 810104 82020FFF 830101 840109 8710 A0A1A2A3A4A5A6A7A8A9AAABACADAEAF")
PIN = group(0x8200, "800100 810102 840105 8704 31323334")
KEEP, UNDO, TRAP = range(3)

DOOR = {
    "files": FILE + call(13, KEEP, 0, 0x0101) + call(16, KEEP, 1, 0, 0, 16) +
             call(15, KEEP, 1, 0, 64, 16) + call(16, TRAP, 1, 30, 0, 3) + call(12, UNDO, 1),
    "objects": OBJECT + call(27, KEEP, 0x9F01, 0, 32, 8) + call(28, KEEP, 0x9F01, 0, 40) +
               call(29, UNDO, 0x9F01, 2, 0, 4) + call(30, TRAP, 0x9F01) + call(30, KEEP, 0x9F01),
    "keys": KEY + call(40, KEEP, 0, 7, 0, 0, 0x0FFF, 0) + call(41, KEEP, 0xFE00, 0x0102, 0, 16, 32, 32) +
            call(42, KEEP, 0, 0x0203, 0, 0, 32, 20, 64, 8) + call(43, UNDO, 0, 0x0203, 0, 0, 32, 20, 64, 8) +
            call(36, KEEP, 0) + call(42, KEEP, 0, 0x0203, 0, 0, 32, 20, 64, 8),
    "pins": PIN + poke(0, "31323334") + call(46, KEEP, 0, 2, 0, 4) + call(47, KEEP, 0, 2, 0, 4, 0, 4) +
            call(46, TRAP, 0, 2, 1, 4) + call(50, KEEP, 0) + call(49, KEEP, 0, 2, 0, 0),
    "person": poke(0, "31323334") + call(76, KEEP, 2, 3, 0, 4) + call(73, KEEP, 2, 0, 4) +
              call(74, KEEP, 8, 7) + call(81, KEEP, 3) + call(79, KEEP) + call(82, KEEP, 0x81, 0, 4) +
              call(77, KEEP) + call(78, KEEP) + call(75, KEEP),
    "overlap": KEY + call(41, KEEP, 0, 0x0102, 0, 16, 8, 32) + call(42, KEEP, 0, 0x0203, 0, 0, 0, 64, 8, 8) +
               call(44, KEEP, 18, 0, 64, 16, 32) + call(58, KEEP, 0, 0, 16, 8, 16),
    "beyond": call(4, KEEP, 0xF000, 1) + call(31, KEEP, 0x07FF, 4095) + call(3, KEEP, 0, 0xFFFF, 0xFFFF),
    "transactions": OBJECT + call(28, KEEP, 0x9F01, 0, 100) + call(8, KEEP) + call(9, KEEP) + call(10, KEEP),
}


def on(cla, command):
    """The command with another class byte."""
    return f"{cla:02X}" + command[2:]


def call(ins, p1p2, aid, operation, data=""):
    """What peer takes to call another instance."""
    body = lv(aid) + f"{operation:08X}" + data
    return f"80{ins:02X}{p1p2:04X}" + lv(body) + "00"


OPEN, ALLOW = "0070000001", "8025000001 00 00"
CHANNELS = {
    "open-close": commands(OPEN, OPEN, "00700013", "4F70000001", "00708001", "00708001", "0270800000",
                           "C002000000", "FF00000000"),
    "selected-twice": commands(OPEN, "00700005", select(PEER_1), on(0x01, select(PEER_1)),
                               on(0x41, select(PEER_1)), "8002000000", "8102000000", "C102000000",
                               on(0x01, select(HELLO)), on(0x41, select(HELLO)), "81010000",
                               "0170000001"),
    "proven": commands(OPEN, select(PEER_1), on(0x01, select(PEER_1)), "0020000004 31323334",
                       "0120000004 39393939", "8007000000", "8107000000", "8008000200", "8109000200"),
    "one-buffer": commands(OPEN, select(PEER_1), on(0x01, select(PEER_2)), "8003010400", "01C0000004",
                           "9006000002 AAAA", "8103010200", "8006000001 BB", "01C0000002",
                           "9106000002 CCCC", "8002000000", "8106000001 DD", "97100000"),
    "calls": commands(select(PEER_2), ALLOW, select(PEER_1), call(0x20, 16, PEER_2, 1, "112233"),
                      call(0x20, 16, PEER_2, 2), call(0x20, 16, PEER_2, 8, "FFFFFFEF"),
                      call(0x21, 5, PEER_2, 5, "22"), call(0x22, 5, PEER_2, 3, "22"),
                      call(0x23, 5, PEER_2, 3, "22"), call(0x24, 5, PEER_2, 12),
                      call(0x28, 7, PEER_2, 14, "07"), call(0x20, 16, PEER_2, 16)),
    "calls-on": commands(select(PEER_1), ALLOW, select(PEER_2), ALLOW, select(PEER_3), ALLOW,
                         call(0x20, 64, PEER_1, 7, lv(PEER_2) + "00000007" + lv(PEER_3) + "00000001"),
                         call(0x20, 64, PEER_3, 1), call(0x20, 64, PEER_1, 4)),
    "lives": commands(select(PEER_2), "8011002F00", "8011008000", select(PEER_2), select(PEER_1),
                      "8016000000", "8012000000", "8014000000", select(DOMAIN), OPEN),
    "ends": commands(select(PEER_1), "8030000100", "8030000700", "8030000600", "8031000000",
                     "8013000000", "80CA000000", "8002000000"),
    "occurrences": commands(select("F06F6E"), select("F06F6E", "02"), select("F06F6E", "03"),
                            select("F06F6E", "01"), select("", "02"), select("", "03")),
}


# ---- commands of security domains over an open channel: fuzz_scp.c, the first byte chooses ----

KEY = "8010" + "40" * 16 + "00"
INSTALL_ONE = "0AF06F6E65636172640150" "09F06F6E656361726401" "06F00102030401" "0100" "02C900" "00"
BANK = "06D15600000101"


def domain(which, *words):
    return bytes([which]) + commands(*words)


def wrapped(which, *words):
    """instruction, P1, P2, length, data: the target puts the MAC behind it."""
    return bytes([which]) + b"".join(bytes.fromhex(word.replace(" ", "")) for word in words)


SCP = {
    "status": domain(0, "80F28002024F00", "80F24002024F00", "80F22003024F00", "80F21000024F00",
                     "80F24002 0A 4F06F001020304015C014F"),
    "data": domain(0, *(f"80CA{tag}00" for tag in
                        ("9F7F", "0042", "0045", "0066", "0067", "00C1", "00C2", "00CF", "00D3", "00E0",
                         "2F00", "FF21", "006F", "DF01"))),
    "keys": domain(0, "80D800813A01" + KEY * 3, "80D801813A02" + KEY * 3, "80E4000003D20102",
                   "80D800014E73A140" + "C1" * 64 + "A003010001" + "00",
                   "80D800014773B041" + "04" + "11" * 64 + "F0010000", "80E4000006D00101D20120"),
    "install": domain(0, f"80E60C00{lv(INSTALL_ONE)}", "80E60800" + lv("000006F0010203040101040000"),
                      "80E62000" + lv("000006F00102030401000000"), "80E280000362000100",
                      "80F0408006F00102030401", "80F0400006F00102030401", "80E40000084F06F00102030401"),
    "domains": domain(0, "80E60C00" + lv("07A0000001515350" "08A000000151535041" + BANK +
                                         "03804000" "02C900" "00"),
                      f"80E60C00{lv(INSTALL_ONE)}",
                      "80E61000" + lv(BANK + "00" "06F00102030401" "000000"),
                      "80E64000" + lv("000006F00102030401" "03000000" "05EF03CF0141" "00"),
                      "80F0608006D15600000101", "80E40080084F06D15600000101"),
    "store": domain(0, "80E2900007420311223345" "00", "80E210000442031122", "80E290010133",
                    "80E28800078F100420550101", "80E28800080070054203445566", "80E2E80003820001"),
    "keys-extended": domain(0, "80D80081" + lv("01" + "FF8810" + "40" * 16 + "0001380101" +
                                               "FF8810" + "40" * 16 + "00" + "01340100" +
                                               "FF8810" + "40" * 16 + "00" + "01C800"),
                            "80D80001" + lv("70FFA140" + "C1" * 64 + "FFA003010001" + "0001810100"),
                            "80D80001" + lv("73FFB04104" + "11" * 64 + "FFF00100" + "000184"), "80CA00E000"),
    "policies": domain(0, "80E60C00" + lv("07A0000001515350" "08A000000151535041" + BANK +
                                          "03804000" "10C90E" "81020370" "82022020" "830120" "870120" "00"),
                       "80E62000" + lv("0000" + BANK + "000000"), "80E210000442031122", "80E290010133",
                       f"80E60C00{lv(INSTALL_ONE)}", "80E61000" + lv(BANK + "00" "06F00102030401" "000000"),
                       "80E61000" + lv("08A000000151000000" "00" "06F00102030401" "000000"),
                       "80E40000084F06F00102030401"),
    "rename": domain(0, "80E29000074F05A000000251", "00A4040005A000000251", "80F28002024F00",
                     "80E290000A4F08A000000151000000"),
    "search": domain(0, "80F24002" + lv("4F009F700107C50100CF0141"),
                     "80F24002" + lv("4F00CC08A000000151000000"),
                     "80F21002" + lv("4F008408A000000151535041CE0101")),
    "load-hash": domain(0, "80E60200" + lv("07F06F6E6563617208A000000151000000" + "14" + "AB" * 20 + "0000"),
                        "80E8000010E20E4F06D15600000101C304AABBCCDD", "80E8800103C40100"),
    "card": domain(0, "80F0807F00", "80CA9F7F00", "80F0800F00", "80F080FF00", "80CA006600"),
    "bank": domain(1, "80F24002024F00", f"80E60C00{lv(INSTALL_ONE)}", "80D800813A01" + KEY * 3,
                   "80F0400F06D15600000101", "80E2900005DF010101AA", "80CA00E000"),
    "session": domain(0, "8050000008" + "11" * 8, "8482010010" + "22" * 16, "807A1001020100",
                      "8078000300"),
    "scp03": wrapped(2, "F2800210" + "5A" * 16, "CA006600", "E2900010" + "A5" * 16, "7A100110" + "3C" * 16,
                     "78000300"),
    "scp02": wrapped(3, "F2800208" + "5A" * 8, "CA006600", "E2900010" + "A5" * 16, "78000300"),
}


def main():
    for target, seeds in (("sm", SM), ("cert", CERT), ("apdu", APDU), ("channels", CHANNELS), ("load", load_seeds()),
                          ("cap", cap_seeds()), ("door", DOOR),
                          ("gp", GP), ("scp", SCP)):
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, seed in seeds.items():
            (folder / name).write_bytes(seed)
        print(f"{len(seeds)} seeds of {target}")


if __name__ == "__main__":
    main()
