"""Writes generators in every container and naming style that Facemorph opens, and files that it must refuse.

usage: make_checkpoints.py OUTDIR
OUTDIR/checkpoints/index.json says for each file what a reader must find; OUTDIR/checkpoints/bad/ holds the others.
"""
import collections
import io
import json
import os
import pathlib
import pickle
import struct
import sys
import zipfile

import torch
from torch import nn


def generator(nz=12, ngf=4, nc=3, size=32):
    """The PyTorch DCGAN faces tutorial's generator."""
    stages = {32: 2, 64: 3, 128: 4, 256: 5}[size]
    channels = ngf << stages
    layers = [nn.ConvTranspose2d(nz, channels, 4, 1, 0, bias=False)]
    for _ in range(stages):
        layers += [nn.BatchNorm2d(channels), nn.ReLU(True), nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1, bias=False)]
        channels //= 2
    layers += [nn.BatchNorm2d(channels), nn.ReLU(True), nn.ConvTranspose2d(channels, nc, 4, 2, 1, bias=False), nn.Tanh()]
    return Net(layers)


def discriminator(ndf=4, nc=3):
    return Net([nn.Conv2d(nc, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2), nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
                nn.BatchNorm2d(ndf * 2), nn.LeakyReLU(0.2), nn.Conv2d(ndf * 2, 1, 4, 1, 0, bias=False), nn.Sigmoid()])


class Net(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x)


class FlatNet(nn.Module):
    """Takes [N, nz], as many scripts do."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x.view(x.size(0), -1, 1, 1))


class Payload:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


def rewrite_zip(source, target, rename=None, change=None, drop=(), method=zipfile.ZIP_STORED):
    """Copies an archive entry by entry, changing names or contents."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for entry in old.infolist():
            if any(entry.filename.endswith(end) for end in drop):
                continue
            data = old.read(entry.filename)
            if change:
                data = change(entry.filename, data)
            new.writestr(rename(entry.filename) if rename else entry.filename, data)


def safetensors_bytes(state, metadata=None):
    """By hand, from the format's description: length, JSON header, data."""
    names = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64"}
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in state.items():
        raw = tensor.contiguous().view(torch.int16).numpy().tobytes() if tensor.dtype == torch.bfloat16 else tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


class Writer:
    def __init__(self, folder):
        self.folder = folder
        self.index = []

    def add(self, name, net, save, container="PyTorch zip", path="", others=(), dtype="float32"):
        """`save` writes the file; the rest is what a reader must find in it."""
        file = self.folder / name
        save(file)
        first = net.main[0].weight.detach()
        if dtype != "float32":
            first = first.to(getattr(torch, dtype)).float()
        last = [m for m in net.main if isinstance(m, nn.ConvTranspose2d)][-1]
        self.index.append({
            "file": name, "container": container, "state_dict": path, "others": list(others), "dtype": dtype,
            "nz": first.shape[0], "ngf": last.weight.shape[0], "nc": last.weight.shape[1],
            "image_size": 4 << (sum(isinstance(m, nn.ConvTranspose2d) for m in net.main) - 1),
            "first_weights": first.flatten()[:8].tolist(), "weight_sum": first.double().sum().item(),
            "last_running_var": [m for m in net.main if isinstance(m, nn.BatchNorm2d)][-1].running_var.flatten()[:4].tolist()})


def used(net):
    """Some training-mode passes, so that the running statistics are not all 0 and 1."""
    net.train()
    with torch.no_grad():
        for _ in range(3):
            net(torch.randn(4, net.main[0].weight.shape[0], 1, 1))
    return net.eval()


def write_good(folder):
    w = Writer(folder)
    net, other = used(generator()), used(generator())
    state = net.state_dict()
    for size, nz, ngf, nc in [(32, 7, 3, 1), (64, 100, 4, 3), (128, 16, 2, 3), (256, 5, 2, 1)]:
        sized = used(generator(nz, ngf, nc, size))
        w.add(f"size-{size}.pth", sized, lambda f, s=sized: torch.save(s.state_dict(), f))

    # containers
    w.add("zip.pth", net, lambda f: torch.save(state, f))
    w.add("legacy.pth", net, lambda f: torch.save(state, f, _use_new_zipfile_serialization=False), "PyTorch legacy")
    w.add("traced.pt", net, lambda f: torch.jit.trace(net, torch.zeros(1, 12, 1, 1)).save(str(f)), "TorchScript")
    w.add("scripted.pt", net, lambda f: torch.jit.script(net).save(str(f)), "TorchScript")
    w.add("safetensors.bin", net, lambda f: f.write_bytes(safetensors_bytes(state)), "safetensors")
    w.add("safetensors-metadata.safetensors", net, lambda f: f.write_bytes(safetensors_bytes(state, {"step": "9"})), "safetensors")
    w.add("misleading.safetensors", net, lambda f: torch.save(state, f))

    # zip variations
    base = folder / "zip.pth"
    w.add("root-renamed.pth", net, lambda f: rewrite_zip(base, f, rename=lambda n: "my model (1)/" + n.split("/", 1)[1]))
    w.add("deflated.pth", net, lambda f: rewrite_zip(base, f, method=zipfile.ZIP_DEFLATED))
    w.add("no-byteorder.pth", net, lambda f: rewrite_zip(base, f, drop=["byteorder"]))

    def with_byteorder(f):
        rewrite_zip(base, f, drop=["byteorder"])
        with zipfile.ZipFile(f, "a") as z:
            z.writestr("zip/byteorder", "little")

    w.add("byteorder.pth", net, with_byteorder)
    for device in ["cuda:0", "mps"]:  # the pickle says where the storage was; X + length + text
        old, new = b"X\x03\x00\x00\x00cpu", b"X" + struct.pack("<I", len(device)) + device.encode()
        w.add(f"saved-on-{device.split(':')[0]}.pth", net,
              lambda f: rewrite_zip(base, f, change=lambda n, d: d.replace(old, new) if n.endswith("data.pkl") else d))

    # names and nesting
    for wrap in ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."]:
        w.add(f"prefix-{wrap.replace('.', '-')}.pth", net, lambda f: torch.save({wrap + k: v for k, v in state.items()}, f))
    for key in ["netG", "generator", "generator_state", "G", "g_ema", "ema", "state_dict", "model_state_dict", "G_state_dict"]:
        w.add(f"under-{key}.pth", net, lambda f: torch.save({"epoch": 3, "lr": 2e-4, key: state, "losses": [1.0, 2.0]}, f), path=key)
    w.add("under-models.netG.pth", net, lambda f: torch.save({"models": {"netG": state, "netD": discriminator().state_dict()}}, f), path="models.netG")
    optimiser = torch.optim.Adam(net.parameters())
    net(torch.randn(2, 12, 1, 1)).sum().backward()
    optimiser.step()
    state = {k: v.clone() for k, v in net.state_dict().items()}
    w.add("whole-run.pth", net, lambda f: torch.save({"netD": discriminator().state_dict(), "netG": state, "optimizerG": optimiser.state_dict()}, f), path="netG")
    w.add("ema-first.pth", net, lambda f: torch.save({"G": other.state_dict(), "G_ema": state}, f), path="G_ema", others=["G"])
    w.add("other-names.pth", net, lambda f: torch.save({k.replace("main.", "net.layers."): v for k, v in state.items()}, f))
    w.add("flat-pair.pth", net, lambda f: torch.save({**{"netG." + k: v for k, v in state.items()}, **{"netD." + k: v for k, v in discriminator().state_dict().items()}}, f))
    w.add("no-num-batches.pth", net, lambda f: torch.save(collections.OrderedDict((k, v) for k, v in state.items() if "num_batches" not in k), f))
    w.add("plain-dict.pth", net, lambda f: torch.save(dict(state), f))
    w.add("parameters.pth", net, lambda f: torch.save({k: nn.Parameter(v) if v.is_floating_point() else v for k, v in state.items()}, f))
    w.add("protocol-4.pth", net, lambda f: torch.save(state, f, pickle_protocol=4))
    w.add("transposed.pth", net, lambda f: torch.save({k: v.transpose(0, 1).contiguous().transpose(0, 1) if v.dim() == 4 else v for k, v in state.items()}, f))

    def shared_storage(f):  # all weights are views of one tensor
        floats = [k for k, v in state.items() if v.is_floating_point()]
        flat = torch.cat([state[k].flatten() for k in floats])
        views, at = collections.OrderedDict(), 0
        for k in state:
            if k in floats:
                n = state[k].numel()
                views[k] = flat[at:at + n].view(state[k].shape)
                at += n
            else:
                views[k] = state[k]
        torch.save(views, f)

    w.add("shared-storage.pth", net, shared_storage)
    for dtype in ["float16", "bfloat16", "float64"]:
        cast = {k: v.to(getattr(torch, dtype)) if v.is_floating_point() else v for k, v in state.items()}
        w.add(f"{dtype}.pth", net, lambda f: torch.save(cast, f), dtype=dtype)
        w.add(f"{dtype}.safetensors", net, lambda f: f.write_bytes(safetensors_bytes(cast)), "safetensors", dtype=dtype)
    (folder / "index.json").write_text(json.dumps(w.index, indent=1))
    torch.jit.trace(FlatNet(net), torch.zeros(2, 12)).save(str(folder / "traced-flat.pt"))


def write_bad(folder):
    folder.mkdir(exist_ok=True)
    net = used(generator())
    state = net.state_dict()
    torch.save(state, folder / "good.pth")
    good = (folder / "good.pth").read_bytes()
    marker = folder / "payload-ran"
    marker.unlink(missing_ok=True)
    torch.save({"netG": Payload(f"touch {marker}")}, folder / "hostile-zip.pth")
    torch.save({"netG": Payload(f"touch {marker}")}, folder / "hostile-legacy.pth", _use_new_zipfile_serialization=False)
    (folder / "hostile-plain.pkl").write_bytes(pickle.dumps(Payload(f"touch {marker}")))
    torch.save(net, folder / "whole-module.pth")
    torch.save(discriminator().state_dict(), folder / "discriminator.pth")
    torch.save(torch.optim.Adam(net.parameters()).state_dict(), folder / "optimiser.pth")
    torch.save([0.5, 0.25, 1.0], folder / "losses.pth")
    torch.save(torch.zeros(4, 3, 8, 8), folder / "images.pth")
    torch.save({}, folder / "empty-dict.pth")
    torch.save(nn.Linear(4, 4).state_dict(), folder / "linear.pth")
    torch.save({**state, "main.0.bias": torch.zeros(16)}, folder / "bias.pth")
    torch.save({**state, "main.0.weight": torch.full_like(state["main.0.weight"], float("nan"))}, folder / "nan.pth")
    (folder / "truncated.pth").write_bytes(good[: len(good) // 2])
    torch.save(state, folder / "legacy.pth", _use_new_zipfile_serialization=False)
    legacy = (folder / "legacy.pth").read_bytes()
    (folder / "truncated-legacy.pth").write_bytes(legacy[: len(legacy) - 1000])
    (folder / "legacy.pth").unlink()
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 0x10
    (folder / "flipped-bit.pth").write_bytes(flipped)
    tensors = safetensors_bytes(state)
    (folder / "truncated.safetensors").write_bytes(tensors[:-100])
    (folder / "huge-header.safetensors").write_bytes(struct.pack("<Q", 10 * 2**30) + tensors[8:])
    header = json.dumps({"w": {"dtype": "F32", "shape": [2**31, 2**31], "data_offsets": [0, 10 * 2**30]}}).encode()
    (folder / "huge-tensor.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    # A tensor whose shape claims far more than its storage, and one that repeats an element 2**33 times.
    rewrite_zip(folder / "good.pth", folder / "huge-shape.pth",
                change=lambda n, d: d.replace(b"(K\x0cK\x10K\x04K\x04t", b"(K\xffK\xffK\xffK\xfft") if n.endswith("data.pkl") else d)
    torch.save({"w": torch.zeros(1).expand(2**11, 2**11, 2**11)}, folder / "expanded.pth")
    rewrite_zip(folder / "good.pth", folder / "big-endian.pth", rename=lambda n: n)
    with zipfile.ZipFile(folder / "big-endian.pth", "a") as z:
        z.writestr("good/byteorder", "big")
    with zipfile.ZipFile(folder / "some.zip", "w") as z:
        z.writestr("readme.txt", "hello")
    with zipfile.ZipFile(folder / "weights.npz", "w") as z:
        z.writestr("arr_0.npy", b"\x93NUMPY")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("archive/data.pkl", b"\x80\x02" + b"]" * (300 * 2**20))
    (folder / "zip-bomb.pth").write_bytes(bomb.getvalue())
    (folder / "pointer.pth").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 14321653\n")
    (folder / "page.pth").write_text("<!DOCTYPE html><html><body>Sign in to download</body></html>")
    (folder / "picture.pth").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "empty.pth").write_bytes(b"")
    (folder / "noise.pth").write_bytes(bytes(range(256)) * 40)
    (folder / "folder.pth").mkdir(exist_ok=True)


if __name__ == "__main__":
    torch.manual_seed(0)
    out = pathlib.Path(sys.argv[1]) / "checkpoints"
    out.mkdir(parents=True, exist_ok=True)
    write_good(out)
    write_bad(out / "bad")
