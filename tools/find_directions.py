#!/usr/bin/env python3
"""Finds directions of a generator's latent space that change one attribute of its faces.

    facemorph convert CHECKPOINT netG.pth            (any model, as PyTorch's tutorial names it)
    facemorph convert CHECKPOINT netG.torchscript
    find_directions.py --model netG.torchscript --nz 100 --data DIR --labels labels.csv \
        --recipe directions.json --out faces.directions.json --report report.md

A small network learns the attributes of labelled photographs; it labels faces of the generator; a
linear fit gives each attribute's direction; what other attributes it drags along is projected out
(conditional manipulation: Shen et al. 2020, "Interpreting the Latent Space of GANs for Semantic
Face Editing", section 3.2). Then every direction is walked from -2 to +2 standard deviations on
500 faces that were not looked at before, a second network that was trained by itself measures what
changes, and only those that change their own attribute more than any other are kept.
Needs PyTorch and Pillow (Debian: python3-torch python3-pil).

The recipe names the attributes: a list of {"name", "column", "transform", "mirror"}. `name` null:
not wanted as a slider, but held still and reported. `transform`: "value", "logit" (of a
probability), or "equals:TEXT" with a probability column in "probability". `mirror`: the factor by
which the attribute changes in a mirrored picture (1 or -1). `with`: columns that belong to it and
are not held still (a smile opens the mouth).
"""

import argparse
import csv
import json
import math
import pathlib

import torch
from PIL import Image
from torch import nn

SIZE = 64
LABELLED = 20_000
WALKED = 500
SIGMAS = 2.0


def logit(p):
    p = min(max(p, 0.01), 0.99)
    return math.log(p / (1 - p))


def value_of(row, attribute):
    transform = attribute.get("transform", "value")
    if transform == "value":
        return float(row[attribute["column"]])
    if transform == "logit":
        return logit(float(row[attribute["column"]]))
    wanted = transform.removeprefix("equals:")
    probability = float(row[attribute["probability"]])
    return logit(probability if row[attribute["column"]] == wanted else 1 - probability)


def patch_value(picture, patch):
    """The mean lightness, or red minus blue, of a part of a picture [3, h, w] in 0 … 255."""
    left, top, right, bottom = (round(share * SIZE) for share in patch["box"])
    red, green, blue = picture[:, top:bottom, left:right].float().mean((1, 2)).tolist()
    return red - blue if patch["of"] == "warmth" else 0.3 * red + 0.59 * green + 0.11 * blue


def read_photographs(folder, labels, attributes):
    """Pictures [n, 3, 64, 64] in -1 … 1, attributes [n, a], and which are for testing."""
    with open(labels, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pictures, values, held_out = [], [], []
    for row in rows:
        picture = Image.open(folder / row["file"]).convert("RGB").resize((SIZE, SIZE), Image.BOX)
        data = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
        pictures.append(data.view(SIZE, SIZE, 3).permute(2, 0, 1).clone())
        values.append([patch_value(pictures[-1], attribute["patch"]) if "patch" in attribute
                       else value_of(row, attribute) for attribute in attributes])
        held_out.append(int(row.get("person", len(held_out))) % 10 == 0)  # nobody is in both
    return torch.stack(pictures).float() / 127.5 - 1, torch.tensor(values), torch.tensor(held_out)


def make_regressor(outputs):
    def stage(before, after):
        return [nn.Conv2d(before, after, 3, 2, 1), nn.BatchNorm2d(after), nn.ReLU()]

    return nn.Sequential(*stage(3, 24), *stage(24, 48), *stage(48, 96), *stage(96, 128),
                         nn.Flatten(), nn.Dropout(0.3), nn.Linear(128 * 16, outputs))


def augmented(pictures, values, mirror):
    """Mirrored, shifted by up to two pixels, and a little blurred, as a generator's faces are."""
    flip = torch.rand(len(pictures)) < 0.5
    pictures = torch.where(flip[:, None, None, None], pictures.flip(3), pictures)
    values = torch.where(flip[:, None], values * mirror, values)
    dx, dy = (int(torch.randint(-2, 3, (1,))) for _ in range(2))
    pictures = torch.roll(pictures, (dy, dx), (2, 3))
    if torch.rand(1) < 0.5:
        pictures = nn.functional.avg_pool2d(pictures, 3, 1, 1, count_include_pad=False)
    return pictures + 0.03 * torch.randn_like(pictures), values


def train_regressor(pictures, values, held_out, mirror, epochs):
    teach, test = ~held_out, held_out
    network = make_regressor(values.shape[1])
    steps = epochs * (int(teach.sum()) // 64)
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, steps)
    x, y = pictures[teach], values[teach]
    for step in range(steps):
        pick = torch.randint(0, len(x), (64,))
        batch, wanted = augmented(x[pick], y[pick], mirror)
        loss = nn.functional.smooth_l1_loss(network(batch), wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 200 == 0:
            print(f"regressor: step {step} of {steps}, loss {loss.item():.4f}", flush=True)
    network.eval()
    with torch.no_grad():
        error = ((network(pictures[test]) - values[test]) ** 2).mean(0)
    return network, 1 - error / values[test].var(0)


@torch.no_grad()
def attributes_of(latents, generator, regressor):
    parts = []
    for z in latents.split(250):
        faces = generator(z[:, :, None, None])
        if faces.shape[-1] != SIZE:
            faces = nn.functional.interpolate(faces, (SIZE, SIZE), mode="area")
        parts.append(regressor(faces))
    return torch.cat(parts)


def fit_directions(latents, scores):
    """Latents are N(0, 1), so the covariance with a score is the linear fit. [a, nz]"""
    standard = (scores - scores.mean(0)) / scores.std(0)
    return standard.T @ latents / len(latents)


def hold_others(slopes, attributes):
    """Of each direction, the part that is at right angles to all that it must hold. Length 1."""
    result = []
    for i, own in enumerate(slopes):
        free = attributes[i].get("with", [])
        held = [slope for j, slope in enumerate(slopes)
                if j != i and attributes[j]["column"] not in free]
        basis = torch.linalg.qr(torch.stack(held).T)[0]
        rest = own - basis @ (basis.T @ own)
        result.append(rest / rest.norm())
    return torch.stack(result)


def measure(directions, generator, regressor, deviation, nz):
    """Mean change [direction, attribute] from -2 to +2, in standard deviations of the attribute."""
    start = torch.randn(WALKED, nz)
    rows = []
    for w in directions:
        flat = start - (start @ w)[:, None] * w  # the slider at 0
        change = (attributes_of(flat + SIGMAS * w, generator, regressor)
                  - attributes_of(flat - SIGMAS * w, generator, regressor))
        rows.append((change / deviation).mean(0))
    return torch.stack(rows)


@torch.no_grad()
def draw_strips(directions, generator, nz, path):
    """A row for each direction: three faces at -4, -2, 0, 2 and 4."""
    rows = []
    for w in directions:
        start = torch.randn(3, nz)
        flat = start - (start @ w)[:, None] * w
        steps = torch.stack([z + place * w for z in flat for place in (-4, -2, 0, 2, 4)])
        rows.append(torch.cat(list(generator(steps[:, :, None, None])), dim=2))
    sheet = ((torch.cat(rows, dim=1).permute(1, 2, 0) + 1) * 127.5).clamp(0, 255).byte()
    Image.frombytes("RGB", (sheet.shape[1], sheet.shape[0]), bytes(sheet.numpy().tobytes())).save(path)


def report_table(attributes, chosen, changes, fit):
    names = [a["name"] or a["column"] for a in attributes]
    lines = ["| direction | R² of its regressor | " + " | ".join(names) + " | kept |",
             "| --- " * (len(names) + 3) + "|"]
    for i, own in enumerate(changes):
        cells = [f"**{value:+.2f}**" if j == i else f"{value:+.2f}"
                 for j, value in enumerate(own.tolist())]
        kept = "yes" if i in chosen else "no"
        lines.append(f"| {names[i]} | {fit[i]:.2f} | " + " | ".join(cells) + f" | {kept} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--model", required=True, help="a TorchScript generator")
    parser.add_argument("--nz", type=int, default=100)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of photographs")
    parser.add_argument("--labels", type=pathlib.Path, required=True, help="CSV with a file column")
    parser.add_argument("--recipe", type=pathlib.Path, required=True, help="which attributes")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--report", type=pathlib.Path, required=True)
    parser.add_argument("--strips", help="a picture of every direction from -4 to +4, to look at")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)

    attributes = json.loads(arguments.recipe.read_text(encoding="utf-8"))
    mirror = torch.tensor([float(a.get("mirror", 1)) for a in attributes])
    pictures, values, held_out = read_photographs(arguments.data, arguments.labels, attributes)
    # Scaled only, when mirroring turns the sign around.
    middle = torch.where(mirror < 0, torch.zeros(()), values.mean(0))
    values = (values - middle) / values.std(0)
    regressor, fit = train_regressor(pictures, values, held_out, mirror, arguments.epochs)
    judge, _ = train_regressor(pictures, values, held_out, mirror, arguments.epochs)

    generator = torch.jit.load(arguments.model).eval()
    latents = torch.randn(LABELLED, arguments.nz)
    scores = attributes_of(latents, generator, regressor)
    deviation = attributes_of(latents[:4000], generator, judge).std(0)
    slopes = fit_directions(latents, scores)
    directions = hold_others(slopes, attributes)
    changes = measure(directions, generator, judge, deviation, arguments.nz)
    chosen = [i for i, own in enumerate(changes)
              if attributes[i]["name"] and own[i] == own.abs().max() and own[i] > 1]
    table = report_table(attributes, chosen, changes, fit.tolist())
    print(table)
    arguments.report.write_text(table + "\n", encoding="utf-8")
    if arguments.strips:
        draw_strips(directions, generator, arguments.nz, arguments.strips)
    shipped = [{"name": attributes[i]["name"], "vector": [round(v, 6) for v in directions[i].tolist()]}
               for i in chosen]
    arguments.out.write_text(json.dumps({"format": "facemorph-directions", "version": 1,
                                         "directions": shipped}, indent=1) + "\n",
                             encoding="utf-8")


if __name__ == "__main__":
    main()
