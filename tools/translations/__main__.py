"""python -m tools.translations [--update]"""

import sys

from . import bypass, catalogue, extract


def main() -> int:
    found = extract.messages()
    if "--update" in sys.argv[1:]:
        print(
            f"{catalogue.PO.relative_to(extract.ROOT)}: {len(found)} messages, {catalogue.update(found)} wait for a translator"
        )
        return 0
    faults = [*catalogue.faults(found), *bypass.faults()]
    print("\n".join(faults) or f"{len(found)} messages, all translated.")
    if unused := catalogue.unused(found):
        print(
            f"{len(unused)} messages of the catalogue are used nowhere: " + "; ".join(map(repr, unused[:10]))
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
