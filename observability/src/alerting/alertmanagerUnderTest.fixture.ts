import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outside, startOutside } from '@artel/test-support/fakes/alerting/startOutside';
import { findProgram } from '@artel/test-support/programs/findProgram';
import { startAlertmanager } from '@artel/test-support/servers/alertmanager';
import type { Document } from 'yaml';
import { parseDocument } from 'yaml';
import { accounts, outsideConfiguration } from './outsideConfiguration.fixture';
import { scaleAlertmanager } from './scaleTime.fixture';

/** An alert as Prometheus gives it to Alertmanager. */
export interface Given {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  /** When it ended; it goes on without. */
  readonly endsAt?: string;
}

/** What Alertmanager makes of an alert. */
interface Shown {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly inhibitedBy: readonly string[]; readonly silencedBy: readonly string[] };
}

export interface AlertmanagerUnderTest {
  readonly url: string;
  readonly outside: Outside;
  /** Everything it logged, its decisions among them. */
  log(): string;
  raise(...alerts: readonly Given[]): Promise<void>;
  shown(): Promise<readonly Shown[]>;
  close(): Promise<void>;
}

export const alertmanagerProgram = findProgram('alertmanager') ?? '';
export const EXTERNAL_URL = 'https://alerts.example.com';
export const GRAPH = 'https://prometheus.example.com/graph?g0.expr=up+%3D%3D+0&g0.tab=1';

/** Starts a real Alertmanager with our configuration, a hundred times faster, and the fakes; `edit` may change what it reads. */
export async function openAlertmanager(edit?: (config: Document) => void): Promise<AlertmanagerUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-alerting-'));
  const outside = await startOutside(accounts);
  const document = parseDocument(
    scaleAlertmanager(outsideConfiguration(alertmanagerProgram, outside, join(folder, 'secrets')), 100),
  );
  edit?.(document);
  const alertmanager = await startAlertmanager({
    folder,
    config: document.toString({ lineWidth: 0 }),
    certificate: outside.certificate,
    externalUrl: EXTERNAL_URL,
  });
  return {
    url: alertmanager.url,
    outside,
    log: alertmanager.output,
    async raise(...alerts) {
      const answer = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts.map((alert) => ({ generatorURL: GRAPH, ...alert }))),
      });
      if (answer.status !== 200) throw new Error(await answer.text());
    },
    async shown() {
      const answer = await fetch(`${alertmanager.url}/api/v2/alerts`);
      return (await answer.json()) as readonly Shown[];
    },
    async close() {
      await alertmanager.stop();
      await outside.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
