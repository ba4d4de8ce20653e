// One classic script, so that one script tag is all a page needs. Its first line names the sources it was made of: tests/channels/test_widget_build.py.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vite";

const sources = ["package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", ...readdirSync("src").map((name) => `src/${name}`)].sort();
const hash = createHash("sha256");
for (const name of sources) hash.update(`${name}\0`).update(readFileSync(name)).update("\0");
const banner = `/* 连宝 widget, built from sources with sha256 ${hash.digest("hex")} */`;

export default defineConfig({
  esbuild: { charset: "utf8", legalComments: "none" },
  build: {
    target: "es2020",
    lib: { entry: "src/main.ts", formats: ["iife"], name: "lianbao", fileName: () => "widget.js" },
    rollupOptions: { output: { banner } },
  },
  plugins: [{ name: "banner-kept", enforce: "post", generateBundle: (_, files) => {
    for (const file of Object.values(files)) if (file.type === "chunk" && !file.code.startsWith("/*")) file.code = `${banner}\n${file.code}`;
  } }],
});
