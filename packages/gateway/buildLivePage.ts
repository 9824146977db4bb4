// Bundles the live page into four texts, which the gateway carries within itself: wherever its code runs, from source
// in tests or bundled into another program, the page is there.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ID = 'virtual:live-page';
/** It has to travel with the code that is bundled. */
const licence = readFileSync(join(createRequire(import.meta.url).resolve('uplot'), '../../LICENSE'), 'utf8');
const page = fileURLToPath(new URL('./src/live/page/', import.meta.url));

interface BuiltPage {
  readonly html: string;
  readonly css: string;
  readonly script: string;
  readonly icon: string;
}

async function buildLivePage(): Promise<BuiltPage> {
  const { outputFiles } = await build({
    entryPoints: [`${page}main.ts`, `${page}page.css`],
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: ['chrome100', 'safari15.4', 'firefox100'],
    banner: { js: `/*! uPlot: ${licence.trim()} */` },
    logLevel: 'warning',
  });
  const output = (suffix: string): string =>
    outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
  return {
    html: readFileSync(`${page}page.html`, 'utf8').replace(/\n\s*/g, '\n'),
    css: output('page.css'),
    script: output('main.js'),
    icon: readFileSync(`${page}icon.svg`, 'utf8').trim(),
  };
}

async function moduleText(): Promise<string> {
  const parts = Object.entries(await buildLivePage());
  return parts.map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};`).join('\n');
}

/** For tsup. */
export function livePage(): Plugin {
  return {
    name: 'live-page',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${ID}$`) }, () => ({ path: ID, namespace: ID }));
      onLoad({ filter: /^/, namespace: ID }, async () => ({ contents: await moduleText(), loader: 'js' }));
    },
  };
}

/** For vitest: the same module by the names that Vite has for it. */
export const livePageForTests = {
  name: 'live-page',
  resolveId: (id: string) => (id === ID ? `\0${ID}` : undefined),
  load: (id: string) => (id === `\0${ID}` ? moduleText() : undefined),
};
