"""Reads ONNX files without the onnx package: just enough of protobuf to know a graph's nodes."""
import struct
import types

import numpy

TYPES = {1: "<f4", 6: "<i4", 7: "<i8", 9: "?", 10: "<f2", 11: "<f8"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The message as {field number: [values]}: ints, 4-byte or longer bytes."""
    found = {}
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if size is None:
                assert kind == 2, kind
                size, at = varint(data, at)
            value = data[at:at + size]
            assert len(value) == size
            at += size
        found.setdefault(tag >> 3, []).append(value)
    return found


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def integers(values):
    """Repeated integers, packed or not."""
    result = []
    for value in values:
        if isinstance(value, int):
            result.append(signed(value))
            continue
        at = 0
        while at < len(value):
            number, at = varint(value, at)
            result.append(signed(number))
    return result


def text(message, number):
    return message.get(number, [b""])[0].decode()


def tensor(data):
    message = fields(data)
    shape = integers(message.get(1, []))
    kind = TYPES[message[2][0]]
    if 9 in message:
        array = numpy.frombuffer(message[9][0], kind)
    elif 4 in message:
        array = numpy.frombuffer(b"".join(message[4]), "<f4")
    else:
        array = numpy.array(integers(message.get(7, [])), kind)
    return text(message, 8), array.reshape(shape)


def attribute(data):
    message = fields(data)
    kind = message[20][0]
    value = {1: lambda: struct.unpack("<f", message[2][0])[0],
             2: lambda: signed(message[3][0]),
             3: lambda: message[4][0].decode(),
             4: lambda: tensor(message[5][0])[1],
             6: lambda: list(struct.unpack(f"<{len(b''.join(message[7])) // 4}f", b"".join(message[7]))),
             7: lambda: integers(message.get(8, []))}[kind]()
    return text(message, 1), value


def value_info(data):
    """Name, element type and sides (numbers or names)."""
    message = fields(data)
    kind = fields(fields(message[2][0])[1][0])
    sides = [fields(side) for side in fields(kind[2][0]).get(1, [])] if 2 in kind else []
    return text(message, 1), kind[1][0], [side[1][0] if 1 in side else text(side, 2) for side in sides]


def node(data):
    message = fields(data)
    return types.SimpleNamespace(
        inputs=[name.decode() for name in message.get(1, [])],
        outputs=[name.decode() for name in message.get(2, [])],
        name=text(message, 3), op=text(message, 4),
        attributes=dict(attribute(value) for value in message.get(5, [])))


def read(path):
    """A graph's nodes, weights (by name), inputs and outputs; the opset."""
    with open(path, "rb") as file:
        model = fields(file.read())
    graph = fields(model[7][0])
    return types.SimpleNamespace(
        opset=max(fields(entry)[2][0] for entry in model[8]),
        nodes=[node(value) for value in graph.get(1, [])],
        weights=dict(tensor(value) for value in graph.get(5, [])),
        inputs=[value_info(value) for value in graph[11]],
        outputs=[value_info(value) for value in graph[12]])
