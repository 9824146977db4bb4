import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { BUNDLE_PATH, bundleSource, eagerScript } from './bundle';

/** A module as a `data:` address, which esbuild bundles without a file. */
const dataModule = (code: string) => `data:text/javascript;base64,${btoa(code)}`;

const shared = dataModule("export const shared = (text) => 'shared '.concat(text);");
const later = dataModule(
  `import { shared } from '${shared}'; export const later = () => shared('later text');`,
);
const source = `
  import { shared } from '${shared}';
  export const start = (text) => shared(text);
  export const event = () => import('${later}');
`;

describe('a bundle', () => {
  it('has what is imported dynamically in a file of its own, which is not eager', async () => {
    const { files, eager } = await bundleSource(source);
    const [holder] = [...files].find(([, text]) => text.includes('later text')) ?? [];
    expect(holder).toBeDefined();
    expect(eager).not.toContain(holder);
  });

  it('counts what the entry and a chunk share as eager', async () => {
    const { entry, files, eager } = await bundleSource(source);
    const eagerText = eager.map((name) => files.get(name)).join('');
    expect(eager).toContain(entry);
    expect(eagerText).toContain('shared ');
  });

  it('leaves out external modules', async () => {
    const { files, eager } = await bundleSource("export { createElement } from 'react';", ['react']);
    expect([...files.keys()]).toEqual(eager);
    expect([...files.values()].join('')).toContain('"react"');
  });
});

describe('the eager script', () => {
  it('runs as a classic script and leaves the exports in a global', async () => {
    const script = await eagerScript(await bundleSource(source));
    const page = createContext({});
    runInContext(script, page);
    expect(runInContext('bench.start("start")', page)).toBe('shared start');
  });

  it('holds no lazy chunk, and imports it from the server', async () => {
    const script = await eagerScript(await bundleSource(source));
    expect(script).not.toContain('later text');
    expect(script).toContain(`import("${BUNDLE_PATH}`);
  });
});
