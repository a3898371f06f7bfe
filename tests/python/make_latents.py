#!/usr/bin/env python3
"""Writes the latents that torch.randn gives for many seeds: make_latents.py OUTDIR -> latents.json"""

import json
import pathlib
import re
import sys

import torch

SEEDS = [*range(20), 42, 123456789, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**40 + 5, 2**63, 2**64 - 1]
SIZES = [1, 2, 7, 15, 16, 17, 31, 32, 33, 64, 100, 128, 512]


def latent(seed, nz):
    torch.manual_seed(seed)
    return torch.randn(1, nz, 1, 1).flatten().tolist()


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    latents = [{"seed": s, "nz": n, "values": latent(s, n)} for s in SEEDS for n in SIZES]
    # PyTorch's AVX2 and scalar code differ in the last bits: the test allows for which one ran.
    cpu = re.search(r"CPU capability usage: (\S+)", torch.__config__.show())
    facts = {"torch": torch.__version__, "cpu": cpu.group(1) if cpu else "unknown"}
    text = json.dumps({**facts, "latents": latents})
    (folder / "latents.json").write_text(text)


if __name__ == "__main__":
    main()
