"""Asks aics-tlog, an implementation of C2SP logs that is not ours, for roots and proofs, and lets it audit our files.

    oracle.py vectors                 prints roots and proofs over the leaves "0", "1", "2" …
    oracle.py audit DIR KEY [WITNESS] audits the files of `export --format tiles`
"""

import sys
from pathlib import Path

import aics_tlog as tlog

SIZES = [*range(0, 71), 127, 128, 129, 200, 255, 256, 257, 300, 511, 512, 513, 600]


def hexes(hashes):
    return ",".join(h.hex() for h in hashes) or "-"


def vectors():
    tree = tlog.MerkleTree([str(n).encode() for n in range(max(SIZES))])
    for size in SIZES:
        print("root", 0, size, tree.root(size).hex())
        for other in sorted({0, 1, 2, size // 3, size // 2, size - 2, size - 1, size} | {s for s in SIZES if s < 40}):
            if 0 <= other < size:
                print("inclusion", other, size, hexes(tree.inclusion_proof(other, size)))
            if 1 <= other <= size:
                print("consistency", other, size, hexes(tree.consistency_proof(other, size)))


def audit(folder, key, witness=None):
    note = tlog.parse_note(Path(folder, "checkpoint").read_text())
    witnesses = [tlog.parse_vkey(witness)] if witness else []
    result = tlog.verify_checkpoint(note, tlog.parse_vkey(key), witnesses, len(witnesses))
    if not result.ok:
        sys.exit(f"checkpoint: {result.error}")
    report = tlog.audit_tiles(tlog.FileSystemTileReader(folder), result.size, result.root)
    print("audited", result.size, report.tiles, report.bundles, result.cosignature_count)


if __name__ == "__main__":
    {"vectors": vectors, "audit": audit}[sys.argv[1]](*sys.argv[2:])
