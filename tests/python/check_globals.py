#!/usr/bin/env python3
"""No room keeps anything that can change outside of its objects: the program and the module to LibTorch have a copy of
each room of their own, so that a global would be two.

What can change lies in .data, .bss or their thread-local kin. So do constants that are computed when the program starts,
and the compiler does not tell them from the others. They are called kName here, and every kName is declared const.

usage: check_globals.py SOURCES LIBRARY...
"""
import pathlib
import re
import subprocess
import sys

# What may stay, as it ends, and why.
ALLOWED = {
    r"SharedValues<.*>::values\(\) const::nothing": "const: what an empty one refers to",
    r"tip_of\(.*\)::tutorial": "const: the preset that tips compare with",
    r"(to|from)_json<.*>\(.*\)::m(\[abi:cxx11\])?": "const: the table of NLOHMANN_JSON_SERIALIZE_ENUM",
    r"set_openblas_threads\(int\)::set_threads": "const: a function's address, of this process's OpenBLAS",
    r"install\(\)::once": "only the module has LibTorch, whose allocator is one for the process",
    r"install\(\)::\{lambda\(\)#1\}::operator\(\)\(\) const::allocator": "the same",
    r"\(anonymous namespace\)::interrupted": "signal handlers reach nothing else, and only the program has the room",
    r"\(anonymous namespace\)::bytes_left": "what that allocator may still give to this thread; it takes no arguments",
}
CHANGING = re.compile(r"^[0-9a-f]+ (?P<flags>.{7}) (?P<section>\.(?:bss|data|tbss|tdata)\S*|\*COM\*)\s+[0-9a-f]+\s+"
                      r"(?:\.hidden )?(?P<name>.*)$")
CONSTANT = re.compile(r"(^|::)k[A-Z]\w*(\[abi:\w+\])?$")
DECLARATION = re.compile(r"^\s*(?:(?:static|inline|thread_local|extern|const)\s+)*(?P<type>[\w:]+(?:<.*>)?[ *&]+)k[A-Z]\w*\s*[={;\[]")


def changing_symbols(library):
    """Names of ours, or of C's, that lie where a program may write."""
    table = subprocess.run(["objdump", "-tC", library], check=True, capture_output=True, text=True).stdout
    for line in table.splitlines():
        symbol = CHANGING.match(line)
        if symbol and "d" not in symbol["flags"] and not symbol["section"].startswith(".data.rel.ro"):
            name = symbol["name"]
            if name.startswith("facemorph::") or not ("::" in name or name.startswith(("_", "DW.ref."))):
                yield name


def changing_constants(folder):
    """kNames that are declared without const."""
    for path in sorted(folder.rglob("*.[ch]pp")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            declared = DECLARATION.match(line)
            if not declared or declared["type"].startswith("return "):
                continue
            if not re.search(r"constexpr" if "*" in declared["type"] else r"\bconst", line):
                yield f"{path}:{number}: {line.strip()}"


def main():
    sources, *libraries = sys.argv[1:]
    assert libraries
    faults = set(changing_constants(pathlib.Path(sources) / "src"))
    for library in libraries:
        for name in changing_symbols(library):
            if not CONSTANT.search(name) and not any(re.search(f"{pattern}$", name) for pattern in ALLOWED):
                faults.add(f"{pathlib.Path(library).name}: {name}")
    sys.exit("\n".join(["These can change, and are nobody's:", *sorted(faults)]) if faults else None)


main()
