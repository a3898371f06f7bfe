"""What the drawings of measurements share."""


def write_svg(path, width, height, parts):
    """Text and shapes on white."""
    with open(path, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                   f'font-family="sans-serif" font-size="12" fill="#374151">'
                   f'<rect width="100%" height="100%" fill="white"/>' + "\n".join(parts) + "</svg>\n")
