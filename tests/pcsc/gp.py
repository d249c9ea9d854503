#!/usr/bin/python3
"""onecard gp against a card in Python, in a real pcscd: every protocol and level, and what it sends.
gp.py BUILD"""
import os
import subprocess
import sys

from gp_card import ENC, ISD, MAC, RENC, RMAC, GpCard, Inserted, Scp02, Scp03, Scp03Sm4, tdes
from harness import GREET, SECONDS, SELECT_HELLO, Place, PrivateReader, await_card, check, check_equal, run_tests

place = Place(sys.argv[1], "gp")
reader = PrivateReader(place.folder / "reader")
KEY = bytes.fromhex("404142434445464748494A4B4C4D4E4F")
APPLET, PACKAGE = "F06F6E656361726401", "F06F6E65636172640150"


def keys(size=16):
    return tuple(os.urandom(size) for _ in range(3))


def key_options(three):
    words = []
    for name, key in zip(("--enc", "--mac", "--dek"), three):
        words += [name, key.hex()]
    return words


def gp(card, *words, status=0):
    """One call on that card; its result."""
    slot.card = card
    result = subprocess.run([place.onecard, "gp", "--reader", reader.reader_name(), *words],
                            env=reader.environment(), capture_output=True, text=True,
                            timeout=SECONDS)
    check(card.failure is None, f"{card.failure}: {words}")
    check_equal(result.returncode, status, f"{words}: {result.stderr}")
    return result


def every_protocol_and_level():
    """Data of every length that matters for padding, there and back."""
    lengths = [0, 1, 7, 8, 15, 16, 17, 31, 32, 100, 200, 207]
    cases = [(Scp02, 0x55, 16, levels) for levels in (0x00, 0x01, 0x03, 0x11, 0x13)]
    cases += [(Scp03, 0x70, size, level) for size in (16, 24, 32)
              for level in (0x01, 0x03, 0x11, 0x13, 0x33)]
    cases += [(Scp03Sm4, 0x70, 16, level) for level in (0x01, 0x03, 0x33)]
    cases += [(Scp03, i, 16, 0x33) for i in (0x60, 0x61, 0x71)] + [(Scp03, 0x00, 16, 0x03)]
    for protocol, i, size, level in cases:
        three = keys(size)
        card = GpCard(protocol(three, i))
        data = [os.urandom(n) for n in lengths]
        commands = ["80CC0000" + (f"{len(d):02X}{d.hex()}" if d else "") + "00" for d in data]
        result = gp(card, "send", *commands, "--level", f"{level:02X}", *key_options(three))
        check_equal(card.level, level, "level")
        check_equal([c[3] for c in card.commands], data, f"commands, {protocol.__name__} {i:02X}")
        check_equal(result.stdout.split(), [(d[::-1].hex() + "9000").upper() for d in data],
                    f"answers, {protocol.__name__} {i:02X} {level:02X}")


def wrong_keys_are_told_and_not_tried_again():
    for protocol in (Scp02, Scp03):
        card = GpCard(protocol(keys(), 0x70))
        result = gp(card, "list", "--key", KEY.hex(), status=1)
        check("not its keys" in result.stderr, result.stderr)
        check_equal(card.level, None, "no EXTERNAL AUTHENTICATE was sent")


def a_forged_answer_is_refused():
    for protocol in (Scp02, Scp03):
        three = keys()
        card = GpCard(protocol(three, 0x70))
        true_wrap = card.protocol.wrap
        card.protocol.wrap = lambda *words: true_wrap(*words)[:-1] + b"\0"
        result = gp(card, "send", "80CC0000021234", "80CC0000025678", "--level", "11",
                    *key_options(three), status=1)
        check("MAC is wrong" in result.stderr, result.stderr)
        check(len(card.commands) < 3, "nothing more is sent")


def keys_are_diversified():
    """EMV CPS 1.1 and Visa GP 2.1.1, from the data of INITIALIZE UPDATE: 00 to 09."""
    parts = {"emv": bytes(range(4, 10)), "visa2": bytes([0, 1, 4, 5, 6, 7])}
    for how, part in parts.items():
        three = tuple(b"".join(tdes(KEY, part + bytes([half, n])) for half in (0xF0, 0x0F))
                      for n in (1, 2, 3))
        card = GpCard(Scp02(three, 0x55))
        gp(card, "send", "80CC000000", "--diversify", how)
        check_equal(card.level, MAC, "authenticated")


def entry(aid, state, privileges="", *more):
    inner = bytes.fromhex(f"4F{len(aid) // 2:02X}{aid}9F7001{state:02X}")
    if privileges:
        inner += bytes.fromhex(f"C5{len(privileges) // 2:02X}{privileges}")
    inner += b"".join(bytes.fromhex(m) for m in more)
    return b"\xE3" + bytes([len(inner)]) + inner


def list_is_a_table():
    registry = {0x80: [entry(ISD.hex(), 0x0F, "9EFE80")],
                0x40: [entry(APPLET, 0x07, "00", f"C40A{PACKAGE}", "CC08" + ISD.hex()),
                       entry("A0000000031010", 0x87, "040000"),
                       entry("D2760000850101", 0x07, "800000")],
                0x10: [entry(PACKAGE, 0x01, "", "CE020103", f"8409{APPLET}", "84" + "07A0000000031010"),
                       entry("A0000000621110", 0x01)]}
    for protocol in (Scp02, Scp03):
        card = GpCard(protocol((KEY,) * 3, 0x70), registry=registry)
        lines = gp(card, "list", "--level", "full").stdout.splitlines()
        check_equal(len(lines), 8, "lines")
        for line, words in zip(lines, [
                ["card", ISD.hex().upper(), "SECURED", "security-domain", "final"],
                ["applet", APPLET, "(hello)", "SELECTABLE", f"from {PACKAGE}", "under A000"],
                ["applet", "A0000000031010", "LOCKED", "default"],
                ["domain", "D2760000850101", "SELECTABLE"],
                ["package", PACKAGE, "LOADED", "version 1.3"], ["applet", APPLET],
                ["applet", "A0000000031010"], ["package", "A0000000621110"]]):
            for word in words:
                check(word in line, f"'{word}' in {line}")


def list_of_a_card_with_the_old_form():
    old = {0x80: [bytes.fromhex("08" + ISD.hex() + "0F9E")],
           0x40: [bytes.fromhex(f"09{APPLET}0700"), bytes.fromhex("07A000000003101003" + "04")],
           0x10: [bytes.fromhex(f"0A{PACKAGE}0100" + f"0109{APPLET}")]}
    card = GpCard(Scp02((KEY,) * 3, 0x55), old_registry=old)
    lines = gp(card, "list").stdout.splitlines()
    check_equal(len(lines), 5, "lines")
    check("INSTALLED" in lines[2] and APPLET in lines[4], lines[4])


def nonsense_from_a_card_is_told():
    for answer in (b"\xE3\x05\x4F\x10", b"\xE3\x80", b"\xE4\x00", b"\x4F", b"\xE3\x02\x4F\x00"):
        card = GpCard(Scp02((KEY,) * 3, 0x55), registry={0x80: [answer]})
        check("GET STATUS" in gp(card, "list", status=1).stderr, "which command")

    class Mad(GpCard):
        def dispatch(self, c):
            return (os.urandom(17), 0x9000) if c[1] == 0x50 else super().dispatch(c)
    check("INITIALIZE UPDATE" in gp(Mad(Scp02((KEY,) * 3, 0x55)), "list", status=1).stderr, "which")


def info_needs_no_keys():
    card = GpCard(Scp02(keys(), 0x55))
    card.answers[0xCA, 0x66] = bytes.fromhex(
        "663F733D06072A864886FC6B01600C060A2A864886FC6B0202030163"
        "09" "06072A864886FC6B03" "640B" "06092A864886FC6B040255" "640B" "06092A864886FC6B040370")
    card.answers[0xCA, 0x66] = b"\x66" + bytes([len(card.answers[0xCA, 0x66]) - 2]) + b"\x73" + \
        bytes([len(card.answers[0xCA, 0x66]) - 4]) + card.answers[0xCA, 0x66][4:]
    card.answers[0xCA, 0xE0] = bytes.fromhex("E012C00401208010C00402208010C00403208010")
    card.answers[0xCA, 0x45] = bytes.fromhex("450412345678")
    output = gp(card, "info").stdout
    for words in ("A000000151000000", "2.3.1", "SCP02, i = 55", "SCP03, i = 70",
                  "version 20, number 3: 3DES, 16 bytes", "450412345678"):
        check(words in output, f"'{words}' in {output}")


def install_sends_the_whole_load_file():
    """Blocks as long as the level allows; the applet's instance, with privileges and parameters."""
    cap = str(place.build / "applets" / "hello.cap")
    for protocol, level, room in ((Scp02, "auth", 255), (Scp02, "mac", 247), (Scp02, "enc", 239),
                                  (Scp03, "mac", 247), (Scp03, "full", 239)):
        card = GpCard(protocol((KEY,) * 3, 0x70))
        gp(card, "install", cap, "--level", level, "--privileges", "card-lock,default",
           "--parameters", "0102")
        first, *blocks, last = card.commands
        check_equal(first, (0xE6, 0x02, 0, bytes([len(PACKAGE) // 2]) +
                            bytes.fromhex(PACKAGE + "00000000")), "INSTALL [for load]")
        check_equal([(b[0], b[1], b[2]) for b in blocks],
                    [(0xE8, 0x80 if n + 1 == len(blocks) else 0, n & 0xFF)
                     for n in range(len(blocks))], "blocks")
        check_equal({len(b[3]) for b in blocks[:-1]} | {room}, {room}, f"bytes of blocks, {level}")
        whole = b"".join(b[3] for b in blocks)
        check_equal((whole[:2], int.from_bytes(whole[2:4], "big")), (b"\xC4\x82", len(whole) - 4),
                    "the load file's tag and length")
        check_equal(last[:3], (0xE6, 0x0C, 0), "INSTALL")
        check(last[3].endswith(bytes.fromhex("0114" + "04C9020102" + "00")), last[3].hex())
        check_equal(last[3].count(bytes.fromhex("09" + APPLET)), 2, "applet and instance")


def content_and_states():
    """What each command sends."""
    aid, other = "A0000000031010", "D2760000850101"
    tlv = "07" + aid
    for words, expected in [
            (["delete", aid, other], [(0xE4, 0, 0, "4F" + tlv), (0xE4, 0, 0, "4F07" + other)]),
            (["delete", aid, "--related"], [(0xE4, 0, 0x80, "4F" + tlv)]),
            (["lock", aid], [(0xF0, 0x40, 0x80, aid)]),
            (["unlock", aid], [(0xF0, 0x40, 0x00, aid)]),
            (["lock", "card"], [(0xF0, 0x80, 0x7F, "")]),
            (["unlock", "card"], [(0xF0, 0x80, 0x0F, "")]),
            (["state", "secured"], [(0xF0, 0x80, 0x0F, "")]),
            (["rename", other], [(0xE2, 0x90, 0, "4F07" + other)]),
            (["extradite", aid, other], [(0xE6, 0x10, 0, "07" + other + "00" + tlv + "000000")]),
            (["domain", other], [(0xE6, 0x0C, 0, "07A0000001515350" + "08A000000151535041" +
                                  "07" + other + "0180" + "02C900" + "00")]),
            (["install", aid, aid + "01", other, "--privileges", "000000"],
             [(0xE6, 0x0C, 0, tlv + "08" + aid + "01" + "07" + other + "03000000" + "02C900" + "00")]),
            (["store-data", aid, "0102", "03"], [(0xE6, 0x20, 0, "0000" + tlv + "000000"),
                                                 (0xE2, 0, 0, "0102"), (0xE2, 0x80, 1, "03")]),
            (["store-data", "-", "FF"], [(0xE2, 0x80, 0, "FF")])]:
        card = GpCard(Scp03((KEY,) * 3, 0x70))
        gp(card, *words, "--level", "full")
        check_equal(card.commands, [(c[0], c[1], c[2], bytes.fromhex(c[3])) for c in expected],
                    " ".join(words))


def keys_are_put():
    new = keys()
    for protocol, kind in ((Scp02, 0x80), (Scp03, 0x88), (Scp03Sm4, 0x89)):
        card = GpCard(protocol((KEY,) * 3, 0x70))
        gp(card, "put-key", *(k.hex() for k in new), "--new-kvn", "31")
        ins, p1, p2, data = card.commands[0]
        check_equal((ins, p1, p2, data[0]), (0xD8, 0x00, 0x81, 0x31), "a new version")
        at = 1
        for key in new:
            check_equal(data[at], kind, "type")
            size, extra = data[at + 1], kind != 0x80
            value = data[at + 2 + extra:at + 2 + size]
            check_equal(card.protocol.put_key(value)[:16], key, "the key")
            at += 2 + size
            check_equal(data[at], 3, "check value")
            at += 4
        check_equal(at, len(data), "nothing more")
        card = GpCard(protocol((KEY,) * 3, 0x70), version=0x20)
        gp(card, "put-key", new[0].hex())
        check_equal((card.commands[0][1], card.commands[0][3][0]), (0x20, 0x20), "replaced")


def verbose_explains_and_masks():
    new = keys()[0].hex().upper()
    card = GpCard(Scp03((KEY,) * 3, 0x70))
    errors = gp(card, "put-key", new, "--verbose", "--level", "full").stderr
    for words in ("SELECT", "INITIALIZE UPDATE", "PUT KEY", "wire >", "9000 success"):
        check(words in errors, f"'{words}' in {errors}")
    check(new not in errors, "the key is not shown")


def refusals_and_wrong_calls():
    class Refusing(GpCard):
        def answer(self, ins, p1, p2, body):
            return b"", 0x6A80
    for words in (["delete", APPLET], ["lock", APPLET], ["store-data", APPLET, "00"]):
        result = gp(Refusing(Scp02((KEY,) * 3, 0x55)), *words, status=1)
        check("6A80" in result.stderr, result.stderr)
    for words, reason in [(["list", "--key", "0102"], "16, 24 or 32 bytes"),
                          (["list", "--level", "44"], "--level"),
                          (["list", "--kvn", "100"], "--kvn"),
                          (["list", "--diversify", "x"], "--diversify"),
                          (["delete", "A0"], "5 to 16 bytes"),
                          (["state", "sound"], "state"),
                          (["install", APPLET, APPLET, "--privileges", "nonsense"], "--privileges"),
                          (["put-key", "00" * 16, "00" * 16], "put-key")]:
        result = gp(GpCard(Scp02((KEY,) * 3, 0x55)), *words, status=2)
        check(reason in result.stderr, result.stderr)
    result = subprocess.run([place.onecard, "gp", "--reader", "no such reader", "info"],
                            env=reader.environment(), capture_output=True, text=True)
    check_equal(result.returncode, 1, "exit status")
    check(reader.reader_name() in result.stderr, f"the readers that there are: {result.stderr}")


def info_of_keys_in_the_extended_form():
    card = GpCard(Scp02(keys(), 0x55))
    card.answers[0xCA, 0xE0] = bytes.fromhex(
        "E01E" "C00A0130FF88001001380101" "C0100170FFA10100FFA00003" "0181" "0100" "0000")
    output = gp(card, "info").stdout
    for words in ("version 30, number 1: AES, 16 bytes", "version 70, number 1: RSA public, 256 bytes"):
        check(words in output, f"'{words}' in {output}")


# ---- our own card, in its image ----

HELLO_CAP = str(place.build / "applets" / "hello.cap")


def ours(image, *words, status=0):
    result = subprocess.run([place.onecard, "gp", image, *words], capture_output=True, text=True,
                            timeout=SECONDS)
    check_equal(result.returncode, status, f"{words}: {result.stderr}")
    return result


def hello_answers(image):
    return place.apdu(image, SELECT_HELLO, GREET).stdout.split()[-1][-4:]


def new_key(kind, name):
    """Key files, of who signs and of who verifies: the same one for MACs."""
    path = str(place.folder / f"{name}.pem")
    if kind in ("aes", "sm4", "3des"):
        with open(path, "w") as file:
            file.write(f"{kind} {os.urandom(16).hex()}\n")
        return path, path
    options = {"rsa": ["RSA", f"rsa_keygen_bits:{kind[3:]}"], "p25": ["EC", "ec_paramgen_curve:P-256"],
               "sm2": ["EC", "ec_paramgen_curve:SM2"]}[kind[:3]]
    subprocess.run(["openssl", "genpkey", "-algorithm", options[0], "-pkeyopt", options[1], "-out", path],
                   check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-out", f"{path}.pub"], check=True,
                   capture_output=True)
    return path, f"{path}.pub"


def put_key(image, version, kind, name, *options):
    path, public = new_key(kind, name)
    ours(image, "put-key", public, "--new-kvn", f"{version:02X}", *options)
    return path


def our_card_wants_daps_tokens_and_gives_receipts():
    """Each kind of key: right, and somebody else's."""
    domain, image = "D276000085010203", place.new_card("delegated.card")
    ours(image, "delete", PACKAGE, "--related")
    ours(image, "domain", domain, "--privileges", "dap,delegated")
    for dap, token, receipt, name in (("rsa1024", "p256", "aes", None), ("rsa1536", "sm2", "3des", "sha512"),
                                      ("p256", "rsa1024", "sm4", "sha1"), ("sm2", "aes", "aes", "sm3"),
                                      ("aes", "3des", "3des", "sha384"), ("rsa2048", "rsa2048", "aes", None)):
        inside = ["--domain", domain] + (["--hash", name] if name else [])
        dap_key = put_key(image, 0x73, dap, "dap", "--domain", domain)
        token_key = put_key(image, 0x70, token, "token")
        receipt_key = put_key(image, 0x71, receipt, "receipt")
        other, _ = new_key("p256" if token != "p256" else "sm2", "other")
        other_mac, _ = new_key(receipt, "other-mac")
        signed = [*inside, "--dap", dap_key, "--token", token_key, "--receipt-key", receipt_key]
        for words in (["--token", token_key], ["--dap", dap_key], ["--dap", other, "--token", token_key],
                      ["--dap", dap_key, "--token", other]):
            check("6985" in ours(image, "load", HELLO_CAP, *inside, *words, status=1).stderr, words)
        lines = ours(image, "load", HELLO_CAP, *signed).stdout.splitlines()
        check(len(lines) == 1 and lines[0].startswith("receipt") and "number" in lines[0], lines)
        check("6985" in ours(image, "install", PACKAGE, APPLET, *inside, status=1).stderr, "no token")
        ours(image, "install", PACKAGE, APPLET, *signed)
        check_equal(hello_answers(image), "9000", "hello is there")
        told = ours(image, "extradite", APPLET, ISD.hex(), *inside, "--token", token_key, "--receipt-key",
                    other_mac, status=1).stderr
        check("receipt is not right" in told, told)
        check("no receipt" in ours(image, "delete", APPLET, "--receipt-key", receipt_key, status=1).stderr,
              "the issuer needs no token, and gets no receipt")
        lines = ours(image, "delete", PACKAGE, *signed).stdout.splitlines()
        check(lines[0].startswith("receipt"), lines)
        for version, where in ((0x70, []), (0x71, []), (0x73, ["--domain", domain])):
            ours(image, "send", f"80E4000003D201{version:02X}00", *where)
    for words in (["--dap", dap_key], ["--dap", "/nowhere", "--dap-domain", domain],
                  ["--hash", "md5"], ["--token", HELLO_CAP]):
        result = subprocess.run([place.onecard, "gp", image, "load", HELLO_CAP, *words],
                                capture_output=True, text=True, timeout=SECONDS)
        check(result.returncode in (1, 2) and words[0] in result.stderr, result.stderr)


def key_files_of_the_wrong_kind():
    image = place.new_card("keys.card")
    _, public = new_key("p256", "wrong")
    told = ours(image, "put-key", public, status=2).stderr
    check("--new-kvn" in told, told)
    for version in ("zz", "00", "80", "100"):
        for words in ([public], ["41" * 16]):
            told = ours(image, "put-key", *words, "--new-kvn", version, status=2).stderr
            check(f"--new-kvn {version}" in told, told)
    for path in (HELLO_CAP, f"{place.folder}/wrong.pem"):  # the private key, too
        told = ours(image, "put-key", path, "--new-kvn", "73", status=1).stderr
        check("not a public key in PEM" in told and path in told, told)
    ours(image, "put-key", public, "--new-kvn", "73")
    told = ours(image, "put-key", public, "--new-kvn", "73", status=1).stderr
    check("PUT KEY: 6A" in told, told)  # there is one
    # a key longer than a command, in parts, over every channel
    _, long = new_key("rsa2048", "long")
    for version, level in (("20", "auth"), ("20", "mac"), ("20", "enc"), ("20", "rmac"),
                           ("30", "auth"), ("30", "mac"), ("30", "enc"), ("30", "full")):
        ours(image, "put-key", long, "--new-kvn", "74", "--kvn", version, "--level", level)
        listed = ours(image, "info").stdout
        check("version 74, number 1: RSA public, 256 bytes" in listed, listed)
        ours(image, "send", "80E4000003D2017400")


def our_card_is_renamed():
    image, name = place.new_card("renamed.card"), "A0000002510102"
    ours(image, "rename", name)
    lines = ours(image, "list").stdout.splitlines()
    check(lines[0].startswith("card") and name in lines[0], lines[0])
    check(any(APPLET in line and f"under {name}" in line for line in lines), "what is associated with it")
    check(name in ours(image, "info").stdout, "info")
    check("6A82" in ours(image, "list", "--domain", ISD.hex(), status=1).stderr, "the old name")
    check("6A80" in ours(image, "rename", APPLET, status=1).stderr, "somebody else's")
    shown = subprocess.run([place.onecard, "show", image], capture_output=True, text=True).stdout
    check(f"issuer's domain {name}" in shown, shown.splitlines()[:3])
    ours(image, "rename", ISD.hex(), "--domain", name)
    ours(image, "list", "--domain", ISD.hex())


def our_card_at_every_level():
    image = place.new_card()
    answers = set()
    for version in ("20", "30"):
        for level in ("auth", "mac", "enc", "rmac", "full"):
            answers.add(ours(image, "send", "80F28002024F0000", "80CA006600", "80CA9F7F00",
                             "80F24002024F0000", "80F2400202C10000", "80CAFFFF00", "--kvn", version,
                             "--level", level).stdout)
    check_equal(len(answers), 1, f"answers alike at every level: {answers}")
    check(answers.pop().splitlines()[0].endswith("9000"), "GET STATUS")
    check("not its keys" in ours(image, "list", "--key", "00" * 16, status=1).stderr, "wrong keys")
    check("no keys" in ours(image, "list", "--kvn", "7F", status=1).stderr, "no such version")


def our_card_is_managed():
    """Applets come, are locked, go, under both protocols; a domain of its own; keys change."""
    image, domain = place.new_card("managed.card"), "D276000085010203"
    for options in (["--kvn", "20", "--level", "mac"], ["--kvn", "30", "--level", "full"]):
        ours(image, "delete", PACKAGE, "--related", *options)
        check_equal(hello_answers(image)[:1], "6", "hello is gone")
        ours(image, "install", HELLO_CAP, *options)
        check_equal(hello_answers(image), "9000", "hello is there")
        ours(image, "lock", APPLET, *options)
        check_equal(hello_answers(image)[:1], "6", "hello is locked")
        check("LOCKED" in ours(image, "list", *options).stdout, "the list says so")
        ours(image, "unlock", APPLET, *options)
        check_equal(hello_answers(image), "9000", "hello is back")
        check("INSTALL [for load]" in ours(image, "load", HELLO_CAP, *options, status=1).stderr,
              "loaded already")
    ours(image, "domain", domain)
    ours(image, "extradite", APPLET, domain)
    lines = ours(image, "list").stdout.splitlines()
    check(any(line.startswith("domain") and domain in line for line in lines), "the domain")
    check(any(APPLET in line and f"under {domain}" in line for line in lines), "under it")
    new = os.urandom(16).hex()
    ours(image, "put-key", new, "--kvn", "30")
    ours(image, "list", "--kvn", "30", status=1)
    ours(image, "list", "--kvn", "30", "--key", new, "--level", "full")
    ours(image, "put-key", new, new, new, "--new-kvn", "21", "--kvn", "20")
    ours(image, "list", "--kvn", "21", "--key", new)
    ours(image, "lock", "card", "--kvn", "20")
    check(place.apdu(image, "00A4040000").stdout.strip().endswith("6283"), "the card is locked")
    ours(image, "unlock", "card", "--kvn", "20")
    check_equal(hello_answers(image), "9000", "the card is unlocked")


def our_card_takes_keys_of_every_kind():
    image = place.new_card("keys.card")
    for kind, size, version, by in (("aes", 24, "31", "30"), ("aes", 32, "32", "20"),
                                    ("sm4", 16, "33", "30"), ("3des", 16, "34", "30")):
        first, second = os.urandom(size).hex(), os.urandom(size).hex()
        ours(image, "put-key", first, "--type", kind, "--new-kvn", version, "--kvn", by)
        now = ["--kvn", version, "--level", "full", "--key"]
        ours(image, "list", *now, first)
        ours(image, "put-key", second, *now, first)  # over a channel of its own kind
        ours(image, "list", *now, second)
        ours(image, "list", *now, first, status=1)
    info = ours(image, "info").stdout
    for words in ("version 32, number 1: AES, 32 bytes", "version 33, number 3: SM4, 16 bytes"):
        check(words in info, f"'{words}' in {info}")


def our_card_has_a_domain_that_manages_its_own():
    """With the issuer's keys until it has its own; it sees and deletes what is under it, no more."""
    image, domain, key = place.new_card("domain.card"), "D276000085010203", os.urandom(16).hex()
    ours(image, "domain", domain)
    ours(image, "--domain", domain, "put-key", key, "--new-kvn", "31")
    own = ["--domain", domain, "--kvn", "31", "--key", key, "--level", "full"]
    check(APPLET not in ours(image, *own, "list").stdout, "what is not under it is not seen")
    ours(image, *own, "delete", APPLET, status=1)
    ours(image, "extradite", APPLET, domain)
    lines = ours(image, *own, "list").stdout.splitlines()
    check(any(line.startswith("applet") and APPLET in line for line in lines), f"{lines}")
    ours(image, *own, "lock", APPLET)
    check_equal(hello_answers(image)[:1], "6", "hello is locked")


with reader, Inserted(None, reader.port) as slot:
    await_card(reader)
    sys.exit(run_tests([
        every_protocol_and_level, wrong_keys_are_told_and_not_tried_again,
        a_forged_answer_is_refused, keys_are_diversified, list_is_a_table,
        list_of_a_card_with_the_old_form, nonsense_from_a_card_is_told, info_needs_no_keys, info_of_keys_in_the_extended_form,
        install_sends_the_whole_load_file, content_and_states, keys_are_put,
        verbose_explains_and_masks, refusals_and_wrong_calls, our_card_wants_daps_tokens_and_gives_receipts,
        key_files_of_the_wrong_kind, our_card_is_renamed,
           our_card_at_every_level,
        our_card_is_managed, our_card_takes_keys_of_every_kind,
        our_card_has_a_domain_that_manages_its_own]))
