import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { collectLines, planted } from '../../fixtures/lines';
import { recordSpans } from '../../fixtures/recordSpans';
import { createLogger, type LogLine } from './createLogger';
import { withRequestContext } from './requestContext';
import { textLineWriterOf } from './textLine';

const FIELDS = '"path":"/a","status_code":200';

function setUp(options: Partial<Parameters<typeof createLogger>[0]> = {}) {
  const output = collectLines();
  const logger = createLogger({ service: 'a', version: '1', destination: output.destination, ...options });
  return { output, logger };
}

it('writes the line that the logger would write of the same fields', () => {
  recordSpans();
  const { output, logger } = setUp();
  logger.setBindings({ region: 'north' });
  trace.getTracer('test').startActiveSpan('request', () =>
    withRequestContext({ requestId: 'r-1', userId: planted.email, sessionId: 's"1' }, () => {
      textLineWriterOf(logger)('info', 'http_request', FIELDS, 'Request "started"');
      logger.info({ category: 'http_request', path: '/a', status_code: 200 }, 'Request "started"');
    }),
  );
  const [text, object] = output.lines;
  expect({ ...text, timestamp: '' }).toEqual({ ...object, timestamp: '' });
  expect(text).toMatchObject({
    region: 'north',
    request_id: 'r-1',
    session_id: 's"1',
    trace_id: expect.any(String),
  });
  expect(text?.['timestamp']).toMatch(/^\d{4}-.*Z$/);
  expect(output.text).not.toContain(planted.email);
});

it('obeys the level, and whoever listens hears of the line', () => {
  const heard: LogLine[] = [];
  const { output, logger } = setUp({ onLine: (line) => heard.push(line) });
  const write = textLineWriterOf(logger);
  write('debug', 'http_request', FIELDS, 'unheard');
  write('info', 'http_request', FIELDS, 'heard');
  logger.level = 'debug';
  write('debug', 'http_request', FIELDS, 'heard too');
  logger.level = 'silent';
  write('info', 'http_request', FIELDS, 'unheard');
  expect(output.lines.map(({ level, message }) => [level, message])).toEqual([
    ['info', 'heard'],
    ['debug', 'heard too'],
  ]);
  expect(heard).toMatchObject([
    { level: 'info', message: 'heard', category: 'http_request', fields: { path: '/a', status_code: 200 } },
    { level: 'debug', message: 'heard too', category: 'http_request' },
  ]);
});

it('hands objects to a logger that knows nothing of it, a child among them', () => {
  const { output, logger } = setUp();
  textLineWriterOf(logger.child({ room: 'x' }))('info', 'http_request', FIELDS, 'Request started');
  textLineWriterOf(pino({ base: {} }, output.destination))('info', 'http_request', FIELDS, 'Request started');
  const streams = pino.multistream([{ stream: output.destination }]);
  textLineWriterOf(setUp({ destination: streams }).logger)('info', 'http_request', FIELDS, 'Request started');
  const [child, foreign, multiple] = output.lines;
  expect(child).toMatchObject({ room: 'x', path: '/a', service: 'a' });
  expect(foreign).toMatchObject({ path: '/a', status_code: 200 });
  expect(multiple).toMatchObject({ path: '/a', service: 'a', message: 'Request started' });
});
