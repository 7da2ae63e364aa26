// Builds every file of src/entries into dist with the hash of its content in its name, and tells
// gateway/web/frame/assets.py the names in dist/manifest.json.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = fileURLToPath(new URL(".", import.meta.url));
const entries = join(here, "src", "entries");
const dist = join(here, "dist");

const styles = {
  name: "sass",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => {
      const made = sass.compile(path, {
        loadPaths: [join(here, "node_modules"), join(here, "src", "styles")],
        quietDeps: true,
        style: "compressed",
      });
      return { contents: made.css, loader: "css", watchFiles: made.loadedUrls.map((url) => fileURLToPath(url)) };
    });
  },
};

rmSync(dist, { recursive: true, force: true });
const result = await esbuild.build({
  absWorkingDir: here,
  bundle: true,
  chunkNames: "[name]-[hash]",
  entryNames: "[name]-[hash]",
  entryPoints: readdirSync(entries).map((name) => join(entries, name)),
  format: "esm",
  legalComments: "linked",
  loader: { ".png": "file", ".svg": "file", ".woff2": "file" },
  assetNames: "[name]-[hash]",
  metafile: true,
  minify: true,
  outdir: dist,
  plugins: [styles],
  splitting: true,
  // the browser inside WeChat lags behind
  target: ["es2020"],
});

const names = {};
for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (!entryPoint) continue;
  const bare = basename(entryPoint).slice(0, -extname(entryPoint).length);
  names[bare + extname(file)] = basename(file);
}
writeFileSync(join(dist, "manifest.json"), JSON.stringify(names, null, 1) + "\n");
