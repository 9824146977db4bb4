import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { installPacked } from './packed';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const run = promisify(execFile);

/** What a checkout has of an example, and not what somebody installed and built in it. */
const isSource = (path: string) => !['node_modules', 'dist', '.next'].includes(basename(path));

const examples = [
  {
    name: 'vite',
    serve: (port: string) => ['node_modules/vite/bin/vite.js', 'preview', '--port', port, '--strictPort'],
    ready: /Local:\s+\S+/,
    host: ['--host', '127.0.0.1'],
  },
  {
    name: 'next',
    serve: (port: string) => ['node_modules/next/dist/bin/next', 'start', '--port', port],
    ready: /Ready in/,
    host: ['--hostname', '127.0.0.1'],
  },
];

/** A page whose components throw what Next.js takes for its own, and an error. */
const throwingPage = `'use client';
import { ErrorBoundary } from '@artel/telemetry-react';
import { notFound, redirect } from 'next/navigation';
import { useState } from 'react';

function Thrower({ name, run }: { name: string; run: () => never }) {
  const [isThrowing, setThrowing] = useState(false);
  if (isThrowing) run();
  return <button type="button" onClick={() => setThrowing(true)}>{name}</button>;
}
const fail = (): never => { throw new RangeError('outside'); };

export default function Page() {
  return <>
    <ErrorBoundary><Thrower name="redirect" run={() => redirect('/')} /></ErrorBoundary>
    <ErrorBoundary><Thrower name="notFound" run={() => notFound()} /></ErrorBoundary>
    <Thrower name="fail" run={fail} />
    <button type="button" onClick={() => redirect('/')}>redirect at once</button>
  </>;
}
`;

for (const { name, serve, ready, host } of examples) {
  test(`the example for ${name} builds against the packed packages, runs and delivers`, async ({
    page,
    stack,
    folder,
  }) => {
    const app = join(folder, name);
    cpSync(`examples/${name}`, app, { recursive: true, filter: isSource });
    if (name === 'next') {
      mkdirSync(join(app, 'app/throwing'));
      writeFileSync(join(app, 'app/throwing/page.tsx'), throwingPage);
    }
    await installPacked(app, folder);
    const env = { GATEWAY_URL: stack.gateway, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1' };
    await run('npm', ['run', 'build'], { cwd: app, env: { ...process.env, NODE_ENV: 'production', ...env } });

    const port = String(await freePort());
    const server = await launch({
      name: `the example for ${name}`,
      command: process.execPath,
      args: [...serve(port), ...host],
      cwd: app,
      env,
      ready,
    });
    try {
      const messages: string[] = [];
      page.on('console', (message) => messages.push(message.text()));
      page.on('pageerror', (error) => messages.push(error.message));
      await page.goto(`http://127.0.0.1:${port}`);
      for (const ball of [1, 2, 3, 4]) await page.getByRole('button', { name: `Ball ${ball}` }).click();
      expect(messages).toEqual([]);
      await page.getByRole('button', { name: 'Ball 5' }).click();
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();

      const counted = async () => ({
        clicks: await stack.counted('user_action_total', { action: 'ball_clicked', page: '/table' }),
        views: await stack.counted('user_action_total', { action: 'page_view', page: '/table' }),
        potted: await stack.counted('game_event_total', { event_type: 'ball_potted', game_type: 'kolkhoz' }),
        errors: await stack.counted('frontend_error_total'),
      });
      await expect.poll(counted).toEqual({ clicks: 5, views: 1, potted: 5, errors: 1 });

      if (name !== 'next') return;
      await page.goto(`http://127.0.0.1:${port}/throwing`);
      await page.getByRole('button', { name: 'redirect', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'Pot them all' })).toBeVisible();
      await page.goto(`http://127.0.0.1:${port}/throwing`);
      await page.getByRole('button', { name: 'redirect at once' }).click();
      await expect(page.getByRole('heading', { name: 'Pot them all' })).toBeVisible();
      await page.goto(`http://127.0.0.1:${port}/throwing`);
      await page.getByRole('button', { name: 'notFound' }).click();
      await expect(page.getByText('This page could not be found')).toBeVisible();
      await page.goto(`http://127.0.0.1:${port}/throwing`);
      await page.getByRole('button', { name: 'fail' }).click();
      await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible();
      // What error.tsx caught is counted, and so are the views of the start page; the redirect and the 404 are no errors.
      await expect.poll(counted).toEqual({ clicks: 5, views: 3, potted: 5, errors: 2 });
      expect(await stack.counted('frontend_error_total', { error_type: 'RangeError' })).toBe(1);
    } finally {
      await server.stop();
    }
  });
}
