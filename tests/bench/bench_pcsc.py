#!/usr/bin/python3
"""Sets up a private pcscd with a card in one slot and the null card in the other, and runs
bench_pcsc and bench_load on them. bench_pcsc.py BUILD

All of it runs on one processor: where there are more, the kernel's choice of processors, which
changes within seconds, makes an exchange three times as long, of either card. BENCH_ON=all leaves
the choice to it."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pcsc"))
from harness import Card, Place, PrivateReader, await_card, die_with_parent  # noqa: E402

place = Place(sys.argv[1], "bench")
if os.environ.get("BENCH_ON") != "all":
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(reader, image, program, *words):
    """The program between that card and the null card."""
    with Card(place, image, reader.port):
        await_card(reader, 0)
        status = subprocess.run([place.build / "bench" / program, reader.reader_name(0),
                                 reader.reader_name(1), *words],
                                env=reader.environment()).returncode
    await_card(reader, 0, present=False)
    return status


with PrivateReader(place.folder / "reader") as reader:
    null = subprocess.Popen([place.build / "pcsc" / "nullcard", str(reader.port + 1)],
                            preexec_fn=die_with_parent)
    try:
        await_card(reader, 1)
        status = run(reader, place.new_card(), "bench_pcsc")
        largest = place.build / "applets" / "transit.cap"
        # A load has one commit: on a disk it takes what its flush takes. In memory all is ours.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            for where in (pathlib.Path(folder), place.folder):
                print(f"image in {where.parent if memory else where}:", flush=True)
                status |= run(reader, place.new_card(str(where / "load.card")), "bench_load",
                              largest)
        sys.exit(status)
    finally:
        null.kill()
        null.wait()
