#!/usr/bin/env python3
"""The systemd units: systemd-analyze takes them and finds them as hardened as they can be, and what
they start does start, in the lab."""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

UNITS = sorted((dcv.ROOT / "contrib/systemd").iterdir())
EXPOSURE = "15"  # of 100; what is left is that they use the Internet and the host's file tree
LASTING = {"dcv-exporter.service": "--config.check", "dcv-watch.service": "--once"}  # so that they end
STARTS = re.compile(r"^Exec\w+=[+!-]*(.*)$", re.M)


def system_root(folder):
    """A file tree like that of a host where all is installed: systemd-analyze looks nowhere else."""
    units = folder / "etc/systemd/system"
    units.mkdir(parents=True)
    (folder / "usr/bin").mkdir(parents=True)
    shutil.copytree("/lib/systemd/system", folder / "lib/systemd/system", symlinks=True)
    for unit in UNITS:
        shutil.copy(unit, units)
        for line in STARTS.findall(unit.read_text()):
            stub = folder / "usr/bin" / line.split()[0]
            stub.write_text("#!/bin/sh\n")
            stub.chmod(0o755)


def analyze(*words):
    ran = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True)
    return [f"systemd-analyze {' '.join(words)}: {ran.stdout}{ran.stderr}"] if ran.returncode or ran.stderr else []


def analysis_faults():
    with tempfile.TemporaryDirectory() as folder:
        system_root(pathlib.Path(folder))
        names = [unit.name.replace("@.", "@web.") for unit in UNITS]
        yield from analyze("verify", "--man=no", f"--root={folder}", *names)
        for name in names:
            if name.endswith(".service"):
                yield from analyze("security", "--offline=yes", f"--root={folder}", f"--threshold={EXPOSURE}", name)


def example_environment(text):
    """What the unit's first lines show for its environment file."""
    return dict(re.findall(r"^#   ([A-Z]+)=(.*)$", text, re.M))


def started(unit, folder):
    """The lines that it runs, in the lab, on files in `folder`; those that failed."""
    text = unit.read_text().replace("%i", "web").replace("$MAINPID", "0")
    success = {0, *map(int, " ".join(re.findall(r"^SuccessExitStatus=(.*)$", text, re.M)).split())}
    settings = example_environment(text)
    if "OPTIONS" in settings:
        settings["OPTIONS"] = settings["OPTIONS"].replace("/usr/local/share/dcvtools", str(dcv.ROOT))
    for line in STARTS.findall(text):
        line = re.sub(r"/(etc|run|var)/[a-z/-]+(?=/)", folder, line)
        words = []
        for word in shlex.split(line):
            words += settings[word[1:]].split() if word.startswith("$") else [word]
        if words[0] == "kill":
            continue
        if unit.name in LASTING:
            words.append(LASTING[unit.name])
        ran = dcv.run("dcv-lab", "run", "ok-direct-txt", "--", *words)
        if ran.returncode not in success:
            yield f"{unit.name}: {' '.join(words)}: status {ran.returncode}: {ran.stdout}{ran.stderr}"


def start_faults():
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(dcv.ROOT / "contrib/prometheus/exporter.yml", folder)
        pathlib.Path(folder, "watch.tsv").write_text("name\tmethod\napp.shop.example\tdns-01\n")
        for unit in UNITS:
            if unit.suffix == ".service":
                yield from started(unit, folder)
        if not pathlib.Path(folder, "dcv.prom").is_file():
            yield "dcv-textfile.service leaves no file"


def stop_faults():
    """Else systemd sends SIGTERM to hooks, too, which have time to end by themselves."""
    if "\nKillMode=mixed\n" not in (dcv.ROOT / "contrib/systemd/dcv-watch.service").read_text():
        yield "dcv-watch.service: hooks are ended with the watcher"


def main():
    if not shutil.which("systemd-analyze"):
        print("skipped: systemd-analyze is not installed (Debian: systemd)")
        return dcv.SKIPPED
    dcv.require_lab()
    faults = [*analysis_faults(), *stop_faults(), *start_faults()]
    print("\n".join(faults) or f"{len(UNITS)} units")
    return 1 if faults else 0


sys.exit(main())
