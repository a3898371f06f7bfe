#!/usr/bin/env python3
"""The example sessions agree with the published schema, and it refuses what is none.

usage: check_sessions.py SCHEMA EXAMPLE...
"""
import copy
import json
import pathlib
import sys

import jsonschema


def broken(session):
    """The session with one thing wrong at a time."""
    def changed(*path, to):
        copied = copy.deepcopy(session)
        *way, last = path
        part = copied
        for step in way:
            part = part[step]
        part[last] = to
        return copied
    yield changed("format", to="other")
    yield changed("version", to=4)
    yield changed("truncation", to=-1)
    yield changed("keys", 0, to={"name": "nobody"})
    yield changed("walk", "path", to="zigzag")
    yield changed("walk", "seconds_per_face", to=0)
    yield changed("tracks", to=[{"sets": "mood", "keys": [{"at": 0, "value": 1}]}])
    yield changed("tracks", to=[{"sets": "direction", "keys": [{"at": 0, "value": 1}]}])
    yield changed("tracks", to=[{"sets": "truncation", "keys": [{"at": -1, "value": 1}]}])


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for name in sys.argv[2:]:
        session = json.loads(pathlib.Path(name).read_text())
        validator.validate(session)
        for number, wrong in enumerate(broken(session)):
            assert not validator.is_valid(wrong), f"{name}: fault {number} is not seen"
    assert len(sys.argv) > 2


main()
