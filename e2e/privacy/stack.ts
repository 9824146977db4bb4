import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counterOf } from '@artel/test-support/programs/exposition';
import { startApps } from '@artel/test-support/servers/demo';
import type { BrowserContext } from '@playwright/test';
import { test as base } from '../base';
import { type CanaryLaunch, canaryLaunch } from './canaries';
import { readFolder } from './readFolder';
import { startRecorder } from './recorder';
import type { Catch } from './scan';

const BOT_TOKEN = `7000000001:${'test-token-'.repeat(3)}x`;

/** The demo with everything behind it that could keep something, each byte of it readable. */
export interface Watched {
  readonly app: string;
  readonly gateway: string;
  readonly launched: CanaryLaunch;
  /** DSN of a Sentry that takes everything. */
  readonly dsn: string;
  /** What a page asked for, by its own account: address, headers and body of each request. */
  readonly requested: readonly Catch[];
  watch(context: BrowserContext): void;
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** What Sentry, Loki and the OTLP end were sent so far. */
  sent(): Readonly<Record<'sentry' | 'loki' | 'otlp', readonly Catch[]>>;
  /** Stops the gateway; answers its data folder's files and its whole log. */
  stop(): Promise<readonly Catch[]>;
}

export const test = base.extend<{ readonly watched: Watched }>({
  watched: async ({ folder }, use) => {
    const [sentry, loki, otlp] = await Promise.all([
      startRecorder('Sentry', 200),
      startRecorder('Loki', 204),
      startRecorder('OTLP', 200),
    ]);
    const config = join(folder, 'gateway.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        telegram: { botToken: BOT_TOKEN },
        log: { level: 'trace' },
        outputs: {
          loki: { kind: 'loki', url: loki.url, batch: { waitSeconds: 0 } },
          otlp: { kind: 'otlp', url: otlp.url, signals: ['logs', 'traces'], batch: { waitSeconds: 0 } },
        },
      }),
    );
    const data = join(folder, 'data');
    const apps = await startApps({
      gateway: { folder: data, env: { GATEWAY_CONFIG: config, LOG_LEVEL: '' } },
    });
    const { gateway } = apps;
    const requested: Catch[] = [];
    let stopped: Promise<readonly Catch[]> | undefined;
    const stop = async (): Promise<readonly Catch[]> => {
      await gateway.stop();
      return [...readFolder(data), { place: 'log of the gateway', bytes: Buffer.from(gateway.output()) }];
    };

    await use({
      app: apps.app.url,
      gateway: gateway.url,
      launched: canaryLaunch(BOT_TOKEN),
      dsn: sentry.url.replace('http://', 'http://public@').concat('/1'),
      requested,
      watch: (context) =>
        context.on('request', (request) => {
          const parts = [request.url(), JSON.stringify(request.headers()), ''].join('\n');
          const bytes = Buffer.concat([Buffer.from(parts), request.postDataBuffer() ?? Buffer.alloc(0)]);
          requested.push({ place: `${request.method()} ${new URL(request.url()).pathname}`, bytes });
        }),
      counted: counterOf(gateway.url),
      sent: () => ({ sentry: sentry.caught, loki: loki.caught, otlp: otlp.caught }),
      stop() {
        stopped ??= stop();
        return stopped;
      },
    });
    await apps.close();
    await Promise.all([sentry, loki, otlp].map((recorder) => recorder.close()));
  },
});
