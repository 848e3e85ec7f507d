"""trestle.py FOLDER WORKSPACE: lets compliance-trestle read exported OSCAL and prints what it found, as JSON.

FOLDER holds folders of OSCAL documents; each has the catalog that its profiles import. Every document goes through
`trestle import`, every profile through trestle's profile resolver, the whole workspace through `trestle validate`.
Relative links between our files are made links of the workspace first, as `trestle href` does.
"""

import json
import os
import sys
from pathlib import Path

# This file is called like the package it needs.
sys.path.pop(0)
from trestle.cli import Trestle  # noqa: E402
from trestle.core.catalog.catalog_interface import CatalogInterface  # noqa: E402
from trestle.core.profile_resolver import ProfileResolver  # noqa: E402

source, root = (Path(argument).resolve() for argument in sys.argv[1:])
root.mkdir()
os.chdir(root)
failed = []


def trestle(*command):
    sys.argv = ["trestle", *map(str, command)]
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        status = Trestle().run()
    except SystemExit as left:
        status = left.code
    finally:
        sys.stdout = out
    if status != 0:
        failed.append(" ".join(map(str, command)))


def ids(catalog):
    return [control.id for control in CatalogInterface(catalog).get_all_controls_from_catalog(True)]


trestle("init", "--local")
models, profiles = {}, {}
for folder in sorted(path for path in source.iterdir() if path.is_dir()):
    # A name that ends like `.0` counts as a file name with trestle.
    edition = folder.name.replace(".", "-")
    for file in sorted(folder.glob("*.json")):
        name = f"{edition}-{file.stem}"
        document = json.loads(file.read_text(encoding="utf-8"))
        model = next(iter(document))
        models[f"{folder.name}/{file.name}"] = model
        if model == "system-security-plan":
            document[model]["import-profile"]["href"] = f"trestle://profiles/{edition}-profile/profile.json"
            file = source / f"{name}.json"
            file.write_text(json.dumps(document), encoding="utf-8")
        trestle("import", "-f", file, "-o", name)
        if model == "profile":
            trestle("href", "-n", name, "-hr", f"trestle://catalogs/{edition}-catalog/catalog.json")
            path = root / "profiles" / name / "profile.json"
            profiles[f"{folder.name}/{file.name}"] = ids(ProfileResolver.get_resolved_profile_catalog(root, path))
trestle("validate", "-a")
print(json.dumps({"models": models, "profiles": profiles, "failed": failed}))
