#!/usr/bin/env python3
"""Draws the curves of a training run.

usage: plot_run.py RUN/metrics.csv CURVES.svg
"""
import csv
import sys

from svg import write_svg

WIDTH, HEIGHT, LEFT, TOP, GAP = 720, 150, 56, 26, 44
PANELS = [  # title, curves as (column, label, colour)
    ("Losses", [("loss_d", "D", "#c2410c"), ("loss_g", "G", "#1d4ed8")]),
    ("Probability of being real", [("d_real", "D(x)", "#c2410c"), ("d_fake", "D(G(z))", "#1d4ed8")]),
    ("Sliced Wasserstein distance of the average", [("swd", "SWD", "#047857")]),
]


def read(path):
    """Column -> [(step, value)]. A score belongs to the step it was made for."""
    curves = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            for name, value in row.items():
                if value and name != "step":
                    at = row["scored_step"] if name in ("swd", "ms_ssim") else row["step"]
                    curves.setdefault(name, []).append((int(at), float(value)))
    return curves


def tick(value):
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def smooth(points, most=240):
    """Means of neighbours, so that as many points are left as can be told apart."""
    size = max(1, len(points) // most)
    groups = [points[i:i + size] for i in range(0, len(points), size)]
    return [tuple(sum(axis) / len(group) for axis in zip(*group)) for group in groups]


def draw_panel(out, top, title, curves, last_step):
    values = [value for _, _, points in curves for _, value in points]
    low, high = min(0, min(values)), max(values) * 1.05 or 1

    def place(step, value):
        x = LEFT + step / last_step * (WIDTH - LEFT - 16)
        return f"{x:.1f},{top + HEIGHT - (value - low) / (high - low) * HEIGHT:.1f}"

    out.append(f'<text x="{LEFT}" y="{top - 9}" font-weight="600">{title}</text>')
    for i in range(5):
        value = low + (high - low) * i / 4
        x, y = place(0, value).split(",")
        out.append(f'<path d="M{x} {y}H{WIDTH - 16}" stroke="#e5e7eb"/>'
                   f'<text x="{LEFT - 8}" y="{float(y) + 4}" text-anchor="end">{tick(value)}</text>')
    for i, (label, colour, points) in enumerate(curves):
        line = " ".join(place(*point) for point in smooth(points))
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.8"/>'
                   f'<text x="{WIDTH - 16 - 76 * i}" y="{top - 9}" fill="{colour}" '
                   f'text-anchor="end" font-weight="600">{label}</text>')


def main(source, target):
    read_curves = read(source)
    last_step = max(step for points in read_curves.values() for step, _ in points)
    out, top = [], TOP
    for title, wanted in PANELS:
        curves = [(label, colour, read_curves[name]) for name, label, colour in wanted
                  if name in read_curves]
        if not curves:
            continue
        draw_panel(out, top, title, curves, last_step)
        top += HEIGHT + GAP
    for i in range(5):
        x = LEFT + i / 4 * (WIDTH - LEFT - 16)
        out.append(f'<text x="{x:.0f}" y="{top - GAP + 18}" text-anchor="middle">'
                   f'{round(last_step * i / 4):,}</text>')
    out.append(f'<text x="{WIDTH - 16}" y="{top - GAP + 34}" text-anchor="end">steps</text>')
    write_svg(target, WIDTH, top, out)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
