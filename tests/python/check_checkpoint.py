#!/usr/bin/env python3
"""Checks a checkpoint that Facemorph wrote, as a Python user would open it; says ok.

usage: check_checkpoint.py FILE [--save OTHER] [--same OTHER]

--save writes the tensors that were read to OTHER with torch.save.
--same compares them, bit for bit, with those of OTHER.
"""
import argparse
import collections
import json
import struct

import torch

TYPES = {"F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32, "F64": torch.float64,
         "U8": torch.uint8, "I8": torch.int8, "I16": torch.int16, "I32": torch.int32,
         "I64": torch.int64, "BOOL": torch.bool}


def read_safetensors(path):
    """From the format's description, as strict as the reference library."""
    with open(path, "rb") as file:
        data = file.read()
    length, = struct.unpack("<Q", data[:8])
    assert length % 8 == 0, "the data does not begin aligned"
    header = json.loads(data[8:8 + length].decode())
    for key, value in header.pop("__metadata__", {}).items():
        assert isinstance(key, str) and isinstance(value, str)
    data, tensors, places = data[8 + length:], collections.OrderedDict(), []
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = TYPES[entry["dtype"]]
        size = torch.empty(0, dtype=dtype).element_size()
        assert begin % size == 0, f"{name} is not aligned"
        places.append((begin, end))
        tensors[name] = torch.empty(entry["shape"], dtype=dtype)
        assert end - begin == tensors[name].numel() * size, name
        if end > begin:
            raw = torch.frombuffer(bytearray(data[begin:end]), dtype=dtype)
            tensors[name] = raw.reshape(entry["shape"])
    at = 0
    for begin, end in sorted(places):  # neither gaps nor overlaps
        assert begin == at, (begin, at)
        at = end
    assert at == len(data), "there is data that no tensor uses"
    return tensors


def read(path):
    if path.endswith(".safetensors"):
        return read_safetensors(path)
    tensors = torch.load(path, weights_only=True)
    assert type(tensors) is collections.OrderedDict
    return tensors


def bits(tensor):
    return bytes(tensor.contiguous().reshape(-1).view(torch.uint8).tolist())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--save")
    parser.add_argument("--same")
    options = parser.parse_args()
    tensors = read(options.file)
    assert all(t.is_contiguous() for t in tensors.values())
    if options.save:
        torch.save(tensors, options.save)
    if options.same:
        other = read(options.same)
        assert list(tensors) == list(other)
        for name, tensor in tensors.items():
            assert tensor.dtype == other[name].dtype and tensor.shape == other[name].shape, name
            assert bits(tensor) == bits(other[name]), name
    print("ok")


if __name__ == "__main__":
    main()
