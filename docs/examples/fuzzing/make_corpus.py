"""Writes the payloads of peerspec's test vectors of QueryHit to files, to begin fuzzing with: make_corpus.py FOLDER."""

import json
import subprocess
import sys
from pathlib import Path

folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)
printed = subprocess.run(["peerspec", "vectors", "gnutella"], check=True, capture_output=True).stdout
valid = [each for each in json.loads(printed)["vectors"] if (each["message"], each["verdict"]) == ("QueryHit", "valid")]
for number, vector in enumerate(valid):
    (folder / f"hit-{number:02}").write_bytes(bytes.fromhex(vector["hex"]))
print(f"{len(valid)} hits")
