#!/usr/bin/env python3
"""Writes generators as strangers publish them: other names, other layers, other files than the
tutorial's, each with what a good reading of it is and the images that PyTorch makes with it.

usage: make_strangers.py OUTDIR            writes OUTDIR/strangers/
       make_strangers.py --seed N OUTDIR   the same networks with other weights
       make_strangers.py --check OUTDIR    loads every file there again and compares the images

OUTDIR/strangers/index.json lists the files. "reading" says what a reader has to assume, and
"ambiguous" which of that nothing in the file decides: neither shapes, nor the numbers in names, nor
stored statistics. (That ReLU fits nearly as well as LeakyReLU(0.01), and an eps of 1e-05 as well as
0.001, is no ambiguity where the tutorial's choice is the right one.) "outputs" names a file of little-endian float32 numbers [3, C, H, W], brought to
[-1, 1]: the images for the seeds 0, 1 and 2, in one batch (it matters where batch norms have no
statistics). OUTDIR/strangers/again-N/ holds the ambiguous ones with other weights, so that guesses
are not judged by what they were tuned on. OUTDIR/strangers/refused/ holds what is no generator, and refused.json a word that the
refusal of each must contain.

A reader may look at statistics, so these networks look trained. Weights are scaled as by He, norms
and biases are off their defaults, the batch norms' statistics come from latents of the right kind
(`settle`), and the last layer is scaled until the images are plausible (`rescale_output`).
"""
import argparse
import collections
import dataclasses
import json
import pathlib
import pickle
import shutil
import sys
import types
import typing
import warnings
import zlib

import numpy
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations

from make_checkpoints import safetensors_bytes

# --- layers -----------------------------------------------------------------------------------

CONVOLUTIONS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
NORMS = BATCH_NORMS + (nn.InstanceNorm2d, nn.GroupNorm)


class PixelNorm(nn.Module):
    def forward(self, x):
        return x / torch.sqrt(torch.mean(x ** 2, dim=1, keepdim=True) + 1e-8)


def relu(channels):
    return nn.ReLU(True)


def leaky(slope):
    return lambda channels: nn.LeakyReLU(slope, inplace=True)


def plain(activation):
    return lambda channels: activation()


def batch_norm(**options):
    return lambda channels: nn.BatchNorm2d(channels, **options)


def upsampled(mode="nearest"):
    """As up(), by resizing and a convolution."""
    options = {} if mode == "nearest" else {"align_corners": False}
    return lambda c_in, c_out: [nn.Upsample(scale_factor=2, mode=mode, **options),
                                nn.Conv2d(c_in, c_out, 3, 1, 1)]


def shuffled(c_in, c_out):
    return [nn.Conv2d(c_in, c_out * 4, 3, 1, 1), nn.PixelShuffle(2)]


def up(*geometry, bias=False, wrap=lambda layer: layer):
    """A stage's layers from (channels in, channels out)."""
    return lambda c_in, c_out: [wrap(nn.ConvTranspose2d(c_in, c_out, *geometry, bias=bias))]


def block(layers, norm, act, activation_first=False):
    rest = [act, norm] if activation_first else [norm, act]
    return [*layers, *(layer for layer in rest if layer is not None)]


# --- networks ---------------------------------------------------------------------------------


class Net(nn.Module):
    """Layers in the order in which they run, under the names that the file gives them."""

    def __init__(self, named, embedding=None, join=None):
        super().__init__()
        self.names = [name for name, _ in named]
        self.layers = nn.ModuleList(layer for _, layer in named)
        self.embedding_name, self.embedding = embedding or (None, None)
        self.join = join

    def forward(self, z, labels=None):
        if self.embedding is not None:
            words = self.embedding(labels).view(len(z), -1, 1, 1)
            z = {"append": lambda: torch.cat((z, words), 1),
                 "prepend": lambda: torch.cat((words, z), 1),
                 "multiply": lambda: z * words}[self.join]()
        if isinstance(self.layers[0], nn.Linear):
            z = z.flatten(1)
        for layer in self.layers:
            z = layer(z)
        return z

    def parts(self):
        named = list(zip(self.names, self.layers))
        return ([(self.embedding_name, self.embedding)] if self.embedding else []) + named

    def state(self):
        return collections.OrderedDict((f"{name}.{key}", tensor) for name, layer in self.parts()
                                       for key, tensor in layer.state_dict().items())

    def load(self, state):
        left = dict(state)
        for name, layer in self.parts():
            layer.load_state_dict({key: left.pop(f"{name}.{key}") for key in layer.state_dict()})
        assert not left, left.keys()


def kind(layer):
    return "conv" if isinstance(layer, CONVOLUTIONS) else \
        "norm" if isinstance(layer, NORMS) else "act"


def named(names, blocks, **options):
    """`names` are format strings, one for all layers or one a kind: {b} is the block from 1, {b0}
    from 0, {j} the place in the block, {n} the place in the network."""
    if isinstance(names, str):
        names = {"conv": names, "norm": names, "act": names}
    layers, n = [], 0
    for b, block_layers in enumerate(blocks):
        for j, layer in enumerate(block_layers):
            form = names.get(kind(layer), "act{b}")
            layers.append((form.format(b=b + 1, b0=b, j=j, n=n), layer))
            n += not isinstance(layer, nn.Unflatten)  # a view() in forward(), mostly
    return Net(layers, **options)


def grouped(groups, **options):
    """Each group is a Sequential member; a view() lies between two of them."""
    return Net([(f"{name}.{n}", layer) for name, layers in groups.items()
                for n, layer in enumerate(layers)], **options)


def dcgan(names, nz=24, widths=(32, 16, 8), nc=3, stages=None, act=relu, norm=batch_norm(),
          activation_first=False, bias=False, wrap=lambda layer: layer, last=None, out=nn.Tanh,
          **options):
    """Stages one after the other; the tutorial's unless told otherwise."""
    stages = stages or [up(4, 1, 0, bias=bias, wrap=wrap)] + \
        [up(4, 2, 1, bias=bias, wrap=wrap)] * (len(widths) - 1)
    c_in, blocks = nz, []
    for c_out, stage in zip(widths, stages):
        blocks.append(block(stage(c_in, c_out), norm(c_out), act(c_out), activation_first))
        c_in = c_out
    last = last or up(4, 2, 1, bias=bias)
    blocks.append(last(c_in, nc) + ([out()] if out else []))
    return named(names, blocks, **options)


def projected(nz, grid, widths, stages, nc=3, act=relu, norm=batch_norm(), first="2d",
              activation_first=False, bias=True, last=up(4, 2, 1, bias=True), out=nn.Tanh):
    """(first block, the others) of a network that begins with a Linear. `first` says what follows
    it: batch norm before the view ("1d") or after it ("2d"), only the activation, or nothing."""
    features = widths[0] * grid * grid
    linear = nn.Linear(nz, features, bias=bias)
    view = nn.Unflatten(1, (widths[0], grid, grid))
    if first == "1d":
        head = block([linear], nn.BatchNorm1d(features), act(features), activation_first) + [view]
    elif first == "2d":
        head = block([linear, view], norm(widths[0]), act(widths[0]), activation_first)
    else:
        head = [linear, view] + ([act(widths[0])] if first == "activation" else [])
    blocks = [block(stage(c_in, c_out), norm(c_out), act(c_out), activation_first)
              for c_in, c_out, stage in zip(widths, widths[1:], stages)]
    return head, blocks + [last(widths[-1], nc) + ([out()] if out else [])]


def flat(blocks):
    return [layer for layers in blocks for layer in layers]


def pytorch_gan_dcgan(nz, grid, width=24, nc=3, **options):
    """eriklindernoren/PyTorch-GAN; BatchNorm2d(c, 0.8) sets eps, all but in the first one."""
    linear = nn.Linear(nz, width * grid * grid)
    return grouped({
        "l1": [linear, nn.Unflatten(1, (width, grid, grid))],
        "conv_blocks": [
            nn.BatchNorm2d(width), nn.Upsample(scale_factor=2),
            nn.Conv2d(width, width, 3, stride=1, padding=1), nn.BatchNorm2d(width, 0.8),
            nn.LeakyReLU(0.2, inplace=True), nn.Upsample(scale_factor=2),
            nn.Conv2d(width, width // 2, 3, stride=1, padding=1), nn.BatchNorm2d(width // 2, 0.8),
            nn.LeakyReLU(0.2, inplace=True), nn.Conv2d(width // 2, nc, 3, stride=1, padding=1),
            nn.Tanh()]}, **options)


def pytorch_gan_mlp(nz, shape, hidden=(24, 48, 96, 96), **options):
    layers = [nn.Linear(nz, hidden[0]), nn.LeakyReLU(0.2, inplace=True)]
    for c_in, c_out in zip(hidden, hidden[1:]):
        layers += [nn.Linear(c_in, c_out), nn.BatchNorm1d(c_out, 0.8),
                   nn.LeakyReLU(0.2, inplace=True)]
    pixels = shape[0] * shape[1] * shape[2]
    layers += [nn.Linear(hidden[-1], pixels), nn.Tanh(), nn.Unflatten(1, shape)]
    return grouped({"model": layers}, **options)


def coursera_mlp():
    widths = [10, 16, 32, 64, 96]
    blocks = [[nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU(inplace=True)]
              for a, b in zip(widths, widths[1:])]
    # The last Linear and the Sigmoid stand in no block of their own.
    return grouped({**{f"gen.{b}": layers for b, layers in enumerate(blocks)},
                    "gen": [nn.Identity()] * 4 + [nn.Linear(96, 784), nn.Sigmoid(),
                                                  nn.Unflatten(1, (1, 28, 28))]})


def info_gan(out=nn.Tanh):
    """Two Linear layers, then transposed convolutions, as InfoGAN has them."""
    return grouped({
        "fc": [nn.Linear(62, 64), nn.BatchNorm1d(64), nn.ReLU(),
               nn.Linear(64, 24 * 7 * 7), nn.BatchNorm1d(24 * 7 * 7), nn.ReLU(),
               nn.Unflatten(1, (24, 7, 7))],
        "deconv": [nn.ConvTranspose2d(24, 16, 4, 2, 1), nn.BatchNorm2d(16), nn.ReLU(),
                   nn.ConvTranspose2d(16, 1, 4, 2, 1), out()]})


def progressive(nz=32, widths=(32, 32, 16, 8)):
    layers = [("initial.0", nn.ConvTranspose2d(nz, widths[0], 4, 1, 0)),
              ("initial.1", nn.LeakyReLU(0.2)), ("initial.2", PixelNorm())]
    for b, (c_in, c_out) in enumerate(zip(widths, widths[1:])):
        layers += [("up", nn.Upsample(scale_factor=2, mode="nearest"))]
        for c, a in [(1, c_in), (2, c_out)]:
            layers += [(f"prog_blocks.{b}.conv{c}", nn.Conv2d(a, c_out, 3, 1, 1)),
                       ("act", nn.LeakyReLU(0.2)), ("pn", PixelNorm())]
    return Net(layers + [("to_rgb", nn.Conv2d(widths[-1], 3, 1, 1, 0)), ("out", nn.Tanh())])


def convs_with_label(classes, words, nz, widths=(32, 16, 8)):
    """A latent and a label's embedding, concatenated into a DCGAN."""
    return dcgan({"conv": "deconv{b}", "norm": "bn{b}"}, nz=nz + words, widths=widths,
                 embedding=("label_embedding", nn.Embedding(classes, words)), join="append")


def tf_style(nz=64, widths=(32, 16, 8)):
    """Kernel 5 everywhere, as the first DCGAN had it in Torch and TensorFlow."""
    stage = up(5, 2, 2, 1, bias=True)
    head, blocks = projected(nz, 4, (48,) + widths, [stage] * 3, last=stage)
    return named({"conv": "h{b0}", "norm": "bn{b0}"}, [head, *blocks])


def linear_net(names, *args, **options):
    head, blocks = projected(*args, **options)
    return named(names, [head, *blocks])


def linear_groups(linear_name, rest_name, *args, **options):
    head, blocks = projected(*args, **options)
    return grouped({linear_name: head, rest_name: flat(blocks)})


# --- whole modules, as torch.save(netG) and TorchScript hold them -------------------------------


class Generator(nn.Module):
    """Everything in one Sequential."""

    def __init__(self, nz=24, ngf=10, nc=3, slope=0.0):
        super().__init__()
        self.ngpu = 1
        self.main = nn.Sequential(*dcgan("main.{n}", nz, (ngf * 4, ngf * 2, ngf), nc,
                                         act=leaky(slope) if slope else relu).layers)

    def forward(self, input):
        return self.main(input)


class FunctionalGenerator(nn.Module):
    """Layers are members, activations are functions: the pickle does not know of them."""

    def __init__(self, d=10):
        super().__init__()
        self.deconv1 = nn.ConvTranspose2d(24, d * 4, 4, 1, 0)
        self.deconv1_bn = nn.BatchNorm2d(d * 4)
        self.deconv2 = nn.ConvTranspose2d(d * 4, d * 2, 4, 2, 1)
        self.deconv2_bn = nn.BatchNorm2d(d * 2)
        self.deconv3 = nn.ConvTranspose2d(d * 2, d, 4, 2, 1)
        self.deconv3_bn = nn.BatchNorm2d(d)
        self.deconv4 = nn.ConvTranspose2d(d, 3, 4, 2, 1)

    def forward(self, input):
        x = F.relu(self.deconv1_bn(self.deconv1(input)))
        x = F.relu(self.deconv2_bn(self.deconv2(x)))
        x = F.relu(self.deconv3_bn(self.deconv3(x)))
        return torch.tanh(self.deconv4(x))


class UpBlock(nn.Module):
    def __init__(self, c_in, c_out, kernel=4, stride=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(c_in, c_out, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(c_out)
        self.act = nn.LeakyReLU(0.1)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class BlockGenerator(nn.Module):
    """Blocks in blocks, each of the author's own classes."""

    def __init__(self):
        super().__init__()
        self.initial = UpBlock(24, 32, 4, 1, 0)
        self.ups = nn.ModuleList([UpBlock(32, 16), UpBlock(16, 8)])
        self.to_image = nn.ConvTranspose2d(8, 3, 4, 2, 1)
        self.tanh = nn.Tanh()

    def forward(self, x):
        x = self.initial(x)
        for stage in self.ups:
            x = stage(x)
        return self.tanh(self.to_image(x))


class LinearGenerator(nn.Module):
    """PyTorch-GAN's: takes [N, nz], and the view() is in forward()."""

    def __init__(self, nz=24, width=20):
        super().__init__()
        net = pytorch_gan_dcgan(nz, 8, width)
        self.init_size, self.width = 8, width
        self.l1 = nn.Sequential(net.layers[0])
        self.conv_blocks = nn.Sequential(*net.layers[2:])

    def forward(self, z):
        out = self.l1(z)
        out = out.view(out.shape[0], self.width, self.init_size, self.init_size)
        return self.conv_blocks(out)


class Reshape(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.view(x.size(0), *self.shape)


def linear_sequential(*args, reshape=Reshape, **options):
    """A bare Sequential that reshapes by layers."""
    layers = [reshape(*layer.unflattened_size) if isinstance(layer, nn.Unflatten) else layer
              for layer in linear_net("{n}", *args, **options).layers]
    return nn.Sequential(nn.Flatten(), *layers)


def mixed_sequential():
    layers = iter([nn.ELU(), nn.LeakyReLU(0.2), nn.ReLU()])
    return nn.Sequential(*dcgan("{n}", act=lambda channels: next(layers)).layers)


# --- making them look trained -------------------------------------------------------------------


def raw_latents(count, nz):
    return torch.randn(count, nz, 1, 1)


def seeded_latents(nz):
    latents = []
    for seed in range(3):
        torch.manual_seed(seed)
        latents.append(raw_latents(1, nz))
    return torch.cat(latents)


def to_latent(z, kind):
    """What Facemorph makes of its standard normal latents for networks that want others."""
    return {"normal": lambda: z, "uniform": lambda: torch.erf(z / 2 ** 0.5),
            "sphere": lambda: z / z.norm(dim=1, keepdim=True)}[kind]()


def layers_in_order(net, run):
    """The leaves of a module, in the order in which run() calls them."""
    called = []
    leaves = [m for m in net.modules() if not isinstance(m, (Net, nn.ModuleList, nn.ModuleDict))
              and (isinstance(m, CONVOLUTIONS) or not list(m.children()))]
    hooks = [m.register_forward_hook(lambda m, *_: called.append(m)) for m in leaves]
    run()
    for hook in hooks:
        hook.remove()
    return called


def look_trained(net, gain):
    for layer in net.modules():
        if isinstance(layer, CONVOLUTIONS):
            parameters = dict(layer.named_parameters())
            for name, weight in parameters.items():
                if name == "bias":
                    nn.init.normal_(weight, 0.0, 0.1)
                elif weight.dim() > 1 and not name.endswith("_g"):
                    fan_in = weight[0].numel()
                    if isinstance(layer, nn.ConvTranspose2d):
                        fan_in = weight.numel() / weight.shape[1] / layer.stride[0] ** 2
                    nn.init.normal_(weight, 0.0, gain * (2.0 / fan_in) ** 0.5)
            if "weight_g" in parameters:  # one length for each of what weight_norm calls an output
                lengths = layer.weight_v.flatten(1).norm(dim=1).view_as(layer.weight_g)
                layer.weight_g.copy_(lengths * torch.empty_like(lengths).uniform_(0.7, 1.3))
        elif isinstance(layer, NORMS) and layer.weight is not None:
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.normal_(layer.bias, 0.0, 0.3)
        elif isinstance(layer, nn.PReLU):
            nn.init.uniform_(layer.weight, 0.05, 0.4)


def settle(net, latents, run):
    """The statistics that training leaves: averages over batches, here all of the same weight."""
    norms = [m for m in net.modules() if isinstance(m, BATCH_NORMS) and m.track_running_stats]
    net.train()
    if any(name.endswith("_u") for name, _ in net.named_buffers()):
        for _ in range(150):  # spectral norms take a step of their power iteration at each pass
            run(latents[0][:2])
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    for batch in latents:
        run(batch)
    for norm in norms:
        norm.momentum = 0.1
    net.eval()


def drawn_pictures(z, size, channels):
    """Something like faces, whose places and colours follow the latents, in [-1, 1]: of a contrast
    of about 0.45, as photographs of faces have it, and with few values near the ends."""
    place = torch.tanh(z.flatten(1)[:, :10] * 0.7)
    y, x = torch.meshgrid(*[torch.linspace(-1, 1, size)] * 2, indexing="ij")

    def ellipse(cx, cy, rx, ry):
        cx, cy, rx, ry = (torch.as_tensor(v).expand(len(z))[:, None, None]
                          for v in (cx, cy, rx, ry))
        return torch.sigmoid((1 - ((x - cx) / rx) ** 2 - ((y - cy) / ry) ** 2) / 0.2)[:, None]

    def paint(images, mask, colours):
        return images * (1 - mask) + colours[..., None, None] * mask
    cx, cy = place[:, 0] * 0.2, place[:, 1] * 0.2
    images = (place[:, 2:5, None, None] * 1.3).clamp(-0.95, 0.95).expand(-1, -1, size, size)
    light = 0.3 * place[:, 5]
    skin = torch.stack([0.5 + light, 0.1 + light, light - 0.15], 1)
    images = paint(images, ellipse(cx, cy, 0.55 + 0.1 * place[:, 6], 0.7 + 0.1 * place[:, 7]), skin)
    for side in (-0.2, 0.2):
        images = paint(images, ellipse(cx + side, cy - 0.15, 0.1, 0.08), torch.full((1, 3), -0.9))
    mouth = torch.tensor([[0.2, -0.6, -0.5]])
    images = paint(images, ellipse(cx, cy + 0.3, 0.2 + 0.05 * place[:, 8], 0.08), mouth)
    return images[:, :channels]


@torch.enable_grad()
def teach(net, nz, draw, steps=300):
    """Trains for a moment: only a trained network has readings that look wrong. Like a
    discriminator, the loss also wants as much contrast as the pictures have."""
    for parameter in net.parameters():
        parameter.requires_grad_(True)
    adam = torch.optim.Adam(net.parameters(), 3e-3)
    for _ in range(steps):
        z = raw_latents(32, nz)
        images = draw(z)
        pictures = drawn_pictures(z, images.shape[2], images.shape[1])
        loss = F.mse_loss(images, pictures) + 2 * F.mse_loss(images.std(0), pictures.std(0))
        adam.zero_grad()
        loss.backward()
        adam.step()


# What comes out of the last layer: mean (None: as it is) and standard deviation.
PLAUSIBLE = {("tanh", "-1..1"): (None, 0.7), ("sigmoid", "0..1"): (None, 1.2),
             ("none", "-1..1"): (None, 0.4), ("none", "0..1"): (0.5, 0.2),
             ("none", "0..255"): (127.5, 51.0)}


def rescale_output(last, mean, deviation, run):
    """`last` is the network's last layer that has weights."""
    seen = []
    hook = last.register_forward_hook(lambda m, inputs, result: seen.append(result.clone()))
    run()
    hook.remove()
    scale = deviation / seen[0].std()
    (last.weight_g if hasattr(last, "weight_g") else last.weight).mul_(scale)
    if mean is not None:
        last.bias.add_(mean - (seen[0].mean() - last.bias.mean()) * scale - last.bias.mean())


# --- the right reading ----------------------------------------------------------------------------

OUTPUTS = {nn.Tanh: "tanh", nn.Sigmoid: "sigmoid"}


def activation_name(layer):
    if isinstance(layer, nn.LeakyReLU):
        return f"leaky_relu_{layer.negative_slope:g}"
    names = {nn.ReLU: "relu", nn.ELU: "elu", nn.SELU: "selu", nn.GELU: "gelu", nn.SiLU: "silu",
             nn.PReLU: "prelu", nn.Tanh: "tanh", nn.Softplus: "softplus"}
    return names.get(type(layer))


def geometry_of(layer):
    if isinstance(layer, nn.Linear):
        return "linear"
    if isinstance(layer, (nn.Unflatten, Reshape)):
        shape = layer.shape if isinstance(layer, Reshape) else layer.unflattened_size
        return "x".join(str(side) for side in shape[1:])
    if isinstance(layer, nn.Upsample):
        return f"upsample{layer.scale_factor:g}"
    if isinstance(layer, nn.PixelShuffle):
        return f"shuffle{layer.upscale_factor}"
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        text = f"k{layer.kernel_size[0]}s{layer.stride[0]}p{layer.padding[0]}"
        return text + (f"o{layer.output_padding[0]}" if layer.output_padding[0] else "")
    return None


def norm_name(layer):
    return "batch" if isinstance(layer, BATCH_NORMS) else \
        f"group_{layer.num_groups}" if isinstance(layer, nn.GroupNorm) else "instance"


def read_layers(layers, conditioning):
    """The assumptions that a reader has to make, from the layers themselves."""
    last = max(n for n, layer in enumerate(layers) if isinstance(layer, CONVOLUTIONS))
    hidden, end = layers[:last], layers[last:]
    reading = {"geometry": " ".join(filter(None, map(geometry_of, layers)))}
    activations = [n for n, layer in enumerate(hidden) if activation_name(layer)]
    norms = [n for n, layer in enumerate(hidden) if isinstance(layer, NORMS)]
    if activations:
        reading["activation"] = activation_name(hidden[activations[-1]])
        second = [n for n, layer in enumerate(layers) if isinstance(layer, CONVOLUTIONS)][1]
        if activations[0] > second:
            reading["first_activation"] = "none"
    if norms:
        if activations:
            first = norms[-1] < activations[-1]
            reading["order"] = "norm_first" if first else "activation_first"
        norm = hidden[norms[-1]]
        if isinstance(norm, BATCH_NORMS):
            reading["epsilon"] = f"{norm.eps:g}"
        if not getattr(norm, "track_running_stats", False):
            reading["norm"] = norm_name(norm)
    modes = {layer.mode for layer in layers if isinstance(layer, nn.Upsample)}
    if modes:
        reading["upsampling"], = modes
    if any(isinstance(layer, PixelNorm) for layer in layers):
        reading["pixel_norm"] = True
    outputs = [OUTPUTS[type(layer)] for layer in end if type(layer) in OUTPUTS]
    reading["output"] = outputs[0] if outputs else "none"
    if conditioning:
        reading["conditioning"] = conditioning
    return reading


# --- files ------------------------------------------------------------------------------------


@dataclasses.dataclass
class Style:
    """How a file is written, and read back by --check: as a state dict, a module, or not at all."""
    container: str
    write: typing.Callable  # (file, net)
    read: typing.Callable = None


def same(what):
    return what


def states(wrap=same, find=same, change=same, legacy=False):
    """A state dict (changed), inside something else (wrapped)."""
    def write(file, net):
        torch.save(wrap(change(net.state())), file, _use_new_zipfile_serialization=not legacy)
    return Style("legacy" if legacy else "zip", write, lambda file: find(torch.load(file)))


def modules(wrap=same, find=same, legacy=False):
    def write(file, net):
        torch.save(wrap(net), file, _use_new_zipfile_serialization=not legacy)
    return Style("module_legacy" if legacy else "module_zip", write,
                 lambda file: find(torch.load(file)))


def scripts(example=None):
    """Scripted, or traced with an example."""
    def write(file, net):
        script = torch.jit.script(net) if example is None else torch.jit.trace(net, example)
        script.save(str(file))
    return Style("torchscript", write, lambda file: torch.jit.load(str(file)))


def safetensors(change=same, metadata=None):
    def read(file):
        data = file.read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        header.pop("__metadata__", None)
        kinds = {"F32": torch.float32, "I64": torch.int64}
        return {name: torch.frombuffer(
            bytearray(data[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]]),
            dtype=kinds[entry["dtype"]]).view(entry["shape"]) for name, entry in header.items()}
    return Style("safetensors", lambda file, net: file.write_bytes(
        safetensors_bytes(change(net.state()), metadata)), read)


def arrays(save, change=same):
    def write(file, net):
        save(file, **{name: tensor.numpy() for name, tensor in change(net.state()).items()})
    return Style("npz", write, lambda file: {name: torch.from_numpy(array) for name, array
                                             in numpy.load(file).items()})


class Module(nn.Module):
    """LibTorch calls every module of an archive __torch__.Module."""


def cpp_module(tree, knows_buffers):
    """What torch::save of LibTorch builds: parameters and buffers, no forward, no "training". Once
    buffers were attributes like any others."""
    builder, values = torch._C.ConcreteModuleTypeBuilder(Module), {}
    for name, value in tree.items():
        if isinstance(value, dict):
            of_type, values[name] = cpp_module(value, knows_buffers)
            builder.add_module(name, of_type)
        else:
            is_buffer = name.startswith(("running_", "num_batches"))
            builder.add_attribute(name, torch._C.TensorType.get(), not is_buffer,
                                  is_buffer and knows_buffers)
            values[name] = value
    of_type = builder.build()
    module = torch._C._create_module_with_type(of_type.jit_type)
    for name, value in values.items():
        module.setattr(name, value)
    return of_type, module


def cpp_archives(change=same, knows_buffers=True):
    def write(file, net):
        tree = {}
        for name, tensor in change(net.state()).items():
            folder = tree
            *folders, leaf = name.split(".")
            for part in folders:
                folder = folder.setdefault(part, {})
            folder[leaf] = tensor
        cpp_module(tree, knows_buffers)[1].save(str(file))

    def read(file):
        leaves = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
        return {f"{name}.{leaf}": getattr(module, leaf) for name, module
                in torch.jit.load(str(file)).named_modules() for leaf in leaves
                if hasattr(module, leaf)}
    return Style("cpp_archive", write, read)


def onnx(nz_shape, opset, **options):
    def write(file, net):
        torch.onnx.export(net, torch.zeros(1, *nz_shape), str(file), opset_version=opset,
                          export_params=True, input_names=["latent"], output_names=["image"],
                          **options)
    return Style("onnx", write)


def no_fold(mode):
    return {"do_constant_folding": False, "training": mode}


# --- what people do to a state dict -------------------------------------------------------------


def convs_first(state):
    """All convolutions, then all norms: the order of __init__, where it lists them so."""
    norms = {name.rsplit(".", 1)[0] for name in state if name.endswith("running_mean")}
    return dict(sorted(state.items(), key=lambda item: item[0].rsplit(".", 1)[0] in norms))


def backwards(state):
    return dict(reversed(state.items()))


def alphabetical(state):
    return dict(sorted(state.items()))


def without(*ends):
    return lambda state: {name: v for name, v in state.items() if not name.endswith(ends)}


def half_convolutions(state):
    return {name: v.half() if v.dim() == 4 else v for name, v in state.items()}


def prefixed(prefix, state):
    return {prefix + name: tensor for name, tensor in state.items()}


def under(prefix, state):
    """The part of a flat state dict that has a prefix, without it."""
    return {name[len(prefix):]: v for name, v in state.items() if name.startswith(prefix)}


def discriminator(names="main.{n}", ndf=8, nc=3, norms=True):
    blocks, c_in = [], nc
    for stage in range(3):
        c_out = ndf << stage
        layers = [nn.Conv2d(c_in, c_out, 4, 2, 1, bias=False)]
        if stage and norms:
            layers.append(nn.BatchNorm2d(c_out))
        blocks.append(layers + [nn.LeakyReLU(0.2, inplace=True)])
        c_in = c_out
    return named(names, blocks + [[nn.Conv2d(c_in, 1, 4, 1, 0, bias=False), nn.Sigmoid()]])


def optimiser_of(state):
    weights = [v.detach().clone().requires_grad_() for v in state.values() if v.is_floating_point()]
    optimiser = torch.optim.Adam(weights, 2e-4, (0.5, 0.999))
    for weight in weights:
        weight.grad = torch.ones_like(weight)
    with torch.enable_grad():
        optimiser.step()
    return optimiser.state_dict()


def foreign_module(name):
    path = name.split(".")
    for depth in range(1, len(path) + 1):
        part = ".".join(path[:depth])
        sys.modules.setdefault(part, types.ModuleType(part))
    return sys.modules[name]


def foreign(module, name, base=object, **members):
    """A class of a library that is not here: a pickle only holds its name."""
    made = type(name, (base,), {"__module__": module, **members})
    setattr(foreign_module(module), name, made)
    return made


AttributeDict = foreign("pytorch_lightning.utilities.parsing", "AttributeDict", dict)


def lightning(state):
    judge = discriminator("disc.{b0}.{j}").state()
    return {"epoch": 19, "global_step": 11740, "pytorch-lightning_version": "1.4.9",
            "state_dict": collections.OrderedDict({**prefixed("discriminator.", judge),
                                                   **prefixed("generator.", state)}),
            "callbacks": {}, "optimizer_states": [optimiser_of(state)], "lr_schedulers": [],
            "hparams_name": "kwargs",
            "hyper_parameters": AttributeDict(latent_dim=24, feature_maps_gen=8, lr=2e-4)}


def training_run(state):
    options = argparse.Namespace(nz=24, ngf=8, lr=2e-4, dataroot="celeba", cuda=True)
    return {"epoch": 24, "opt": options, "model": prefixed("module.", state),
            "optimizer": optimiser_of(state), "fixed_noise": torch.zeros(64, 24, 1, 1)}


def with_average(state):
    """The averaged weights are the ones to show; the others are not even similar."""
    other = {name: torch.rand_like(v) if v.is_floating_point() else v for name, v in state.items()}
    return {"iteration": 30000, "G": other, "D": discriminator("layers.{n}").state(),
            "G_ema": dict(state)}


# --- the strangers ------------------------------------------------------------------------------


@dataclasses.dataclass
class Stranger:
    file: str
    shows: str
    architecture: str
    build: typing.Callable
    style: Style = dataclasses.field(default_factory=states)
    ambiguous: tuple = ()
    nz: int = 24
    classes: int = 0
    latent: str = "normal"
    range: str = None            # unless the output activation says it
    stated: bool = False
    takes_vectors: bool = False  # [N, nz], and does not flatten by itself
    reading: dict = dataclasses.field(default_factory=dict)  # what layers do not tell
    prepare: typing.Callable = same  # changes the network before its images are made
    gain: float = 1.0            # of the weights, against He's
    broken: bool = False
    taught: bool = False         # to draw pictures, and not only by its looks

    def run(self, net, z, labels=None):
        z = to_latent(z, self.latent)
        if self.takes_vectors:
            z = z.flatten(1)
        return net(z) if not self.classes else net(z, labels)

    def labels(self, count):
        return torch.randint(0, self.classes, (count,)) if self.classes else None

    def images(self, net, reading):
        """For the three seeds, in [-1, 1]."""
        label = torch.full((3,), 3) if self.classes else None
        latents = seeded_latents(self.nz)
        if reading.get("norm") == "batch":  # whose statistics are those of many faces
            latents = torch.cat([latents, raw_latents(1021, self.nz)])
        return self.drawn(net, latents, reading, label)[:3].clamp(-1, 1)

    def drawn(self, net, latents, reading, labels=None):
        x = self.run(net, latents, labels)
        if reading["range"] == "0..1":
            x = x * 2 - 1
        elif reading["range"] == "0..255":
            x = x / 127.5 - 1
        return x

    def make(self, seed):
        """The network, trained in looks, and the right reading of it."""
        torch.manual_seed(zlib.crc32(f"{self.file}{seed or ''}".encode()))
        net = self.build()
        look_trained(net, self.gain)
        probe = raw_latents(64, self.nz)
        called = layers_in_order(
            net, lambda: self.run(net, probe[:2], self.labels(2)))
        embedded = getattr(net, "join", None)
        reading = {**read_layers(called, embedded), **self.reading}
        reading["range"] = self.range or ("0..1" if reading["output"] == "sigmoid" else "-1..1")
        reading["latent"] = self.latent
        size = self.run(net.eval(), probe[:2], self.labels(2)).shape[-1]
        batches = 24 if size <= 32 else 12 if size <= 64 else 5 if size <= 128 else 3
        if self.taught:
            teach(net, self.nz, lambda z: self.drawn(net.train(), z, reading))
        settle(net, [raw_latents(64, self.nz) for _ in range(batches)],
               lambda z: self.run(net, z, self.labels(len(z))))
        last = [layer for layer in called if isinstance(layer, CONVOLUTIONS)][-1]
        if not self.taught:
            rescale_output(last, *PLAUSIBLE[reading["output"], reading["range"]],
                           lambda: self.run(net, probe[:32], self.labels(32)))
        self.prepare(net)
        return net, reading

    def entry(self, folder, seed):
        """Writes the files; returns what the index says of them."""
        net, reading = self.make(seed)
        images = self.images(net, reading)
        self.style.write(folder / self.file, net)
        entry = {"file": self.file, "shows": self.shows, "architecture": self.architecture,
                 "container": self.style.container, "nz": self.nz, "channels": images.shape[1],
                 "image_size": images.shape[2], "classes": self.classes, "stated": self.stated,
                 "reading": reading, "ambiguous": list(self.ambiguous)}
        if self.classes:
            entry["class"] = 3
        if self.broken:
            entry["broken_statistics"] = True
        else:
            entry["outputs"] = self.file.rsplit(".", 1)[0] + ".f32"
            images.contiguous().numpy().astype("<f4").tofile(folder / entry["outputs"])
        return entry


def forget_statistics(net):
    for layer in net.modules():
        if isinstance(layer, BATCH_NORMS):
            layer.reset_running_stats()


def round_convolutions(net):
    for layer in net.layers:
        if isinstance(layer, nn.ConvTranspose2d):
            layer.weight.copy_(layer.weight.half().float())


def keep_only_u(net):
    """Before PyTorch 1.0, spectral_norm stored no v: it is W^T u, brought to length 1."""
    for layer in net.layers:
        if hasattr(layer, "weight_orig"):
            matrix = layer.weight_orig.transpose(0, 1).flatten(1)
            layer.weight_v.copy_(F.normalize(matrix.t() @ layer.weight_u, dim=0))


MEMBERS = {"conv": "deconv{b}", "norm": "deconv{b}_bn"}


def named_otherwise():
    """The tutorial's layers under other names, in other orders."""
    return [
        Stranger("deconv-members.pth", "Members deconv1, deconv1_bn, …, with biases, 64 px.",
                 "dcgan", lambda: dcgan(MEMBERS, 100, (48, 32, 16, 8), bias=True), nz=100),
        Stranger("convs-then-norms.pth", "All convolutions are listed first, then all norms.",
                 "dcgan", lambda: dcgan({"conv": "ct{b}", "norm": "b{b}"}),
                 states(change=convs_first)),
        Stranger("keys-backwards.pth", "The keys stand in reverse order.", "dcgan",
                 lambda: dcgan({"conv": "up{b}", "norm": "norm{b}"}, bias=True),
                 states(change=backwards)),
        Stranger("keys-alphabetical.pth", "Sorted keys: net.10 comes before net.3.", "dcgan",
                 lambda: dcgan("net.{n}", widths=(48, 32, 16, 8)), states(change=alphabetical)),
        Stranger("layer-groups.pth", "One Sequential a stage: layer1.0, layer1.1.", "dcgan",
                 lambda: dcgan("layer{b}.{j}", widths=(32, 16, 8))),
        Stranger("conv-blocks-legacy.pth", "Blocks in a ModuleList, in a legacy file.", "dcgan",
                 lambda: dcgan("conv_blocks.{b0}.{j}", bias=True), states(legacy=True)),
        Stranger("equal-widths.pth", "All hidden layers are 32 wide and the names say nothing of "
                 "which norm follows which convolution but by their numbers.", "dcgan",
                 lambda: dcgan({"conv": "c{b}", "norm": "n{b}"}, widths=(32, 32, 32)),
                 states(change=convs_first)),
        Stranger("coursera-mnist.pth", "Blocks gen.0.0 with kernels 3 and 4, 28 px grey (3, 6, 13, "
                 "28).", "dcgan", lambda: dcgan(
                     "gen.{b0}.{j}", 64, (32, 16, 8), 1,
                     [up(3, 2, 0, bias=True), up(4, 1, 0, bias=True), up(3, 2, 0, bias=True)],
                     last=up(4, 2, 0, bias=True)), nz=64),
    ]


def geometries():
    """Other kernels, strides and sizes."""
    return [
        Stranger("kernel-5.pth", "Linear to 4x4, then kernel 5, stride 2, padding 2, output "
                 "padding 1; uniform latents.", "linear_dcgan", tf_style, nz=64, latent="uniform"),
        Stranger("kernel-3-mnist.pth", "4, 7, 14, 28 px: kernel 3 in the second layer, grey.",
                 "dcgan", lambda: dcgan(
                     {"conv": "tconv{b}", "norm": "bn{b}"}, 50, (32, 16, 8), 1,
                     [up(4, 1, 0), up(3, 2, 1), up(4, 2, 1)]), nz=50),
        Stranger("kernel-7-first.pth", "Kernel 7 makes the first 7x7, then 14 and 28 px, grey.",
                 "dcgan", lambda: dcgan("model.{n}", 32, (32, 16), 1,
                                        [up(7, 1, 0, bias=True), up(4, 2, 1, bias=True)],
                                        bias=True), nz=32),
        Stranger("anime-96.pth", "96 px: the last layer has kernel 5, stride 3, padding 1. (Stride "
                 "2, padding 2 and output padding 1 would give 64 px.)", "dcgan",
                 lambda: dcgan("layer{b}.{j}", 48, (48, 32, 16, 8), last=up(5, 3, 1)), nz=48,
                 ambiguous=("geometry",)),
        Stranger("faces-128.pth", "128 px, six transposed convolutions.", "dcgan",
                 lambda: dcgan("main.{b0}.{j}", widths=(48, 32, 24, 12, 8))),
        Stranger("grey-256.pth", "256 px, seven transposed convolutions, grey.", "dcgan",
                 lambda: dcgan({"conv": "conv_t{b}", "norm": "bn{b}"},
                               widths=(48, 32, 24, 12, 8, 4), nc=1)),
        Stranger("kernel-2.pth", "Kernel 2, stride 2: nothing overlaps.", "dcgan",
                 lambda: dcgan("decoder.{n}", 64, stages=[up(4, 1, 0)] + [up(2, 2, 0)] * 2,
                               last=up(2, 2, 0)), nz=64),
        Stranger("kernel-6.pth", "Kernel 6, stride 2, padding 2.", "dcgan",
                 lambda: dcgan("layers.{n}", widths=(32, 16, 8),
                               stages=[up(4, 1, 0)] + [up(6, 2, 2)] * 2, last=up(6, 2, 2))),
        Stranger("grey-64.pth", "64 px, grey.", "dcgan",
                 lambda: dcgan("generator.{n}", widths=(48, 32, 16, 8), nc=1)),
        Stranger("starts-2x2.pth", "Starts with 2x2 and doubles four times.", "dcgan",
                 lambda: dcgan("up.{b0}.{j}", 64, (48, 32, 16, 8),
                               stages=[up(2, 1, 0, bias=True)] + [up(4, 2, 1, bias=True)] * 3,
                               bias=True), nz=64),
    ]


def activations():
    def net(names, act, **options):
        return lambda: dcgan(names, act=act, widths=(32, 16, 8), **options)
    return [
        Stranger("leaky-0.2.pth", "LeakyReLU(0.2) in the generator, 64 px, biases.", "dcgan",
                 lambda: dcgan("net.{n}", widths=(48, 32, 16, 8), bias=True, act=leaky(0.2))),
        Stranger("leaky-0.01.pth", "LeakyReLU() with its default slope.", "dcgan",
                 net("gen.{n}", leaky(0.01)), ambiguous=("activation",)),
        Stranger("elu.pth", "ELU in the hidden layers.", "dcgan", net("seq.{n}", plain(nn.ELU))),
        Stranger("selu.pth", "SELU after batch norms.", "dcgan",
                 net("seq.{b0}.{j}", plain(nn.SELU))),
        Stranger("gelu.pth", "GELU in the hidden layers.", "dcgan",
                 net("stack.{n}", plain(nn.GELU))),
        Stranger("silu.pth", "SiLU in the hidden layers.", "dcgan",
                 net("body.{n}", plain(nn.SiLU))),
        Stranger("softplus.pth", "Softplus in the hidden layers.", "dcgan",
                 net("body.{b0}.{j}", plain(nn.Softplus))),
        Stranger("tanh-hidden.pth", "Tanh in the hidden layers too.", "dcgan",
                 net("stages.{n}", plain(nn.Tanh), bias=True)),
        Stranger("prelu.pth", "PReLU with one slope a channel.", "dcgan",
                 net("main.{n}", nn.PReLU)),
        Stranger("prelu-one.pth", "PReLU with one slope, as members.", "dcgan",
                 net({"conv": "conv{b}", "norm": "bn{b}", "act": "prelu{b}"},
                     lambda channels: nn.PReLU())),
        Stranger("activation-first.pth", "Convolution, ReLU, batch norm: in this order.", "dcgan",
                 net("model.{n}", relu, activation_first=True, bias=True)),
        Stranger("activation-first-leaky.pth", "Linear, LeakyReLU(0.2), batch norm.",
                 "linear_dcgan", lambda: linear_net(
                     {"conv": "layer{b}", "norm": "norm{b}"}, 48, 4, (32, 16, 8),
                     [up(4, 2, 1, bias=True)] * 2, act=leaky(0.2), activation_first=True), nz=48),
    ]


def linear_first():
    return [
        Stranger("linear-4x4.pth", "Linear, view to 4x4, batch norm, transposed convolutions.",
                 "linear_dcgan", lambda: linear_net(
                     {"conv": "conv{b0}", "norm": "bn{b0}"}, 64, 4, (32, 16, 8),
                     [up(4, 2, 1)] * 2), nz=64),
        Stranger("linear-norm-1d.pth", "Linear without bias, BatchNorm1d, ReLU, then the view.",
                 "linear_dcgan", lambda: linear_groups(
                     "project", "deconv", 40, 4, (32, 16, 8), [up(4, 2, 1)] * 2, first="1d",
                     bias=False, last=up(4, 2, 1)), nz=40),
        Stranger("linear-no-activation.pth", "Nothing stands between the Linear and the first "
                 "transposed convolution.", "linear_dcgan", lambda: linear_groups(
                     "fc", "conv", 24, 4, (32, 32, 16), [up(4, 2, 1)] * 2, first="nothing")),
        Stranger("linear-7x7.pth", "Two Linear layers to 7x7, then 14 and 28 px, grey.",
                 "linear_dcgan", info_gan, nz=62),
        Stranger("linear-7x7-upsample.pth", "Linear to 7x7, Upsample and Conv2d, 28 px, grey.",
                 "upsample", lambda: linear_groups(
                     "l1", "model", 32, 7, (32, 16), [upsampled()], nc=1, first="1d",
                     last=upsampled()), nz=32),
        Stranger("pytorch-gan-32.pth", "PyTorch-GAN's DCGAN: Upsample, eps 0.8, no activation "
                 "after the first batch norm (whose eps is 1e-05).", "upsample",
                 lambda: pytorch_gan_dcgan(40, 8), nz=40),
        Stranger("pytorch-gan-64.pth", "The same from 16x16, 64 px.", "upsample",
                 lambda: pytorch_gan_dcgan(24, 16, 16)),
        Stranger("pytorch-gan-grey.pkl", "The same, grey, in a legacy file.", "upsample",
                 lambda: pytorch_gan_dcgan(32, 8, 24, 1), states(legacy=True), nz=32),
        Stranger("bilinear.pth", "Upsample bilinear.", "upsample", lambda: linear_net(
            {"conv": "conv{b}", "norm": "bn{b}"}, 48, 4, (32, 16, 8), [upsampled("bilinear")] * 2,
            last=upsampled("bilinear")), nz=48),
        Stranger("pixel-shuffle.pth", "Conv2d and PixelShuffle.", "pixel_shuffle",
                 lambda: linear_net({"conv": "conv{b}", "norm": "bn{b}"}, 24, 8, (32, 16),
                                    [shuffled], last=shuffled)),
        Stranger("linear-2x2.pth", "Linear to 2x2, kernel 4 to 32 px.", "linear_dcgan",
                 lambda: linear_net("main.{b0}.{j}", 64, 2, (48, 32, 16, 8), [up(4, 2, 1)] * 3),
                 nz=64),
        Stranger("mlp-mnist.pth", "PyTorch-GAN's GAN: Linear layers only, 28 px, grey.", "mlp",
                 lambda: pytorch_gan_mlp(100, (1, 28, 28)), nz=100),
        Stranger("mlp-32.pth", "Linear layers only, 32 px, colour.", "mlp",
                 lambda: pytorch_gan_mlp(64, (3, 32, 32), (24, 32, 48)), nz=64),
        Stranger("coursera-mlp.pth", "Blocks gen.0.0 of Linear layers, sigmoid, 28 px, grey.",
                 "mlp", coursera_mlp, ambiguous=("output", "range"), nz=10),
    ]


def norms():
    def net(names, norm, **options):
        return lambda: dcgan(names, widths=(32, 16, 16), norm=norm, **options)

    def none(channels):
        return None
    return [
        Stranger("no-norms.pth", "No norms at all.", "dcgan", net("main.{n}", none, bias=True),
                 ambiguous=("activation", "latent"), taught=True),
        Stranger("no-norms-leaky.pth", "Linear, Upsample, Conv2d, LeakyReLU(0.2), no norms.",
                 "upsample", lambda: linear_net(
                     {"conv": "conv{b0}"}, 24, 8, (32, 16), [upsampled()], act=leaky(0.2),
                     norm=none, first="activation", last=upsampled()),
                 ambiguous=("activation", "upsampling", "latent"), taught=True),
        Stranger("no-norms-selu.pth", "SELU instead of norms.", "dcgan",
                 net("layers.{n}", none, act=plain(nn.SELU), bias=True),
                 ambiguous=("activation", "latent"), taught=True),
        Stranger("instance-norm.pth", "InstanceNorm2d with affine=True.", "dcgan", net(
            "main.{n}", lambda c: nn.InstanceNorm2d(c, affine=True)),
            ambiguous=("norm", "activation", "order", "latent"), taught=True),
        Stranger("group-norm.pth", "GroupNorm(8).", "dcgan", net(
            {"conv": "conv{b}", "norm": "gn{b}"}, lambda c: nn.GroupNorm(8, c)),
            ambiguous=("norm", "activation", "order", "latent"), taught=True),
        Stranger("no-statistics.pth", "BatchNorm2d with track_running_stats=False: the batch's own "
                 "statistics, also in eval mode.", "dcgan",
                 net("net.{n}", batch_norm(track_running_stats=False)),
                 ambiguous=("norm", "activation", "order", "epsilon", "latent"), taught=True),
        Stranger("no-affine.pth", "BatchNorm2d with affine=False: only statistics.", "dcgan",
                 net("net.{n}", batch_norm(affine=False))),
        Stranger("eps-0.001.pth", "BatchNorm2d with eps 0.001 and small weights, as translated "
                 "from Keras.",
                 "linear_dcgan", lambda: linear_groups(
                     "dense", "convs", 48, 4, (32, 16, 8), [up(4, 2, 1)] * 2,
                     norm=batch_norm(eps=1e-3)), nz=48, gain=0.1),
        Stranger("pixel-norm.pth", "PixelNorm and LeakyReLU(0.2), Upsample and pairs of Conv2d, as "
                 "in a progressive GAN.", "progressive", progressive, nz=32,
                 ambiguous=("pixel_norm", "activation", "upsampling", "latent", "geometry"),
                 taught=True),
        Stranger("spectral-norm.pth", "torch.nn.utils.spectral_norm: weight_orig, weight_u, "
                 "weight_v.", "dcgan",
                 net("l{b}.{j}", batch_norm(), wrap=nn.utils.spectral_norm, bias=True)),
        Stranger("spectral-norm-old.pth", "The same from before PyTorch 1.0: no weight_v.", "dcgan",
                 net({"conv": "conv{b}", "norm": "bn{b}"}, batch_norm(),
                     wrap=nn.utils.spectral_norm), states(change=without("weight_v")),
                 prepare=keep_only_u),
        Stranger("spectral-norm-new.pth", "parametrizations.spectral_norm: weight.original and "
                 "weight.0._u.", "dcgan",
                 net("main.{n}", batch_norm(), wrap=parametrizations.spectral_norm)),
        Stranger("weight-norm.pth", "torch.nn.utils.weight_norm: weight_g and weight_v.", "dcgan",
                 net("deconv.{n}", batch_norm(), wrap=nn.utils.weight_norm, bias=True)),
    ]


def latents_labels_and_ranges():
    def ending(names, out, bias=True):
        return lambda: dcgan(names, widths=(32, 16, 8), out=out, bias=bias)
    return [
        Stranger("acgan.pth", "PyTorch-GAN's ACGAN: the label's embedding times the latent.",
                 "upsample", lambda: pytorch_gan_dcgan(
                     32, 8, 24, embedding=("label_emb", nn.Embedding(10, 32)), join="multiply"),
                 nz=32, classes=10),
        Stranger("cgan-mlp.pth", "PyTorch-GAN's CGAN: the label's embedding before the latent, "
                 "Linear layers only.", "mlp", lambda: pytorch_gan_mlp(
                     100 + 10, (1, 28, 28), embedding=("label_emb", nn.Embedding(10, 10)),
                     join="prepend"), nz=100, classes=10),
        Stranger("cgan-conv.pth", "The label's embedding after the latent, in a DCGAN.", "dcgan",
                 lambda: convs_with_label(10, 10, 40), nz=40, classes=10),
        Stranger("cgan-conv-5.pth", "Five classes, and an embedding as long as the latent.",
                 "dcgan", lambda: convs_with_label(5, 24, 24), classes=5),
        Stranger("uniform.pth", "Latents are uniform in [-1, 1].", "dcgan",
                 lambda: dcgan(MEMBERS, widths=(32, 16, 8), bias=True), latent="uniform"),
        Stranger("sphere.pth", "Latents are on the unit sphere.", "dcgan",
                 lambda: dcgan("main.{b0}.{j}", 64), nz=64, latent="sphere"),
        Stranger("uniform-mlp.pth", "Uniform latents, Linear layers only.", "mlp",
                 lambda: pytorch_gan_mlp(64, (1, 28, 28), (32, 64, 96)), nz=64, latent="uniform"),
        Stranger("sigmoid.pth", "Ends with a sigmoid: values in [0, 1].", "dcgan",
                 ending("net.{n}", nn.Sigmoid), ambiguous=("output", "range"), taught=True),
        Stranger("no-output.pth", "Ends with the convolution, values in [-1, 1].", "dcgan",
                 ending("net.{b0}.{j}", None), ambiguous=("output",), taught=True),
        Stranger("no-output-0-1.pth", "Ends with the convolution, values in [0, 1].", "dcgan",
                 ending("tconv.{n}", None), range="0..1"),
        Stranger("no-output-0-255.pth", "Ends with the convolution, values in [0, 255].", "dcgan",
                 ending("tconv.{b0}.{j}", None), range="0..255"),
    ]


def nestings():
    return [
        Stranger("both-networks.pth", "generator, discriminator and epoch in one dictionary.",
                 "dcgan", lambda: dcgan({"conv": "tconv{b}", "norm": "batch{b}"}), states(
                     lambda s: {"epoch": 3, "discriminator": discriminator("conv.{n}").state(),
                                "generator": s}, lambda d: d["generator"])),
        Stranger("lightning.ckpt", "A Lightning checkpoint: both networks in one flat dictionary, "
                 "hyper-parameters of a foreign class.", "dcgan",
                 lambda: dcgan("gen.{b0}.{j}", widths=(24, 16, 8)),
                 states(lightning, lambda d: under("generator.", d["state_dict"]))),
        Stranger("pair.pth", "A list of both networks, in a legacy file.", "dcgan",
                 lambda: dcgan("blocks.{n}", bias=True), states(
                     lambda s: [s, discriminator("blocks.{n}").state()], lambda l: l[0],
                     legacy=True)),
        Stranger("training-run.pth", "DataParallel's prefix, the optimiser and argparse's options "
                 "beside it.", "dcgan", lambda: dcgan(
                     {"conv": "convt{b}", "norm": "bn{b}"}, widths=(24, 16, 8)),
                 states(training_run, lambda d: under("module.", d["model"]))),
        Stranger("averaged.pt", "Plain and averaged weights: the averaged ones count.", "dcgan",
                 lambda: dcgan("layers.{n}"), states(with_average, lambda d: d["G_ema"])),
        Stranger("half.pth", "Convolutions in float16, norms in float32.", "dcgan",
                 lambda: dcgan("synthesis.{n}"), states(change=half_convolutions),
                 prepare=round_convolutions),
        Stranger("fresh-statistics.pth", "The statistics were never updated: all 0 and 1.", "dcgan",
                 lambda: dcgan("deconv.{n}", widths=(32, 16, 8)), prepare=forget_statistics,
                 broken=True, ambiguous=("activation", "order", "epsilon", "latent")),
        Stranger("fresh-statistics-linear.pth", "The same after a Linear, with LeakyReLU(0.2), "
                 "legacy.", "linear_dcgan", lambda: linear_groups(
                     "fc", "body", 48, 4, (32, 16, 8), [up(4, 2, 1)] * 2, act=leaky(0.2)),
                 states(legacy=True), nz=48, prepare=forget_statistics, broken=True,
                 ambiguous=("activation", "order", "epsilon", "latent")),
    ]


# What the functions that a forward() calls would tell.
FUNCTIONAL_GENERATOR = {"activation": "relu", "order": "norm_first", "output": "tanh"}
LINEAR_GENERATOR = {"geometry": "linear 8x8 upsample2 k3s1p1 upsample2 k3s1p1 k3s1p1"}


def whole_modules():
    return [
        Stranger("module-sequential.pth", "torch.save(netG), one Sequential.", "dcgan", Generator,
                 modules(), stated=True),
        Stranger("module-leaky-legacy.pkl", "The same with LeakyReLU(0.3), grey, legacy.", "dcgan",
                 lambda: Generator(40, 8, 1, 0.3), modules(legacy=True), nz=40, stated=True),
        Stranger("module-functional.pth", "Activations are in forward(): not in the file.", "dcgan",
                 FunctionalGenerator, modules(), reading=FUNCTIONAL_GENERATOR),
        Stranger("module-functional-legacy.pth", "The same, legacy.", "dcgan",
                 lambda: FunctionalGenerator(8), modules(legacy=True),
                 reading=FUNCTIONAL_GENERATOR),
        Stranger("module-blocks.pth", "Blocks of the author's own classes.", "dcgan",
                 BlockGenerator, modules(), stated=True),
        Stranger("module-parallel.pth", "torch.save of a DataParallel, in a dictionary.", "dcgan",
                 Generator, modules(lambda net: {"netG": nn.DataParallel(net), "epoch": 5},
                                    lambda d: d["netG"].module), stated=True),
        Stranger("module-linear.pth", "PyTorch-GAN's DCGAN as a module; the view() is not in the "
                 "file.", "upsample", LinearGenerator, modules(), takes_vectors=True,
                 reading=LINEAR_GENERATOR),
        Stranger("module-unflatten.pth", "A bare nn.Sequential with Flatten and Unflatten.",
                 "linear_dcgan", lambda: linear_sequential(
                     40, 4, (32, 16, 8), [up(4, 2, 1)] * 2, act=plain(nn.ELU),
                     reshape=lambda *shape: nn.Unflatten(1, shape)), modules(), nz=40, stated=True),
        Stranger("module-mixed.pth", "A bare nn.Sequential with another activation each time.",
                 "dcgan", mixed_sequential, modules(), stated=True),
        Stranger("module-reshape.pth", "The same with the author's own Reshape layer.",
                 "linear_dcgan", lambda: linear_sequential(
                     40, 4, (32, 16, 8), [up(4, 2, 1)] * 2), modules(), nz=40, stated=True),
    ]


def other_containers():
    c = [up(4, 1, 0), up(3, 2, 1), up(4, 2, 1)]
    z = torch.zeros(2, 24, 1, 1)

    def cpp_example(names):
        return lambda: dcgan(names, 50, (32, 16, 8), 1, c)
    return [
        Stranger("cpp-members.pt", "LibTorch's DCGAN example: conv1…4, then batch_norm1…3.",
                 "dcgan", cpp_example({"conv": "conv{b}", "norm": "batch_norm{b}"}),
                 cpp_archives(convs_first), nz=50),
        Stranger("cpp-sequential.pt", "LibTorch's DCGAN example when it was a Sequential and the "
                 "statistics mere attributes.", "dcgan", cpp_example("{n}"),
                 cpp_archives(knows_buffers=False), nz=50),
        Stranger("cpp-linear.pt", "A C++ generator that begins with a Linear, without "
                 "num_batches_tracked.", "linear_dcgan", lambda: linear_net(
                     {"conv": "layer{b}", "norm": "bn{b}"}, 48, 4, (32, 16, 8), [up(4, 2, 1)] * 2),
                 cpp_archives(without("num_batches_tracked")), nz=48),
        Stranger("scripted.pt", "torch.jit.script of a Sequential.", "dcgan", Generator, scripts(),
                 stated=True),
        Stranger("traced.pt", "torch.jit.trace of members with functional activations.", "dcgan",
                 FunctionalGenerator, scripts(z), stated=True, reading=FUNCTIONAL_GENERATOR),
        Stranger("traced-linear.pt", "torch.jit.trace of PyTorch-GAN's DCGAN: takes [N, nz].",
                 "upsample", LinearGenerator, scripts(z.flatten(1)), takes_vectors=True,
                 stated=True, reading=LINEAR_GENERATOR),
        Stranger("foreign.safetensors", "Members in safetensors, sorted, with foreign metadata.",
                 "dcgan", lambda: dcgan({"conv": "deconv{b}", "norm": "norm{b}"}, bias=True),
                 safetensors(alphabetical, {"format": "pt", "author": "somebody"})),
        Stranger("pytorch-gan.safetensors", "PyTorch-GAN's DCGAN in safetensors.", "upsample",
                 lambda: pytorch_gan_dcgan(28, 8, 24), safetensors(), nz=28),
        Stranger("weights.npz", "numpy.savez of PyTorch-GAN's MLP.", "mlp",
                 lambda: pytorch_gan_mlp(50, (1, 28, 28), (48, 64, 96)), arrays(numpy.savez),
                 nz=50),
        Stranger("compressed.npz", "numpy.savez_compressed with keys such as l1.weight.",
                 "linear_dcgan", lambda: linear_net(
                     {"conv": "l{b}", "norm": "bn{b}"}, 40, 4, (32, 16, 8), [up(4, 2, 1)] * 2),
                 arrays(numpy.savez_compressed, without("num_batches_tracked")), nz=40),
    ]


def onnx_files():
    vector, column, mode = (24,), (24, 1, 1), torch.onnx.TrainingMode
    any_count = {"dynamic_axes": {"latent": {0: "n"}, "image": {0: "n"}}}
    return [
        Stranger("tutorial.onnx", "A DCGAN, opset 11, constants folded.", "dcgan", Generator,
                 onnx(column, 11), stated=True),
        Stranger("kept-norms.onnx", "LeakyReLU(0.2), opset 13; every batch norm is kept, every "
                 "batch size allowed.", "dcgan", lambda: Generator(slope=0.2),
                 onnx(column, 13, **no_fold(mode.PRESERVE), **any_count), stated=True),
        Stranger("reshape.onnx", "Linear and Reshape, opset 13, weights are inputs too.",
                 "linear_dcgan", lambda: linear_sequential(24, 4, (32, 16, 8), [up(4, 2, 1)] * 2),
                 onnx(column, 13, keep_initializers_as_inputs=True), stated=True),
        Stranger("resize.onnx", "PyTorch-GAN's DCGAN: Resize nearest, opset 11, norms folded into "
                 "the convolutions.", "upsample", LinearGenerator, onnx(vector, 11), stated=True,
                 takes_vectors=True, reading=LINEAR_GENERATOR),
        Stranger("resize-13.onnx", "The same, opset 13, nothing folded, every batch size allowed: "
                 "the shape to reshape to is computed.", "upsample", LinearGenerator,
                 onnx(vector, 13, **no_fold(mode.PRESERVE), **any_count), stated=True,
                 takes_vectors=True, reading=LINEAR_GENERATOR),
        Stranger("functional.onnx", "Functional activations, opset 13.", "dcgan",
                 FunctionalGenerator, onnx(column, 13, do_constant_folding=False), stated=True,
                 reading=FUNCTIONAL_GENERATOR),
    ]


def strangers():
    groups = [named_otherwise, geometries, activations, linear_first, norms,
              latents_labels_and_ranges, nestings, whole_modules, other_containers, onnx_files]
    return [stranger for group in groups for stranger in group()]


# --- what must be refused ---------------------------------------------------------------------


def autoencoder():
    return Net([("encoder.0", nn.Conv2d(3, 8, 4, 2, 1)), ("encoder.1", nn.BatchNorm2d(8)),
                ("encoder.3", nn.Conv2d(8, 16, 4, 2, 1)), ("encoder.4", nn.BatchNorm2d(16)),
                ("fc_mu", nn.Linear(16 * 8 * 8, 16)), ("fc_logvar", nn.Linear(16 * 8 * 8, 16)),
                ("decoder_input", nn.Linear(16, 16 * 8 * 8)),
                ("decoder.0", nn.ConvTranspose2d(16, 8, 4, 2, 1)), ("decoder.1", nn.BatchNorm2d(8)),
                ("decoder.3", nn.ConvTranspose2d(8, 3, 4, 2, 1))])


def image_to_image():
    """CycleGAN's generator: down, residual blocks, up."""
    layers = [("model.1", nn.Conv2d(3, 8, 7)), ("model.4", nn.Conv2d(8, 16, 3, 2, 1)),
              ("model.7", nn.Conv2d(16, 32, 3, 2, 1))]
    for n in (10, 11):
        layers += [(f"model.{n}.conv_block.{j}", nn.Conv2d(32, 32, 3)) for j in (1, 5)]
    return Net(layers + [("model.12", nn.ConvTranspose2d(32, 16, 3, 2, 1, 1)),
                         ("model.15", nn.ConvTranspose2d(16, 8, 3, 2, 1, 1)),
                         ("model.19", nn.Conv2d(8, 3, 7))])


def u_net():
    """pix2pix: the way up gets what the way down left at each size."""
    layers, widths = [], [3, 8, 16, 32, 32]
    for b, (c_in, c_out) in enumerate(zip(widths, widths[1:])):
        layers.append((f"down{b + 1}.model.0", nn.Conv2d(c_in, c_out, 4, 2, 1, bias=False)))
    for b, (c_in, c_out) in enumerate([(32, 32), (64, 16), (32, 8)]):
        layers.append((f"up{b + 1}.model.0", nn.ConvTranspose2d(c_in, c_out, 4, 2, 1, bias=False)))
    return Net(layers + [("final.2", nn.Conv2d(16, 3, 4, padding=1))])


def patch_discriminator():
    layers, widths = [], [1, 8, 16, 32, 64]
    for b, (c_in, c_out) in enumerate(zip(widths, widths[1:])):
        layers.append((f"model.{4 * b}", nn.Conv2d(c_in, c_out, 3, 2, 1)))
    return Net(layers + [("adv_layer.0", nn.Linear(64 * 2 * 2, 1))])


def style_gan_tensorflow():
    network = foreign("dnnlib.tflib.network", "Network")
    made = []
    for name in ["G", "D", "Gs"]:
        made.append(network())
        made[-1].__dict__.update(version=4, name=name, static_kwargs={"resolution": 64},
                                 variables=[("w", numpy.ones((4, 4), numpy.float32))])
    return pickle.dumps(tuple(made), 4)


def style_gan_pytorch():
    """StyleGAN2-ADA's: a call that would run source code from the pickle."""
    def rebuild(meta):
        raise NotImplementedError
    module = foreign_module("torch_utils.persistence")
    module._reconstruct_persistent_obj = rebuild
    rebuild.__module__ = module.__name__
    rebuild.__qualname__ = "_reconstruct_persistent_obj"

    def reduce(self):
        meta = {"type": "class", "version": 6, "module_src": "class Generator: pass\n",
                "class_name": "Generator", "state": {"z_dim": 512}}
        return rebuild, (meta,)
    generator = foreign("training.networks", "Generator", __reduce__=reduce)
    return pickle.dumps({"G": generator(), "G_ema": generator(), "augment_pipe": None}, 4)


def style_gan_class():
    """A pickle that names the class itself."""
    made = foreign("training.networks", "Generator")()
    made.__dict__.update(z_dim=512, w_dim=512, img_resolution=64)
    return pickle.dumps({"G_ema": made}, 3)


def style_gan_state():
    """rosinality/stylegan2-pytorch: a state dict with a mapping network and modulated weights."""
    state = {"input.input": torch.randn(1, 16, 4, 4)}
    for n in range(1, 9):
        state.update({f"style.{n}.weight": torch.randn(16, 16), f"style.{n}.bias": torch.zeros(16)})
    for name, c_out in [("conv1.conv", 16), ("convs.0.conv", 16), ("convs.1.conv", 16)]:
        state.update({f"{name}.weight": torch.randn(1, c_out, 16, 3, 3),
                      f"{name}.modulation.weight": torch.randn(16, 16),
                      f"{name}.modulation.bias": torch.ones(16)})
    state.update({"to_rgb1.conv.weight": torch.randn(1, 3, 16, 1, 1),
                  "to_rgb1.bias": torch.zeros(1, 3, 1, 1)})
    return {"g_ema": state, "latent_avg": torch.zeros(16)}


POINTER = b"version https://git-lfs.github.com/spec/v1\n" \
          b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n" \
          b"size 14274829\n"


def refusals():
    """(file, what the refusal says, contents)"""
    return [
        ("discriminator.pth", "discriminator", discriminator().state()),
        ("discriminator-members.pth", "discriminator",
         discriminator({"conv": "conv{b}", "norm": "conv{b}_bn"}).state()),
        ("discriminator-linear.pth", "discriminator", patch_discriminator().state()),
        ("vae.pth", "autoencoder", autoencoder().state()),
        ("cyclegan.pth", "image-to-image", image_to_image().state()),
        ("unet.pth", "image-to-image", u_net().state()),
        ("losses.pth", "losses", [0.69, 1.2, 0.4, 2.5]),
        ("losses-named.pth", "losses", {"G_losses": [0.69, 1.2], "D_losses": [0.4, 2.5]}),
        ("image.pth", "tensor", torch.rand(3, 64, 64)),
        ("optimiser.pth", "optimiser", optimiser_of(dcgan("main.{n}").state())),
        ("pointer.pth", "lfs", POINTER),
        ("stylegan-tensorflow.pkl", "stylegan", style_gan_tensorflow()),
        ("stylegan2-ada.pkl", "stylegan", style_gan_pytorch()),
        ("stylegan-class.pkl", "stylegan", style_gan_class()),
        ("stylegan2-state.pt", "stylegan", style_gan_state()),
    ]


def write_refused(folder):
    folder.mkdir()
    torch.manual_seed(0)
    entries = []
    for file, says, what in refusals():
        if isinstance(what, bytes):
            (folder / file).write_bytes(what)
        else:
            torch.save(what, folder / file)
        entries.append({"file": file, "says": says})
    (folder / "refused.json").write_text(json.dumps(entries, indent=1) + "\n")


# --- checking, and all of it --------------------------------------------------------------------


def check(folder):
    """Every file, loaded into a network that was made anew, gives the images that were written."""
    entries = {entry["file"]: entry for entry in json.loads((folder / "index.json").read_text())}
    skipped, wrong = [], []
    for stranger in strangers():
        entry = entries.pop(stranger.file)
        if stranger.style.read is None or stranger.broken:
            skipped.append(stranger.file)
            continue
        torch.manual_seed(0)
        net, loaded = stranger.build(), stranger.style.read(folder / stranger.file)
        if isinstance(loaded, nn.Module):
            net = loaded
        else:
            optional = ("num_batches_tracked", "weight_v")
            net.load({**{k: v for k, v in net.state().items() if k.endswith(optional)}, **loaded})
        stranger.prepare(net)
        expected = torch.from_numpy(numpy.fromfile(folder / entry["outputs"], "<f4"))
        images = stranger.images(net.eval(), entry["reading"])
        shape = (3, entry["channels"], entry["image_size"], entry["image_size"])
        error = (images.flatten() - expected).abs().max().item()
        if tuple(images.shape) != shape or not error < 1e-5 or expected.std() < 0.1:
            wrong.append(f"{stranger.file}: off by {error:.2g}")
    assert not entries, entries.keys()
    print("\n".join(wrong + [f"{len(wrong)} wrong; not loaded: {', '.join(skipped)}"]))
    return 1 if wrong else 0


def write_set(folder, chosen, seed):
    folder.mkdir(parents=True)
    entries = [stranger.entry(folder, seed) for stranger in chosen]
    (folder / "index.json").write_text(json.dumps(entries, indent=1) + "\n")


def write(folder, seed):
    shutil.rmtree(folder, ignore_errors=True)  # nothing of an earlier version may stay
    write_set(folder, strangers(), seed)
    ambiguous = [stranger for stranger in strangers() if stranger.ambiguous]
    for n in (1, 2):
        write_set(folder / f"again-{n}", ambiguous, 1000 * n + seed)
    write_refused(folder / "refused")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    with torch.no_grad():
        folder = arguments.out / "strangers"
        if arguments.check:
            return check(folder)
        return write(folder, arguments.seed)


if __name__ == "__main__":
    sys.exit(main())
