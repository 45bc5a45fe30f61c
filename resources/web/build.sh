#!/usr/bin/env bash
# Rebuilds dist/ from the locked packages. Needs node and npm; building Belljar itself does not, as dist/ is committed.
# With --check it builds into a temporary folder and fails when the result differs from what is committed.
set -euo pipefail
cd "$(dirname "$0")"
out=dist
if [[ ${1:-} == --check ]]; then
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT
fi
mkdir -p "$out"
npm ci --ignore-scripts --no-audit --no-fund --silent
node_modules/.bin/esbuild editor.js --bundle --minify --format=iife --target=chrome102 \
    --charset=ascii --legal-comments=none --outfile="$out/editor.js" --log-level=warning
(cd "$out" && sha256sum editor.js > editor.js.sha256)

# The licences of what is in the bundle: every package of the lock file that is not for development only.
node --input-type=module - > "$out/LICENSES.txt" <<'JS'
import { readFileSync, readdirSync } from "node:fs";
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const folders = Object.keys(lock.packages).filter((f) => f && !lock.packages[f].dev && !lock.packages[f].optional).sort();
for (const folder of folders) {
  const about = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${about.name} has no licence file`);
  console.log(`${about.name} ${about.version} (${about.license})\n`);
  console.log(`${readFileSync(`${folder}/${file}`, "utf8").trim()}\n\n${"-".repeat(80)}\n`);
}
JS
if [[ $out != dist ]]; then
    diff -rq "$out" dist
    echo "dist/ is what the sources build"
fi
