"""Writes the checkpoints that the tests of the window and of the command line open: OUTDIR/gui/*.

usage: make_gui_models.py OUTDIR
"""
import os
import pathlib
import sys

import torch
from torch import nn


def generator(nz, ngf, nc, size):
    """The PyTorch DCGAN tutorial's generator; wider initial weights give pictures that differ."""
    stages = {32: 2, 64: 3}[size]
    channels = ngf << stages
    layers = [nn.ConvTranspose2d(nz, channels, 4, 1, 0, bias=False)]
    for _ in range(stages):
        layers += [nn.BatchNorm2d(channels), nn.ReLU(True),
                   nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1, bias=False)]
        channels //= 2
    layers += [nn.BatchNorm2d(channels), nn.ReLU(True),
               nn.ConvTranspose2d(channels, nc, 4, 2, 1, bias=False), nn.Tanh()]
    net = nn.Sequential()
    net.main = nn.Sequential(*layers)
    net.forward = net.main.forward
    for layer in layers:
        if isinstance(layer, nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, 0.1)
    return net


def fit_statistics(net, nz):
    """One training-mode pass with momentum None: statistics that fit the weights."""
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    net.train()
    with torch.no_grad():
        net.main(torch.randn(256, nz, 1, 1))
    net.eval()


class Payload:
    """Unpickling one runs a shell command; nothing of ours may ever do so."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


def main(folder):
    out = pathlib.Path(folder) / "gui"
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    tiny = generator(20, 8, 3, 32)
    fit_statistics(tiny, 20)
    torch.save(tiny.main.state_dict(prefix="main."), out / "tiny-32.pth")
    torch.manual_seed(7)
    with torch.no_grad():
        image = tiny.main(torch.randn(1, 20, 1, 1))[0]
    levels = ((image + 1) / 2 * 255).round().clamp(0, 255).to(torch.uint8)
    (out / "tiny-32-seed7.rgb").write_bytes(levels.permute(1, 2, 0).contiguous().numpy().tobytes())

    broken = generator(100, 8, 3, 64)
    fit_statistics(broken, 100)
    state = broken.main.state_dict(prefix="main.")
    for name, value in state.items():
        if name.endswith("running_var"):
            value.fill_(1e-3)  # as if it had never seen the scale of its own activations
    torch.save(state, out / "broken-statistics.pth")

    marker = out / "hostile-payload-ran"
    marker.unlink(missing_ok=True)
    torch.save({"netG": Payload(marker)}, out / "hostile.pth")


if __name__ == "__main__":
    main(sys.argv[1])
