import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readConfig } from './config';
import { createGateway, type Gateway, type GatewayDeps } from './server';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON where it is JSON, else as text. */
  readonly body: unknown;
}

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly url: string;
  readonly dataDir: string;
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, init?: RequestInit): Promise<Answer>;
  /** The value of one sample of `/metrics`, by its whole name with labels. */
  sample(name: string): Promise<number | undefined>;
}

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'artel-gateway-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The path of a file that holds `text`. */
export function fileOf(text: string, name = 'gateway.yaml'): string {
  const path = join(tempDir(), name);
  writeFileSync(path, text);
  return path;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return answerOf(await fetch(`${url}/api/metrics`, { method: 'POST', body: bytes, headers }));
}

export function sampleOf(text: string, name: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

/** All samples of an exposition, by their whole names with labels. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** The header that shows a token. */
export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

export async function readSample(url: string, name: string, token?: string): Promise<number | undefined> {
  const response = await fetch(`${url}/metrics`, { headers: bearer(token) });
  return sampleOf(await response.text(), name);
}

/** A gateway that really listens, on a free port, with a directory of its own; closed when the test ends. */
export async function startGateway(
  env: Record<string, string> = {},
  deps: GatewayDeps = {},
): Promise<RunningGateway> {
  const dataDir = env['DATA_DIR'] ?? tempDir();
  const config = readConfig({ GATEWAY_PORT: '0', LOG_LEVEL: 'silent', ...env, DATA_DIR: dataDir });
  const overload = { ...config.overload, ...steady.overload };
  const gateway = createGateway({ ...config, overload }, deps);
  onTestFinished(() => gateway.close());
  const url = await gateway.listen();
  return {
    gateway,
    url,
    dataDir,
    post: (body, headers) => post(url, body, headers),
    get: async (path, init) => answerOf(await fetch(`${url}${path}`, init)),
    sample: (name) => readSample(url, name, env['GATEWAY_ADMIN_TOKEN']),
  };
}

/**
 * Configuration, as YAML and as JSON, of a gateway that sheds no load for want of the processor: on a busy machine others
 * have it, at the start above all.
 */
export const STEADY = 'overload: { delayMs: 60000 }\n';
export const steady = { overload: { delayMs: 60_000 } } as const;

const PROBLEM = 'application/problem+json; charset=utf-8';

export function expectProblem(answer: Answer, status: number, detail: RegExp): void {
  expect(answer.headers.get('content-type')).toBe(PROBLEM);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ status, type: expect.any(String), title: expect.any(String) });
  expect(answer.body).toHaveProperty('detail', expect.stringMatching(detail));
}
