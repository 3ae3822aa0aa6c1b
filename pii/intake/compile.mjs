// Run by Node, for `pii page`: what the page's Python loads is compiled by that very Python.
// node compile.mjs PYODIDE FOLDER ABI MODULE... ; FOLDER: engine.zip and bytecode.py, and the answer
import { readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";

process.on("uncaughtException", (error) => {
  console.error(error.message.trim().split("\n").at(-1));
  process.exit(1);
});
const [pyodide, folder, abi_version, ...modules] = process.argv.slice(2);
const { loadPyodide, version } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const info = { arch: "wasm32", platform: "emscripten", version, python: "3", abi_version };
const python = await loadPyodide({
  indexURL: pyodide + sep,
  lockFileContents: { info, packages: {} },
  env: { HOME: "/", PYTHONHASHSEED: "0" }, // equal bytes every time
});
for (const name of ["engine.zip", "bytecode.py"]) python.FS.writeFile("/" + name, readFileSync(join(folder, name)));
python.globals.set("modules", python.toPy(modules));
python.runPython(`
import sys
from importlib import import_module
from pathlib import Path

sys.path[:0] = ["/engine.zip", "/"]
from bytecode import compiled

for name in modules:
    import_module(name)
loaded = {getattr(one, "__file__", None) for one in list(sys.modules.values())}
library = next(path for path in sys.path if path.endswith(".zip") and path.startswith("/lib/"))
Path("/python_stdlib.zip").write_bytes(compiled(Path(library).read_bytes(), library, loaded))
Path("/engine.zip").write_bytes(compiled(Path("/engine.zip").read_bytes(), "/engine.zip"))
`);
for (const name of ["engine.zip", "python_stdlib.zip"]) writeFileSync(join(folder, name), python.FS.readFile("/" + name));
