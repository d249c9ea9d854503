#!/usr/bin/python3
"""Sets up a private pcscd with a card in one slot and the null card in the other, and runs
bench_pcsc and bench_load on them. bench_pcsc.py BUILD"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pcsc"))
from harness import Card, Place, PrivateReader, await_card, die_with_parent  # noqa: E402

place = Place(sys.argv[1], "bench")
with PrivateReader(place.folder / "reader") as reader, \
        Card(place, place.new_card(), reader.port):
    null = subprocess.Popen([place.build / "pcsc" / "nullcard", str(reader.port + 1)],
                            preexec_fn=die_with_parent)
    try:
        await_card(reader, 0)
        await_card(reader, 1)
        readers = [reader.reader_name(0), reader.reader_name(1)]
        status = subprocess.run([place.build / "bench" / "bench_pcsc", *readers],
                                env=reader.environment()).returncode
        cap = place.build / "applets" / "transit.cap"  # the largest
        status |= subprocess.run([place.build / "bench" / "bench_load", *readers, cap],
                                 env=reader.environment()).returncode
        sys.exit(status)
    finally:
        null.kill()
        null.wait()
