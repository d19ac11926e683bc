// Bundles our scripts and styles and the icons of icons.txt into src/mingji/web/static/dist,
// each file named by its content, with manifest.json from plain name to built name. Files of an
// earlier build stay: a site that is running still names them (`make clean` removes all).
// Puts the font of printed documents, with its licence, into src/mingji/kit/fonts.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

const OUT = "src/mingji/web/static/dist";
const ICONS = "node_modules/@tabler/icons/icons/outline";
const FONTS = "src/mingji/kit/fonts";
const FONT = "node_modules/@expo-google-fonts/noto-sans-sc";
const manifest = {};

function emit(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  manifest[name] = name.replace(/(\.\w+)$/, `-${digest}$1`);
  writeFileSync(`${OUT}/${manifest[name]}`, content);
}

function symbol(name) {
  const [, body] = readFileSync(`${ICONS}/${name}.svg`, "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/);
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").trim()}</symbol>`;
}

mkdirSync(OUT, { recursive: true });
for (const name of ["app.js", "style.css"]) {
  const options = { entryPoints: [`assets/${name}`], bundle: true, minify: true, write: false, target: "es2022" };
  emit(name, buildSync(options).outputFiles[0].contents);
}
const icons = readFileSync("assets/icons.txt", "utf8").split("\n").filter(Boolean);
emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${icons.map(symbol).join("")}</svg>\n`);
writeFileSync(`${OUT}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");

mkdirSync(FONTS, { recursive: true });
for (const name of ["400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf", "LICENSE_FONT"]) {
  copyFileSync(`${FONT}/${name}`, `${FONTS}/${name.split("/").at(-1)}`);
}
