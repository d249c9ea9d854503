#!/usr/bin/env python3
"""Profiles, CAP files and images, good and bad, as users hand them to onecard. profiles.py BUILD

A bad profile is told with file, line and reason, and makes no image (docs/profiles.md); of a good
one everything is read back through commands to the card."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

BUILD = pathlib.Path(sys.argv[1]).absolute()
ONECARD = str(BUILD / "onecard")
FOLDER = BUILD / "tool"
FILES_CAP = BUILD / "applets" / "test" / "files.cap"
PAIRS_CAP = BUILD / "applets" / "test" / "pairs.cap"
PEMS = FOLDER / "pems"
HELLO_CAP = BUILD / "applets" / "hello.cap"
HELLO_WASM = BUILD / "applets" / "hello.wasm"

SELECT_HELLO = "00A4040009F06F6E65636172640100"
SELECT_FILES = "00A4040009F06F6E6563617264F100"
COUNT = "8040000004"


class CheckFailed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise CheckFailed(what)


def check_equal(got, expected, what):
    check(got == expected, f"{what}: expected {expected!r}, got {got!r}")


def onecard(*words, **options):
    return subprocess.run([ONECARD, *map(str, words)], capture_output=True, text=True, timeout=90,
                          **options)


def check_refused(result, *words):
    """Exit status 1, nothing on standard output, and the message has all of the words."""
    check_equal(result.returncode, 1, f"exit status ({result.stderr.strip()})")
    check_equal(result.stdout, "", "standard output")
    for word in words:
        check(word in result.stderr, f"'{word}' in: {result.stderr.strip()}")
    check("Sanitizer" not in result.stderr, result.stderr)


def new_image(name, *options):
    image = FOLDER / name
    result = onecard("new", image, "--force", *options)
    check_equal(result.returncode, 0, f"onecard new: {result.stderr}")
    return image


def answers(image, *commands):
    result = onecard("apdu", image, *commands)
    check_equal(result.returncode, 0, f"exit status ({result.stderr.strip()})")
    lines = result.stdout.split()
    check_equal(len(lines), len(commands), "answers")
    return lines


# ---- bad profiles ----

HEAD = f"""packages:
  - {FILES_CAP}
instances:
  - applet: F06F6E6563617264F1
"""


def body(text):
    """Words of the instance."""
    return HEAD + text


def item(kind, text):
    """One file, key, ...: its words in braces. It stands on line 6."""
    return body(f"    {kind}:\n      - {{{text}}}\n")


FILE = "fid: 0001, kind: transparent, size: 4"
KEY = "number: 1, algorithm: 3des, usage: [encrypt], value: 404142434445464748494A4B4C4D4E4F"
PIN = "number: 0, format: bcd, value: 1234"
OBJECT = "tag: 9F10, value: 01"
RECORDS = "fid: 0001, kind: linear-fixed, record-size: 4, records: 2"


def without(text, word):
    return ", ".join(part for part in re.split(r", (?=[a-z-]+:)", text)
                     if not part.startswith(word + ":"))


def instead(text, word, value):
    return f"{without(text, word)}, {word}: {value}"


# name: profile, line (0: the file as a whole), words of the reason
BAD = {
    # YAML
    "empty": ("", 0, "empty"),
    "only a comment": ("# nothing\n", 0, "empty"),
    "no YAML": ("packages: [\n", 2, "not YAML"),
    "a tab": ("packages:\n\t- a.cap\n", 2, "not YAML"),
    "an alias of nothing": ("packages: *x\ninstances: []\n", 1, "not YAML"),
    "bytes that are no text": ("packages: \udcff\n", 1, "not YAML"),
    "a list": ("- a\n- b\n", 1, "must be a list of 'word: value'"),
    "a word alone": ("packages\n", 1, "must be a list of 'word: value'"),
    "two documents": ("packages: []\ninstances: []\n---\npackages: []\n", 4,
                      "a second document"),
    "no YAML behind the first document": ("packages: []\ninstances: []\n---\n- [\n", 5,
                                          "not YAML"),
    # the frame
    "no packages": ("instances: []\n", 1, "needs 'packages'"),
    "no instances": (f"packages:\n  - {FILES_CAP}\n", 1, "needs 'instances'"),
    "an unknown word": ("packages: []\ninstances: []\napplets: []\n", 3, "cannot have 'applets'",
                        "packages, instances"),
    "a word twice": ("packages: []\ninstances: []\npackages: []\n", 3, "'packages' stands twice"),
    "packages is a word": ("packages: hello.cap\ninstances: []\n", 1, "packages must be a list"),
    "packages is a mapping": ("packages: {a: b}\ninstances: []\n", 1, "packages must be a list"),
    "a package is a list": ("packages:\n  - []\ninstances: []\n", 2, "single value"),
    "a package that is not there": ("packages:\n\n  - none.cap\ninstances: []\n", 3, "none.cap",
                                    "no such file"),
    "a package that is no CAP": (f"packages:\n  - {HELLO_WASM}\ninstances: []\n", 2, "not a CAP"),
    "a package that is a folder": (f"packages:\n  - {FOLDER}\ninstances: []\n", 2, "not a CAP"),
    "instances is a word": (f"packages: []\ninstances: yes\n", 2, "instances must be a list"),
    "an instance is a word": ("packages: []\ninstances:\n  - hello\n", 3, "'word: value'"),
    "an instance without applet": ("packages: []\ninstances:\n  - aid: F06F6E6563\n", 3,
                                   "needs 'applet'"),
    "an applet of no package": ("packages: []\ninstances:\n  - applet: F06F6E6563\n", 3,
                                "no package of this profile has that applet"),
    "an applet that is not hex": (HEAD.replace("F06F6E6563617264F1", "hello-applet"), 4,
                                  "5 to 16 bytes of hex"),
    "an applet of 4 bytes": (HEAD.replace("F06F6E6563617264F1", "F06F6E65"), 4, "5 to 16 bytes"),
    "an applet of 17 bytes": (HEAD.replace("F06F6E6563617264F1", "F0" * 17), 4, "5 to 16 bytes"),
    "an applet with blanks": (HEAD.replace("F06F6E6563617264F1", "F06F 6E65 6361"), 4, "5 to 16"),
    "an AID of half a byte": (body("    aid: F06F6E65631\n"), 5, "aid:", "5 to 16 bytes of hex"),
    "an AID that is a list": (body("    aid: [F0]\n"), 5, "single value"),
    "two instances of one AID": (HEAD + "  - applet: F06F6E6563617264F1\n", 5,
                                 "the instance of line 4 has that AID already"),
    "an unknown word in an instance": (body("    keyz: []\n"), 5, "cannot have 'keyz'", "keys"),
    "parameters that are not hex": (body("    parameters: 0x01\n"), 5, "parameters",
                                    "character 2"),
    "parameters of half a byte": (body("    parameters: 01 2\n"), 5, "parameters", "half a byte"),
    "parameters of 128 bytes": (body("    parameters: " + "00" * 128 + "\n"), 5, "127 bytes"),
    "privileges is a word": (body("    privileges: card-lock\n"), 5, "privileges must be a list"),
    "no such privilege": (body("    privileges: [root]\n"), 5, "'root' is no privilege"),
    "a quota is a number": (body("    quota: 100\n"), 5, "a quota must be a list"),
    "a quota of what": (body("    quota: {ram: 100}\n"), 5, "cannot have 'ram'", "flash, objects"),
    "a quota of nothing": (body("    quota: {flash: 0}\n"), 5, "flash"),
    "an instance's quota of code": (body("    quota: {code: 9000}\n"), 5, "only a package"),
    "a package's quota of what": (f"packages:\n  - {{cap: {FILES_CAP}, quota: {{ram: 1}}}}\n"
                                  "instances: []\n", 2, "cannot have 'ram'"),
    "a package without cap": ("packages:\n  - {quota: {code: 9000}}\ninstances: []\n", 2, "needs 'cap'"),
    "a card's PIN that is a number": ("card-pin: 1234\npackages: []\ninstances: []\n", 1,
                                      "the card's PIN must be a list"),
    "a card's PIN without value": ("card-pin: {format: bcd}\npackages: []\ninstances: []\n", 1,
                                   "needs 'value'"),
    "a card's PIN with a number": ("card-pin: {number: 0, format: bcd, value: 1234}\npackages: []\n"
                                   "instances: []\n", 1, "cannot have 'number'"),
    "a card's PIN that is too short": ("card-pin: {format: bcd, value: 12}\npackages: []\n"
                                       "instances: []\n", 0, "line 1", "6A80"),
    "65 instances": (f"packages:\n  - {FILES_CAP}\ninstances:\n" + "".join(
        f"  - {{applet: F06F6E6563617264F1, aid: F06F6E6563{i:02X}}}\n" for i in range(64)), 1,
        "more than 64"),
    # files
    "files is a word": (body("    files: none\n"), 5, "files must be a list"),
    "a file is a word": (body("    files:\n      - none\n"), 6, "a file must be a list"),
    "a file without kind": (item("files", without(FILE, "kind")), 6, "needs 'kind'"),
    "a file of no kind": (item("files", instead(FILE, "kind", "binary")), 6, "'binary' is none of",
                          "transparent, linear-fixed, linear-variable, cyclic, directory"),
    "a FID of one byte": (item("files", instead(FILE, "fid", "01")), 6, "fid: 2 to 2 bytes"),
    "a FID that is not hex": (item("files", instead(FILE, "fid", "main")), 6, "fid", "character 1"),
    "a file without size": (item("files", without(FILE, "size")), 6, "needs 'size'"),
    "a file of size 0": (item("files", instead(FILE, "size", "0")), 6, "not between 1 and 65000"),
    "a file too large": (item("files", instead(FILE, "size", "65001")), 6, "not between"),
    "a size below zero": (item("files", instead(FILE, "size", "-1")), 6, "is not a number"),
    "a size in words": (item("files", instead(FILE, "size", "four")), 6, "'four' is not a number"),
    "a size with more": (item("files", instead(FILE, "size", "4k")), 6, "'4k' is not a number"),
    "a size of nothing": (item("files", instead(FILE, "size", '""')), 6, "is not a number"),
    "a size with a sign": (item("files", instead(FILE, "size", "+4")), 6, "is not a number"),
    "a size with a blank": (item("files", instead(FILE, "size", '" 4"')), 6, "is not a number"),
    "a size in half hex": (item("files", instead(FILE, "size", "0x")), 6, "is not a number"),
    "a size that is no octal": (item("files", instead(FILE, "size", "0o7")), 6, "not a number"),
    "a size beyond 64 bits": (item("files", instead(FILE, "size", "9" * 30)), 6, "not a number"),
    "SFI 31": (item("files", FILE + ", sfi: 31"), 6, "sfi: 31 is not between 0 and 30"),
    "records without a size": (item("files", without(RECORDS, "record-size")), 6, "'record-size'"),
    "records without a number": (item("files", without(RECORDS, "records")), 6, "'records'"),
    "255 records": (item("files", instead(RECORDS, "records", "255")), 6, "between 1 and 254"),
    "contents that are not hex": (item("files", FILE + ", contents: hello"), 6, "contents",
                                  "character 1"),
    "contents that are a mapping": (item("files", FILE + ", contents: {a: b}"), 6,
                                    "contents must be a list"),
    "a record that is a list": (item("files", RECORDS + ", contents: [[01]]"), 6, "single value"),
    "contents beyond a group": (item("files", "fid: 0001, kind: transparent, size: 5000, contents: "
                                     + "00" * 4001), 6, "more than 4000 bytes"),
    "a name that is not hex": (item("files", "kind: directory, name: xyz"), 6, "name"),
    "an unknown word in a file": (item("files", FILE + ", write: always"), 6, "cannot have 'write'",
                                  "update"),
    # access rules
    **{f"access '{words}'": (item("files", f'{FILE}, read: "{words}"'), 6, "read", *reason)
       for words, *reason in (
           ("sometimes", "is not an access rule", "always, never, pin N"),
           ("", "is not an access rule"),
           ("pin", "is not an access rule"),
           ("pin x", "is not an access rule"),
           ("pin -1", "is not an access rule"),
           ("pin 256", "is not an access rule"),
           ("pin 1000", "only 'and' or 'or'"),
           ("key", "is not an access rule"),
           ("pin 0 and", "is not an access rule"),
           ("and pin 0", "is not an access rule"),
           ("pin 0 or", "is not an access rule"),
           ("pin 0 xor key 1", "only 'and' or 'or'"),
           ("pin 0, key 1", "only 'and' or 'or'"),
           ("pin 0 key 1", "only 'and' or 'or'"),
           ("always or pin 0", "is not an access rule"),
           ("Always", "is not an access rule"),
           (" and ".join(["mac"] * 9), "is not an access rule"),
           (" or ".join(["mac"] * 20), "too many rules"),
       )},
    "access by an unknown interface": (item("files", FILE + ", read: {nfc: always}"), 6,
                                       "cannot have 'nfc'", "contact, contactless"),
    "access that is a list": (item("files", FILE + ", read: [always]"), 6, "'word: value'"),
    # keys
    "a key without number": (item("keys", without(KEY, "number")), 6, "needs 'number'"),
    "a key without value": (item("keys", without(KEY, "value")), 6, "needs 'value'", "'pem'"),
    "a key with two values": (item("keys", KEY + ", generate: 128"), 6, "needs 'value'"),
    "an RSA key that is none": (item("keys", instead(KEY, "algorithm", "rsa")), 6,
                                "no key of this algorithm has 16 bytes"),
    "an SM2 key too short": (item("keys", instead(instead(KEY, "algorithm", "sm2"), "value", "40" * 31)),
                             6, "has 31 bytes"),
    "a PEM file for a cipher": (item("keys", without(KEY, "value") + ", pem: none.pem"), 6,
                                "not for keys of this algorithm"),
    "a PEM file that is not there": (item("keys", without(instead(KEY, "algorithm", "rsa"), "value")
                                          + ", pem: none.pem"), 6, "none.pem", "no such file"),
    "a PEM file that is none": (item("keys", without(instead(KEY, "algorithm", "rsa"), "value")
                                     + f", pem: {HELLO_WASM}"), 6, "not a private key in PEM"),
    "a PEM file that is none, for SM2": (item("keys", without(instead(KEY, "algorithm", "sm2-public"),
                                                              "value") + f", pem: {HELLO_WASM}"), 6,
                                         "not a public key in PEM"),
    "a size that no key has": (item("keys", without(instead(KEY, "algorithm", "p-256"), "value")
                                    + ", generate: 384"), 6, "no key of this algorithm has 384 bits"),
    "a public key made on the card": (item("keys", without(instead(KEY, "algorithm", "sm2-public"),
                                                           "value") + ", generate: 256"), 6,
                                      "no key of this algorithm"),
    "a key without algorithm": (item("keys", without(KEY, "algorithm")), 6, "needs 'algorithm'"),
    "a key without usage": (item("keys", without(KEY, "usage")), 6, "needs 'usage'"),
    "a key number too large": (item("keys", instead(KEY, "number", "65536")), 6, "0 and 65535"),
    "an unknown algorithm": (item("keys", instead(KEY, "algorithm", "rot13")), 6,
                             "'rot13' is none of", "aes-128"),
    "an unknown usage": (item("keys", instead(KEY, "usage", "[encrypt, open]")), 6,
                         "'open' is none of", "mac-verify"),
    "a usage of nothing": (item("keys", instead(KEY, "usage", "[]")), 6, "at least one"),
    "a usage that is a word": (item("keys", instead(KEY, "usage", "encrypt")), 6,
                               "usage must be a list"),
    "a key too short": (item("keys", instead(KEY, "value", "4041")), 6, "has 16 bytes"),
    "a key too long": (item("keys", instead(KEY, "value", "40" * 17)), 6, "has 16 bytes"),
    "key version 256": (item("keys", KEY + ", version: 256"), 6, "between 0 and 255"),
    "key access": (item("keys", KEY + ", access: friends"), 6, "access", "is not an access rule"),
    # PINs
    "a PIN without number": (item("pins", without(PIN, "number")), 6, "needs 'number'"),
    "a PIN without format": (item("pins", without(PIN, "format")), 6, "needs 'format'"),
    "a PIN of no format": (item("pins", instead(PIN, "format", "text")), 6, "'text' is none of",
                           "bcd"),
    "PIN 8": (item("pins", instead(PIN, "number", "99")), 6, "number: 99 is not between"),
    "PIN with 16 tries": (item("pins", PIN + ", tries: 16"), 6, "between 1 and 15"),
    "PIN with 0 tries": (item("pins", PIN + ", tries: 0"), 6, "between 1 and 15"),
    "PIN value that is not hex": (item("pins", instead(PIN, "value", "12x4")), 6, "character 3"),
    # objects and groups
    "an object without tag": (item("objects", without(OBJECT, "tag")), 6, "needs 'tag'"),
    "a tag of 4 bytes": (item("objects", instead(OBJECT, "tag", "DF818001")), 6, "1 to 3 bytes"),
    "value-only perhaps": (item("objects", OBJECT + ", value-only: perhaps"), 6, "yes, no"),
    "an object of size 0": (item("objects", OBJECT + ", size: 0"), 6, "between 1 and 65000"),
    "a group without id": (item("groups", "data: 00"), 6, "needs 'id'"),
    "a group without data": (item("groups", "id: 9F01"), 6, "needs 'data'"),
    "a group's id of one byte": (item("groups", "id: 9F, data: 00"), 6, "2 to 2 bytes"),
    "a group too long": (item("groups", "id: 9F01, data: " + "00" * 4001), 6, "4000 bytes"),
}

# What only the card can say: the line stands in the message, and the status word.
BAD_FOR_THE_CARD = {
    "the same FID twice": (body(f"    files:\n      - {{{FILE}}}\n      - {{{FILE}}}\n"), 7,
                           "6A89"),
    "the same SFI twice": (body("    files:\n"
                                "      - {fid: 0101, kind: transparent, size: 4, sfi: 1}\n"
                                "      - {fid: 0102, kind: transparent, size: 4, sfi: 1}\n"), 7,
                           "6A89"),
    "more contents than size": (item("files", FILE + ", contents: 0102030405"), 6, "6B00"),
    "a record too long": (item("files", RECORDS + ", contents: [0102030405]"), 6, "6B00"),
    "a record too many": (item("files", RECORDS + ", contents: [01010101, 02020202, 03030303]"), 6,
                          "6A84"),
    "a directory that is not there": (item("files", FILE + ", path: 7F10"), 6, "6A8"),
    "a directory without name and FID": (item("files", "kind: directory"), 6, "6A80"),
    "a key twice": (body(f"    keys:\n      - {{{KEY}}}\n      - {{{KEY}}}\n"), 7, "6A89"),
    "a PIN twice": (body(f"    pins:\n      - {{{PIN}}}\n      - {{{PIN}}}\n"), 7, "6A89"),
    "a PIN shorter than it may be": (item("pins", instead(PIN, "value", "12FF")), 6, "6B00"),
    "a PIN in another format": (item("pins", "number: 0, format: ascii, value: 0102"), 6, "6A80"),
    "a PIN longer than longest": (item("pins", PIN + ", shortest: 2, longest: 3"), 6, "6B00"),
    "shortest above longest": (item("pins", PIN + ", shortest: 8, longest: 4"), 6, "6A80"),
    "an object twice": (body(f"    objects:\n      - {{{OBJECT}}}\n      - {{{OBJECT}}}\n"), 7,
                        "6A8"),
    "an object beyond its size": (item("objects", "tag: 9F10, size: 1, value: 0102"), 6, "6700"),
    "a group that nobody knows": (item("groups", "id: 9FFF, data: 00"), 6, "6A88"),
    "an applet that has no STORE DATA": (
        f"packages:\n  - {HELLO_CAP}\ninstances:\n  - applet: F06F6E656361726401\n"
        f"    pins:\n      - {{{PIN}}}\n", 6, "6D00"),
    "the same package twice": (f"packages:\n  - {HELLO_CAP}\n  - {HELLO_CAP}\ninstances: []\n", 0,
                               "6985"),
}


def write_profile(name, text):
    path = FOLDER / (re.sub(r"\W+", "-", name)[:60].strip("-") + ".yaml")
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def refuse(name):
    text, line, *words = BAD[name]
    path = write_profile(name, text)
    image = path.with_suffix(".card")
    place = f"{path}:{line}: " if line else f"{path}: "
    check_refused(onecard("new", image, "--profile", path), place, *words)
    check(not image.exists(), "no image is made")


def refuse_by_card(name):
    text, line, status = BAD_FOR_THE_CARD[name]
    path = write_profile("card " + name, text)
    image = path.with_suffix(".card")
    words = [f"line {line}:"] if line else []
    check_refused(onecard("new", image, "--profile", path), str(path),
                  f"card says {status}", *words)
    check(not image.exists(), "no image is made")


# ---- good profiles ----


def fcp(line):
    """The template 62 of an answer, as a dictionary of one-byte tags."""
    check(line.startswith("62") and line.endswith("9000"), line)
    data, found = bytes.fromhex(line)[2:-2], {}
    while data:
        found[data[0]], data = data[2:2 + data[1]].hex().upper(), data[2 + data[1]:]
    return found


def every_wording_of_access():
    wordings = {
        "always": "01C0",
        "never": "01C20000",
        "pin 0": "01C20100",
        "pin 7": "01C20107",
        "key 255": "01C202FF",
        "mac": "01C20301",
        "enciphered": "01C20303",
        "card-pin": "01C20400",
        "biometric": "01C20500",
        "key 3 and mac": "01C402030301",
        "pin 0 or key 1": "01C2010001C20201",
        "pin 0 and key 1 or mac": "01C40100020101C20301",
        "  pin  0  and  mac ": "01C401000301",
        "never or pin 0": "01C2000001C20100",
    }
    text = "    files:\n" + "".join(
        f'      - {{fid: 01{i:02X}, kind: transparent, size: 1, read: "{words}"}}\n'
        for i, words in enumerate(wordings))
    text += "      - {fid: 0201, kind: transparent, size: 1, read: {contact: always}}\n"
    text += "      - {fid: 0202, kind: transparent, size: 1, read: {contactless: pin 1}}\n"
    text += ("      - {fid: 0203, kind: transparent, size: 1, "
             "read: {contact: never, contactless: pin 1 or mac}}\n")
    text += ("      - {fid: 0204, kind: cyclic, record-size: 1, records: 1, read: always, "
             "update: never, append: pin 0, create: key 1, delete: mac, life: card-pin}\n")
    image = new_image("access.card", "--profile", write_profile("access", body(text)))
    want = dict(zip((f"01{i:02X}" for i in range(len(wordings))), wordings.values()))
    want |= {"0201": "0180", "0202": "01420101", "0203": "01820000014201010142" "0301",
             "0204": "01C0" "02C20000" "04C20100" "08C20201" "10C20301" "20C20400"}
    lines = answers(image, SELECT_FILES, *(f"00A4000402{fid}00" for fid in want))
    for (fid, rules), line in zip(want.items(), lines[1:]):
        check_equal(fcp(line)[0x86], rules, f"rules of {fid}")


def every_kind_of_file():
    text = """    files:
      - {fid: 0001, kind: transparent, size: 8, sfi: 1, contents: AA BB, read: always}
      - {fid: 0002, kind: linear-fixed, record-size: 4, records: 3, sfi: 2, read: always,
         contents: [01010101, 02 02 02 02]}
      - fid: 0003
        kind: linear-variable
        record-size: 8
        records: 3
        size: 20
        read: always
        contents:
          - 33
          - 4444444444
      - {fid: 0004, kind: cyclic, record-size: 2, records: 3, read: always, sfi: 0,
         contents: [0101, 0202, 0303, 0404]}
      - {fid: 7F10, kind: directory, name: F0AABBCCDD, fci: 9F0801 02}
      - {fid: 0005, path: 7F10, kind: transparent, size: 0x10, contents: [0102, 0304], read: always}
      - {fid: 7F11, path: 7F10, kind: directory}
      - {fid: 0006, path: 7F107F11, kind: transparent, size: 1, contents: 66, read: always}
      - {fid: 0007, kind: transparent, size: 65, read: never, update: always, contents: 77}
      - {fid: 0008, kind: transparent, size: 1}
      - {fid: 0009, kind: transparent, size: 010, read: always, sfi: 09}
"""
    image = new_image("files.card", "--profile", write_profile("files", body(text)))
    script = [
        (SELECT_FILES, "6F0B8409F06F6E6563617264F19000"),
        ("00B0890000", "00" * 10 + "9000"),  # 010 is ten, not octal
        ("00B0810000", "AABB0000000000009000"),
        ("00B2011400", "010101019000"), ("00B2021400", "020202029000"), ("00B2031400", "6A83"),
        ("00B2011C00", "339000"), ("00B2021C00", "44444444449000"),
        ("00A4000C020004", "9000"),
        ("00B2010400", "04049000"), ("00B2030400", "02029000"), ("00B2040400", "6A83"),
        ("00A4000C020007", "9000"), ("00B0000000", "6982"), ("00D600000100", "9000"),
        ("00A4000C020008", "9000"), ("00B0000000", "6982"), ("00D600000100", "6982"),
        ("00A4040005F0AABBCCDD00", "6F0D8405F0AABBCCDDA5049F0801029000"),
        ("00A4000C020005", "9000"), ("00B0000000", "01020304" + "00" * 12 + "9000"),
        ("00A4080C067F107F110006", "9000"), ("00B0000000", "669000"),
    ]
    for (command, want), got in zip(script, answers(image, *(c for c, _ in script))):
        check_equal(got, want, command)


KEYS = {  # algorithm: key, block, its encryption (FIPS 46-3, FIPS 197 C, GB/T 32907)
    "des": ("133457799BBCDFF1", "0123456789ABCDEF", "85E813540F0AB405"),
    "3des": ("133457799BBCDFF1" * 2, "0123456789ABCDEF", "85E813540F0AB405"),
    "3des-24": ("133457799BBCDFF1" * 3, "0123456789ABCDEF", "85E813540F0AB405"),
    "aes-128": (bytes(range(16)).hex(), "00112233445566778899AABBCCDDEEFF",
                "69C4E0D86A7B0430D8CDB78070B4C55A"),
    "aes-192": (bytes(range(24)).hex(), "00112233445566778899AABBCCDDEEFF",
                "DDA97CA4864CDFE06EAF70A0EC0D7191"),
    "aes-256": (bytes(range(32)).hex(), "00112233445566778899AABBCCDDEEFF",
                "8EA2B7CA516745BFEAFC49904B496089"),
    "sm4": ("0123456789ABCDEFFEDCBA9876543210", "0123456789ABCDEFFEDCBA9876543210",
            "681EDF34D206965E86B3E94F536E4246"),
}


def every_algorithm_of_keys():
    text = "    keys:\n" + "".join(
        f"      - {{number: {i}, algorithm: {name}, usage: [authenticate-internal], "
        f"value: {key}}}\n"
        for i, (name, (key, _, _)) in enumerate(KEYS.items()))
    text += ("      - {number: 20, algorithm: des, value: 133457799BBCDFF1, version: 7, tries: 3, "
             "usage: [encrypt, decrypt, mac, mac-verify, derive, wrap, unwrap]}\n"
             "      - {number: 21, algorithm: des, value: 133457799BBCDFF1, access: pin 0, "
             "usage: [authenticate-internal, authenticate-external]}\n"
             "    pins:\n      - {number: 0, format: bcd, value: 1234}\n")
    image = new_image("keys.card", "--profile", write_profile("keys", body(text)))
    commands = [f"008800{i:02X}{len(block) // 2:02X}{block}00"
                for i, (_, block, _) in enumerate(KEYS.values())]
    lines = answers(image, SELECT_FILES, *commands, "00880014080123456789ABCDEF00",
                    "00880015080123456789ABCDEF00", "00200000021234",
                    "00880015080123456789ABCDEF00")
    for (name, (_, _, want)), got in zip(KEYS.items(), lines[1:]):
        check_equal(got, want + "9000", name)
    check(lines[8][0] == "6", f"key 20 is not for authentication: {lines[8]}")
    check_equal(lines[9:], ["6982", "9000", "85E813540F0AB4059000"], "key 21 after PIN 0")


def asymmetric_keys():
    """Out of PEM files, out of hex, made on the card: what the card gives as their public part is
    what OpenSSL says."""
    PEMS.mkdir(parents=True, exist_ok=True)

    def openssl(*words):
        return subprocess.run(["openssl", *map(str, words)], capture_output=True, check=True).stdout

    def der_public(pem):
        return openssl("pkey", "-in", pem, "-pubout", "-outform", "DER")

    rsa, rsa_old, p256, p256_old, sm2 = (PEMS / f"{name}.pem" for name in
                                         ("rsa", "rsa_old", "p256", "p256_old", "sm2"))
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", rsa)
    rsa_old.write_bytes(openssl("rsa", "-in", rsa, "-traditional"))
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", p256)
    p256_old.write_bytes(openssl("ec", "-in", p256))
    openssl("genpkey", "-algorithm", "SM2", "-out", sm2)
    for pem in (rsa, p256, sm2):
        pem.with_suffix(".pub").write_bytes(openssl("pkey", "-in", pem, "-pubout"))

    def point(pem):
        return der_public(pem)[-64:].hex().upper()

    modulus = openssl("rsa", "-in", rsa, "-noout", "-modulus").decode().strip().split("=")[1]
    rsa_public = "00010001" + modulus
    want = [("rsa", f"pem: {rsa}", rsa_public), ("rsa", f"pem: {rsa_old}", rsa_public),
            ("rsa-public", f"pem: {rsa.with_suffix('.pub')}", rsa_public),
            ("p-256", f"pem: {p256}", point(p256)), ("p-256", f"pem: {p256_old}", point(p256)),
            ("p-256-public", f"pem: {p256.with_suffix('.pub')}", point(p256)),
            ("sm2", f"pem: {sm2}", point(sm2)),
            ("sm2-public", f"pem: {sm2.with_suffix('.pub')}", point(sm2)),
            ("sm2-public", f"value: {point(sm2)}", point(sm2)),
            ("rsa", "generate: 1024", None), ("p-256", "generate: 256", None),
            ("sm2", "generate: 256", None)]
    keys = "".join(f"      - {{number: {i}, algorithm: {name}, usage: [sign, verify, agree], {how}}}\n"
                   for i, (name, how, _) in enumerate(want))
    text = (f"packages:\n  - {PAIRS_CAP}\ninstances:\n  - applet: F06F6E6563617264FD\n    keys:\n" + keys)
    image = new_image("pairs.card", "--profile", write_profile("pairs", text))
    lines = answers(image, "00A4040009F06F6E6563617264FD00",
                    *(f"8054000006{i:08X}0200" + "00" for i in range(len(want))))
    for (name, how, public), got in zip(want, lines[1:]):
        check_equal(got[-4:], "9000", f"{name}, {how}")
        check_equal(int(got[:8], 16), (len(got) - 12) // 2, "length")
        check(public is None or got[8:-4] == public, f"{name}, {how}: {got}")


def every_format_of_pins():
    text = """    pins:
      - {number: 0, format: bcd, value: 123456, tries: 5}
      - {number: 1, format: ascii, value: 31 32 33 34, shortest: 4, longest: 8, puk: 2}
      - {number: 2, format: raw, value: 0102030405060708, longest: 8, history: 1}
      - {number: 3, format: block-2, value: 241234FFFFFFFFFF, verify: pin 0}
      - {number: 4, format: bcd}
      - {number: 5, format: bcd, value: 1111, verify: never, change: never, reset: always}
      - {number: 6, format: block-1, value: 1412340000000000}
"""
    image = new_image("pins.card", "--profile", write_profile("pins", body(text)))
    script = [
        (SELECT_FILES, None), ("00200000", "63C5"), ("00200001", "63C3"), ("00200004", "6983"),
        ("00200000 03 123456", "9000"), ("00200001 04 31323334", "9000"),
        ("00200002 08 0102030405060708", "9000"), ("00200003 08 241234FFFFFFFFFF", "9000"),
        ("00200006 08 1412340000000000", "9000"),
        ("00200005 02 1111", "6982"), ("002000FF00", None),
        ("00200000 03 123457", "63C4"), ("reset", None), (SELECT_FILES, None),
        ("00200003 08 241234FFFFFFFFFF", "6982"), ("00200000", "63C4"),
    ]
    commands = [command for command, _ in script]
    result = onecard("apdu", image, *commands)
    got = result.stdout.split()
    for (command, want), line in zip([row for row in script if row[0] != "reset"], got):
        check(want is None or line == want, f"{command}: expected {want}, got {line}")


def objects_and_groups():
    text = """    objects:
      - {tag: 9F10, value: 01 02, read: always}
      - {tag: 9F11, value: 03, value-only: yes, read: always, update: pin 0, size: 4}
      - {tag: 5F2D, value: 7A68, read: never}
      - {tag: 42, value: AA, read: always, value-only: no}
      - {tag: DF8101, value: BB, read: always}
    groups:
      - {id: 6200, data: 6211 820101 83020009 80020002 8800 860201C0 5301EE}
      - {id: 7001, data: 9F12 02 0506}
"""
    image = new_image("objects.card", "--profile", write_profile("objects", body(text)))
    script = [
        (SELECT_FILES, None), ("00CA9F1000", "9F100201029000"), ("00CA9F1100", "039000"),
        ("00CA5F2D00", "6982"), ("00CA004200", "4201AA9000"), ("00DA9F110107", "6982"),
        ("00CB3FFF055C03DF810100", "DF810101BB9000"), ("00CA9F1200", "6982"),
        ("00A4000C020009", "9000"), ("00B0000000", "EE009000"),
    ]
    for (command, want), got in zip(script, answers(image, *(c for c, _ in script))):
        check(want is None or got == want, f"{command}: expected {want}, got {got}")


def profiles_of_nothing_and_of_much():
    image = new_image("nothing.card", "--profile", write_profile("nothing",
                                                                 "packages: []\ninstances:\n"))
    check_equal(answers(image, "00A4040000", "80E60200", SELECT_HELLO)[1:], ["6982", "6A82"],
                "pre-issuance has ended (F6)")
    text = f"packages:\n  - {FILES_CAP}\n  - {HELLO_CAP}\ninstances:\n" + "".join(
        f"  - applet: F06F6E656361726401\n    aid: F06F6E6563{i:02X}\n    parameters: 01 02\n"
        for i in range(62))
    image = new_image("much.card", "--profile", write_profile("much", text))
    lines = answers(image, *(line for i in range(62)
                             for line in (f"00A4040C06F06F6E6563{i:02X}", COUNT)))
    check_equal(lines, ["9000", "000000019000"] * 62, "62 instances of hello (F3)")
    # in JSON, which is YAML too, with CRLF and a byte order mark
    text = f'\ufeff{{"packages": ["{HELLO_CAP}"],\r\n "instances": [{{"applet": ' \
           '"F06F6E656361726401"}]}\r\n'
    image = new_image("json.card", "--profile", write_profile("json", text))
    check_equal(answers(image, SELECT_HELLO, COUNT)[1], "000000019000", "hello")


def profiles_with_quotas():
    text = f"packages:\n  - cap: {HELLO_CAP}\n    quota: {{code: 30000, objects: 30}}\ninstances:\n" \
           "  - applet: F06F6E656361726401\n    quota: {flash: 2000, fuel: 100000, depth: 20}\n"
    image = new_image("quotas.card", "--profile", write_profile("quotas", text))
    check_equal(answers(image, SELECT_HELLO, COUNT)[1], "000000019000", "hello within its quotas")
    shown = onecard("show", image).stdout
    for words in ("quota: code 30000, objects 30", " of 2000, fuel 100000, depth 20"):
        check(words in shown, f"'{words}' in: {shown}")
    text = text.replace("code: 30000", "code: 300")
    check_refused(onecard("new", FOLDER / "no.card", "--force", "--profile",
                          write_profile("code", text)), "LOAD", "6A84", "quota")
    text = text.replace("code: 300", "memory: 300")
    check_refused(onecard("new", FOLDER / "no.card", "--force", "--profile",
                          write_profile("memory", text)), "LOAD", "6A84", "quota")


def packages_are_found_beside_the_profile():
    folder = FOLDER / "beside"
    (folder / "caps").mkdir(parents=True)
    shutil.copy(HELLO_CAP, folder / "caps" / "a name.cap")
    (folder / "p.yaml").write_text("packages:\n  - caps/a name.cap\ninstances: []\n")
    for where, path in ((folder, "p.yaml"), (folder.parent, "beside/p.yaml"),
                        ("/", folder / "p.yaml")):
        result = onecard("new", folder / "p.card", "--force", "--profile", path, cwd=where)
        check_equal(result.returncode, 0, result.stderr)


# ---- CAP files ----


def module(words, more=b""):
    name = b"\x07onecard" + words
    return b"\0asm\1\0\0\0\0" + leb(len(name)) + name + more


def leb(value):
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + leb(value >> 7)


WORDS = b"api=1.0\npackage=F06F6E6563617264F150\nversion=2.3\napplet=F06F6E6563617264F1\n"


def cap_make_refuses_bad_modules():
    bad = {
        "empty": (b"", "not a WebAssembly module"),
        "text": (b"(module)", "not a WebAssembly module"),
        "version 2": (b"\0asm\2\0\0\0", "not a WebAssembly module"),
        "nothing in it": (b"\0asm\1\0\0\0", "CARD_PACKAGE"),
        "section over the end": (b"\0asm\1\0\0\0\1\x7F\0", "runs over the end"),
        "length that never ends": (b"\0asm\1\0\0\0\1" + b"\x80" * 9, "runs over the end"),
        "no package": (module(b"api=1.0\napplet=F06F6E6563\n"), "CARD_PACKAGE"),
        "no applet": (module(b"api=1.0\npackage=F06F6E6563\n"), "CARD_PACKAGE"),
        "no interface": (module(WORDS.replace(b"api=1.0\n", b"")), "CARD_PACKAGE"),
        "package of 4 bytes": (module(WORDS.replace(b"F06F6E6563617264F150", b"F06F6E65")),
                               "package= is not an AID"),
        "applet of 17 bytes": (module(WORDS.replace(b"=F06F6E6563617264F1\n",
                                                    b"=" + b"F0" * 17 + b"\n")),
                               "applet= is not an AID"),
        "version in words": (module(WORDS.replace(b"2.3", b"new")), "version= is not a version"),
        "version 256": (module(WORDS.replace(b"2.3", b"2.256")), "version= is not a version"),
        "version of three": (module(WORDS.replace(b"2.3", b"2.3.4")), "version= is not a version"),
        "interface of one": (module(WORDS.replace(b"1.0", b"1")), "api= is not a version"),
        "negative version": (module(WORDS.replace(b"2.3", b"2.-3")), "version= is not a version"),
        "unknown word": (module(WORDS + b"author=me\n"), "unknown word"),
        "no equals": (module(WORDS + b"applet\n"), "no '='"),
        "nine applets": (module(WORDS + b"applet=F06F6E6563\n" * 8), "more than 8 applets"),
        "too large": (module(WORDS, b"\0" + leb(66000) + b"\1x" + b"\0" * 65998),
                      "larger than 65,535"),
        "much too large": (module(WORDS, b"\0" + leb(200000) + b"\1x" + b"\0" * 199998),
                           "larger than 65,535"),
    }
    for name, (content, reason) in bad.items():
        wasm, cap = FOLDER / "bad.wasm", FOLDER / "bad.cap"
        wasm.write_bytes(content)
        result = onecard("cap", "make", wasm, cap)
        check(result.returncode == 1 and reason in result.stderr, f"{name}: {result.stderr}")
        check(str(wasm) in result.stderr or str(cap) in result.stderr, f"{name}: {result.stderr}")
        check(not cap.exists(), f"{name}: no CAP is made")
    check_refused(onecard("cap", "make", FOLDER / "none.wasm", FOLDER / "x.cap"), "none.wasm")
    check_refused(onecard("cap", "make", FOLDER, FOLDER / "x.cap"), str(FOLDER))
    check_refused(onecard("cap", "make", HELLO_WASM, FOLDER / "none" / "x.cap"), "x.cap")


def cap_show_says_what_make_made():
    wasm, cap = FOLDER / "good.wasm", FOLDER / "good.cap"
    wasm.write_bytes(module(WORDS + b"applet=F06F6E6563617264F2\n"))
    check_equal(onecard("cap", "make", wasm, cap).returncode, 0, "make")
    result = onecard("cap", "show", cap)
    check_equal(result.returncode, 0, result.stderr)
    shown = [line.split(None, 1) for line in result.stdout.splitlines()]
    check_equal(shown[:5], [["package", "F06F6E6563617264F150"], ["version", "2.3"],
                            ["interface", "1.0"], ["applet", "F06F6E6563617264F1"],
                            ["applet", "F06F6E6563617264F2"]], "shown")
    check_equal(dict(shown)["module"], f"{wasm.stat().st_size} bytes", "module")
    first = cap.read_bytes()
    onecard("cap", "make", wasm, cap)
    check(cap.read_bytes() == first, "the same module makes the same file")
    with zipfile.ZipFile(cap) as container:
        check_equal(container.testzip(), None, "another ZIP reader takes it")
        names = container.namelist()
    check("good/javacard/Header.cap" in names and "good/javacard/Method.cap" in names, str(names))


def cap_make_takes_names_from_options():
    wasm, cap = FOLDER / "nameless.wasm", FOLDER / "nameless.cap"
    wasm.write_bytes(b"\0asm\1\0\0\0")  # a compiler of any language knows nothing of CARD_PACKAGE
    names = ["--package", "F06F6E65636172640250", "--applet", "F06F6E656361726402,F06F6E656361726403"]
    check_equal(onecard("cap", "make", wasm, cap, *names, "--version", "3.1").returncode, 0, "make")
    shown = onecard("cap", "show", cap)
    check_equal([line.split(None, 1) for line in shown.stdout.splitlines()][:5],
                [["package", names[1]], ["version", "3.1"], ["interface", "1.1"],
                 ["applet", "F06F6E656361726402"], ["applet", "F06F6E656361726403"]], "shown")
    check("memory    none" in shown.stdout, shown.stdout)
    # they go before what the module says; another interface than the card's is told
    check_equal(onecard("cap", "make", HELLO_WASM, cap, "--package", names[1], "--interface", "1.9")
                .returncode, 0, "make")
    shown = onecard("cap", "show", cap)
    check_equal(shown.returncode, 1, shown.stdout)
    for words in (names[1], "applet    F06F6E656361726401", "refuses it: built for version 1.9"):
        check(words in shown.stdout, f"{words}: {shown.stdout}")
    for words in (["--package", "F06F"], ["--applet", "F06F6E6563,"], ["--version", "3"],
                  ["--interface", "x"], ["--applet", ",".join(["F06F6E6563"] * 9)]):
        result = onecard("cap", "make", HELLO_WASM, cap, *words)
        check(result.returncode == 1 and words[0] in result.stderr, f"{words}: {result.stderr}")
    check("--package" in onecard("cap", "make", wasm, cap, "--version", "1.0").stderr, "what is missing")


def cap_show_refuses_bad_files():
    good = HELLO_CAP.read_bytes()
    with zipfile.ZipFile(HELLO_CAP) as cap:
        parts = {pathlib.PurePath(name).name: cap.read(name) for name in cap.namelist()}

    def zipped(changed):
        path = FOLDER / "changed.cap"
        with zipfile.ZipFile(path, "w") as cap:
            for name, content in {**parts, **changed}.items():
                if content is not None:
                    cap.writestr("hello/javacard/" + name, content)
        return path.read_bytes()

    header = parts["Header.cap"]
    bad = {
        "empty": (b"", "not a CAP file"),
        "text": (b"hello\n", "not a CAP file"),
        "a module": (HELLO_WASM.read_bytes(), "not a CAP file"),
        "cut": (good[:-10], "not a CAP file"),
        "cut in the middle": (good[:len(good) // 2], "not a CAP file"),
        "no Header": (zipped({"Header.cap": None}), "no Header.cap"),
        "no Method": (zipped({"Method.cap": None}), "Method component is missing"),
        "Header empty": (zipped({"Header.cap": b""}), "missing"),
        "Header cut": (zipped({"Header.cap": header[:8]}), "Header component"),
        "no magic": (zipped({"Header.cap": header.replace(b"\xDE\xCA", b"\xCA\xFE")}), "DECAFFED"),
        "AID too long": (zipped({"Header.cap": header[:12] + b"\x11" + header[13:]}), "5 to 16"),
        "Import cut": (zipped({"Import.cap": b"\4\0\2\1\0"}), "Import component is cut short"),
        "Applet cut": (zipped({"Applet.cap": b"\3\0\2\1\5"}), "Applet component"),
        "Applet empty": (zipped({"Applet.cap": b"\3\0\0"}), "Applet component"),
        "Method too long": (zipped({"Method.cap": b"\7\xFF\xFF\0"}), "end of the load file"),
        "larger than a card": (zipped({"Export.cap": b"\0" * 200000}), "larger than a card"),
    }
    for name, (content, reason) in bad.items():
        path = FOLDER / "bad.cap"
        path.write_bytes(content)
        result = onecard("cap", "show", path)
        check(result.returncode == 1 and reason in result.stderr and str(path) in result.stderr and
              not result.stdout, f"{name}: {result.stderr or result.stdout}")
    check_refused(onecard("cap", "show", FOLDER / "none.cap"), "none.cap", "no such file")
    for words in (["cap"], ["cap", "show"], ["cap", "make", "a"], ["cap", "show", "a", "b"],
                  ["cap", "burn", "a"], ["cap", "make", "a", "b", "c"]):
        check_equal(onecard(*words).returncode, 2, f"exit status of {words}")


# ---- images ----


def existing_image_is_kept():
    image = new_image("kept.card")
    answers(image, SELECT_HELLO, COUNT)
    before = image.read_bytes()
    check_refused(onecard("new", image), str(image), "exists already", "--force")
    check(image.read_bytes() == before, "it is as it was")
    bad = write_profile("kept", "packages: [none.cap]\ninstances: []\n")
    check_refused(onecard("new", image, "--force", "--profile", bad), "none.cap")
    check(image.read_bytes() == before, "a bad profile costs no card")
    refused = write_profile("refused", f"packages: [{HELLO_CAP.resolve()}]\ninstances:\n"
                            "  - applet: F06F6E656361726401\n    groups: [{id: '0001', data: '00'}]\n")
    check_refused(onecard("new", image, "--force", "--profile", refused), "6D00")
    check(image.read_bytes() == before, "a profile that the card refuses costs no card")
    check(not image.with_name("kept.card.new").exists(), "nothing is left beside it")
    other = FOLDER / "kept.txt"
    other.write_text("my letters\n")
    check_refused(onecard("new", other), "exists already")
    check_equal(other.read_text(), "my letters\n", "a file that is no card")
    new_image("kept.card")
    check_equal(answers(image, SELECT_HELLO, COUNT)[1], "000000019000", "a new card")


def images_that_cannot_be():
    check_refused(onecard("new", FOLDER), str(FOLDER))
    check_refused(onecard("new", FOLDER / "none" / "x.card"), "x.card", "No such file")
    check_refused(onecard("new", FOLDER / "x.card", "--profile", FOLDER / "none.yaml"),
                  "none.yaml", "No such file")
    check_refused(onecard("new", FOLDER / "x.card", "--profile", FOLDER), str(FOLDER))
    check(not (FOLDER / "x.card").exists(), "no image is made")


def damaged_images_are_told():
    good = new_image("whole.card").read_bytes()

    def changed(at, content):
        return good[:at] + content + good[at + len(content):]

    bad = {
        "nothing in it": (b"", "only 0 bytes"),
        "a header cut short": (good[:100], "cut short"),
        "cut": (good[:-1], "cut short"),
        "half": (good[:len(good) // 2], "cut short"),
        "too long": (good + b"\0", "too long"),
        "another kind of file": (b"\x7FELF" + good[4:], "not a card image"),
        "text": (b"letters\n" * 1000, "not a card image"),
        "another version": (changed(16, b"\x63"), "version 99"),
        "a bit of the header": (changed(24, b"\x01"), "checksum"),
        "its checksum": (changed(44, b"\0\0\0\0"), "checksum"),
        "flash erased": (good[:4096] + b"\xFF" * (len(good) - 4096), "none in it"),
        "flash of zeros": (good[:4096] + b"\0" * (len(good) - 4096), "flash of zeros"),
    }
    for name, (content, reason) in bad.items():
        path = FOLDER / "damaged.card"
        path.write_bytes(content)
        result = onecard("apdu", path, SELECT_HELLO)
        check_equal(result.returncode, 1, f"exit status, {name} ({result.stdout}{result.stderr})")
        check(str(path) in result.stderr and (reason in result.stderr or reason == name),
              f"{name}: {result.stderr}")
        check(path.read_bytes() == content, f"{name}: it is left as it is")


def two_processes_and_one_image():
    image = new_image("shared.card")
    with subprocess.Popen([ONECARD, "apdu", image, "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as holder:
        holder.stdin.write(SELECT_HELLO + "\n")
        holder.stdin.flush()
        check(holder.stdout.readline().endswith("9000\n"), "the first has it")
        for words in (["apdu", image, SELECT_HELLO], ["serve", image], ["new", image, "--force"]):
            check_refused(onecard(*words), str(image), "in use")
        holder.stdin.write(COUNT + "\n")
        holder.stdin.flush()
        check_equal(holder.stdout.readline(), "000000019000\n", "the first goes on")
        holder.stdin.close()
        holder.wait(timeout=90)
    check_equal(answers(image, SELECT_HELLO, COUNT)[1], "000000029000", "afterwards")


def device_key_is_checked():
    """S6: another device key is noticed before anything is answered."""
    keys = [FOLDER / "first.key", FOLDER / "second.key"]
    for path, digits in zip(keys, ("0123456789abcdef", "fedcba9876543210")):
        path.write_text(digits * 4 + "\n")
    image = new_image("sealed.card", "--device-key", keys[0])
    before = image.read_bytes()
    check_refused(onecard("apdu", image, SELECT_HELLO, "--device-key", keys[1]), "--device-key")
    check_refused(onecard("apdu", image, SELECT_HELLO), "--device-key")
    check(image.read_bytes() == before, "the image is as it was")
    result = onecard("apdu", image, SELECT_HELLO, COUNT, "--device-key", keys[0])
    check_equal((result.returncode, result.stdout.split()[1]), (0, "000000019000"), "the right key")
    bad = {"63 digits": "0" * 63, "65 digits": "0" * 65, "words": "this is my key " * 5,
           "empty": "", "two keys": ("0" * 64 + "\n") * 2}
    for name, content in bad.items():
        path = FOLDER / "bad.key"
        path.write_text(content)
        result = onecard("new", FOLDER / "x.card", "--device-key", path)
        check(result.returncode == 1 and str(path) in result.stderr and "64 hex digits" in
              result.stderr, f"{name}: {result.stderr}")
    check(not (FOLDER / "x.card").exists(), "no image is made")


def seeds_repeat():
    profile = write_profile("seeded", item("keys", KEY))
    images = [new_image(f"seed-{i}.card", "--profile", profile, "--seed", seed)
              for i, seed in enumerate(("00112233", "00112233", "00 11 22 33"))]
    contents = {image.read_bytes() for image in images}
    check_equal(len(contents), 1, "the same seed makes the same image")
    challenges = [onecard("apdu", images[0], SELECT_FILES, "0084000008", "0084000008", "--seed",
                          seed).stdout.split()[1:] for seed in ("0102", "0102", "0103")]
    check(challenges[0] == challenges[1] != challenges[2], f"challenges {challenges}")
    check(challenges[0][0] != challenges[0][1], f"one after the other {challenges}")
    for seed in ("0g", "1", "00" * 1000):
        result = onecard("new", FOLDER / "x.card", "--seed", seed)
        check(result.returncode == 2 and "--seed" in result.stderr, f"{seed[:9]}: {result.stderr}")
    check(not (FOLDER / "x.card").exists(), "no image is made")


def help_of_each_command():
    listed = onecard("--help")
    check_equal(listed.returncode, 0, "exit status")
    commands = re.findall(r"^  (\w+) +\S", listed.stdout, re.M)
    check({"new", "serve", "apdu", "cap"} <= set(commands), str(commands))
    for command in commands:
        calls = ((command, "--help"), (command, "-h"), ("help", command), (command, "x", "--help"))
        texts = {onecard(*words).stdout for words in calls}
        check_equal(len(texts), 1, f"texts of {command}")
        text = texts.pop()
        check(text.startswith(f"usage: onecard {command} ") and "--help" in text, text)
        options = re.findall(r"^  (--[a-z-]+)", text, re.M)
        check_equal(len(options), len(set(options)), f"each option once: {options}")
        for line in text.splitlines():
            check(len(line) <= 110, f"a line of {len(line)}: {line}")
        wanted = {"new": {"--profile", "--force", "--seed", "--device-key"},
                  "serve": {"--vpcd", "--trace", "--seed", "--device-key"},
                  "apdu": {"--trace", "--seed", "--device-key"}}.get(command, set())
        check(wanted <= set(options), f"options of {command}: {options}")
    check_equal(onecard("help", "nothing").returncode, 2, "help of nothing")


def named(function, name, argument):
    def test():
        function(argument)
    test.__name__ = name
    return test


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    tests = [named(refuse, f"bad profile: {name}", name) for name in BAD]
    tests += [named(refuse_by_card, f"the card refuses: {name}", name) for name in BAD_FOR_THE_CARD]
    tests += [every_wording_of_access, every_kind_of_file, every_algorithm_of_keys, asymmetric_keys,
              every_format_of_pins, objects_and_groups, profiles_of_nothing_and_of_much,
              profiles_with_quotas,
              packages_are_found_beside_the_profile, cap_make_refuses_bad_modules,
              cap_show_says_what_make_made, cap_make_takes_names_from_options,
              cap_show_refuses_bad_files, existing_image_is_kept,
              images_that_cannot_be, damaged_images_are_told, two_processes_and_one_image,
              device_key_is_checked, seeds_repeat, help_of_each_command]
    failed = 0
    for test in tests:
        try:
            test()
        except (CheckFailed, subprocess.TimeoutExpired, OSError, ValueError, LookupError) as error:
            failed += 1
            print(f"{test.__name__.replace('_', ' ')}: FAIL: {error}", flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.pop("ONECARD_DEVICE_KEY", None)
    sys.exit(main())
