#!/usr/bin/env python3
"""Runs ONNX files and TorchScript archives as others would, and compares their images; says ok.

usage: check_onnx.py MODEL…

Beside each MODEL stands MODEL.json, an object: "input" and "image", flat lists, and the "shape" of the image. The ONNX file
is decoded by onnx_file.py, and each of its nodes is run as the ONNX specification says, with torch.
"""
import json
import sys

import torch
import torch.nn.functional as F

import onnx_file




def window(options):
    pads = options["pads"]
    assert pads[:2] == pads[2:], pads
    return options["strides"], pads[:2]


def conv(x, weight, bias=None, **options):
    assert options["kernel_shape"] == list(weight.shape[2:])
    stride, padding = window(options)
    return F.conv2d(x, weight, bias, stride, padding)


def conv_transpose(x, weight, bias=None, **options):
    assert options["kernel_shape"] == list(weight.shape[2:])
    stride, padding = window(options)
    return F.conv_transpose2d(x, weight, bias, stride, padding, options["output_padding"])


def gemm(x, weight, bias=None, transB=0):
    assert x.dim() == 2
    y = x @ (weight.t() if transB else weight)
    return y if bias is None else y + bias


def reshape(x, shape):
    return x.reshape([x.shape[i] if side == 0 else int(side) for i, side in enumerate(shape)])


def resize(x, roi, scales, mode="nearest", coordinate_transformation_mode="half_pixel",
           nearest_mode="round_prefer_floor"):
    assert roi is None and scales[:2].tolist() == [1, 1]
    size = [int(side * scale) for side, scale in zip(x.shape[2:], scales[2:])]
    if mode == "linear":
        aligned = {"align_corners": True, "half_pixel": False}[coordinate_transformation_mode]
        return F.interpolate(x, size, mode="bilinear", align_corners=aligned)
    assert (mode, coordinate_transformation_mode, nearest_mode) == ("nearest", "asymmetric", "floor")
    rows = torch.floor(torch.arange(size[0]) / scales[2]).long()
    columns = torch.floor(torch.arange(size[1]) / scales[3]).long()
    return x[:, :, rows][:, :, :, columns]


def depth_to_space(x, blocksize, mode):
    assert mode == "CRD"
    n, c, h, w = x.shape
    x = x.reshape(n, c // blocksize ** 2, blocksize, blocksize, h, w)
    return x.permute(0, 1, 4, 2, 5, 3).reshape(n, c // blocksize ** 2, h * blocksize, w * blocksize)


def pad(x, pads, mode):
    assert mode == "reflect" and pads[[0, 1, 4, 5]].tolist() == [0] * 4
    return F.pad(x, [int(pads[i]) for i in (3, 7, 2, 6)], mode="reflect")


def instance_norm(x, scale, shift, epsilon=1e-5):
    axes = list(range(2, x.dim()))
    mean = x.mean(axes, keepdim=True)
    variance = ((x - mean) ** 2).mean(axes, keepdim=True)
    sides = [1, -1] + [1] * len(axes)
    return (x - mean) / torch.sqrt(variance + epsilon) * scale.view(sides) + shift.view(sides)


def batch_norm(x, scale, shift, mean, variance, epsilon=1e-5):
    sides = [1, -1] + [1] * (x.dim() - 2)
    scale = scale / torch.sqrt(variance + epsilon)
    return (x - mean.view(sides)) * scale.view(sides) + shift.view(sides)


def selu(x, alpha=1.67326319217681884765625, gamma=1.05070102214813232421875):
    return gamma * torch.where(x > 0, x, alpha * torch.expm1(x))


OPERATORS = {
    "Conv": conv, "ConvTranspose": conv_transpose, "Gemm": gemm, "Reshape": reshape, "Resize": resize,
    "DepthToSpace": depth_to_space, "Pad": pad, "InstanceNormalization": instance_norm,
    "BatchNormalization": batch_norm, "Selu": selu,
    "Flatten": lambda x, axis=1: x.flatten(axis),
    "Relu": lambda x: x.clamp(min=0),
    "LeakyRelu": lambda x, alpha=0.01: torch.where(x < 0, x * alpha, x),
    "PRelu": lambda x, slope: torch.where(x < 0, x * slope, x),
    "Elu": lambda x, alpha=1.0: torch.where(x < 0, alpha * torch.expm1(x), x),
    "Softplus": F.softplus, "Tanh": torch.tanh, "Sigmoid": torch.sigmoid, "Erf": torch.erf,
    "Sqrt": torch.sqrt, "Identity": lambda x: x,
    "Mul": torch.mul, "Add": torch.add, "Sub": torch.sub, "Div": torch.div, "Max": torch.maximum,
    "ReduceMean": lambda x, axes, keepdims: x.mean(axes, keepdim=bool(keepdims)),
    "ReduceL2": lambda x, axes, keepdims: x.square().sum(axes, keepdim=bool(keepdims)).sqrt(),
    "Shape": lambda x: torch.tensor(x.shape),
    "Gather": lambda x, index, axis: torch.index_select(x, axis, index),
    "Concat": lambda *parts, axis: torch.cat(parts, axis),
    "Expand": lambda x, shape: x * torch.ones([int(side) for side in shape]),
}


def run_onnx(path, latents):
    graph = onnx_file.read(path)
    assert graph.opset == 13
    (name, kind, sides), = graph.inputs
    assert (name, kind, sides) == ("latent", 1, ["N", latents.shape[1], 1, 1]), graph.inputs
    values = {key: torch.from_numpy(weight.copy()) for key, weight in graph.weights.items()}
    values[name] = latents
    for node in graph.nodes:
        assert not any(output in values for output in node.outputs), node.name
        inputs = [values[key] if key else None for key in node.inputs]
        values[node.outputs[0]] = OPERATORS[node.op](*inputs, **node.attributes)
    (name, kind, sides), = graph.outputs
    image = values[name]
    assert (name, kind, sides) == ("image", 1, ["N"] + list(image.shape[1:])), graph.outputs
    return image


def compare(images, expected):
    assert images.shape == expected.shape, images.shape
    difference = (images - expected).abs().max().item()
    assert difference < 1e-5, difference


def check(path):
    with open(path + ".json") as file:
        numbers = json.load(file)
    expected = torch.tensor(numbers["image"]).view(numbers["shape"])
    latents = torch.tensor(numbers["input"]).view(expected.shape[0], -1, 1, 1)
    if path.endswith(".onnx"):
        compare(run_onnx(path, latents), expected)
        return
    network = torch.jit.load(path)
    compare(network(latents), expected)
    compare(network(latents.flatten(1)), expected)


def main():
    with torch.no_grad():
        for path in sys.argv[1:]:
            try:
                check(path)
            except Exception as error:
                raise SystemExit(f"{path}: {error!r}")
    print("ok")


if __name__ == "__main__":
    main()
