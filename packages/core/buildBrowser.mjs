// @ts-check
// The last step of the build: single files for pages without a bundler, `artel-telemetry.js` for `<script type="module">` and
// `artel-telemetry.global.js` for a plain `<script>`. No bundler comes after this one, so it minifies; terser makes 6 % less of
// it than esbuild alone.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { minify } from 'terser';

const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
const vitals = JSON.parse(readFileSync('node_modules/web-vitals/package.json', 'utf8'));
const preamble = `/*! ${name} ${version}, ${license}; with web-vitals ${vitals.version}, ${vitals.license} */`;

mkdirSync('dist/browser', { recursive: true });
for (const [format, file] of /** @type {const} */ ([
  ['esm', 'artel-telemetry.js'],
  ['iife', 'artel-telemetry.global.js'],
])) {
  const { outputFiles } = await build({
    entryPoints: ['dist/index.js'],
    bundle: true,
    format,
    globalName: 'ArtelTelemetry',
    target: 'es2020',
    sourcemap: 'external',
    outfile: `dist/browser/${file}`,
    write: false,
    logLevel: 'error',
  });
  const [map, code] = outputFiles;
  if (!map || !code) throw new Error(`esbuild built no ${file}`);
  const { code: text, map: sources } = await minify(
    { [file]: code.text },
    {
      module: format === 'esm',
      ecma: 2020,
      compress: { passes: 3 },
      format: { ascii_only: true, preamble },
      sourceMap: { content: map.text, url: `${file}.map` },
    },
  );
  writeFileSync(code.path, String(text));
  writeFileSync(map.path, String(sources));
}
