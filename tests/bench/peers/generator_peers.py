"""The generator of the PyTorch DCGAN faces tutorial in PyTorch, timed: what ./dev bench compares with.
Eager, as people run it, and traced and frozen, which folds batch norms into the convolutions.

usage: generator_peers.py STATE_DICT NZ NGF NC SIZE THREADS SECONDS BATCH...
prints one JSON object: {"pytorch_eager": {"1": milliseconds a face, ...}, "torch_jit": {...}}
"""
import json
import sys
import time

import torch
from torch import nn

path, (nz, ngf, nc, size, threads) = sys.argv[1], map(int, sys.argv[2:7])
seconds, batches = float(sys.argv[7]), [int(text) for text in sys.argv[8:]]
torch.set_num_threads(threads)

channels = ngf * size // 8
layers = [nn.ConvTranspose2d(nz, channels, 4, 1, 0, bias=False)]
for _ in range((size // 8).bit_length() - 1):
    layers += [nn.BatchNorm2d(channels), nn.ReLU(True),
               nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1, bias=False)]
    channels //= 2
net = nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU(True),
                    nn.ConvTranspose2d(channels, nc, 4, 2, 1, bias=False), nn.Tanh())
state = torch.load(path)
net.load_state_dict({name.removeprefix("main."): value for name, value in state.items()})
net.eval()


def milliseconds(run, batch):
    latents = torch.randn(batch, nz, 1, 1)
    times = []
    with torch.inference_mode():
        for _ in range(3):
            run(latents)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(times) < 3:
            start = time.perf_counter()
            run(latents)
            times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2] * 1000 / batch


with torch.no_grad():
    frozen = torch.jit.freeze(torch.jit.trace(net, torch.randn(1, nz, 1, 1)))
print(json.dumps({name: {str(batch): milliseconds(run, batch) for batch in batches}
                  for name, run in (("pytorch_eager", net), ("torch_jit", frozen))}))
