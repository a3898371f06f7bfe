"""The training loop of the PyTorch DCGAN faces tutorial, timed: what ./dev bench train compares with. Pictures
are random numbers: reading them is not part of either side.

usage: tutorial_loop.py BATCH THREADS SECONDS      prints images a second
"""
import sys
import time

import torch
from torch import nn

BATCH, THREADS, SECONDS = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
torch.set_num_threads(THREADS)


def generator():
    layers = [nn.ConvTranspose2d(100, 512, 4, 1, 0, bias=False)]
    for channels in (512, 256, 128):
        layers += [nn.BatchNorm2d(channels), nn.ReLU(True),
                   nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1, bias=False)]
    return nn.Sequential(*layers, nn.BatchNorm2d(64), nn.ReLU(True),
                         nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())


def discriminator():
    layers = [nn.Conv2d(3, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
    for channels in (64, 128, 256):
        layers += [nn.Conv2d(channels, channels * 2, 4, 2, 1, bias=False),
                   nn.BatchNorm2d(channels * 2), nn.LeakyReLU(0.2, inplace=True)]
    return nn.Sequential(*layers, nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Sigmoid())


net_g, net_d, criterion = generator(), discriminator(), nn.BCELoss()
adam_d = torch.optim.Adam(net_d.parameters(), lr=2e-4, betas=(0.5, 0.999))
adam_g = torch.optim.Adam(net_g.parameters(), lr=2e-4, betas=(0.5, 0.999))
real = torch.rand(BATCH, 3, 64, 64) * 2 - 1


def step():
    net_d.zero_grad()
    output = net_d(real).view(-1)
    criterion(output, torch.ones(BATCH)).backward()
    fake = net_g(torch.randn(BATCH, 100, 1, 1))
    output = net_d(fake.detach()).view(-1)
    criterion(output, torch.zeros(BATCH)).backward()
    adam_d.step()
    net_g.zero_grad()
    output = net_d(fake).view(-1)
    criterion(output, torch.ones(BATCH)).backward()
    adam_g.step()


step()
start, steps = time.perf_counter(), 0
while time.perf_counter() - start < SECONDS:
    step()
    steps += 1
print(steps * BATCH / (time.perf_counter() - start))
