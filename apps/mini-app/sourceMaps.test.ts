import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import app from './package.json' with { type: 'json' };
import { sourceMaps } from './sourceMaps';

const run = promisify(execFile);
const root = fileURLToPath(new URL('.', import.meta.url));
const release = `artel-billiards@${app.version}`;

/** A Sentry that takes whatever is uploaded, and keeps what it was asked for. */
async function startUploadTaker() {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    const { method, url = '' } = request;
    asked.push(`${method} ${decodeURIComponent(url)}`);
    request.resume().once('end', () => {
      const { port } = server.address() as AddressInfo;
      const chunks = {
        url: `http://127.0.0.1:${port}/upload`,
        chunkSize: 8_388_608,
        chunksPerRequest: 64,
        maxRequestSize: 33_554_432,
        concurrency: 1,
        hashAlgorithm: 'sha1',
        compression: ['gzip'],
        accept: ['release_files', 'sources', 'artifact_bundles', 'artifact_bundles_v2'],
      };
      const body = url.includes('assemble')
        ? { state: 'ok', missingChunks: [] }
        : url.includes('chunk-upload')
          ? chunks
          : {};
      answer.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe('a build', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'artel-build-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const build = async (env: Readonly<Record<string, string>>) => {
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    await run(process.execPath, [vite, 'build', '--outDir', folder, '--emptyOutDir'], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: folder, NODE_ENV: 'production', ...env },
    });
    const files = readdirSync(join(folder, 'assets'));
    const scripts = files.filter((file) => file.endsWith('.js'));
    const textOf = (file: string) => readFileSync(join(folder, 'assets', file), 'utf8');
    return {
      maps: files.filter((file) => file.endsWith('.map')),
      // The last line: Sentry's own code speaks of such comments.
      named: scripts.filter((file) => /\n\/\/# sourceMappingURL=\S+\s*$/.test(textOf(file))),
      scripts,
      // What only the recorder writes: the size of a blocked element.
      recording: scripts.filter((file) => textOf(file).includes('rr_width')),
    };
  };

  it('without a token has no maps, names none, and tells Sentry nothing', async () => {
    const sentry = await startUploadTaker();
    const { maps, named, scripts, recording } = await build({ SENTRY_URL: sentry.url });
    sentry.close();
    expect(scripts.length).toBeGreaterThan(2);
    expect(recording, 'the replay is a chunk of its own').toHaveLength(1);
    expect(recording[0]).toMatch(/^replay-/);
    expect(maps).toEqual([]);
    expect(named).toEqual([]);
    expect(sentry.asked).toEqual([]);
  });

  it('with one uploads them for the release that the SDK reports, and keeps none', async () => {
    const sentry = await startUploadTaker();
    const { maps, named } = await build({
      SENTRY_URL: sentry.url,
      SENTRY_AUTH_TOKEN: 'token',
      SENTRY_ORG: 'artel',
      SENTRY_PROJECT: 'billiards',
    });
    sentry.close();
    expect(sentry.asked).toContain(`PUT /api/0/organizations/artel/releases/${release}/`);
    expect(sentry.asked).toContain('POST /api/0/organizations/artel/artifactbundle/assemble/');
    expect(maps).toEqual([]);
    expect(named).toEqual([]);
  });
});

it('needs no Sentry to be installed where there is no token', async () => {
  vi.doMock('@sentry/vite-plugin', () => {
    throw new Error('not installed');
  });
  expect(await sourceMaps({ release, env: {} })).toEqual({ sourcemap: false, plugins: [] });
  vi.doUnmock('@sentry/vite-plugin');
});
