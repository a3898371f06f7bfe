#!/usr/bin/env python3
"""Writes reference networks, with what PyTorch computes for them, for the C++ tests.

usage: make_networks.py OUTDIR

OUTDIR/networks/networks.json lists, per network, its architecture and its tensors: each has a shape, a dtype
and a place (byte offset) in NAME.bin beside it, as plain little-endian numbers. *.pt are TorchScript
programs, good ones and ones that must be refused.
"""
import json
import pathlib
import sys
import warnings
from typing import Tuple

import torch
import torch.nn.functional as F
from torch import nn


def generator(nz, ngf, nc, size):
    """The generator of the PyTorch DCGAN faces tutorial, one stage more per doubling."""
    channels = ngf * size // 8
    layers = [nn.ConvTranspose2d(nz, channels, 4, 1, 0, bias=False)]
    while channels > ngf:
        layers += [nn.BatchNorm2d(channels), nn.ReLU(True),
                   nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1, bias=False)]
        channels //= 2
    layers += [nn.BatchNorm2d(ngf), nn.ReLU(True),
               nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False), nn.Tanh()]
    return Tutorial(layers)


def discriminator(ndf, nc, size):
    """The tutorial's discriminator."""
    layers = [nn.Conv2d(nc, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
    channels = ndf
    while channels < ndf * size // 8:
        layers += [nn.Conv2d(channels, channels * 2, 4, 2, 1, bias=False),
                   nn.BatchNorm2d(channels * 2), nn.LeakyReLU(0.2, inplace=True)]
        channels *= 2
    layers += [nn.Conv2d(channels, 1, 4, 1, 0, bias=False), nn.Sigmoid()]
    return Tutorial(layers)


class Tutorial(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x)


def shake(net):
    """Weights and statistics that are far from their defaults, so that every one matters."""
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            fan_in = layer.weight[0].numel() if isinstance(layer, nn.Conv2d) else \
                layer.weight.numel() / layer.weight.shape[1] / layer.stride[0] ** 2
            nn.init.normal_(layer.weight, 0.0, (2.0 / fan_in) ** 0.5)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.2)
            nn.init.normal_(layer.bias, 0.0, 0.2)
            nn.init.normal_(layer.running_mean, 0.0, 0.3)
            nn.init.uniform_(layer.running_var, 0.5, 2.0)
            layer.num_batches_tracked.fill_(7)


class Fixture:
    """One network's entry in networks.json, and its file of numbers."""

    def __init__(self, folder, name, **facts):
        self.path = folder / f"{name}.bin"
        self.data = bytearray()
        self.entry = {"name": name, **facts, "tensors": {}}

    def add(self, key, tensor):
        tensor = tensor.detach().contiguous()
        self.entry["tensors"][key] = {"shape": list(tensor.shape), "offset": len(self.data),
                                      "dtype": str(tensor.dtype).split(".")[1]}
        self.data += tensor.numpy().tobytes()

    def add_state(self, prefix, net, statistics_only=False):
        for key, tensor in net.state_dict().items():
            if not statistics_only or "running_" in key or "num_batches" in key:
                self.add(prefix + key, tensor)

    def finish(self):
        self.path.write_bytes(self.data)
        return self.entry


def record_passes(fixture, net, x):
    """Outputs in both modes, and what a forward pass in train mode does to the statistics."""
    fixture.add_state("state/", net)
    fixture.add("input", x)
    fixture.add("eval", net.eval()(x))
    fixture.add("train", net.train()(x))
    fixture.add_state("after/", net, statistics_only=True)


def record_recalibration(fixture, net, nz):
    """The statistics that PyTorch gives: cumulative averages over forward passes in train mode."""
    batches = torch.randn(3, 5, nz, 1, 1)
    fixture.add("recalibration_input", batches)
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    net.train()
    for batch in batches:
        net(batch)
    fixture.add_state("recalibrated/", net, statistics_only=True)


def make_networks(folder):
    entries = []
    for nz, ngf, nc, size, count in [(100, 8, 3, 64, 4), (7, 8, 3, 32, 4), (16, 8, 1, 64, 4),
                                     (24, 4, 3, 128, 3), (12, 2, 3, 256, 2)]:
        net = generator(nz, ngf, nc, size)
        shake(net)
        fixture = Fixture(folder, f"g{size}_nz{nz}_nc{nc}", kind="generator", nz=nz, ngf=ngf, nc=nc,
                          image_size=size)
        record_passes(fixture, net, torch.randn(count, nz, 1, 1))
        record_recalibration(fixture, net, nz)
        entries.append(fixture.finish())
    for ndf, nc, size, count in [(8, 3, 64, 4), (8, 3, 32, 4), (8, 1, 64, 4), (4, 3, 128, 3),
                                 (2, 3, 256, 2)]:
        net = discriminator(ndf, nc, size)
        shake(net)
        fixture = Fixture(folder, f"d{size}_nc{nc}", kind="discriminator", ndf=ndf, nc=nc,
                          image_size=size)
        record_passes(fixture, net, torch.rand(count, nc, size, size) * 2 - 1)
        entries.append(fixture.finish())
    return entries


class FlatGenerator(nn.Module):
    """Takes [N, nz], as many generators in the wild do."""

    def __init__(self):
        super().__init__()
        self.project = nn.Linear(24, 8 * 8 * 8)
        self.body = nn.Sequential(nn.BatchNorm2d(8), nn.Upsample(scale_factor=2),
                                  nn.Conv2d(8, 8, 3, padding=1), nn.LeakyReLU(0.2, inplace=True),
                                  nn.Conv2d(8, 4, 3, padding=1), nn.PixelShuffle(2))

    def forward(self, z):
        x = self.body(self.project(z).view(-1, 8, 8, 8))
        return torch.tanh(x)


class ReadsFile(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(8, 3, 4, 4))

    def forward(self, z):
        return torch.from_file("facemorph-must-not-read-this", False, 768).view(1, 3, 16, 16)


class Loops(ReadsFile):
    def forward(self, z):
        for _ in range(z.size(0) * 1000000):
            z = z * 0.5
        return z


class AsksForMemory(ReadsFile):
    def forward(self, z):
        x = z.view(1, 1, 2, 4)
        x = F.interpolate(x, scale_factor=100.0)
        return F.interpolate(x, scale_factor=300.0)


class DoublesText(ReadsFile):
    def forward(self, z):
        text = "{}".format(z.size(0))
        text = "{}{}".format(text, text)
        assert z.size(0) < 1000, text
        return z


class DoublesLists(ReadsFile):
    def forward(self, z):
        sides = z.size()
        sides = sides + sides
        return z.view(sides[:4])


class CallsWithoutEnd(ReadsFile):
    """Thirty functions, each calling the one before twice: a billion operations in 3 kB."""

    def forward(self, z):
        return f30(z)


class SetsState(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 1.0

    @torch.jit.export
    def __getstate__(self):
        return (self.scale, self.training)

    @torch.jit.export
    def __setstate__(self, state: Tuple[float, bool]):
        self.scale = state[0]
        self.training = state[1]

    def forward(self, z):
        return z * self.scale


class RunsWhileLoading(ReadsFile):
    def __init__(self):
        super().__init__()
        self.part = SetsState()

    def forward(self, z):
        return self.part(z)


def make_call_chain(folder):
    """Defines f0 … f30 in a file of their own: torch.jit.script wants to read their source."""
    lines = ["import torch", "def f0(x: torch.Tensor):", "    return x * 0.5"]
    for i in range(1, 31):
        lines += [f"def f{i}(x: torch.Tensor):", f"    return f{i - 1}(x) + f{i - 1}(x)"]
    path = folder / "call_chain.py"
    path.write_text("\n".join(lines) + "\n")
    code = compile(path.read_text(), str(path), "exec")
    exec(code, globals())


def make_scripts(folder):
    good = generator(24, 8, 3, 32).eval()
    shake(good)
    flat = FlatGenerator().eval()
    z = torch.randn(3, 24)
    fixture = Fixture(folder, "scripts", kind="scripts")
    fixture.add("input", z)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(good, z.view(3, 24, 1, 1))
        programs = {
            "traced": traced,
            "scripted": torch.jit.script(good),
            "flat_traced": torch.jit.trace(flat, z),
            "flat_scripted": torch.jit.script(flat),
            "one_by_one": torch.jit.trace(OneByOne(good), z[:1].view(1, 24, 1, 1)),
            "reads_file": torch.jit.script(ReadsFile()),
            "loops": torch.jit.script(Loops()),
            "asks_for_memory": torch.jit.script(AsksForMemory()),
            "doubles_text": torch.jit.script(DoublesText()),
            "doubles_lists": torch.jit.script(DoublesLists()),
            "calls_without_end": torch.jit.script(CallsWithoutEnd()),
            "runs_while_loading": torch.jit.script(RunsWhileLoading()),
            "discriminator": torch.jit.script(discriminator(8, 3, 32).eval()),
            "not_square": torch.jit.script(NotSquare()),
        }
    fixture.add("image", good(z.view(3, 24, 1, 1)))
    fixture.add("flat_image", flat(z))
    for name, program in programs.items():
        program.save(str(folder / f"{name}.pt"))
    return fixture.finish()


class OneByOne(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, z):
        return self.net(z.reshape(1, 24, 1, 1))


class NotSquare(ReadsFile):
    def forward(self, z):
        return z.view(1, 1, 2, 4)


def main():
    folder = pathlib.Path(sys.argv[1]) / "networks"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    torch.set_num_threads(1)
    make_call_chain(folder)
    with torch.no_grad():
        index = {"networks": make_networks(folder), "scripts": make_scripts(folder)}
    (folder / "networks.json").write_text(json.dumps(index, indent=1))


if __name__ == "__main__":
    main()
