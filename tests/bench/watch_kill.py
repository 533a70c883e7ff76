#!/usr/bin/env python3
"""dcv-watch killed 200 times while a zone changes under it, at random moments: no event that it told
is lost, and the database is whole each time: no event without its number, its stay and its state.

Usage: watch_kill.py
"""
import pathlib
import random
import sys
import time

HERE = pathlib.Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[1] / "probes")]
import real_lab  # noqa: E402
import watch  # noqa: E402

ROUNDS, KILLS = 10, 20
real_lab.CASE_SECONDS = 900


def kills(number):
    def case(lab):
        told = watch.killed_in_mid_write_it_loses_nothing_told(
            lab, KILLS, lambda watching: time.sleep(random.uniform(0, 0.5)))
        real_lab.expect(told >= KILLS, True, f"{told} events for {KILLS} kills: one each")
        print(f"{KILLS} kills, {told} events told, none lost")
    case.__name__ = f"round_{number}"
    return case


if __name__ == "__main__":
    real_lab.main([kills(number) for number in range(ROUNDS)], ["nsd", "knotd", "kdig"], at_once=1)
