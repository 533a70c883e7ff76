#!/usr/bin/env python3
"""What contrib/ has for Icinga, Nagios, Zabbix and Kubernetes: read by the system itself where Debian has one that
can, and what it would run is run, in the lab.

Usage: definitions.py icinga|nagios|zabbix|kubernetes
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import uuid

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import dcv  # noqa: E402

CONTRIB = dcv.ROOT / "contrib"


def required(program):
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        print(f"skipped: {program} is not installed")
        sys.exit(dcv.SKIPPED)
    return found


def in_the_lab(*words, scenario="ok-direct-txt", statuses=(0,)):
    """Runs it; its output, and what is wrong with its status."""
    ran = dcv.run("dcv-lab", "run", scenario, "--", *words)
    return ran.stdout, [] if ran.returncode in statuses else [f"{words}: status {ran.returncode}: {ran.stdout}{ran.stderr}"]


def icinga():
    """Icinga reads it and makes a service of each name; each argument is one that check_dcv has."""
    program = required("icinga2")
    text = (CONTRIB / "icinga/dcv-command.conf").read_text()
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "icinga2.conf")
        config.write_text(f'const PluginDir = "{dcv.BIN}"\nconst NodeName = "here"\ninclude <itl>\n'
                          f'include "{CONTRIB}/icinga/dcv-command.conf"\n')
        places = [f"-D{name}={folder}" for name in ("DataDir", "InitRunDir", "LogDir", "CacheDir", "SpoolDir")]
        ran = subprocess.run([program, "daemon", "-C", "-c", config, "-DRunAsUser=root", "-DRunAsGroup=root", *places],
                             capture_output=True, text=True)
    if ran.returncode or "warning/" in ran.stdout or "Instantiated 2 Services" not in ran.stdout:
        yield f"icinga2 daemon -C: {ran.stdout}{ran.stderr}"
    options = dcv.run("check_dcv", "--help").stdout
    for name in re.findall(r'^    "(-[^"]*)" = \{', text, re.M):
        if not re.search(rf"(?<![\w-]){name}(?![\w-])", options):
            yield f"check_dcv has no option {name}"


def nagios():
    """Nagios reads it, and the command line of its service does what it should."""
    program = required("nagios4")
    text = (CONTRIB / "nagios/dcv.cfg").read_text()
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "resource.cfg").write_text(f"$USER1$={dcv.BIN}\n")
        pathlib.Path(folder, "site.cfg").write_text("""
define timeperiod { \n timeperiod_name always \n alias always \n monday 00:00-24:00 \n }
define command { \n command_name nothing \n command_line /bin/true \n }
define contact { \n contact_name nobody \n host_notification_period always \n service_notification_period always
 host_notification_commands nothing \n service_notification_commands nothing \n }
define host { \n host_name localhost \n address 127.0.0.1 \n max_check_attempts 3 \n check_period always
 notification_period always \n contacts nobody \n }
define service { \n name generic-service \n check_period always \n notification_period always
 contacts nobody \n register 0 \n }
""")
        main = pathlib.Path(folder, "nagios.cfg")
        main.write_text(f"cfg_file={CONTRIB}/nagios/dcv.cfg\ncfg_file={folder}/site.cfg\nresource_file={folder}/resource.cfg\n"
                        f"log_file={folder}/log\nstatus_file={folder}/status\ntemp_path={folder}\ncheck_result_path={folder}\n"
                        f"object_cache_file={folder}/cache\ncommand_file={folder}/cmd\nlock_file={folder}/lock\n"
                        "nagios_user=root\nnagios_group=root\nillegal_macro_output_chars=`~$&|'\"<>\n")
        ran = subprocess.run([program, "-v", main], capture_output=True, text=True)
    if ran.returncode or "Total Warnings: 0" not in ran.stdout:
        yield f"nagios4 -v: {ran.stdout}{ran.stderr}"
    line = re.search(r"command_line +(.*)", text)[1]
    _, *arguments = re.search(r"check_command +(.*)", text)[1].split("!")
    for n, argument in enumerate(arguments, 1):
        line = line.replace(f"$ARG{n}$", argument)
    output, faults = in_the_lab(*shlex.split(line.replace("$USER1$/", "")))
    yield from faults
    if not output.startswith("DCV OK - "):
        yield f"{line}: {output}"


RULE = {"uuid", "name", "type", "key", "delay", "lifetime", "item_prototypes"}
ITEM = {"uuid", "name", "type", "key", "delay", "history", "trends", "value_type", "units", "description",
        "preprocessing", "master_item", "tags", "trigger_prototypes"}
TRIGGER = {"uuid", "expression", "name", "priority", "description"}
STEPS = {"JSONPATH", "JAVASCRIPT", "NOT_MATCHES_REGEX"}


def zabbix_form_faults(template):
    rule = template["discovery_rules"][0]
    items = rule["item_prototypes"]
    triggers = [trigger for item in items for trigger in item.get("trigger_prototypes", [])]
    ids = [template["uuid"], *(each["uuid"] for each in [rule, *items, *triggers])]
    yield from (f"no UUID of version 4: {each}" for each in ids if uuid.UUID(each).version != 4 or uuid.UUID(each).hex != each)
    if len(set(ids)) != len(ids):
        yield "an UUID is there twice"
    for each, known in [(rule, RULE), *((i, ITEM) for i in items), *((t, TRIGGER) for t in triggers)]:
        yield from (f"{each['name']}: unknown key {key}" for key in each.keys() - known)
    keys = [item["key"] for item in items]
    for item in items:
        if item.get("type") == "DEPENDENT" and (item["master_item"]["key"] != keys[0] or item["delay"] != "0"):
            yield f"{item['key']}: depends on no master item, or has a time of its own"
        if item["value_type"] not in ("TEXT", "CHAR", "FLOAT", "UNSIGNED") or keys.count(item["key"]) > 1:
            yield f"{item['key']}: of an unknown type, or there twice"
        if item["value_type"] in ("TEXT", "CHAR") and item["trends"] != "0":
            yield f"{item['key']}: text has no trends"
        yield from (f"{item['key']}: {step['type']}" for step in item.get("preprocessing", []) if step["type"] not in STEPS)
    for trigger in triggers:
        if trigger["priority"] not in ("INFO", "WARNING", "AVERAGE", "HIGH", "DISASTER"):
            yield f"{trigger['name']}: priority"
        about = re.fullmatch(r"\w+\(/dcvtools/(.+\]),.*\)=\d+", trigger["expression"])
        if not about or about[1] not in keys:
            yield f"{trigger['expression']}: about no item"
    used = set(re.findall(r"\{\$[A-Z.]+\}", json.dumps(template)))
    if used != {macro["macro"] for macro in template["macros"]}:
        yield f"macros used: {used}"


def words_of_key(key, macros):
    """The command of an external check as Zabbix runs it: script[parameters]."""
    for name, value in macros.items():
        key = key.replace(name, value)
    script, parameters = re.fullmatch(r"([\w-]+)\[(.*)\]", key).groups()
    return [script, *(quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^,"]+)', parameters))]


def at_path(document, path):
    """What a definite JSONPath leads to; raises where there is nothing."""
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path.removeprefix("$")):
        document = document[name] if name else document[int(index)]
    return document


def zabbix_value_faults(template):
    """Discovery and master item run for real; each JSONPath finds its value in a report."""
    rule = template["discovery_rules"][0]
    master, *dependents = rule["item_prototypes"]
    macros = {macro["macro"]: macro["value"] for macro in template["macros"]}
    script, *parameters = words_of_key(rule["key"], macros)
    found, faults = in_the_lab(CONTRIB / "zabbix" / script, *parameters)
    yield from faults
    entries = json.loads(found)
    if [entry["{#DCV.NAME}"] for entry in entries] != macros["{$DCV.NAMES}"].split():
        yield f"discovered: {entries}"
    reports = []
    for scenario in ("authority-txt-differs", "ok-signed"):
        for entry in entries:
            output, faults = in_the_lab(*words_of_key(master["key"], entry), scenario=scenario, statuses=(0, 1, 2, 3))
            yield from faults
            reports.append(json.loads(output))
    for item in dependents:
        first, *rest = item["preprocessing"]
        values = []
        for report in reports:
            try:
                values.append(at_path(report, first["parameters"][0]))
            except (KeyError, IndexError) as error:
                if "error_handler" not in first:
                    yield f"{item['key']}: nothing at {first['parameters'][0]} ({error!r})"
        may_be_absent = any(step["type"] == "NOT_MATCHES_REGEX" for step in rest)
        if None in values and not may_be_absent or not any(value is not None for value in values):
            yield f"{item['key']}: values {values}"


def zabbix():
    document = yaml.safe_load((CONTRIB / "zabbix/dcv-template.yaml").read_text())["zabbix_export"]
    if document["version"] != "6.0" or document.keys() != {"version", "date", "groups", "templates"}:
        yield f"an export of 6.0 has other parts: {document.keys()}"
    template, = document["templates"]
    faults = [*zabbix_form_faults(template)]
    yield from faults or zabbix_value_faults(template)


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
    if name != "icinga":
        dcv.require_lab()
    faults = list({"icinga": icinga, "nagios": nagios, "zabbix": zabbix, "kubernetes": kubernetes}[name]())
    print("\n".join(faults) or f"{name}: good")
    return 1 if faults else 0


sys.exit(main())
