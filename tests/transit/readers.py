#!/usr/bin/python3
"""The demo card's purse, read through PC/SC by opensc-tool as reader apps do. readers.py BUILD"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "pcsc"))
from harness import SECONDS, Card, Place, PrivateReader, await_card, check, check_equal, run_tests

place = Place(sys.argv[1], "transit_readers")
reader = PrivateReader(place.folder / "reader")

SELECT_PPSE = "00A404000E325041592E5359532E444446303100"
SELECT_PURSE = "00A4040008A00000063201010500"


def ask(*commands):
    """Each answer, as hex with the status word last."""
    words = [word for command in commands for word in ("-s", command)]
    output = subprocess.run(["opensc-tool", "-r", reader.reader_name(), *words], text=True,
                            env=reader.environment(), capture_output=True, timeout=SECONDS).stdout
    answers = []
    for part in output.split("Received (SW1=0x")[1:]:
        status = part[:2] + re.search(r"SW2=0x(..)\)", part).group(1)
        rows = [re.match(r"([0-9A-F]{2} ){1,16}", line) for line in part.splitlines()[1:]]
        data = "".join(row.group(0) for row in rows if row)
        answers.append(data.replace(" ", "") + status)
    check_equal(len(answers), len(commands), "answers in: " + output)
    return answers


def the_directory_names_the_purse():
    answer = ask(SELECT_PPSE)[0]
    check("4F08A000000632010105" in answer and "MOT_T_EP".encode().hex().upper() in answer, answer)


def balance_and_serial():
    fci, info, balance, area = ask(SELECT_PURSE, "00B095001E", "805C000204", "00B097000B")
    check(info[:60] in fci, "file 15 in the FCI")
    check_equal(info[20:40], "03104870990000000014", "serial")
    check_equal(info[40:56], "2025010120351231", "validity")
    check_equal(balance, "000013889000", "50.00 yuan")
    check_equal(area[:8], "00000156", "country")


def log_until_it_ends():
    commands = [SELECT_PURSE] + [f"00B2{n:02X}C417" for n in range(1, 11)]
    answers = ask(*commands)[1:]
    check_equal([a[-4:] for a in answers], ["9000"] * 6 + ["6A83"] * 4, "records, then 6A83")
    amounts = [int(a[10:18], 16) for a in answers[:6]]
    check_equal(amounts, [400, 0, 200, 400, 0, 6000], "amounts, the newest first")


with reader, Card(place, place.new_card(), reader.port) as card:
    await_card(reader)
    sys.exit(run_tests([the_directory_names_the_purse, balance_and_serial, log_until_it_ends]))
