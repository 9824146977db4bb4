import { describe, expect, it } from 'vitest';
import { createLedger, MARK } from './ledger';

const batch = (seq: number, value: number, action = MARK) =>
  JSON.stringify({ producer: 'p', seq, metrics: [{ name: 'user_action_total', value, labels: { action } }] });

const otlp = (startTimeUnixNano: string, asInt: number) => {
  const attributes = [{ key: 'action', value: { stringValue: MARK } }];
  const metrics = [{ sum: { dataPoints: [{ startTimeUnixNano, asInt, attributes }] } }];
  return JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
};

describe('a ledger of batches', () => {
  it('adds the values of the points, and counts a repeated batch once', () => {
    const ledger = createLedger('batches');
    for (const text of [batch(1, 5), batch(2, 3), batch(1, 5)]) ledger.take(text);
    expect(ledger).toMatchObject({ delivered: 8, duplicates: 0 });
  });

  it('leaves out the actions of others', () => {
    const ledger = createLedger('batches');
    ledger.take(batch(1, 5, 'other'));
    expect(ledger.delivered).toBe(0);
  });
});

describe('a ledger of cumulative sums', () => {
  it('takes the highest value of each stream, and adds the streams', () => {
    const ledger = createLedger('cumulative');
    for (const text of [otlp('1', 5), otlp('1', 9), otlp('1', 7), otlp('2', 2)]) ledger.take(text);
    expect(ledger.delivered).toBe(11);
  });
});

describe('a ledger of ids', () => {
  it('counts an id that came in two bodies as one duplicate', () => {
    const ledger = createLedger('ids');
    ledger.take(`${MARK}_000001_ ${MARK}_000002_`);
    ledger.take(`${MARK}_000002_`);
    ledger.take(`${MARK}_000002_`);
    expect(ledger).toMatchObject({ delivered: 2, duplicates: 1 });
  });

  it('takes an id that one body names twice for one event', () => {
    const ledger = createLedger('ids');
    ledger.take(`{"name":"${MARK}_000001_","view":"${MARK}_000001_"}`);
    expect(ledger).toMatchObject({ delivered: 1, duplicates: 0 });
  });
});
