#!/usr/bin/env python3
"""Writes the seeds of the fuzz target pairs into tests/fuzz/corpus/pairs; run it again when the target
reads its input in another way."""
import pathlib
import re

CORPUS = pathlib.Path(__file__).parent / "corpus"

# operation 1, key 1, length 2, bytes

PAIR_OPERATIONS = ["create", "load", "verify", "decrypt", "encrypt", "agree", "import", "generate",
                   "wrap", "sign", "public", "delete", "group", "commit"]
SLOT, DIGESTED, PIECE = 0x08, 0x40, 0x40
AES, SM4, RSA, P256, SM2, PUBLIC = 4, 7, 32, 33, 34, 128
RAW, PKCS1, PSS, ECDSA, SM2_SCHEME, ECDH = 1, 2, 3, 4, 5, 6
SHA256, SM3 = 18, 21


def pairs(*steps):
    seed = b""
    for operation, key, *rest in steps:
        data = b"".join(bytes([r]) if isinstance(r, int) else r for r in rest)
        seed += bytes([PAIR_OPERATIONS.index(operation), key]) + len(data).to_bytes(2, "big") + data
    return seed


def counted(data):
    return bytes([len(data)]) + data


def rsa_value():
    """The 1024-bit key of tests/crypto/rsa_keys.h."""
    text = (CORPUS.parent.parent / "crypto" / "rsa_keys.h").read_text()
    block = text[text.index("RSA_1024"):text.index("RSA_1152")]
    return bytes.fromhex("".join(re.findall(r'"([0-9A-F]+)"', block)))


def pair_seeds():
    d = bytes(range(1, 33))
    g_p256 = bytes.fromhex("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
                           "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5")
    g_sm2 = bytes.fromhex("32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
                          "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0")
    rsa, value = rsa_value(), bytes(16)
    return {
        "rsa": pairs(("create", 1, RSA, rsa), ("sign", 1, PKCS1, SHA256, b"abc"),
                     ("verify", 1, PKCS1, SHA256, counted(b"abc"), bytes(128)),
                     ("decrypt", 1, PKCS1, bytes(127) + b"\1"), ("encrypt", 1, PKCS1, b"abc"),
                     ("public", 1), ("commit", 0), ("decrypt", 1, RAW, bytes(128)), ("delete", 1)),
        "rsa-public": pairs(("load", SLOT, RSA, bytes([0, 1, 0, 1]) + b"\xC0" + bytes(126) + b"\1"),
                            ("verify", SLOT, PSS, SHA256, counted(b"abc"), bytes(127) + b"\2"),
                            ("generate", SLOT | 1, SM4), ("wrap", SLOT, 1)),
        "sm2": pairs(("create", 1, SM2, d), ("sign", 1, SM2_SCHEME, SM3, b"abc"),
                     ("verify", 1, SM2_SCHEME, SM3, counted(b"abc"), bytes(63) + b"\1"),
                     ("encrypt", 1, SM2_SCHEME, b"abc"),
                     ("decrypt", 1, SM2_SCHEME, b"\4" + g_sm2 + bytes(48))),
        "sm2-agree": pairs(("create", 1, SM2, d), ("generate", SLOT, SM2),
                           ("agree", 1, SLOT, SM2_SCHEME, 1, SM4, counted(b"bob"), g_sm2 + g_sm2),
                           ("load", SLOT, SM2, g_sm2), ("public", SLOT)),
        "p256": pairs(("create", 1, P256, d), ("sign", 1, ECDSA, SHA256, b"abc"),
                      ("verify", 1, ECDSA, SHA256, counted(b"abc"), bytes(63) + b"\1"),
                      ("agree", 1, 0, ECDH, 1, AES, counted(b"info"), g_p256)),
        "imports": pairs(("create", 1, AES, value), ("create", 2, SM2, d),
                         ("import", 1, SM2, counted(b""), 3, bytes(48)),
                         ("import", 2, AES, counted(b"abc"), 4, b"\4" + g_sm2 + bytes(48)),
                         ("import", 1 | DIGESTED, AES, counted(b""), 1, bytes(16))),
        "pieces": pairs(("group", 0, bytes.fromhex("800101 810120 82020010 8C00")),
                        ("group", PIECE | 4, rsa[4:68]), ("group", PIECE | 3, rsa[68:]),
                        ("group", PIECE | 2, rsa[4:68])),
        "groups": pairs(("group", 0, bytes.fromhex("800101 810122 82020810 8720") + d),
                        ("group", 0, bytes.fromhex("800102 810121 82020010 8B020020")),
                        ("group", 0, bytes.fromhex("800103 8101A2 82020020 8740") + g_sm2),
                        ("sign", 2, ECDSA, SHA256, b"")),
    }


def main():
    folder = CORPUS / "pairs"
    folder.mkdir(parents=True, exist_ok=True)
    seeds = pair_seeds()
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed)
    print(f"{len(seeds)} seeds of pairs")


if __name__ == "__main__":
    main()
