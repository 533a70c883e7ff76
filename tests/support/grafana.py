"""The Grafana dashboard of contrib/, and its expressions as Grafana asks them."""
import json
import re

import dcv

DASHBOARD = dcv.ROOT / "contrib/grafana/dcv-dashboard.json"


def dashboard():
    return json.loads(DASHBOARD.read_text())


def expressions():
    """(panel's title, expression), the variables filled in with what they begin with."""
    board = dashboard()
    values = {"__rate_interval": "1m"}
    for variable in board["templating"]["list"]:
        value = variable["current"].get("value", "")
        values[variable["name"]] = variable["allValue"] if value == ["$__all"] else value
    return [(panel["title"], re.sub(r"\$(\w+)", lambda used: values[used[1]], target["expr"]))
            for panel in board["panels"] for target in panel.get("targets", [])]
