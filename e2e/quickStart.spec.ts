import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { launch } from '../scripts/launch';
import { freePort } from '../scripts/port';
import { readSnippet } from '../scripts/readSnippet';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const run = promisify(execFile);

const PACKAGES = ['protocol', 'core', 'sentry', 'react'];

/** Packs the packages as they would be published; answers name → path of the tarball. */
async function pack(folder: string): Promise<Record<string, string>> {
  const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8')) as { packageManager: string };
  const filters = PACKAGES.flatMap((name) => ['--filter', `./packages/${name}`]);
  await run('npx', ['-y', packageManager, ...filters, '-r', 'pack', '--pack-destination', folder]);
  const files = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  return Object.fromEntries(
    PACKAGES.map((name) => {
      const file = files.find((one) => one.startsWith(`artel-telemetry-${name}-`));
      return [`@artel/telemetry-${name}`, `file:${join(folder, file ?? `no tarball of ${name}`)}`];
    }),
  );
}

/** What `npm create vite` lays out, with nothing of this repository in it but the tarballs. */
function layOutApp(folder: string, tarballs: Record<string, string>, main: string) {
  const manifests = ['apps/mini-app/package.json', 'pnpm-workspace.yaml'].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const version = (name: string) => {
    const found = manifests
      .map((text) => new RegExp(`^\\s*['"]?${name}['"]?: ['"]?(\\d[\\w.]*)`, 'm').exec(text)?.[1])
      .find(Boolean);
    if (!found) throw new Error(`no version of ${name}`);
    return found;
  };
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'quick-start',
      private: true,
      type: 'module',
      dependencies: { ...tarballs, react: version('react'), 'react-dom': version('react-dom') },
      devDependencies: { vite: version('vite'), '@vitejs/plugin-react': version('@vitejs/plugin-react') },
    }),
    'vite.config.js': "import react from '@vitejs/plugin-react';\nexport default { plugins: [react()] };\n",
    'index.html': '<!doctype html><div id="root"></div><script type="module" src="/src/main.tsx"></script>\n',
    'src/main.tsx': main,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

test('the quick start of the README, pasted into an empty Vite app, builds, runs and delivers', async ({
  page,
  stack,
  folder,
}) => {
  test.setTimeout(300_000);
  const app = join(folder, 'app');
  const snippet = readSnippet('README.md', 'quick-start: src/main.tsx');
  expect(snippet).toContain('http://127.0.0.1:4320');
  layOutApp(app, await pack(folder), snippet.replace('http://127.0.0.1:4320', stack.gateway));
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: app });
  const vite = join(app, 'node_modules/vite/bin/vite.js');
  await run(process.execPath, [vite, 'build'], { cwd: app });

  const port = await freePort();
  const server = await launch({
    name: 'vite preview',
    command: process.execPath,
    args: [vite, 'preview', '--port', String(port), '--strictPort', '--host', '127.0.0.1'],
    cwd: app,
    env: { NO_COLOR: '1' },
    ready: /Local:\s+\S+/,
  });
  try {
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(`http://127.0.0.1:${port}`);
    await page.getByRole('button', { name: 'Pot a ball' }).click({ clickCount: 3, delay: 20 });
    const potted = { event_type: 'ball_potted', game_type: 'kolkhoz' };
    await expect.poll(() => stack.counted('game_event_total', potted), { timeout: 20_000 }).toBe(3);
    expect(await stack.counted('user_action_total', { action: 'ball_clicked', page: '/' })).toBe(3);
    expect(messages.filter((text) => !text.includes('favicon') && !text.includes('404'))).toEqual([]);
  } finally {
    await server.stop();
  }
});
