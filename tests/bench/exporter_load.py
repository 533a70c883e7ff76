#!/usr/bin/env python3
"""dcv-exporter under load, in the lab: 200 names a minute, each scraped once a minute.

Tells missed scrapes, memory after the first minute and at the end, and CPU time. Not part of the
test run. Usage: exporter_load.py [MINUTES]
"""
import concurrent.futures
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402
from exporter import OPENMETRICS, Exporter, samples  # noqa: E402

NAMES = 200
SCRAPE_SECONDS = 10


def scrape(exporter, name):
    """Seconds that it took; none where it was missed."""
    start = time.monotonic()
    fields = {"Accept": OPENMETRICS, "X-Prometheus-Scrape-Timeout-Seconds": str(SCRAPE_SECONDS)}
    try:
        reply = exporter.get("/probe", fields=fields, target=name)
        judged = reply.status == 200 and samples(reply.text).get("dcv_probe_success") == 1
    except OSError:
        judged = False
    seconds = time.monotonic() - start
    return seconds if judged and seconds < SCRAPE_SECONDS else None


def process(exporter):
    values = samples(exporter.get("/metrics").text)
    return values["process_resident_memory_bytes"], values["process_cpu_seconds_total"]


def inside(minutes):
    with Exporter() as exporter, concurrent.futures.ThreadPoolExecutor(50) as pool:
        start, scrapes, memory, cpu_before = time.monotonic(), [], [], process(exporter)[1]
        for number in range(int(minutes * NAMES)):
            time.sleep(max(0, start + number * 60 / NAMES - time.monotonic()))
            scrapes.append(pool.submit(scrape, exporter, f"host{number % NAMES}.shop.example"))
            if number % 20 == 0:
                memory.append((time.monotonic() - start, process(exporter)[0]))
        taken = [each.result() for each in scrapes]
        wall, cpu = time.monotonic() - start, process(exporter)[1] - cpu_before
    known = sorted(each for each in taken if each is not None)
    after_first = [size for at, size in memory if 55 <= at <= 75] or [memory[0][1]]
    last = [size for at, size in memory if at >= wall - 20]
    growth = max(last) / max(after_first) - 1
    print(f"{len(taken)} scrapes in {wall:.0f} s, {len(taken) - len(known)} missed; "
          f"median {known[len(known) // 2] * 1000:.0f} ms, longest {known[-1] * 1000:.0f} ms")
    print(f"memory after a minute {max(after_first) / 1e6:.1f} MB, at the end {max(last) / 1e6:.1f} MB: "
          f"{growth * 100:+.1f} %; most {max(size for _, size in memory) / 1e6:.1f} MB")
    print(f"CPU {cpu:.1f} s, {cpu / wall * 100:.1f} % of one core, {cpu / len(taken) * 1000:.0f} ms a scrape")
    return 0 if len(known) == len(taken) and growth <= 0.05 else 1


def main():
    if sys.argv[1:2] == ["--inside"]:
        return inside(float(sys.argv[2]))
    minutes = sys.argv[1] if sys.argv[1:] else "10"
    ran = dcv.run("dcv-lab", "run", "ok-direct-txt", "--", "/usr/bin/python3", __file__, "--inside", minutes,
                  env={"DCV_BIN": str(dcv.BIN)}, timeout=60 * float(minutes) + 120)
    print(ran.stdout + ran.stderr, end="")
    return ran.returncode


sys.exit(main())
