#!/usr/bin/env python3
"""Writes generators as ONNX files, with the pictures that PyTorch makes, for the C++ tests.

usage: make_onnx.py OUTDIR

OUTDIR/onnx/NAME.onnx; OUTDIR/onnx/index.json lists, per file, the latent size and the numbers of an
input [N, nz] and of the image [N, channels, size, size]. Files that must be refused are in "refused".
"""
import json
import pathlib
import sys
import warnings

import torch
import torch.nn.functional as F
from torch import nn


class View(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.view(x.size(0), *self.shape)


class Up(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.options = options

    def forward(self, x):
        return F.interpolate(x, **self.options)


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def tutorial():
    return nn.Sequential(
        nn.ConvTranspose2d(12, 16, 4, 1, 0, bias=False), nn.BatchNorm2d(16), nn.ReLU(True),
        nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(True),
        nn.ConvTranspose2d(8, 3, 4, 2, 1, bias=False), nn.Tanh())


def linear():
    return nn.Sequential(
        nn.Linear(12, 8 * 16), View(8, 4, 4), nn.BatchNorm2d(8), nn.Upsample(scale_factor=2),
        nn.Conv2d(8, 8, 3, 1, 1), nn.BatchNorm2d(8, 0.8), nn.LeakyReLU(0.2, inplace=True),
        nn.Dropout2d(0.25), nn.Upsample(scale_factor=2), nn.Conv2d(8, 3, 3, 1, 1), nn.Tanh())


def shuffle():
    return nn.Sequential(
        nn.Linear(12, 64), nn.BatchNorm1d(64), nn.ELU(), View(16, 2, 2),
        nn.Conv2d(16, 32, 3, padding=1), nn.PixelShuffle(2), nn.PReLU(8),
        nn.ConvTranspose2d(8, 4, 3, 2, 1, 1), nn.InstanceNorm2d(4, affine=True), nn.SELU(),
        nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(4, 4, 1), nn.PReLU(),
        nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
        nn.Conv2d(4, 4, 3, padding=1), nn.InstanceNorm2d(4), nn.Softplus(),
        nn.Conv2d(4, 1, 5, padding=2), nn.Sigmoid(), Lambda(lambda x: x * 2 - 1))


def modern():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(12, 64), nn.SiLU(), View(16, 2, 2),
        Up(scale_factor=2, mode="nearest"), nn.Conv2d(16, 8, 3, padding=1), nn.GroupNorm(4, 8),
        nn.GELU(), Up(size=(8, 8), mode="bilinear", align_corners=False),
        nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect"), nn.GroupNorm(2, 8, affine=False),
        nn.SiLU(), nn.ReflectionPad2d(2), nn.Conv2d(8, 3, 5), nn.Tanh(),
        Lambda(lambda x: (x + 1) / 2))


def perceptron():
    return nn.Sequential(
        nn.Linear(12, 32), nn.LeakyReLU(0.2), nn.Linear(32, 64), nn.BatchNorm1d(64, 0.8),
        nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.Tanh(), View(1, 8, 8))


class Squeezed(nn.Module):
    """unsqueeze, reshape by -1, matmul with a transposed weight and an added bias."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(16, 12) * 0.3)
        self.bias = nn.Parameter(torch.randn(16) * 0.3)
        self.up = nn.Sequential(nn.ConvTranspose2d(16, 8, 4), nn.BatchNorm2d(8), nn.ReLU())
        self.out = nn.ConvTranspose2d(8, 3, 4, 2, 1)

    def forward(self, z):
        x = torch.matmul(z, self.weight.t()) + self.bias
        x = self.up(x.unsqueeze(2).unsqueeze(3))
        return torch.tanh(self.out(x.reshape(-1, 8, 4, 4))) * 0.5


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(12, 3, 4)
        self.conv = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, z):
        x = self.up(z)
        return torch.tanh(x + self.conv(x))


class Labelled(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 12)
        self.up = nn.ConvTranspose2d(12, 3, 4)

    def forward(self, z, label):
        return torch.tanh(self.up(z * self.embedding(label).view(-1, 12, 1, 1)))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(12, 3, 4)

    def forward(self, z):
        x = self.up(z).flatten(2)
        return torch.softmax(x, 2).view(-1, 3, 4, 4)


def discriminator():
    return nn.Sequential(nn.Conv2d(3, 4, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten(),
                         nn.Linear(4 * 16, 1), nn.Sigmoid())


def judge():
    return nn.Sequential(nn.Linear(12, 8), nn.ReLU(), nn.Linear(8, 1))


def shake(net):
    """Weights and statistics that are far from their defaults, so that every one matters."""
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            fan_in = layer.weight[0].numel()
            nn.init.normal_(layer.weight, 0.0, (2.0 / fan_in) ** 0.5)
        elif isinstance(layer, nn.PReLU):
            nn.init.uniform_(layer.weight, 0.1, 0.5)
        elif getattr(layer, "running_mean", None) is not None:
            nn.init.normal_(layer.running_mean, 0.0, 0.3)
            nn.init.uniform_(layer.running_var, 0.5, 2.0)
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d, nn.InstanceNorm2d, nn.GroupNorm)):
            if layer.weight is not None:
                nn.init.normal_(layer.weight, 1.0, 0.2)
                nn.init.normal_(layer.bias, 0.0, 0.2)


def export(net, inputs, path, opset, dynamic, preserve=False):
    mode = torch.onnx.TrainingMode.PRESERVE if preserve else torch.onnx.TrainingMode.EVAL
    names = ["z", "label"][:len(inputs)]
    axes = {name: {0: "batch"} for name in names + ["image"]} if dynamic else None
    torch.onnx.export(net, inputs, str(path), opset_version=opset, input_names=names,
                      output_names=["image"], dynamic_axes=axes, training=mode,
                      do_constant_folding=not preserve)


def in_minus_one_to_one(name, image):
    """What Facemorph makes of pictures in another range."""
    if name.startswith("modern"):
        return image * 2 - 1
    return image * 2 if name.startswith("squeezed") else image


def make_good(folder):
    entries = []
    for make, flat in [(tutorial, False), (linear, True), (shuffle, True), (modern, False),
                       (perceptron, True), (Squeezed, True)]:
        for opset in (9, 11, 13):
            if opset == 9 and make in (shuffle, modern):
                continue
            for dynamic in (False, True):
                for preserve in (False, True):
                    kind = ("dynamic" if dynamic else "fixed") + ("-unfolded" if preserve else "")
                    name = f"{make.__name__.lower()}-{opset}-{kind}"
                    net = make()
                    shake(net)
                    net.eval()
                    z = torch.randn(3, 12)
                    shaped = z if flat else z.view(3, 12, 1, 1)
                    try:
                        export(net, (shaped[:2],), folder / f"{name}.onnx", opset, dynamic, preserve)
                    except Exception as error:
                        print(name, type(error), str(error)[:300], file=sys.stderr)
                        continue
                    image = in_minus_one_to_one(name, net(shaped))
                    entries.append({"file": f"{name}.onnx", "nz": 12, "input": z.flatten().tolist(),
                                    "shape": list(image.shape), "image": image.flatten().tolist()})
    return entries


def make_refused(folder):
    z = torch.randn(2, 12, 1, 1)
    label = torch.tensor([1, 2])
    for name, net, inputs in [("residual", Residual(), (z,)), ("labelled", Labelled(), (z, label)),
                              ("attention", Attention(), (z,)),
                              ("judge", judge(), (z.flatten(1),)),
                              ("discriminator", discriminator(), (torch.randn(2, 3, 8, 8),))]:
        export(net.eval(), inputs, folder / f"{name}.onnx", 13, True)


def main():
    folder = pathlib.Path(sys.argv[1]) / "onnx"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    torch.set_num_threads(1)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        entries = make_good(folder)
        make_refused(folder)
    (folder / "index.json").write_text(json.dumps(entries))


if __name__ == "__main__":
    main()
