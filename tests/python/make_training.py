#!/usr/bin/env python3
"""Writes what the tests of training need: small pictures, archives of them, and twenty steps of the PyTorch
DCGAN faces tutorial with every loss.

usage: make_training.py OUTDIR

OUTDIR/training/pictures/*.png   24 pictures of 32 x 32
OUTDIR/training/pictures.zip, pictures.tar.gz   the same
OUTDIR/training/start.pth        the initial weights, named as in a training state
OUTDIR/training/tutorial.json    settings, and the losses of every step
"""
import json
import pathlib
import shutil
import struct
import sys
import tarfile
import zipfile
import zlib

import torch
from torch import nn

from make_networks import discriminator, generator

SIZE, NZ, NGF, NDF, BATCH, STEPS, SEED, COUNT = 32, 20, 8, 8, 8, 20, 7, 24
ORDER, NOISE = 2, 4  # uses of random numbers in src/torch/training/random.hpp
MASK = 2**64 - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def stream(use, index):
    seed = mix((mix((mix(SEED) + use) & MASK) + index) & MASK)
    # manual_seed() takes 64 bits as a signed number.
    return torch.Generator().manual_seed(seed - 2**64 if seed >= 2**63 else seed)


def png(pixels):
    """An RGB picture [height, width, 3] of bytes, without compression worth the name."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + bytes(row.flatten().tolist()) for row in pixels)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def draw_pictures():
    """Soft discs of random colours: bytes [COUNT, SIZE, SIZE, 3]."""
    y, x = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    pictures = []
    for _ in range(COUNT):
        centre, radius, colours = torch.rand(2) * 12 + 10, torch.rand(1) * 6 + 6, torch.rand(2, 3)
        distance = ((x - centre[0])**2 + (y - centre[1])**2).sqrt()
        inside = torch.sigmoid(radius - distance).unsqueeze(2)
        pictures.append(((inside * colours[0] + (1 - inside) * colours[1]) * 255).round().to(torch.uint8))
    return torch.stack(pictures)


def weights_init(layer):
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)


def tutorial(pictures, net_g, net_d):
    """The tutorial's loop, over batches and noise of Facemorph's streams."""
    criterion = nn.BCELoss()
    adam_d = torch.optim.Adam(net_d.parameters(), lr=2e-4, betas=(0.5, 0.999))
    adam_g = torch.optim.Adam(net_g.parameters(), lr=2e-4, betas=(0.5, 0.999))
    places = [torch.randperm(COUNT, generator=stream(ORDER, epoch)) for epoch in range(STEPS)]
    order = torch.cat(places)
    steps = []
    for step in range(STEPS):
        real = pictures[order[step * BATCH:(step + 1) * BATCH]].permute(0, 3, 1, 2) / 127.5 - 1
        net_d.zero_grad()
        output = net_d(real).view(-1)
        err_d_real = criterion(output, torch.ones(BATCH))
        err_d_real.backward()
        d_x = output.mean().item()
        fake = net_g(torch.randn(BATCH, NZ, 1, 1, generator=stream(NOISE, step)))
        output = net_d(fake.detach()).view(-1)
        err_d_fake = criterion(output, torch.zeros(BATCH))
        err_d_fake.backward()
        d_g_z1 = output.mean().item()
        adam_d.step()
        net_g.zero_grad()
        output = net_d(fake).view(-1)
        err_g = criterion(output, torch.ones(BATCH))
        err_g.backward()
        d_g_z2 = output.mean().item()
        adam_g.step()
        steps.append({"loss_d": (err_d_real + err_d_fake).item(), "loss_g": err_g.item(),
                      "d_real": d_x, "d_fake": d_g_z1, "d_fake_after": d_g_z2})
    return steps


def main():
    out = pathlib.Path(sys.argv[1]) / "training"
    shutil.rmtree(out, ignore_errors=True)
    (out / "pictures").mkdir(parents=True)
    torch.manual_seed(1)
    pictures = draw_pictures()
    files = {f"{i:02d}.png": png(picture) for i, picture in enumerate(pictures)}
    for name, data in files.items():
        (out / "pictures" / name).write_bytes(data)
    with zipfile.ZipFile(out / "pictures.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"faces/{name}", data)
    with tarfile.open(out / "pictures.tar.gz", "w:gz") as archive:
        archive.add(out / "pictures", "pictures")

    net_g, net_d = generator(NZ, NGF, 3, SIZE), discriminator(NDF, 3, SIZE)
    net_g.apply(weights_init)
    net_d.apply(weights_init)
    start = {f"generator.{key}": value.clone() for key, value in net_g.state_dict().items()}
    start.update({f"discriminator.{key}": value.clone() for key, value in net_d.state_dict().items()})
    start["training.step"] = torch.tensor(0)
    torch.save(start, out / "start.pth")
    json.dump({"image_size": SIZE, "nz": NZ, "ngf": NGF, "ndf": NDF, "batch": BATCH, "seed": SEED,
               "steps": tutorial(pictures, net_g, net_d)},
              open(out / "tutorial.json", "w", encoding="utf-8"), indent=1)


if __name__ == "__main__":
    main()
