#!/usr/bin/python3
"""An unmodified GlobalPlatform client in C manages the card, through pcscd and vpcd: gpshell and
gpshell3 as Debian packs them (fetch.py). gpshell.py BUILD"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pcsc"))

from fetch import Client, FetchError  # noqa: E402
from harness import (GREET, SELECT_HELLO, Card, Place, PrivateReader, await_card,  # noqa: E402
                     check, check_equal, run_tests)

place = Place(sys.argv[1], "gpshell")
ISD, DOMAIN = "A000000151000000", "D2760000850101"
HELLO, HELLO_PACKAGE = "F06F6E656361726401", "F06F6E65636172640150"
PURSE, PURSE_PACKAGE = "A000000632010105", "A00000063201010550"
PPSE = "325041592E5359532E4444463031"
CAP = str(place.build / "applets" / "hello.cap")
LARGEST = str(place.build / "applets" / "transit.cap")
DEFAULT, OTHER = "404142434445464748494A4B4C4D4E4F", "00112233445566778899AABBCCDDEEFF"
GREETING = b"Hello from onecard!".hex().upper() + "9000"
SCP02 = ("--scp", "2", "--scp-impl", "55", "--kv", "0x20")
SCP03 = ("--kv", "0x30")
LEVELS = ("mac", "mac+enc", "mac+enc+rmac")


# ---- gpshell3: a command on the command line ----

def gp3(*words, fails=False):
    """The output of one call. fails: what it has to end with, in its output."""
    result = subprocess.run([*newer.command("gpshell3"), *words], env=link.environment(),
                            cwd=place.folder, capture_output=True, text=True, timeout=60)
    output = result.stdout + result.stderr
    if fails:
        check(result.returncode != 0 and fails in output,
              f"gpshell3 {' '.join(words)}: {fails} was expected:\n{output}")
    else:
        check(result.returncode == 0, f"gpshell3 {' '.join(words)}:\n{output}")
    return output


def mac(*words, **more):
    return gp3(*SCP03, "--sec", "mac", *words, **more)


def own(*words, **more):
    """With the domain's own keys."""
    return gp3("--sd", DOMAIN, "--kv", "1", "--sec", "mac", *words, **more)


def apdus(*commands):
    return gp3("apdu", "--nostop", *commands).split()


def greets():
    check_equal(apdus(SELECT_HELLO, GREET)[-1], GREETING, "the applet's answer")


def is_gone(aid=HELLO):
    check_equal(apdus(f"00A40400{len(aid) // 2:02X}{aid}00")[-1], "6A82", f"SELECT of {aid}")


def response(output):
    """The data of the last answer in an output with --trace."""
    return [line.split()[-1] for line in output.splitlines()
            if line.startswith("Unwrapped response")][-1][:-4]


def make_domain(privileges=None):
    mac("install-sd", *(("--priv", privileges) if privileges else ()), DOMAIN)
    gp3("--sd", DOMAIN, *SCP03, "put-auth", "--kv", "0", "--new-kv", "1", "--key", DEFAULT)


def file_hash(name="sha256"):
    return gp3("hash", f"--{name}", CAP).split()[-1]


KEYS = {"rsa1024": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        "rsa2048": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        "ecc": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-pkeyopt", "ec_param_enc:named_curve"]}


def key_pair(kind):
    """Files of a private and a public key."""
    private, public = (str(place.folder / f"{kind}.{part}") for part in ("pem", "pub"))
    if not os.path.exists(private):
        subprocess.run(["openssl", *KEYS[kind], "-out", private], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True,
                       capture_output=True)
    return private, public


def what_the_card_says():
    listed = gp3("list-apps")
    for name in (f"SD {ISD} lc=secured", f"{HELLO} lc=selectable", f"{PURSE_PACKAGE} lc=loaded"):
        check(name in listed, f"{name} in {listed}")
    keys = gp3("list-keys")
    for name in ("kv=0x20", "type=DES len=16", "kv=0x30", "type=AES len=16"):
        check(name in keys, f"{name} in {keys}")
    told = gp3("card-data")
    for name in ("GlobalPlatform Version : 2.3.1", "SCP03 i=70", "SCP02 i=55",
                 "Token Cipher Suites", "Confirmation Counter : 0"):
        check(name in told, f"{name} in {told}")
    check("Free non-volatile memory" in gp3("card-resources"), "free memory")
    check("IC Serial Number" in gp3("cplc"), "CPLC")


def every_level():
    """All that changes the card's content, over each channel and at each level."""
    channels = [("--scp", "2", "--scp-impl", i, "--kv", "0x20") for i in ("15", "35", "55", "75")]
    channels += [("--scp", "3", "--scp-impl", i, "--kv", "0x30") for i in ("00", "70")]
    for channel in channels:
        for level in LEVELS:
            gp3(*channel, "--sec", level, "delete", HELLO_PACKAGE)
            is_gone()
            gp3(*channel, "--sec", level, "install", CAP)
            greets()
    gp3("delete", HELLO_PACKAGE, "then", "install", CAP)  # as it finds the card, in one session
    greets()
    gp3("--key", OTHER, "delete", HELLO, fails="Mutual authentication failed")


def the_largest_applet():
    for channel in (SCP02, SCP03):
        mac("delete", PURSE_PACKAGE)
        gp3(*channel, "install", "--load-only", LARGEST)
        is_gone(PURSE)
        gp3(*channel, "install", "--install-only", "--load-file", PURSE_PACKAGE, "--module", PURSE,
            "--applet", PURSE, LARGEST)
        # it is there, and not personalised
        check_equal(apdus(f"00A4040008{PURSE}00")[-1][-4:], "6985", "SELECT of the purse")


def pieces():
    mac("delete", HELLO_PACKAGE)
    mac("install", "--load-only", CAP)
    mac("install", "--load-only", CAP, fails="6985")
    another = "F06F6E656361726402"
    for aid in (HELLO, another):
        mac("install", "--install-only", "--load-file", HELLO_PACKAGE, "--module", HELLO,
            "--applet", aid, "--params", "0102", "--nv-data-limit", "2000", CAP)
    greets()
    mac("delete", another)
    mac("update-registry", "--priv", "cm-lock", HELLO)
    check(f"{HELLO} lc=selectable priv=[cm-lock]" in gp3("list-apps"), "the new privilege")
    mac("delete", HELLO_PACKAGE)
    mac("install", CAP)


def personalisation():
    for channel in (SCP02, SCP03):
        for level in LEVELS if channel == SCP02 else LEVELS[:2]:  # as in locking()
            gp3(*channel, "--sec", level, "store", "--format", "dgi", PPSE,
                "700105A503880101", "then", "list-keys")
    check("A503880101" in apdus(f"00A404000E{PPSE}00")[-1], "what the PPSE was given")
    mac("store", "--format", "ber", ISD, "4203112233")
    check("4203112233" in gp3("iin"), "the issuer's number")


def locking():
    for level in LEVELS[:2]:  # with R-MAC it has no room for the answer to SET STATUS
        gp3(*SCP03, "--sec", level, "status", "app", "--lc", "locked", HELLO)
        is_gone()
        gp3(*SCP03, "--sec", level, "status", "app", "--lc", "selectable", HELLO)
        greets()
    make_domain()
    mac("status", "sd", "--lc", "locked", DOMAIN)
    is_gone(DOMAIN)
    mac("status", "sd", "--lc", "personalized", DOMAIN)
    own("list-keys")
    mac("delete", DOMAIN)
    mac("status", "isd", "--lc", "locked", ISD)
    check_equal(apdus(f"00A4040008{ISD}00")[-1][-4:], "6283", "SELECT while the card is locked")
    check_equal(apdus(SELECT_HELLO)[-1], "6A81", "SELECT of an applet then")
    # it gives up at 6283, so that somebody else has to unlock the card
    subprocess.run([place.onecard, "gp", "--reader", link.reader_name(0), "unlock", "card"],
                   env=link.environment(), check=True, capture_output=True)
    greets()


def keys_of_the_channel():
    aes24, aes32 = bytes(range(24)).hex(), bytes(range(32)).hex()
    for kind, key in (("aes", OTHER), ("aes", aes24), ("aes", aes32), ("3des", OTHER)):
        new = ("--scp", "2", "--scp-impl", "55") if kind == "3des" else ()
        mac("put-auth", "--type", kind, "--kv", "0", "--new-kv", "0x31", "--key", key)
        gp3(*new, "--kv", "0x31", "--key", key, "apdu", "--auth", "80F28002024F0000")
        mac("del-key", "--kv", "0x31")
        gp3(*new, "--kv", "0x31", "--key", key, "apdu", "--auth", "80CA006600", fails="6A88")
    for channel, kind in ((SCP02, "3des"), (SCP03, "aes")):
        version = channel[-1]
        three = [(f"--{name}", f"{0x50 + i:02X}" * 16) for i, name in
                 enumerate(("enc", "mac", "dek"))]
        three = [word for pair in three for word in pair]
        gp3(*channel, "put-auth", "--type", kind, "--kv", version, "--new-kv", version, *three)
        gp3(*channel, "apdu", "--auth", "80CA006600", fails="auth")
        gp3(*channel, *three, "put-auth", "--type", kind, "--kv", version, "--new-kv", version,
            "--key", DEFAULT)
        gp3(*channel, "apdu", "--auth", "80CA006600")
    for how in ("emv", "visa2"):
        for kind, new in (("aes", ()), ("3des", ("--scp", "2", "--scp-impl", "55"))):
            mac("put-auth", "--type", kind, "--derive", how, "--kv", "0", "--new-kv", "0x32",
                "--key", OTHER)
            gp3(*new, "--kv", "0x32", "--derive", how, "--key", OTHER, "apdu", "--auth",
                "80CA006600")
            mac("del-key", "--kv", "0x32")


def keys_of_other_kinds():
    kinds = [["3des", "--key", OTHER], ["aes", "--key", OTHER]]
    kinds += [[kind[:3], "--pem", key_pair(kind)[1]] for kind in KEYS]
    kinds += [["ecc", "--ecc-curve", "reference", "--pem", key_pair("ecc")[1]]]
    for kind in kinds:
        mac("put-key", "--type", *kind, "--kv", "0", "--idx", "1", "--new-kv", "0x50")
        check("kv=0x50" in gp3("list-keys"), f"a key of type {kind[0]}")
        mac("del-key", "--kv", "0x50")
    for kind in KEYS:
        mac("put-dm-token", "--token-type", kind[:3], key_pair(kind)[1])
        mac("del-key", "--kv", "0x70")
        mac("put-dap-key", "--key-type", kind[:3], key_pair(kind)[1])
        mac("del-key", "--kv", "0x73")
    for kind in ("aes", "des"):
        mac("put-dm-receipt", "--receipt-type", kind, OTHER)
        mac("del-key", "--kv", "0x71")


def domains():
    """The issuer moves an applet to a domain that lets it, and back; the domain's own keys."""
    make_domain()
    own("list-keys")
    own("install", CAP, fails="6985")  # it manages nothing
    gp3("--sd", DOMAIN, *SCP03, "list-keys", fails="6A88")  # the issuer's keys open it no more
    mac("move", HELLO, DOMAIN)
    check(f"SD {DOMAIN}\n  Applications:\n    {HELLO}" in gp3("list-apps"), "where the applet is")
    greets()
    mac("move", HELLO, ISD)
    mac("delete", DOMAIN)
    mac("install-sd", "--extradition-away", "none", DOMAIN)
    mac("move", HELLO, DOMAIN)
    mac("move", HELLO, ISD, fails="6985")
    mac("store", "--format", "ber", DOMAIN, "4203445566")
    check("4203445566" in gp3("--sd", DOMAIN, "iin"), "the domain's number")
    mac("delete", HELLO)
    mac("delete", DOMAIN)
    make_domain("authorized-mgmt")
    mac("delete", HELLO_PACKAGE)
    own("install", CAP)
    greets()
    own("status", "app", "--lc", "locked", HELLO)
    is_gone()
    own("status", "app", "--lc", "selectable", HELLO)
    own("delete", HELLO_PACKAGE)
    mac("delete", DOMAIN)
    mac("install", CAP)


def dap():
    mac("delete", HELLO_PACKAGE)
    # a signature of 256 bytes it cannot put into the DAP block's length
    for kind in ("ecc", "rsa1024", "aes"):
        make_domain("dap-verif")  # its "mandated-dap" sets bit 10 instead of 01
        private, public = (OTHER, OTHER) if kind == "aes" else key_pair(kind)
        own("put-dap-key", "--key-type", kind[:3], public)
        for name in ("sha256", "sha384", "sha512") if kind == "aes" else ("sha1", "sha256"):
            digest = file_hash(name)
            signature = gp3("sign-dap", kind[:3], digest, private).split()[-1]
            wrong = f"{int(signature[:2], 16) ^ 1:02X}{signature[2:]}"
            mac("install", "--load-only", "--dap", wrong, "--dap-sd", DOMAIN, "--hash", digest, CAP,
                fails="6985")
            mac("install", "--dap", signature, "--dap-sd", DOMAIN, "--hash", digest, CAP)
            greets()
            mac("delete", HELLO_PACKAGE)
        mac("delete", DOMAIN)
    mac("install", CAP)


def receipt(output, command, *words):
    """The client takes the confirmation without the length in front of it."""
    gp3(f"verify-{command}-receipt", "--type", "aes", "--key", OTHER, *words, response(output)[2:])


def delegated_management():
    mac("delete", HELLO_PACKAGE)
    for kind in KEYS:
        private, public = key_pair(kind)
        mac("put-dm-token", "--token-type", kind[:3], public)
        mac("put-dm-receipt", OTHER)
        make_domain("delegated-mgmt")
        digest = file_hash()

        def token(what, *words):
            return gp3(f"sign-{what}-token", *words, private).split()[-1]

        def spoilt(text):
            return f"{text[:-2]}{int(text[-2:], 16) ^ 1:02X}"

        load = token("load", CAP, DOMAIN, digest)
        own("install", "--load-only", "--hash", digest, CAP, fails="6985")
        own("install", "--load-only", "--hash", digest, "--load-token", spoilt(load), CAP,
            fails="6985")
        done = own("-t", "install", "--load-only", "--hash", digest, "--load-token", load, CAP)
        receipt(done, "load", "--load-file", HELLO_PACKAGE, "--sd", DOMAIN)
        install = ("install", "--install-only", "--load-file", HELLO_PACKAGE, "--module", HELLO,
                   "--applet", HELLO)
        allowed = token("install", "--priv", "0", HELLO_PACKAGE, HELLO, HELLO)
        own(*install, CAP, fails="6985")
        done = own("-t", *install, "--install-token", allowed, CAP)
        receipt(done, "install", "--load-file", HELLO_PACKAGE, "--aid", HELLO)
        greets()
        done = own("-t", "update-registry", "--sd", DOMAIN, "--token",
                   token("update-registry", "--priv", "0", DOMAIN, HELLO), HELLO)
        receipt(done, "registry-update", "--aid", HELLO, "--oldsd", DOMAIN, "--newsd", DOMAIN,
                "--priv", "")
        allowed = token("extradition", ISD, HELLO)
        own("move", "--token", spoilt(allowed), HELLO, ISD, fails="6985")
        done = own("-t", "move", "--token", allowed, HELLO, ISD)
        receipt(done, "move", "--aid", HELLO, "--oldsd", DOMAIN, "--newsd", ISD)
        mac("move", HELLO, DOMAIN)
        if kind != "rsa2048":  # a token for deleting that long it does not take
            allowed = token("delete", HELLO)
            own("delete", "--token", spoilt(allowed), HELLO, fails="6985")
            done = own("-t", "delete", "--token", allowed, HELLO)
            receipt(done, "delete", "--aid", HELLO)
        mac("delete", HELLO_PACKAGE)
        mac("delete", DOMAIN)
        mac("del-key", "--kv", "0x70")
        mac("del-key", "--kv", "0x71")
    mac("install", CAP)


# ---- gpshell: scripts ----

THREE = " ".join(f"-{name}_key {DEFAULT}" for name in ("mac", "enc", "kek"))


def script(shell, *lines, aid=ISD, fails=None):
    path = place.folder / "script.txt"
    path.write_text("\n".join(["mode_211", "enable_trace", "establish_context",
                               "card_connect -readerNumber 1", f"select -AID {aid}",
                               *lines, "card_disconnect", "release_context"]) + "\n")
    result = subprocess.run([*shell.command("gpshell"), str(path)], env=link.environment(),
                            cwd=place.folder, capture_output=True, text=True, timeout=60)
    output = result.stdout + result.stderr
    if fails:
        check(result.returncode != 0 and fails in output,
              f"{lines}: {fails} was expected:\n{output}")
    else:
        check(result.returncode == 0, f"{lines}:\n{output}")
    return output


def scripts(shell):
    """What a script does that loads, lists, personalises and deletes."""
    for version, levels in (("48", (1, 3, 17, 19)), ("32 -scp 2 -scpimpl 0x55", (1, 3, 17, 19)),
                            ("32 -scp 2 -scpimpl 0x75", (1, 3, 17, 19)),
                            ("32 -scp 2 -scpimpl 0x15", (1, 3)),
                            ("32 -scp 2 -scpimpl 0x35", (1, 3))):
        for level in levels:
            session = f"open_sc -security {level} -keyind 0 -keyver {version} {THREE}"
            listed = script(shell, session, f"delete -AID {HELLO_PACKAGE}",
                            f"install -file {CAP} -nvDataLimit 2000 -instParam 00 -priv 2",
                            "get_status -element 20", "get_status -element 40",
                            "get_status -element 10", "get_status -element 80",
                            "get_status -element e0")
            for aid in (HELLO, HELLO_PACKAGE, ISD):
                check(aid.lower() in listed, f"{aid} in the lists")
            greets()
    session = f"open_sc -security 3 -keyind 0 -keyver 48 {THREE}"
    another = "F06F6E656361726402"
    script(shell, "get_key_information_templates", "get_card_recognition_data",
           "get_secure_channel_protocol_details", "get_extended_card_resources_information",
           "get_data -identifier 9F7F", session, f"delete -AID {HELLO_PACKAGE}",
           f"install_for_load -pkgAID {HELLO_PACKAGE} -sdAID {ISD} -nvCodeLimit 2000",
           f"load -file {CAP}",
           f"install_for_install -priv 0 -AID {HELLO} -pkgAID {HELLO_PACKAGE} -instAID {another} "
           "-nvDataLimit 1000 -instParam 00",
           f"install_for_make_selectable -priv 0 -instAID {another}", f"select -AID {another}",
           f"send_apdu -sc 0 -APDU {GREET}")
    script(shell, session, f"delete -AID {HELLO_PACKAGE}", f"install -file {CAP} -priv 0")
    greets()
    script(shell, session, f"install_for_personalization -AID {PPSE}",
           "store_data -dataFormat 1 -dataEncryption 0 -data 700105A503880101")
    key = " ".join(f"-{name}_key {OTHER}" for name in ("mac", "enc", "kek"))
    script(shell, session, f"put_sc_key -keyver 0 -newkeyver 49 {key}")
    script(shell, f"open_sc -security 3 -keyind 0 -keyver 49 {key}",
           f"put_sc_key -keyver 49 -newkeyver 49 {THREE}", "delete_key -keyver 49")
    script(shell, f"open_sc -security 1 -keyind 0 -keyver 49 {THREE}", fails="6A88")
    script(shell, session, f"send_apdu -sc 1 -APDU 80F0408009{HELLO}")
    is_gone()
    script(shell, session, f"send_apdu -sc 1 -APDU 80F0400709{HELLO}")
    greets()


def scripts_of_the_older():
    scripts(older)


def scripts_of_the_newer():
    scripts(newer)


if __name__ == "__main__":
    try:
        older, newer = (Client(suite, place.build / "clients") for suite in ("trixie", "sid"))
    except FetchError as error:
        sys.exit(f"gpshell.py: the clients could not be fetched from Debian.\n{error}")
    print(f"gpshell {older.version()} and {newer.version()}, as Debian has them")
    tests = [what_the_card_says, every_level, the_largest_applet, pieces, personalisation, locking,
             keys_of_the_channel, keys_of_other_kinds, domains, dap, delegated_management,
             scripts_of_the_older, scripts_of_the_newer]
    if not newer.program("gpshell3"):
        sys.exit("gpshell.py: Debian's newest gpshell has no gpshell3 in it any more")
    with PrivateReader(place.folder / "reader") as link:
        with Card(place, place.new_card(), link.port, "--trace"):
            await_card(link)
            sys.exit(run_tests(tests))
