#!/usr/bin/env python3
"""Draws what `facemorph bench --json` measured under the roof of its machine (Williams et al. 2009).

usage: plot_roofline.py BENCH.json ROOFLINE.svg
"""
import json
import math
import sys

from svg import write_svg

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 380, 70, 34, 20, 52
COLOURS = {64: "#c2410c", 128: "#1d4ed8", 256: "#047857"}


def main(source, target):
    with open(source) as file:
        report = json.load(file)
    peak, bandwidth = report["machine"]["peak_gop_per_s"], report["machine"]["read_gb_per_s"]
    points = []
    for row in report["generator"]:
        # Weights are read once a batch, whatever its size.
        intensity = row["gop_per_face"] * row["batch"] / (row["weights_mb"] / 1000)
        points.append((intensity, row["gop_per_face"] / row["ms_per_face"] * 1000, row))
    x_range = (math.log10(min(p[0] for p in points) / 4), math.log10(max(p[0] for p in points) * 2))
    y_range = (math.log10(min(min(p[1] for p in points), peak) / 4), math.log10(peak * 1.6))

    def place(x, y):
        across = (math.log10(x) - x_range[0]) / (x_range[1] - x_range[0])
        up = (math.log10(y) - y_range[0]) / (y_range[1] - y_range[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    out = []
    for low, high, vertical in ((*x_range, False), (*y_range, True)):
        steps = (1, 2, 5) if vertical else (1,)
        for value in (step * 10 ** power for power in range(math.floor(low), math.floor(high) + 1)
                      for step in steps if low <= math.log10(step * 10 ** power) <= high):
            if vertical:
                _, y = place(10 ** x_range[0], value)
                out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>'
                           f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
            else:
                x, _ = place(value, 10 ** y_range[0])
                out.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e5e7eb"/>'
                           f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:g}</text>')
    ridge = peak / bandwidth
    start = max(10 ** x_range[0], 10 ** y_range[0] / bandwidth)
    corners = [place(start, start * bandwidth), place(ridge, peak), place(10 ** x_range[1], peak)]
    out.append('<polyline points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in corners) +
               '" fill="none" stroke="#6b7280" stroke-width="2"/>')
    x, y = place(10 ** x_range[1], peak)
    out.append(f'<text x="{x - 4:.1f}" y="{y - 8:.1f}" text-anchor="end">{peak:.0f} billion operations '
               f'a second, {bandwidth:.0f} GB/s</text>')
    for intensity, speed, row in points:
        x, y = place(intensity, speed)
        colour = COLOURS.get(row["size"], "#6b7280")
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}" fill-opacity="0.85"/>')
    for i, size in enumerate(sorted({row["size"] for _, _, row in points})):
        out.append(f'<text x="{LEFT + 12 + 90 * i}" y="{HEIGHT - BOTTOM - 12}" font-weight="600" '
                   f'fill="{COLOURS.get(size, "#6b7280")}">{size} pixels</text>')
    out.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 12}" text-anchor="end">operations for every byte of '
               'weights (batches of 1, 8, 24, 64 from left to right)</text>'
               f'<text x="{LEFT - 8}" y="{TOP - 14}">billion operations a second</text>')
    write_svg(target, WIDTH, HEIGHT, out)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
