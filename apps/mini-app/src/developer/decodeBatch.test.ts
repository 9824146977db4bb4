import { describe, expect, it } from 'vitest';
import { decodeBatch } from './decodeBatch';

const batch = {
  sentAt: 1,
  key: 'writekey',
  token: 'secrettoken',
  v: 1,
  producer: 'ab12',
  seq: 3,
  app: { name: 'billiards', version: '0.1.0', environment: 'production' },
  session: 's1',
  user: 'pseudonym',
  page: '/game/:id',
  metrics: [
    { name: 'user_action_total', value: 4, labels: { action: 'ball_clicked', page: '/' } },
    { name: 'shots_total' },
    { name: 'api_request_duration_ms', values: [12.345, 7], labels: { method: 'GET' } },
  ],
  logs: [{ level: 'info', message: 'Game event', fields: { ball_id: '7', won: true } }],
  spans: [{ name: 'pot', duration: 12.04, status: 'ok', attributes: { ball: 7 } }],
  dropped: { overflow: 2 },
};

describe('decodeBatch', () => {
  it('says who sent it, and what is in it', () => {
    const decoded = decodeBatch(JSON.stringify(batch));
    expect(decoded).toMatchObject({
      producer: 'ab12',
      seq: 3,
      session: 's1',
      user: 'pseudonym',
      page: '/game/:id',
      app: 'billiards 0.1.0 production',
    });
    expect(decoded?.metrics).toEqual([
      { name: 'user_action_total', value: '+4', detail: 'action=ball_clicked  page=/' },
      { name: 'shots_total', value: '+1', detail: '' },
      { name: 'api_request_duration_ms', value: '12.3, 7', detail: 'method=GET' },
    ]);
    expect(decoded?.logs).toEqual([{ name: 'Game event', value: 'info', detail: 'ball_id=7  won=true' }]);
    expect(decoded?.spans).toEqual([{ name: 'pot', value: '12 ms ok', detail: 'ball=7' }]);
    expect(decoded?.dropped).toEqual([{ name: 'overflow', value: '2', detail: '' }]);
  });

  it('gives the whole as JSON without what proves the sender', () => {
    const json = decodeBatch(JSON.stringify(batch))?.json ?? '';
    expect(json).not.toMatch(/writekey|secrettoken/);
    expect(JSON.parse(json)).toEqual({ ...batch, key: '…', token: '…' });
  });

  it('makes do with the metrics alone', () => {
    expect(decodeBatch('{"metrics":[]}')).toMatchObject({ metrics: [], logs: [], spans: [], dropped: [] });
  });

  it.each(['', 'no json', '[]', 'null', '{"metrics":{}}', '{}'])('knows %j for no batch', (text) => {
    expect(decodeBatch(text)).toBeUndefined();
  });
});
