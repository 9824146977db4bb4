import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { readSnippet } from '@artel/test-support/programs/readSnippet';
import { installPacked } from './packed';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const run = promisify(execFile);

/** What `npm create vite` lays out, with nothing of this repository in it but the tarballs. */
function layOutApp(folder: string, main: string) {
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
      dependencies: { react: version('react'), 'react-dom': version('react-dom') },
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
  const app = join(folder, 'app');
  const snippet = readSnippet('README.md', 'quick-start: src/main.tsx');
  expect(snippet).toContain('http://127.0.0.1:4320');
  layOutApp(app, snippet.replace('http://127.0.0.1:4320', stack.gateway));
  await installPacked(app, folder);
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
    await expect.poll(() => stack.counted('game_event_total', potted)).toBe(3);
    expect(await stack.counted('user_action_total', { action: 'ball_clicked', page: '/' })).toBe(3);
    expect(messages.filter((text) => !text.includes('favicon') && !text.includes('404'))).toEqual([]);
  } finally {
    await server.stop();
  }
});
