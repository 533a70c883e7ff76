#!/usr/bin/env python3
"""What contrib/ has for Kubernetes: read strictly, and what it would run is run, in the lab.

Usage: definitions.py kubernetes
"""
import pathlib
import sys

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

CONTRIB = dcv.ROOT / "contrib"


def in_the_lab(*words, scenario="ok-direct-txt", statuses=(0,)):
    """Runs it; its output, and what is wrong with its status."""
    ran = dcv.run("dcv-lab", "run", scenario, "--", *words)
    return ran.stdout, [] if ran.returncode in statuses else [f"{words}: status {ran.returncode}: {ran.stdout}{ran.stderr}"]


# The fields used, as batch/v1 has them; what an API server does not know it refuses.
CRON_JOB = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": str}, "spec": {
    "schedule": str, "concurrencyPolicy": "Forbid", "startingDeadlineSeconds": int,
    "successfulJobsHistoryLimit": int, "failedJobsHistoryLimit": int, "jobTemplate": {"spec": {
        "backoffLimit": int, "activeDeadlineSeconds": int, "ttlSecondsAfterFinished": int,
        "podFailurePolicy": {"rules": [{"action": str, "onExitCodes": {
            "containerName": "dcv-preflight", "operator": "In", "values": [int]}}]},
        "template": {"spec": {
            "restartPolicy": "Never", "automountServiceAccountToken": False, "enableServiceLinks": False,
            "securityContext": {"runAsNonRoot": True, "runAsUser": int, "runAsGroup": int,
                                "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{
                "name": "dcv-preflight", "image": str, "command": [str], "args": [str],
                "terminationMessagePolicy": "FallbackToLogsOnError",
                "resources": {"requests": {"cpu": str, "memory": str}, "limits": {"memory": str}},
                "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                    "capabilities": {"drop": [str]}}}]}}}}}}


def differences(value, form, place=""):
    if isinstance(form, dict) and isinstance(value, dict):
        yield from (f"{place}.{key}: only in one of file and form" for key in sorted(form.keys() ^ value.keys()))
        for key in form.keys() & value.keys():
            yield from differences(value[key], form[key], f"{place}.{key}")
    elif isinstance(form, list) and isinstance(value, list):
        for n, each in enumerate(value):
            yield from differences(each, form[0], f"{place}[{n}]")
    elif value != form and not (isinstance(form, type) and type(value) is form):
        yield f"{place}: {value!r}, not {form!r}"


def kubernetes():
    """The fields are those of the API; the container ends as its failure policy takes for granted."""
    job = yaml.safe_load((CONTRIB / "kubernetes/cronjob.yaml").read_text())
    yield from differences(job, CRON_JOB)
    spec = job["spec"]["jobTemplate"]["spec"]
    rules = {rule["action"]: rule["onExitCodes"]["values"] for rule in spec["podFailurePolicy"]["rules"]}
    if rules != {"FailJob": [2, 64, 70], "Count": [3]} or spec["backoffLimit"] < 1:
        yield f"failure policy: {rules}"
    container, = spec["template"]["spec"]["containers"]
    for scenario, status in (("ok-direct-txt", 0), ("authority-txt-differs", 0), ("delegation-all-lame", 2),
                             ("transport-intercepted", 3)):
        _, faults = in_the_lab(*container["command"], *container["args"], scenario=scenario, statuses=[status])
        yield from (f"{scenario}: {fault}" for fault in faults)
    _, faults = in_the_lab(*container["command"], "no_name", statuses=[64])
    yield from faults


def main():
    name, = sys.argv[1:]
    dcv.require_lab()
    faults = list({"kubernetes": kubernetes}[name]())
    print("\n".join(faults) or f"{name}: good")
    return 1 if faults else 0


sys.exit(main())
