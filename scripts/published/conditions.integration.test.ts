// Which of the two builds each tool takes, as the table of docs/versions.md says.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { createServer, build as viteBuild } from 'vite';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import webpack from 'webpack';
import { installedApp } from './installedApp';

const run = promisify(execFile);

let app = '';
let entry = '';
beforeAll(() => {
  app = installedApp({
    'package.json': '{"type":"module"}',
    'entry.js': `import { useMetrics } from '@artel/telemetry-react';
      import { usePageViews } from '@artel/telemetry-react/react-router';
      console.log(useMetrics, usePageViews);`,
  });
  entry = join(app, 'entry.js');
});
afterAll(() => rmSync(app, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** The builds that the modules at `paths` belong to. */
function buildsOf(paths: readonly string[]) {
  const builds = { core: new Set<string>(), react: new Set<string>() };
  for (const path of paths) {
    const [, name, folder] = /packages[/\\](core|react)[/\\]dist[/\\](development)?/.exec(path) ?? [];
    if (name === 'core' || name === 'react') builds[name].add(folder ?? 'production');
  }
  return builds;
}

const both = (mode: string) => ({ core: new Set([mode]), react: new Set([mode]) });
const external = [/^react($|\/|-router)/, '@artel/telemetry-sentry'];

it.each([
  ['production', {}],
  ['development', { conditions: ['development'] }],
])('esbuild takes the %s build with %o', async (expected, options) => {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'error',
    format: 'esm',
    external: ['react', 'react-router', '@artel/telemetry-sentry'],
  });
  expect(buildsOf(Object.keys(metafile.inputs))).toEqual(both(expected));
});

it.each([
  ['production', 'production'],
  ['development', 'development'],
])('Rollup with node-resolve takes the %s build where NODE_ENV is %s', async (expected, env) => {
  vi.stubEnv('NODE_ENV', env);
  const bundle = await rollup({ input: entry, external, plugins: [nodeResolve()], logLevel: 'silent' });
  expect(buildsOf(bundle.watchFiles)).toEqual(both(expected));
});

it('Vite takes the production build in `vite build`', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const paths: string[] = [];
  await viteBuild({
    root: app,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, rolldownOptions: { input: entry, external } },
    plugins: [{ name: 'paths', load: (id) => void paths.push(id) }],
  });
  expect(buildsOf(paths)).toEqual(both('production'));
});

it('Vite takes the development build in `vite`', async () => {
  vi.stubEnv('NODE_ENV', 'development');
  const server = await createServer({
    root: app,
    configFile: false,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false },
  });
  const react = await server.pluginContainer.resolveId('@artel/telemetry-react', entry);
  const core = await server.pluginContainer.resolveId('@artel/telemetry-core', react?.id);
  await server.close();
  expect(buildsOf([react?.id ?? '', core?.id ?? ''])).toEqual(both('development'));
});

it.each([
  ['production', 'production'],
  ['development', 'development'],
] as const)('webpack 5 takes the %s build in mode %s', async (expected, mode) => {
  const compiler = webpack({
    mode,
    entry,
    context: app,
    devtool: false,
    output: { path: join(app, mode) },
    externals: { react: 'var {}', 'react-router': 'var {}' },
    optimization: { concatenateModules: false, minimize: false },
  });
  const paths = await new Promise<string[]>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error || stats?.hasErrors()) return reject(error ?? new Error(stats?.toString()));
      const { modules = [] } = stats?.toJson({ all: false, modules: true }) ?? {};
      resolve(modules.map(({ identifier = '' }) => identifier));
    });
  });
  await new Promise((resolve) => compiler.close(resolve));
  expect(buildsOf(paths)).toEqual(both(expected));
});

const names = JSON.stringify(['@artel/telemetry-core', '@artel/telemetry-react']);
it.each([
  ['production', 'require', []],
  ['production', 'import', []],
  ['development', 'require', ['--conditions=development']],
  ['development', 'import', ['--conditions=development']],
] as const)('Node takes the %s build for %s with %o, and runs it', async (expected, verb, flags) => {
  const program =
    verb === 'require'
      ? `for (const name of ${names}) { require(name); console.log(require.resolve(name)); }`
      : `for (const name of ${names}) { await import(name); console.log(import.meta.resolve(name)); }`;
  const type = verb === 'require' ? 'commonjs' : 'module';
  const { stdout } = await run(process.execPath, [...flags, `--input-type=${type}`, '-e', program], {
    cwd: app,
  });
  expect(buildsOf(stdout.trim().split('\n'))).toEqual(both(expected));
  expect(stdout.match(verb === 'require' ? /\.cjs$/gm : /\.js$/gm)).toHaveLength(2);
});
