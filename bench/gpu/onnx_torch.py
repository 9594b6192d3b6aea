"""Runs an ONNX file in PyTorch, operation by operation: the same weights and the same graph as ONNX Runtime gets.

Needs PyTorch 1.13 or later and NumPy, nothing else: the file is read by the few lines of protobuf below. Only the
operations of SAM's exports are here. What depends on constants and on the shapes of the inputs alone is computed once for
every set of shapes; shapes stay on the CPU as in ONNX Runtime, so that a run on a GPU waits for nothing.
"""
import math
import struct

import numpy as np
import torch
import torch.nn.functional as F

NUMPY_TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 9: np.bool_, 10: np.float16, 11: np.float64}
TORCH_TYPES = {1: torch.float32, 2: torch.uint8, 3: torch.int8, 6: torch.int32, 7: torch.int64, 9: torch.bool, 10: torch.float16, 11: torch.float64}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """Number and value of each field of a protobuf message."""
    at, end = 0, len(data)
    while at < end:
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = data[at : at + 8], at + 8
        elif kind == 5:
            value, at = data[at : at + 4], at + 4
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"Field of kind {kind}: expected an ONNX file")
        yield tag >> 3, value


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def integers(value):
    """A repeated whole number, packed or not."""
    if isinstance(value, int):
        return [signed(value)]
    found, at = [], 0
    while at < len(value):
        number, at = varint(value, at)
        found.append(signed(number))
    return found


def text(value):
    return bytes(value).decode()


def read_tensor(data):
    dims, kind, name, raw, floats, longs = [], 1, "", None, [], []
    for number, value in fields(data):
        if number == 1:
            dims += integers(value)
        elif number == 2:
            kind = value
        elif number == 4:
            floats += struct.unpack(f"<{len(value) // 4}f", value)
        elif number in (5, 7):
            longs += integers(value)
        elif number == 8:
            name = text(value)
        elif number == 9:
            raw = value
    if raw is not None:
        values = np.frombuffer(raw, NUMPY_TYPES[kind]).copy()
    else:
        values = np.array(floats or longs, NUMPY_TYPES[kind])
    return name, torch.from_numpy(values.reshape(dims))


def read_attribute(data):
    name, value, many, kind = "", None, [], 0
    for number, content in fields(data):
        if number == 1:
            name = text(content)
        elif number == 2:
            value = struct.unpack("<f", content)[0]
        elif number == 3:
            value = signed(content)
        elif number == 4:
            value = text(content)
        elif number == 5:
            value = read_tensor(content)[1]
        elif number == 8:
            many += integers(content)
        elif number == 20:
            kind = content
    if value is None:
        # A zero may be left out.
        value = {1: 0.0, 2: 0}.get(kind, many)
    return name, value


class Node:
    def __init__(self, data):
        self.inputs, self.outputs, self.attributes, self.kind = [], [], {}, ""
        for number, value in fields(data):
            if number == 1:
                self.inputs.append(text(value))
            elif number == 2:
                self.outputs.append(text(value))
            elif number == 4:
                self.kind = text(value)
            elif number == 5:
                name, content = read_attribute(value)
                self.attributes[name] = content


def read_model(path):
    """Nodes in order, stored tensors by name, names of inputs and outputs."""
    with open(path, "rb") as file:
        data = memoryview(file.read())
    graph = next(value for number, value in fields(data) if number == 7)
    nodes, weights, inputs, outputs = [], {}, [], []
    for number, value in fields(graph):
        if number == 1:
            nodes.append(Node(value))
        elif number == 5:
            name, tensor = read_tensor(value)
            weights[name] = tensor
        elif number in (11, 12):
            (inputs if number == 11 else outputs).append(text(next(v for n, v in fields(value) if n == 1)))
    return nodes, weights, [name for name in inputs if name not in weights], outputs


def numbers(tensor):
    return [int(value) for value in tensor.reshape(-1).tolist()]


def same_pads(attributes, dims):
    """Padding of a convolution: one number a side, equal on both."""
    pads = attributes.get("pads") or [0] * (2 * dims)
    if pads[:dims] != pads[dims:]:
        raise ValueError(f"Pads {pads}: expected the same on both sides")
    return pads[:dims]


def conv(x, weight, bias=None, **a):
    dims = weight.dim() - 2
    options = dict(stride=a.get("strides", 1), padding=same_pads(a, dims), dilation=a.get("dilations", 1), groups=a.get("group", 1))
    return (F.conv2d if dims == 2 else F.conv1d)(x, weight, bias, **options)


def conv_transpose(x, weight, bias=None, **a):
    return F.conv_transpose2d(x, weight, bias, stride=a.get("strides", 1), padding=same_pads(a, 2), groups=a.get("group", 1), dilation=a.get("dilations", 1))


def gemm(a_, b, c=None, alpha=1.0, beta=1.0, transA=0, transB=0):
    a_ = a_.t() if transA else a_
    b = b.t() if transB else b
    if c is None:
        return alpha * (a_ @ b)
    return torch.addmm(c, a_, b, beta=beta, alpha=alpha)


def reshape(x, shape, allowzero=0):
    wanted = [x.shape[i] if size == 0 and not allowzero else size for i, size in enumerate(numbers(shape))]
    return x.reshape(wanted)


def slice_(x, starts, ends, axes=None, steps=None):
    first, last = numbers(starts), numbers(ends)
    axes = numbers(axes) if axes is not None else range(len(first))
    steps = numbers(steps) if steps is not None else [1] * len(first)
    for begin, end, axis, step in zip(first, last, axes, steps):
        size = x.shape[axis]
        if step < 0:
            begin, end = (max(-1, v + size) if v < 0 else min(v, size - 1) for v in (begin, end))
            x = x.index_select(axis, torch.tensor(list(range(begin, end, step)), device=x.device))
            continue
        begin, end = (max(0, v + size) if v < 0 else min(v, size) for v in (begin, end))
        index = [slice(None)] * x.dim()
        index[axis] = slice(begin, end, step)
        x = x[tuple(index)]
    return x


def gather(x, index, axis=0):
    if index.dim() == 0:
        return x.select(axis, int(index))
    chosen = x.index_select(axis, index.reshape(-1).to(x.device) % x.shape[axis])
    return chosen.reshape(list(x.shape[:axis]) + list(index.shape) + list(x.shape[axis % x.dim() + 1 :]))


def unsqueeze(x, given=None, axes=None):
    axes = numbers(given) if given is not None else axes
    rank = x.dim() + len(axes)
    for axis in sorted(a % rank for a in axes):
        x = x.unsqueeze(axis)
    return x


def pad(x, pads, value=None, mode="constant"):
    counts = numbers(pads)
    half = len(counts) // 2
    flat = [n for axis in reversed(range(half)) for n in (counts[axis], counts[axis + half])]
    return F.pad(x, flat, mode=mode, value=float(value) if value is not None else 0.0) if any(flat) else x


def one_hot(index, depth, values, axis=-1):
    off, on = values.reshape(-1)
    places = torch.arange(int(depth), device=index.device)
    hot = (index.unsqueeze(-1) % int(depth)) == places
    hot = torch.where(hot, on.to(index.device), off.to(index.device))
    return hot if axis in (-1, index.dim()) else hot.movedim(-1, axis)


def layer_norm(x, scale, bias=None, axis=-1, epsilon=1e-5):
    return F.layer_norm(x, x.shape[axis % x.dim() :], scale, bias, epsilon)


def reduce_mean(x, axes, keepdims=1):
    return x.mean(dim=axes, keepdim=bool(keepdims))


def divide(a, b):
    return a / b if a.is_floating_point() else torch.div(a, b, rounding_mode="trunc")


def split(x, sizes=None, axis=0, **a):
    sizes = numbers(sizes) if sizes is not None else a["split"]
    return x.split(sizes, dim=axis)


# Operations in which a constant of the CPU may meet a tensor of the device, and those that take no single number from there.
MEETING = {"Add", "Sub", "Mul", "Div", "Pow", "Concat", "Where", "Equal", "MatMul"}
STRICT = {"Concat", "Where", "MatMul"}

OPERATIONS = {
    "Add": torch.add,
    "Sub": torch.sub,
    "Mul": torch.mul,
    "Div": divide,
    "Pow": torch.pow,
    "Sqrt": torch.sqrt,
    "Erf": torch.erf,
    "Sin": torch.sin,
    "Cos": torch.cos,
    "Relu": torch.relu,
    "Not": torch.logical_not,
    "Equal": torch.eq,
    "MatMul": torch.matmul,
    "Identity": lambda x: x,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Gemm": gemm,
    "Reshape": reshape,
    "Slice": slice_,
    "Gather": gather,
    "Unsqueeze": unsqueeze,
    "Pad": pad,
    "OneHot": one_hot,
    "LayerNormalization": layer_norm,
    "ReduceMean": reduce_mean,
    "Split": split,
    "Where": lambda c, a, b: torch.where(c, a, b),
    "Cast": lambda x, to: x.to(TORCH_TYPES[to]),
    "Concat": lambda *parts, axis: torch.cat(parts, dim=axis),
    "Transpose": lambda x, perm: x.permute(perm),
    "Softmax": lambda x, axis=-1: torch.softmax(x, dim=axis),
    "Expand": lambda x, shape: x * torch.ones(numbers(shape), dtype=x.dtype, device=x.device),
    "Tile": lambda x, counts: x.repeat(numbers(counts)),
    "Shape": lambda x: torch.tensor(x.shape, dtype=torch.int64),
    "ConstantOfShape": lambda shape, value=None: torch.full(
        numbers(shape), value.item() if value is not None else 0.0, dtype=value.dtype if value is not None else torch.float32
    ),
}


class Plan:
    """What is left to do for inputs of certain shapes, once all that follows from the shapes is known."""

    def __init__(self, steps, values, outputs):
        self.steps, self.values = steps, values
        last = {}
        for i, node in enumerate(steps):
            for name in node.inputs:
                last[name] = i
        self.dead = [[] for _ in steps]
        for name, i in last.items():
            if name not in values and name not in outputs:
                self.dead[i].append(name)


class OnnxModel:
    """An ONNX file as a PyTorch function: tensors or arrays by input name in, tensors by output name out."""

    def __init__(self, path, device="cpu"):
        self.device = torch.device(device)
        nodes, weights, self.inputs, self.outputs = read_model(path)
        self.values, self.steps, self.plans = {}, [], {}
        for name, value in weights.items():
            self.values[name] = self.place(value)
        for node in nodes:
            if node.kind == "Constant":
                self.values[node.outputs[0]] = self.place(node.attributes["value"])
            elif node.kind in OPERATIONS:
                self.steps.append(node)
            else:
                raise ValueError(f"{path} has the operation {node.kind}, which this program does not know")

    def place(self, value):
        """Shapes, indices and single numbers stay on the CPU; everything else is what the device computes with."""
        return value.to(self.device) if value.is_floating_point() and value.numel() > 1 else value

    def compute(self, node, values):
        given = [values[name] if name else None for name in node.inputs]
        if any(v is not None and v.device != self.device for v in given) and any(v is not None and v.device == self.device for v in given):
            if node.kind in MEETING:
                given = [v.to(self.device) if v is not None and (v.dim() > 0 or node.kind in STRICT) else v for v in given]
        result = OPERATIONS[node.kind](*given, **node.attributes)
        results = result if isinstance(result, tuple) else (result,)
        values.update(zip(node.outputs, results))

    def plan(self, inputs):
        """Runs once, and keeps what depends on the shapes of the inputs alone."""
        values, known, left = {**self.values, **inputs}, set(self.values), []
        for node in self.steps:
            self.compute(node, values)
            if node.kind == "Shape" or all(name in known for name in node.inputs if name):
                known.update(node.outputs)
            else:
                left.append(node)
        kept = {name: values[name] for node in left for name in node.inputs if name in known}
        kept.update({name: values[name] for name in self.outputs if name in known})
        return Plan(left, {name: self.place(value) for name, value in kept.items()}, self.outputs)

    @torch.inference_mode()
    def __call__(self, **inputs):
        given = {name: (v if torch.is_tensor(v) else torch.from_numpy(v)).to(self.device) for name, v in inputs.items()}
        shapes = tuple((name, tuple(v.shape)) for name, v in sorted(given.items()))
        plan = self.plans.get(shapes)
        if plan is None:
            plan = self.plans[shapes] = self.plan(given)
        values = {**plan.values, **given}
        for node, dead in zip(plan.steps, plan.dead):
            self.compute(node, values)
            for name in dead:
                values.pop(name, None)
        return {name: values[name] for name in self.outputs}
