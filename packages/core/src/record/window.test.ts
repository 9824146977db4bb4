import type { LogRecord, SpanRecord } from '@artel/telemetry-protocol';
import { utf8Length } from '@artel/telemetry-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber } from './scrubber';
import { createWindow } from './window';

const point = { name: 'shots_total', labels: { cue: 'ash' }, timestamp: 1 };
const line: LogRecord = { level: 'info', message: 'shot', timestamp: 1 };
const span: SpanRecord = { name: 'shot', traceId: 'a', spanId: 'b', start: 1, duration: 1 };

describe('a point', () => {
  it('is found by its key', () => {
    const window = createWindow(createScrubber());
    expect(window.add('k', 1)).toBe(false);
    window.open('k', true, 1, point);
    expect(window.add('k', 2)).toBe(true);
    window.open('h', false, 5, point);
    expect(window.add('h', 6)).toBe(true);
    expect(window.content().metrics).toEqual([
      { ...point, value: 3 },
      { ...point, values: [5, 6] },
    ]);
    expect(window.counts()).toEqual([[2, 2], [], []]);
  });

  it('is full at the limits of one point, and another goes on under its key', () => {
    const window = createWindow(createScrubber());
    window.open('k', true, 1e9, point);
    expect(window.add('k', 1)).toBe(false);
    window.open('k', true, 1, point);
    expect(window.add('k', 1)).toBe(true);
    window.open('h', false, 0, point);
    for (let i = 1; i < 2_000; i++) expect(window.add('h', i)).toBe(true);
    expect(window.add('h', 0)).toBe(false);
    window.open('h', false, 0, point);
    const { metrics } = window.content();
    expect(metrics.map(({ value, values }) => value ?? values?.length)).toEqual([2, 1e9, 1, 2_000]);
    expect(window.counts()[0]).toEqual([2, 1, 1, 2_000]);
  });
});

it('counts a line as an event only if it stands alone', () => {
  const window = createWindow(createScrubber());
  window.addLog(line, true);
  window.addLog(line, false);
  window.addSpan(span);
  expect(window.counts()).toEqual([[], [1, 0], [1]]);
  expect(window.items()).toBe(3);
});

it('matters more with a metric than with lines alone', () => {
  const window = createWindow(createScrubber());
  window.addLog(line, true);
  expect(window.priority).toBe(0);
  window.open('k', true, 1, point);
  expect(window.priority).toBe(1);
  window.priority = 2;
  window.open('l', true, 1, point);
  expect(window.priority).toBe(2);
});

it('leaves out the lists that are empty', () => {
  const window = createWindow(createScrubber());
  expect(window.content()).toEqual({ metrics: [], logs: undefined, spans: undefined });
});

it('never takes more bytes than it says', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  // Some fields, as after `readFields`.
  const fields = fc.dictionary(text, fc.oneof(text, fc.double({ noNaN: true }), fc.boolean()), {
    maxKeys: 5,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fields), { maxLength: 5 }), (records) => {
      const window = createWindow(Object.assign((one: string) => one, { full: undefined }));
      records.forEach(([message, values], at) => {
        const labels = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `${value}`]));
        window.open(`${at}`, true, 1, { name: message, labels, timestamp: 1_800_000_000_000 });
        window.addLog({ ...line, timestamp: 1_800_000_000_000, message, fields: values }, true);
      });
      const { metrics, logs = [] } = window.content();
      // What JSON escapes is only estimated.
      const plain = (json: string) => json.replace(/\\u..../g, 'x').replace(/\\/g, '');
      expect(utf8Length(plain(JSON.stringify([metrics, logs])))).toBeLessThanOrEqual(
        window.bytes + '[[],[]]'.length,
      );
    }),
  );
});

describe('what leaves the window', () => {
  const full = (text: string) => text.replace('secret', '[Filtered]');

  it('is scrubbed, names and texts; ids and numbers stay', () => {
    const scrub = createScrubber();
    scrub.full = full;
    const window = createWindow(scrub);
    window.open('k', true, 1, { ...point, labels: { cue: 'a=secret' } });
    window.addLog({ ...line, message: 'a=secret', fields: { 'b=secret': 'c=secret', n: 1 } }, true);
    window.addSpan({ ...span, name: 'd=secret', attributes: { e: 'e=secret' } });
    expect(window.content()).toEqual({
      metrics: [{ ...point, labels: { cue: 'a=[Filtered]' }, value: 1 }],
      logs: [{ ...line, message: 'a=[Filtered]', fields: { 'b=[Filtered]': 'c=[Filtered]', n: 1 } }],
      spans: [{ ...span, name: 'd=[Filtered]', attributes: { e: 'e=[Filtered]' } }],
    });
  });

  it('is filtered as a whole before the patterns are there, and better once they are', () => {
    const scrub = createScrubber();
    const window = createWindow(scrub);
    window.addLog({ ...line, message: 'a=secret' }, true);
    expect(window.content().logs?.[0]?.message).toBe('[Filtered]');
    scrub.full = full;
    expect(window.content().logs?.[0]?.message).toBe('a=[Filtered]');
  });

  it('is scrubbed once with the patterns, however often the journal writes it', () => {
    const scrub = createScrubber();
    let scrubbed = 0;
    scrub.full = (text) => {
      scrubbed += 1;
      return text;
    };
    const window = createWindow(scrub);
    window.addLog({ ...line, message: 'a=1' }, true);
    window.open('k', true, 1, { ...point, labels: { cue: 'a=1' } });
    window.content();
    expect(window.add('k', 1)).toBe(true);
    expect(window.content().metrics[0]?.value).toBe(2);
    expect(scrubbed).toBe(2);
  });
});
