"""Reads a Mach-O executable by another way than the code that made it: layout and symbols by lief, page hashes by hashlib.

Prints one line of JSON: what the code signature says, whether that is so, and a hash of the symbols that modules share.
"""
import hashlib
import json
import struct
import sys

import lief

path = sys.argv[1]
binary = lief.MachO.parse(path).at(0)
content = open(path, "rb").read()
command = binary.code_signature
start, size = command.data_offset, command.data_size
magic, length, count = struct.unpack_from(">III", content, start)
assert magic == 0xFADE0CC0 and length <= size, "super blob"
blobs = dict(struct.unpack_from(">II", content, start + 12 + 8 * index) for index in range(count))
directory = start + blobs[0]
(magic, _, version, flags, hashes, identifier, specials, pages, limit, hash_size, hash_type, _, page_bits) = (
    struct.unpack_from(">IIIIIIIIIBBBB", content, directory)
)
assert magic == 0xFADE0C02 and hash_size == 32 and hash_type == 2, "code directory"
assert limit == start, "the code ends where the signature begins"
page = 1 << page_bits
assert pages == -(-limit // page), "number of pages"


def hash_at(slot):
    offset = directory + hashes + slot * hash_size
    return content[offset : offset + hash_size]


wrong = [
    index
    for index in range(pages)
    if hashlib.sha256(content[index * page : min((index + 1) * page, limit)]).digest() != hash_at(index)
]
requirements = start + blobs[2]
(requirements_length,) = struct.unpack_from(">I", content, requirements + 4)
requirements_hash = hashlib.sha256(content[requirements : requirements + requirements_length]).digest()
link_edit = binary.get_segment("__LINKEDIT")
text = binary.get_segment("__TEXT")
LOCAL = lief.MachO.Symbol.CATEGORY.LOCAL
shared = sorted(f"{symbol.name} {symbol.value:x}" for symbol in binary.symbols if symbol.category != LOCAL)
indirect = [symbol.name for symbol in binary.dynamic_symbol_command.indirect_symbols]
segment_base, segment_limit, segment_flags = struct.unpack_from(">QQQ", content, directory + 64)
print(
    json.dumps(
        {
            "cpu": str(binary.header.cpu_type).split(".")[-1],
            "version": hex(version),
            "flags": flags,
            "identifier": content[directory + identifier :].split(b"\0", 1)[0].decode(),
            "wrongPages": wrong,
            "requirementsAgree": requirements_hash == hash_at(-2),
            "signatureEndsFile": start + size == len(content),
            "linkEditEndsFile": link_edit.file_offset + link_edit.file_size == len(content),
            "linkEditFits": link_edit.virtual_size >= link_edit.file_size and link_edit.virtual_size % 0x4000 == 0,
            "textIsExecutable": (segment_base, segment_limit) == (text.file_offset, text.file_size)
            and segment_flags == 1,
            "localSymbols": len(binary.symbols) - len(shared),
            "sharedSymbols": hashlib.sha256("\n".join(shared + indirect).encode()).hexdigest(),
            "hasBlob": binary.get_segment("NODE_SEA") is not None,
        }
    )
)
