import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counterOf } from '@artel/test-support/programs/exposition';
import { type FaultServer, type SiteFile, startFaultServer } from '@artel/test-support/proxies/faultServer';
import { startGateway } from '@artel/test-support/servers/demo';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { test as base, expect } from '@playwright/test';

/** A page of a test's own at one origin with a gateway, behind a server that fails on demand. */
export interface PageLab {
  readonly gateway: RunningServer;
  readonly server: FaultServer;
  /** Sum of a metric's samples on the gateway's `/metrics`. */
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  close(): Promise<void>;
}

export interface PageLabOptions {
  /** Where the gateway keeps its data. */
  readonly folder: string;
  /** What is served outside `/api`. */
  readonly serve: (url: URL) => SiteFile | undefined;
  /** Of the gateway. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a gateway, and before it the server of a page. */
export async function startPageLab({ folder, serve, env = {} }: PageLabOptions): Promise<PageLab> {
  const gateway = await startGateway({ folder: join(folder, 'data'), env });
  const server = await startFaultServer({ gateway: gateway.url, serve });
  return {
    gateway,
    server,
    counted: counterOf(gateway.url),
    async close() {
      await gateway.close();
      await server.close();
    },
  };
}

/** Playwright's `test` with a folder of each test's own. */
export const test = base.extend<{ readonly folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'artel-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },
});

/** For `test.skip(...)` at the head of a file whose tests open pages; said there, it holds before a browser is started. */
export const withoutBrowser = [!process.env['CHROMIUM_PATH'], 'needs a Chrome or Chromium'] as const;

export { expect };
