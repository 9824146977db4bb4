export interface Probe {
  readonly name: 'create' | 'slow' | 'broken' | 'unknown';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

export interface Outcome {
  readonly key: number;
  readonly name: Probe['name'];
  /** 0 when nothing answered. */
  readonly status: number;
  /** Whole milliseconds. */
  readonly ms: number;
}

/** The calls that the API lab offers. */
export const probes: readonly Probe[] = [
  {
    name: 'create',
    method: 'POST',
    path: '/api/game/sessions',
    body: { gameType: 'americanka', players: ['Anna', 'Boris'] },
  },
  { name: 'slow', method: 'GET', path: '/api/game/slow?ms=1200' },
  { name: 'broken', method: 'GET', path: '/api/game/broken' },
  { name: 'unknown', method: 'GET', path: '/api/game/nothing' },
];

/** Makes one call and times it until its body has arrived. Never rejects. */
export async function probe({ name, method, path, body }: Probe): Promise<Omit<Outcome, 'key'>> {
  const started = performance.now();
  const init: RequestInit = body
    ? { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : { method };
  let status = 0;
  try {
    const response = await fetch(path, init);
    status = response.status;
    await response.text();
  } catch {
    // Offline, or the answer was cut off.
  }
  return { name, status, ms: Math.round(performance.now() - started) };
}
