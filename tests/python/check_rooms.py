#!/usr/bin/env python3
"""The rooms of docs/architecture.md are those of src/CMakeLists.txt, arrows point one way, no file includes what its room
may not use, and the paths that docs and comments name exist.

usage: check_rooms.py SOURCES
"""
import pathlib
import re
import sys

# (room, room that it includes all the same), each with the reason.
EXCEPTIONS = set()  # (room, other): an include that is to go, with the reason


def rooms_of_cmake(text):
    """{room: rooms that it depends on}, as facemorph_room() is told."""
    text = re.sub(r"#.*", "", text)
    rooms = {name: set() for name in re.findall(r"facemorph_room\(\s*([\w/]+)", text)}
    rooms["torch/module"] = set()
    room_of = {"facemorph_" + name.replace("/", "_"): name for name in rooms}
    calls = re.findall(r"facemorph_room\(\s*([\w/]+)([^)]*)\)", text)
    calls += [("torch/module", words) for words in
              re.findall(r"target_link_libraries\(\s*facemorph_torch_module\b([^)]*)\)", text)]
    for name, words in calls:
        rooms[name] |= {room_of[word] for word in words.split() if word in room_of}
    return rooms


def rooms_of_docs(text):
    """[(room, rooms that it uses, rooms that it uses by the door)] in the order of the table."""
    section = text.split("## Rooms", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in section.splitlines() if line.startswith("| ")]
    def names(cell):
        return {name.strip() for name in cell.split(",") if name.strip()}
    rooms = []
    for room, _, uses, _ in rows[2:]:
        direct, _, door = uses.partition("; by the door:")
        rooms.append((room, names(direct), names(door)))
    return rooms


def closure(room, uses):
    """Everything that a room may include: itself, what it uses, and what those use."""
    found, waiting = set(), [room]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses[name]
    return found


def includes(folder, rooms):
    """(file, room) of every quoted include in a folder's sources."""
    for path in sorted(folder.rglob("*.[ch]pp")):
        for included in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE):
            owners = [room for room in rooms if included.startswith(room + "/")]
            yield path, included, max(owners, key=len, default=None)


def faults(sources):
    cmake = rooms_of_cmake((sources / "src/CMakeLists.txt").read_text())
    table = rooms_of_docs((sources / "docs/architecture.md").read_text())
    uses = {room: direct for room, direct, _ in table}
    folders = {path.parent.relative_to(sources / "src").as_posix()
               for path in (sources / "src").rglob("*.cpp")} - {"."}
    for folder in folders:
        if not any(folder == room or folder.startswith(room + "/") for room in uses):
            yield f"src/{folder} is of no room of the table"
    for room in cmake.keys() ^ uses.keys():
        yield f"{room} stands only in {'CMake' if room in cmake else 'the table'}"
    above = set()
    for room, direct, door in table:
        allowed = direct | {other for name, other in EXCEPTIONS if name == room}
        if room in cmake and cmake[room] != direct and cmake[room] != allowed:
            yield f"{room}: CMake says {sorted(cmake[room])}, the table {sorted(direct)}"
        for other in (direct | door) - above:
            yield f"{room} uses {other}, which does not stand above it in the table"
        above.add(room)
    for room, direct, door in table:
        allowed = closure(room, uses) | door
        for path, included, owner in includes(sources / "src" / room, uses):
            if owner not in allowed and (room, owner) not in EXCEPTIONS:
                yield f"{path.relative_to(sources)} includes {included}, which {room} may not use"
    for room, other in EXCEPTIONS:
        if not any(owner == other for _, _, owner in includes(sources / "src" / room, uses)):
            yield f"the exception for {room} and {other} is no longer needed"
    for page in [*sources.glob("*.md"), *sources.glob("docs/**/*.md"), *sources.glob("src/**/*.[ch]pp")]:
        for named in re.findall(r"\b(?:src|tests|tools|shaders|cmake)/[\w./-]*\w", page.read_text()):
            if not (sources / named).exists():
                yield f"{page.relative_to(sources)} names {named}, which does not exist"


def main():
    found = list(faults(pathlib.Path(sys.argv[1])))
    sys.exit("\n".join(found) or None)


main()
