#!/usr/bin/env python3
"""Writes generators in every container and naming style that Facemorph opens, and files that it
must refuse, for the C++ tests.

usage: make_checkpoints.py OUTDIR

OUTDIR/checkpoints/index.json says for each good file what a reader must find in it;
OUTDIR/checkpoints/bad/ holds the others, each of which the tests know by name.
"""
import argparse
import collections
import io
import json
import os
import pathlib
import shutil
import pickle
import struct
import sys
import tarfile
import warnings
import zipfile

import numpy
import torch
from torch import nn

import make_networks

# --- networks ---------------------------------------------------------------------------------


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


def generator(nz=12, ngf=4, nc=3, size=32):
    """The tutorial's generator, with statistics that are not all 0 and 1."""
    layers = list(make_networks.generator(nz, ngf, nc, size).main)
    for layer in layers:
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.running_mean, 0.0, 0.3)
            nn.init.uniform_(layer.running_var, 0.5, 2.0)
            layer.num_batches_tracked.fill_(3)
    return Net(layers).eval()


def discriminator(ndf=4, nc=3, wrap=lambda layer: layer):
    return Net([wrap(nn.Conv2d(nc, ndf, 4, 2, 1, bias=False)), nn.LeakyReLU(0.2),
                wrap(nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False)), nn.BatchNorm2d(ndf * 2),
                nn.LeakyReLU(0.2), wrap(nn.Conv2d(ndf * 2, 1, 4, 1, 0, bias=False)), nn.Sigmoid()])


def used_optimiser(net):
    optimiser = torch.optim.Adam([p.detach().clone().requires_grad_() for p in net.parameters()])
    for p in optimiser.param_groups[0]["params"]:
        p.grad = torch.ones_like(p)
    optimiser.step()
    return optimiser


# --- files ------------------------------------------------------------------------------------


def save_legacy(what, file, **options):
    torch.save(what, file, _use_new_zipfile_serialization=False, **options)


def rewrite_zip(source, target, rename=None, change=None, drop=(), add=None,
                method=zipfile.ZIP_STORED):
    """Copies an archive entry by entry, changing names or contents."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for entry in old.infolist():
            if any(entry.filename.endswith(end) for end in drop):
                continue
            data = old.read(entry.filename)
            if change:
                data = change(entry.filename, data)
            new.writestr(rename(entry.filename) if rename else entry.filename, data)
        for name, data in (add or {}).items():
            new.writestr(name, data)


def change_pickle(source, target, old, new):
    """Replaces bytes of the pickle that must be there."""
    def change(name, data):
        if not name.endswith("data.pkl"):
            return data
        assert old in data, (target, old)
        return data.replace(old, new)
    rewrite_zip(source, target, change=change)


def zip_of(target, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


SAFETENSORS_TYPES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
                     torch.float64: "F64", torch.int64: "I64"}


def raw_bytes(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    return tensor.numpy().tobytes()


def safetensors_bytes(state, metadata=None):
    """By hand, from the format's description: length, JSON header, data."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in state.items():
        raw = raw_bytes(tensor)
        header[name] = {"dtype": SAFETENSORS_TYPES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    return with_header(json.dumps(header), data)


def with_header(text, data=b""):
    return struct.pack("<Q", len(text)) + text.encode() + data


# --- what must open ---------------------------------------------------------------------------


class Index:
    """Files, and what a reader must find in each."""

    def __init__(self, folder):
        self.folder = folder
        self.entries = []

    def add(self, name, net, save, container="PyTorch zip", path="", others=(), dtype="float32"):
        """`save` writes the file; the rest is what a reader must find in it."""
        save(self.folder / name)
        convs = [m for m in net.main if isinstance(m, nn.ConvTranspose2d)]
        floats = [v.to(getattr(torch, dtype)).double() for v in net.state_dict().values()
                  if v.is_floating_point()]
        self.entries.append({
            "file": name, "container": container, "state_dict": path, "others": list(others),
            "dtype": dtype, "nz": convs[0].weight.shape[0], "ngf": convs[-1].weight.shape[0],
            "nc": convs[-1].weight.shape[1], "image_size": 4 << (len(convs) - 1),
            "first_weights": floats[0].flatten()[:8].float().tolist(),
            # In state-dict order, without num_batches_tracked.
            "sums": [v.float().double().sum().item() for v in floats]})

    def write(self):
        (self.folder / "index.json").write_text(json.dumps(self.entries, indent=1))


def add_containers(index, net):
    state = net.state_dict()
    for size, nz, ngf, nc in [(32, 7, 3, 1), (64, 100, 4, 3), (128, 16, 2, 3), (256, 5, 2, 1)]:
        sized = generator(nz, ngf, nc, size)
        index.add(f"size-{size}.pth", sized, lambda f: torch.save(sized.state_dict(), f))
    index.add("zip.pth", net, lambda f: torch.save(state, f))
    index.add("legacy.pth", net, lambda f: save_legacy(state, f), "PyTorch legacy")
    index.add("legacy-protocol-4.pth", net, lambda f: save_legacy(state, f, pickle_protocol=4),
              "PyTorch legacy")
    index.add("traced.pt", net, lambda f: torch.jit.trace(net, torch.zeros(1, 12, 1, 1)).save(f),
              "TorchScript")
    index.add("scripted.pt", net, lambda f: torch.jit.script(net).save(f), "TorchScript")
    index.add("traced-flat.pt", net,
              lambda f: torch.jit.trace(FlatNet(net), torch.zeros(2, 12)).save(f), "TorchScript")
    index.add("tensors.safetensors", net, lambda f: f.write_bytes(safetensors_bytes(state)),
              "safetensors")
    index.add("metadata.safetensors", net,
              lambda f: f.write_bytes(safetensors_bytes(state, {"step": "9", "brackets": "[[[{"})),
              "safetensors")
    index.add("zip-named.safetensors", net, lambda f: torch.save(state, f))
    index.add("safetensors-named.pth", net, lambda f: f.write_bytes(safetensors_bytes(state)),
              "safetensors")
    # The reference library sorts names as text: main.10 and main.12 stand before main.3.
    sized = generator(size=64)
    ordered = dict(sorted(sized.state_dict().items()))
    index.add("sorted-names.safetensors", sized, lambda f: f.write_bytes(safetensors_bytes(ordered)),
              "safetensors")


def add_zip_variations(index, net):
    base = index.folder / "zip.pth"
    index.add("root-renamed.pth", net, lambda f: rewrite_zip(
        base, f, rename=lambda n: "my model (1)/" + n.split("/", 1)[1]))
    index.add("deflated.pth", net, lambda f: rewrite_zip(base, f, method=zipfile.ZIP_DEFLATED))
    index.add("no-byteorder.pth", net, lambda f: rewrite_zip(base, f, drop=["byteorder"]))
    index.add("byteorder.pth", net, lambda f: rewrite_zip(
        base, f, drop=["byteorder"], add={"zip/byteorder": "little"}))
    for device in ["cuda:0", "mps"]:  # the pickle says where the storage was: X, length, text
        index.add(f"saved-on-{device.split(':')[0]}.pth", net, lambda f: change_pickle(
            base, f, b"X\x03\x00\x00\x00cpu",
            b"X" + struct.pack("<I", len(device)) + device.encode()))


def add_names(index, net):
    state = net.state_dict()
    for wrap in ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.",
                 "module.module."]:
        wrapped = {wrap + k: v for k, v in state.items()}
        index.add(f"prefix-{wrap.replace('.', '-')}.pth", net, lambda f: torch.save(wrapped, f))
    wrapped = {"module." + k: v for k, v in state.items()}
    index.add("prefix-module.safetensors", net, lambda f: f.write_bytes(safetensors_bytes(wrapped)),
              "safetensors")
    for key in ["netG", "generator", "generator_state", "G", "g_ema", "ema", "state_dict",
                "model_state_dict", "G_state_dict"]:
        nested = {"epoch": 3, "lr": 2e-4, key: state, "losses": [1.0, 2.0], "best": None}
        index.add(f"under-{key}.pth", net, lambda f: torch.save(nested, f), path=key)
    for old, new in [("main.", "net.layers."), ("main.", "layers."), ("main.", "")]:
        index.add(f"named-{new or 'bare'}.pth", net, lambda f: torch.save(
            {k.replace(old, new): v for k, v in state.items()}, f))
    by_role = {"0": "tconv1", "1": "bn1", "3": "tconv2", "4": "bn2", "6": "tconv3", "7": "bn3",
               "9": "out"}
    index.add("named-by-role.pth", net, lambda f: torch.save(
        {by_role[k.split(".")[1]] + "." + k.split(".")[2]: v for k, v in state.items()}, f))


def add_nesting(index, net):
    state, rival = net.state_dict(), generator().state_dict()
    judge = discriminator().state_dict()
    index.add("under-models.netG.pth", net,
              lambda f: torch.save({"models": {"netD": judge, "netG": state}}, f),
              path="models.netG")
    index.add("three-deep.pth", net, lambda f: torch.save(
        {"checkpoint": {"models": {"g": rival, "d": judge, "g_ema": state}}}, f),
        path="checkpoint.models.g_ema", others=["checkpoint.models.g"])
    run = {"netD": judge, "fixed_noise": torch.zeros(4, 12, 1, 1), "netG": state,
           "optimizerG": used_optimiser(net).state_dict(), "epoch": 7}
    index.add("whole-run.pth", net, lambda f: torch.save(run, f), path="netG")
    index.add("legacy-whole-run.pth", net, lambda f: save_legacy(run, f), "PyTorch legacy",
              path="netG")
    index.add("ema-first.pth", net, lambda f: torch.save({"G": rival, "G_ema": state}, f),
              path="G_ema", others=["G"])
    index.add("pair.pth", net, lambda f: torch.save([judge, state], f), path="1")
    flat = {**{"discriminator." + k: v for k, v in judge.items()},
            **{"generator." + k: v for k, v in state.items()}}
    index.add("side-by-side.pth", net, lambda f: torch.save({"state_dict": flat}, f),
              path="state_dict.generator")
    index.add("side-by-side.safetensors", net, lambda f: f.write_bytes(safetensors_bytes(flat)),
              "safetensors", path="generator")


def add_whole_modules(index, net):
    """torch.save(netG): classes that only the script knew."""
    index.add("whole-module.pth", net, lambda f: torch.save(net, f))
    index.add("whole-module-wrapped.pth", net, lambda f: torch.save(nn.DataParallel(net), f))
    index.add("whole-run-of-modules.pth", net, lambda f: torch.save(
        {"netD": discriminator(), "netG": net, "args": argparse.Namespace(lr=2e-4)}, f),
        path="netG")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the sources of classes
        index.add("legacy-whole-module.pth", net, lambda f: save_legacy(net, f), "PyTorch legacy")


def add_tensors(index, net):
    state = net.state_dict()
    index.add("no-num-batches.pth", net, lambda f: torch.save(
        collections.OrderedDict((k, v) for k, v in state.items() if "num_batches" not in k), f))
    index.add("plain-dict.pth", net, lambda f: torch.save(dict(state), f))
    index.add("parameters.pth", net, lambda f: torch.save(dict(
        (k, nn.Parameter(v)) if v.is_floating_point() else (k, v) for k, v in state.items()), f))
    index.add("protocol-4.pth", net, lambda f: torch.save(state, f, pickle_protocol=4))
    transposed = {k: v.transpose(0, 1).contiguous().transpose(0, 1) if v.dim() == 4 else v
                  for k, v in state.items()}
    index.add("transposed.pth", net, lambda f: torch.save(transposed, f))
    index.add("channels-last.pth", net, lambda f: torch.save(
        {k: v.to(memory_format=torch.channels_last) if v.dim() == 4 else v
         for k, v in state.items()}, f))
    floats = [k for k, v in state.items() if v.is_floating_point()]
    flat = torch.cat([state[k].flatten() for k in floats])
    places = dict(zip(floats, flat.split([state[k].numel() for k in floats])))
    views = {k: places[k].view(v.shape) if k in places else v for k, v in state.items()}
    index.add("shared-storage.pth", net, lambda f: torch.save(views, f))
    index.add("legacy-shared-storage.pth", net, lambda f: save_legacy(views, f), "PyTorch legacy")
    for dtype in ["float16", "bfloat16", "float64"]:
        cast = {k: v.to(getattr(torch, dtype)) if v.is_floating_point() else v
                for k, v in state.items()}
        index.add(f"{dtype}.pth", net, lambda f: torch.save(cast, f), dtype=dtype)
        index.add(f"legacy-{dtype}.pth", net, lambda f: save_legacy(cast, f), "PyTorch legacy",
                  dtype=dtype)
        index.add(f"{dtype}.safetensors", net, lambda f: f.write_bytes(safetensors_bytes(cast)),
                  "safetensors", dtype=dtype)


def write_good(folder):
    folder.mkdir(parents=True, exist_ok=True)
    index, net = Index(folder), generator()
    for add in [add_containers, add_zip_variations, add_names, add_nesting, add_whole_modules,
                add_tensors]:
        add(index, net)
    index.write()


# --- what must be refused ---------------------------------------------------------------------


class Payload:
    """Unpickling one runs the command."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


def write_hostile(folder, good):
    marker = folder / "payload-ran"
    marker.unlink(missing_ok=True)
    payload = Payload(f"touch {marker}")
    torch.save({"netG": payload}, folder / "hostile-zip.pth")
    save_legacy({"netG": payload}, folder / "hostile-legacy.pth")
    torch.save({"netG": payload}, folder / "hostile-protocol-4.pth", pickle_protocol=4)
    (folder / "hostile-plain.pkl").write_bytes(pickle.dumps(payload))
    command = f"touch {marker}".encode()
    zip_of(folder / "hostile-inst.pth",
           {"archive/data.pkl": b"(S'" + command + b"'\niposix\nsystem\n."})
    zip_of(folder / "hostile-eval.pth",
           {"archive/data.pkl": b"\x80\x02c__builtin__\neval\nX\x01\x00\x00\x00x\x85R."})
    # A script's archive may name its own classes, and no others.
    zip_of(folder / "hostile-script.pt",
           {"archive/constants.pkl": b"\x80\x02).",
            "archive/data.pkl": b"\x80\x02cposix\nsystem\nX" + struct.pack("<I", len(command)) +
                                command + b"\x85R."})
    zip_of(folder / "script-class.pth",
           {"archive/data.pkl": b"\x80\x02c__torch__\nNet\n)\x81}b."})
    terminal = b"\x80\x02c\x1b]0;title\x07\nsystem\n)R."
    zip_of(folder / "terminal.pth", {"archive/data.pkl": terminal})


def write_bombs(folder, good):
    """Small files that claim, or would unpack to, far more than they hold."""
    tensors = safetensors_bytes(generator().state_dict())
    (folder / "huge-header.safetensors").write_bytes(struct.pack("<Q", 10 * 2**30) + tensors[8:])
    entry = {"dtype": "F32", "shape": [2**31, 2**31], "data_offsets": [0, 10 * 2**30]}
    (folder / "huge-tensor.safetensors").write_bytes(with_header(json.dumps({"w": entry})))
    entry = {"dtype": "F32", "shape": [2**16], "data_offsets": [0, 2**18]}
    overlapping = json.dumps({f"w{i}": entry for i in range(1000)})
    (folder / "overlap.safetensors").write_bytes(with_header(overlapping, bytes(2**18)))
    (folder / "deep.safetensors").write_bytes(with_header('{"a":' + "[" * 1_000_000))
    (folder / "wide.safetensors").write_bytes(with_header('{"a":[' + "0," * 1_000_000 + "0]}"))
    # A shape far larger than the storage, and one element repeated 2**33 times.
    change_pickle(good, folder / "huge-shape.pth", b"(K\x0cK\x10K\x04K\x04t", b"(K\xffK\xffK\xffK\xfft")
    change_pickle(good, folder / "negative-offset.pth", b"QK\x00(K\x0cK\x10", b"QJ\xff\xff\xff\xff(K\x0cK\x10")
    torch.save({"w": torch.zeros(1).expand(2**11, 2**11, 2**11)}, folder / "expanded.pth")
    many = {f"w{i}": torch.zeros(1).expand(2**11, 2**11) for i in range(100)}
    torch.save(many, folder / "many-expanded.pth")
    legacy = io.BytesIO()
    save_legacy({"w": torch.ones(4)}, legacy)
    claim = legacy.getvalue()[:-24] + struct.pack("<Q", 10 * 2**30) + bytes(16)
    (folder / "huge-legacy.pth").write_bytes(claim)
    zip_of(folder / "zip-bomb.pth", {"archive/data.pkl": bytes(150 * 2**20)}, zipfile.ZIP_DEFLATED)
    zip_of(folder / "nested-lists.pth", {"archive/data.pkl": b"\x80\x02" + b"]" * (40 * 2**20)},
           zipfile.ZIP_DEFLATED)
    laughs = b"\x80\x02]q\x00" + b"".join(b"(" + b"h%c" % i * 200 + b"lq" + bytes([i + 1])
                                          for i in range(60)) + b"."
    zip_of(folder / "billion-laughs.pth", {"archive/data.pkl": laughs})
    # d = {}; d["a"] = d["b"] = d
    zip_of(folder / "self-reference.pth",
           {"archive/data.pkl": b"\x80\x02}q\x00(U\x01ah\x00U\x01bh\x00u."})


def write_damaged(folder, good):
    data = good.read_bytes()
    (folder / "truncated.pth").write_bytes(data[:len(data) // 2])
    (folder / "torn-start.pth").write_bytes(data[:200])
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 0x10
    (folder / "flipped-bit.pth").write_bytes(flipped)
    legacy = io.BytesIO()
    save_legacy(generator().state_dict(), legacy)
    (folder / "truncated-legacy.pth").write_bytes(legacy.getvalue()[:-1000])
    (folder / "torn-legacy.pth").write_bytes(legacy.getvalue()[:300])
    tensors = safetensors_bytes(generator().state_dict())
    (folder / "truncated.safetensors").write_bytes(tensors[:-100])
    (folder / "torn-header.safetensors").write_bytes(tensors[:100])
    rewrite_zip(good, folder / "missing-data.pth", drop=["data/0"])
    rewrite_zip(good, folder / "big-endian.pth", drop=["byteorder"], add={"good/byteorder": "big"})


def write_other_networks(folder):
    state = generator().state_dict()
    weight = state["main.0.weight"]

    def save(name, what):
        torch.save(what, folder / name)

    save("discriminator.pth", discriminator().state_dict())
    save("discriminator-spectral.pth",
         {"netD": discriminator(wrap=nn.utils.spectral_norm).state_dict()})
    save("optimiser.pth", used_optimiser(generator()).state_dict())
    save("losses.pth", [0.5, 0.25, 1.0])
    save("images.pth", torch.zeros(4, 3, 8, 8))
    save("list-of-images.pth", [torch.zeros(3, 8, 8)] * 5)
    save("empty-dict.pth", {})
    save("numbers.pth", {"epoch": 3, "lr": 2e-4})
    save("nothing.pth", None)
    save("noise-tensor.pth", {"fixed_noise": torch.zeros(64, 100, 1, 1)[:, :, 0, 0]})
    save("linear.pth", nn.Linear(4, 4).state_dict())
    save("chain.pth", {**state, "main.3.weight": torch.zeros(17, 8, 4, 4)})
    save("norm-width.pth", {**state, "main.1.running_var": torch.ones(3)})
    save("four-channels.pth", {**state, "main.9.weight": torch.zeros(4, 4, 4, 4)})
    save("int8.pth", {**state, "main.0.weight": torch.zeros(weight.shape, dtype=torch.int8)})
    save("nan.pth", {**state, "main.0.weight": torch.full_like(weight, float("nan"))})
    save("quantised.pth", {"w": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.qint8)})


def write_other_files(folder):
    def write(name, data):
        (folder / name).write_bytes(data)

    write("pointer.pth", b"version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 14\n")
    write("page.pth", b"\n<!DOCTYPE html><html><body>Sign in to download</body></html>")
    write("picture.pth", b"\x89PNG\r\n\x1a\n" + bytes(100))
    write("photo.pth", b"\xff\xd8\xff\xe0" + bytes(100))
    write("array.npy", b"\x93NUMPY\x01\x00" + bytes(100))
    write("compressed.pth.gz", b"\x1f\x8b\x08" + bytes(100))
    write("notes.pth", b"These are my notes.\n")
    write("config.pth", b'{"nz": 100}')
    write("zeros.pth", bytes(5000))
    write("empty.pth", b"")
    write("noise.pth", bytes(range(255, -1, -1)) * 40)
    zip_of(folder / "some.zip", {"readme.txt": "hello"})
    zip_of(folder / "wrapped.zip", {"netG.pth": "hello"})
    zip_of(folder / "empty.zip", {})
    write("keras.h5", b"\x89HDF\r\n\x1a\n" + bytes(100))
    numpy.save(folder / "latents.npy", numpy.zeros((8, 100), "float32"))
    zip_of(folder / "torn.npz", {"arr_0.npy": b"\x93NUMPY"})
    for name, header in {
            "short.npz": "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
            "endless.npz": "{'descr': '<f4', 'fortran_order': False, 'shape': "
                           "(4611686018427387904, 4), }",
            "code.npz": "{'descr': '<f4', 'fortran_order': exit(), 'shape': (1,), }"}.items():
        zip_of(folder / name, {"arr_0.npy": b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
                               + header.encode() + bytes(4)})
    numpy.savez(folder / "objects.npz", networks=numpy.array([{"a": 1}], dtype=object))
    numpy.savez(folder / "pictures.npz", images=numpy.zeros((10, 8, 8, 3), "float32"))
    with tarfile.open(folder / "plain.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("netG.pth"))
    (folder / "folder.pth").mkdir(exist_ok=True)


def write_arrays(folder):
    """One tensor in every way in which NumPy stores numbers."""
    values = numpy.arange(24, dtype="float32").reshape(2, 3, 4)
    arrays = {"rows": values, "columns": numpy.asfortranarray(values), "big": values.astype(">f4"),
              "half": values.astype("float16"), "double": values.astype("float64")}
    numpy.savez(folder / "orders.npz", **arrays)
    numpy.savez_compressed(folder / "compressed.npz", **arrays)


def write_bad(folder):
    folder.mkdir(parents=True, exist_ok=True)
    good = folder.parent / "good.pth"
    torch.save(generator().state_dict(), good)
    write_hostile(folder, good)
    write_bombs(folder, good)
    write_damaged(folder, good)
    write_other_networks(folder)
    write_other_files(folder)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # that it is an old way to save is why it is tested
    torch.manual_seed(0)
    out = pathlib.Path(sys.argv[1]) / "checkpoints"
    shutil.rmtree(out, ignore_errors=True)  # nothing of an earlier version of this script may stay
    write_good(out)
    write_arrays(out)
    write_bad(out / "bad")
