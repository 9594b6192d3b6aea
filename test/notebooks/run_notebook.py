#!/usr/bin/python3
"""Runs a notebook in a kernel and prints what its code cells show, as JSON: a list of outputs for each cell."""
import json
import os
import sys
import time
from queue import Empty

from jupyter_client.manager import KernelManager

# Deno may send a cell's outputs after it has said that the cell is done.
GRACE = 0.3
CELL_LIMIT = 300

KINDS = ("stream", "display_data", "update_display_data", "execute_result", "error")


def outputs_of(client, code):
    """What one cell shows."""
    request = client.execute(code, allow_stdin=False)
    end = time.monotonic() + CELL_LIMIT
    outputs = []
    while True:
        try:
            message = client.get_iopub_msg(timeout=max(0.0, end - time.monotonic()))
        except Empty:
            break
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            end = time.monotonic() + GRACE
        elif kind in KINDS:
            outputs.append({"kind": kind, **content})
    return outputs


def main(path):
    with open(path, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    manager = KernelManager(kernel_name="samrefiner-deno")
    manager.start_kernel(cwd=os.path.dirname(os.path.abspath(path)))
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=120)
        shown = []
        for cell in cells:
            if cell["cell_type"] != "code":
                continue
            shown.append(outputs_of(client, "".join(cell["source"])))
            if any(output["kind"] == "error" for output in shown[-1]):
                break
        print(json.dumps(shown))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main(sys.argv[1])
