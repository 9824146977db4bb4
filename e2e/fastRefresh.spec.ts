import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { expect, test, withoutBrowser } from './base';

test.skip(...withoutBrowser);

const MAIN = `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { initTelemetry } from '@artel/telemetry-react';
import { Table } from './Table';

window.client = initTelemetry({ endpoint: '/api/metrics', app: 'refresh', integrations: [] });
createRoot(document.getElementById('root')).render(<StrictMode><Table /></StrictMode>);
`;

const table = (word: string) => `import { useState, version } from 'react';
import { useMetrics, usePageView, useTrackedAction } from '@artel/telemetry-react';

export function Table() {
  const [hits, setHits] = useState(0);
  usePageView('/table');
  const { count } = useMetrics();
  const onHit = useTrackedAction('hit', { word: '${word}' });
  const onClick = () => {
    setHits(hits + 1);
    onHit();
    count('${word}_total');
  };
  return <button onClick={onClick}>{'${word}: ' + hits + ', React ' + version}</button>;
}
`;

/** A page in development: React's own modules, and Vite with its plugin for React as an app has them. */
function layOutApp(folder: string, modules: string): void {
  const of = (name: string) => JSON.stringify(`${modules}/${name}`);
  const files: Record<string, string> = {
    'index.html': '<!doctype html><div id="root"></div><script type="module" src="/src/main.tsx"></script>',
    'src/main.tsx': MAIN,
    'src/Table.tsx': table('hits'),
    'vite.config.mjs': `import react from '${process.cwd()}/apps/mini-app/node_modules/@vitejs/plugin-react/dist/index.js';
export default {
  root: ${JSON.stringify(folder)},
  cacheDir: ${JSON.stringify(join(folder, 'cache'))},
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^(react|react-dom)(?=\\/|$)/, replacement: ${of('$1')} },
      { find: '@artel/telemetry-react', replacement: '${process.cwd()}/packages/react/dist/development/index.js' },
    ],
  },
  // What it finds by itself it would load the page anew for.
  optimizeDeps: { noDiscovery: true, include: ['react', 'react/jsx-runtime', 'react/jsx-dev-runtime', 'react-dom/client'] },
  server: { fs: { strict: false } },
};
`,
  };
  mkdirSync(join(folder, 'src'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

interface SentBatch {
  readonly metrics?: readonly {
    readonly name: string;
    readonly value?: number;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
}

declare global {
  interface Window {
    client: { flush(): Promise<void>; stats(): { readonly emitted: number } };
  }
}

for (const [major, modules] of [
  ['18', 'packages/react/react-18/node_modules'],
  ['19', 'packages/react/node_modules'],
] as const) {
  test(`Fast Refresh with React ${major} keeps state and client, and counts nothing twice`, async ({
    page,
    folder,
  }) => {
    layOutApp(folder, join(process.cwd(), modules));
    const port = await freePort();
    const server = await launch({
      name: 'vite',
      command: process.execPath,
      args: [
        join(process.cwd(), 'apps/mini-app/node_modules/vite/bin/vite.js'),
        ...['--config', join(folder, 'vite.config.mjs')],
        ...['--port', String(port), '--strictPort', '--host', '127.0.0.1'],
      ],
      cwd: folder,
      env: { NO_COLOR: '1' },
      ready: /Local:\s+\S+/,
    });
    try {
      const sums = new Map<string, number>();
      await page.route('**/api/metrics', (route) => {
        const { metrics = [] } = JSON.parse(route.request().postData() ?? '{}') as SentBatch;
        for (const { name, value = 1, labels } of metrics) {
          const key = labels?.['action'] ?? name;
          sums.set(key, (sums.get(key) ?? 0) + value);
        }
        return route.fulfill({ status: 202, json: { accepted: 1, rejected: [], duplicate: false } });
      });
      const loads: string[] = [];
      page.on('load', () => loads.push(page.url()));
      await page.goto(`http://127.0.0.1:${port}`);
      const button = page.getByRole('button');
      await expect(button).toHaveText(new RegExp(`^hits: 0, React ${major}\\.`));
      const client = await page.evaluateHandle(() => window.client);
      await button.click();
      await button.click();
      await expect(button).toHaveText(/^hits: 2/);

      writeFileSync(join(folder, 'src/Table.tsx'), table('shots'));
      await expect(button).toHaveText(/^shots: 2/);
      await button.click();
      await expect(button).toHaveText(/^shots: 3/);

      expect(loads).toHaveLength(1);
      expect(await page.evaluate((before) => before === window.client, client)).toBe(true);
      expect(await page.evaluate(() => window.client.stats().emitted)).toBe(7);
      await page.evaluate(() => window.client.flush());
      expect(Object.fromEntries(sums)).toEqual({ page_view: 1, hit: 3, hits_total: 2, shots_total: 1 });
    } finally {
      await server.stop();
    }
  });
}
