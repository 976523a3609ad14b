"""Fill the README's console block with what its commands really print.

python docs/readme.py KOTA     where KOTA is the folder in which ./run --once --home kota ran
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"```console\n.*?```", re.DOTALL)
MASKED = re.compile(r"[0-9a-f]{8}…|[0-9a-f]{16,64}|[0-9]+[.,][0-9] detik|/[^ ]*/kota")
ROAD = "./run --once --home kota"
BATCH = "kota/sandbox/bank_jambi/masuk/KJ-bank_jambi-pengajuan-000001.zip"
COMMANDS = (
    "gateway --home kota status --at 2026-10-30T18:00+07:00",
    "gateway --home kota trace HRK2600000003",
    f"openssl cms -verify -binary -inform DER -in {BATCH}.p7s -content {BATCH} \\\n"
    "    -CAfile kota/keys/kota-jambi-signers.pem -partial_chain -purpose any -out /dev/null",
    "gateway --home kota mismatches --partner bpr_kenali --code MISSING",
    "gateway --home kota proof --partner bpr_kenali --period 2026-10",
)


def run_commands(folder: Path, path: str) -> str:
    """The block as it is now: each command after the first, with its real output."""
    parts = []
    for command in COMMANDS:
        done = subprocess.run(  # noqa: S603 - the commands stand in this file
            shlex.split(command.replace("\\\n", "")),
            cwd=folder,
            env={"PATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        printed = (done.stdout + done.stderr).rstrip()
        parts.append(f"$ {command}\n{printed}\n")
    return "".join(parts)


def mask(text: str) -> str:
    """What differs from one home to the next: hashes, tokens, seconds, the folder."""
    return MASKED.sub("…", text)


def written_block() -> str:
    """The block as it stands in the README, without the road's own first command."""
    found = BLOCK.search(README.read_text("utf-8"))
    if found is None:
        raise SystemExit("README.md has no console block")
    _, _, rest = found.group().removeprefix("```console\n").partition("$ gateway")
    return "$ gateway" + rest.removesuffix("```")


def main(folder: Path, road: str, path: str) -> None:
    """Write the block anew."""
    block = f"```console\n$ {ROAD}\n{road.strip()}\n{run_commands(folder, path)}```"
    text = README.read_text("utf-8")
    README.write_text(BLOCK.sub(lambda _: block, text), "utf-8")


if __name__ == "__main__":
    home = Path(sys.argv[1]).resolve()
    venv = Path(sys.executable).parent
    main(home, sys.stdin.read(), f"{venv}:/usr/bin:/bin")
