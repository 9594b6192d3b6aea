"""The same model in PyTorch on the same card: encoder, decoder by batch size, and the reference's loop over a folder.

python3 torch_bench.py WORK ENCODER.onnx [--seconds S] [--batches 1,2,4]
Prints one JSON object. WORK holds what `measure.mjs data` made.
"""
import argparse
import glob
import json
import os
import resource
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from onnx_torch import OnnxModel

MEAN = np.array([123.675, 116.28, 103.53], np.float32)
STD = np.array([58.395, 57.12, 57.375], np.float32)
ITERATIONS = 5


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("encoder")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--batches", default="1,2,4,8,16,32,64")
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


options = arguments()
torch.set_num_threads(options.threads)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def wait():
    if device.type == "cuda":
        torch.cuda.synchronize()


def timed(call):
    """Median milliseconds of up to twenty calls after two that warm up; fewer where they are slow."""
    times, started = [], time.perf_counter()
    for i in range(22):
        if times and time.perf_counter() - started > options.seconds:
            break
        wait()
        before = time.perf_counter()
        call()
        wait()
        ms = 1000 * (time.perf_counter() - before)
        if i >= 2 or ms > 333 * options.seconds:
            times.append(ms)
    return sorted(times)[len(times) // 2]


def prompts(batch):
    corner = torch.tensor([[256.0, 205.0], [645.0, 594.0]])
    coords = torch.cat([torch.tensor([[450.0, 400.0], [20.0, 20.0]]), corner]).repeat(batch, 1, 1)
    labels = torch.tensor([1.0, 0.0, 2.0, 3.0]).repeat(batch, 1)
    masks = torch.full((batch, 1, 256, 256), -8.0)
    masks[:, :, 51:148, 64:161] = 6.0
    found = dict(point_coords=coords, point_labels=labels, mask_input=masks, has_mask_input=torch.ones(1))
    return {name: value.to(device) for name, value in found.items()}


class Captured:
    """A model for inputs of one shape, replayed as a CUDA graph: no time goes into starting kernels one by one."""

    def __init__(self, model, inputs):
        self.inputs = {name: value.clone() for name, value in inputs.items()}
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                model(**self.inputs)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.outputs = model(**self.inputs)

    def __call__(self, **inputs):
        for name, value in inputs.items():
            self.inputs[name].copy_(value)
        self.graph.replay()
        return self.outputs


def captured(model, inputs, report, name):
    """The faster way where there is one, the plain way elsewhere."""
    if device.type != "cuda":
        return model
    try:
        return Captured(model, inputs)
    except Exception as error:  # What cannot be captured is told and run plainly.
        report[name] = str(error).split("\n")[0]
        return model


def prepared(path):
    """A photo as the encoder takes it, and its size; what can be done on the card is done there."""
    image = Image.open(path).convert("RGB")
    width, height = image.size
    scale = 1024 / max(width, height)
    size = (int(width * scale + 0.5), int(height * scale + 0.5))
    values = torch.from_numpy(np.asarray(image.resize(size, Image.BILINEAR)).copy()).to(device).permute(2, 0, 1).float()
    values = (values - torch.from_numpy(MEAN).to(device)[:, None, None]) / torch.from_numpy(STD).to(device)[:, None, None]
    return F.pad(values, (0, 1024 - size[0], 0, 1024 - size[1]))[None], (height, width), (size[1], size[0])


def refine(encoder, decoder, given, path, count):
    """The reference's loop: encode, then five times decode, choose, enlarge; prompts are not excavated anew."""
    values, size, inner = prepared(path)
    embedding = encoder(input=values)["output"]
    for _ in range(ITERATIONS):
        answer = decoder(image_embeddings=embedding, **given)
        best = answer["all_iou_predictions"].argmax(dim=1)
        low = answer["all_low_res_masks"][torch.arange(count, device=device), best][:, None]
        whole = F.interpolate(low, (1024, 1024), mode="bilinear", align_corners=False)[..., : inner[0], : inner[1]]
        masks = F.interpolate(whole, size, mode="bilinear", align_corners=False)[:, 0] > 0
        # The next prompts are excavated from this, on the CPU.
        found = masks.to(torch.uint8).cpu().numpy()
    return found


def loop(encoder, decoder, given, count, out):
    photos = sorted(glob.glob(os.path.join(options.work, "dataset", "images", "*.jpg")))[: options.photos]
    refine(encoder, decoder, given, photos[0], count)
    wait()
    started = time.perf_counter()
    for path in photos:
        masks = refine(encoder, decoder, given, path, count)
        for i, mask in enumerate(masks):
            Image.fromarray(mask * 255).save(os.path.join(out, f"{os.path.basename(path)}-{i}.png"))
    seconds = time.perf_counter() - started
    return dict(photos=len(photos), masks=count, photosPerSecond=len(photos) / seconds, masksPerSecond=len(photos) * count / seconds)


def main():
    report = dict(
        torch=torch.__version__,
        device=torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        threads=options.threads,
        tf32=dict(matmul=torch.backends.cuda.matmul.allow_tf32, convolutions=torch.backends.cudnn.allow_tf32),
    )
    encoder = OnnxModel(options.encoder, device)
    decoder = OnnxModel(os.path.join(options.work, "decoder.onnx"), device)
    photo = sorted(glob.glob(os.path.join(options.work, "dataset", "images", "*.jpg")))[0]
    values = prepared(photo)[0]
    embedding = encoder(input=values)["output"].clone()
    report["encoderMs"] = timed(lambda: encoder(input=values))
    fast_encoder = captured(encoder, dict(input=values), report, "encoderNotCaptured")
    report["encoderCapturedMs"] = timed(lambda: fast_encoder(input=values)) if fast_encoder is not encoder else None
    report["batches"] = {}
    for batch in map(int, options.batches.split(",")):
        given = prompts(batch)
        try:
            row = dict(ms=timed(lambda: decoder(image_embeddings=embedding, **given)))
            fast = captured(decoder, dict(image_embeddings=embedding, **given), row, "notCaptured")
            if fast is not decoder:
                row["capturedMs"] = timed(lambda: fast(image_embeddings=embedding, **given))
            report["batches"][batch] = row
        except RuntimeError as error:
            report["batches"][batch] = dict(error=str(error).split("\n")[0])
            break
    masks = len(os.listdir(os.path.join(options.work, "dataset", "masks", "p0")))
    out = os.path.join(options.work, "refined-torch")
    os.makedirs(out, exist_ok=True)
    given = prompts(masks)
    report["loop"] = loop(encoder, decoder, given, masks, out)
    fast = captured(decoder, dict(image_embeddings=embedding, **given), report, "decoderNotCaptured")
    report["loopCaptured"] = loop(fast_encoder, fast, given, masks, out) if fast is not decoder else None
    report["peakMB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)
    if device.type == "cuda":
        report["cardMB"] = round(torch.cuda.max_memory_allocated() / 1e6)
    print(json.dumps(report))


main()
