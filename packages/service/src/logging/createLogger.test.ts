import { describe, expect, it } from 'vitest';
import { collectLines, leaks, planted } from '../../fixtures/lines';
import { createLogger, type LogLine } from './createLogger';
import { withRequestContext } from './requestContext';

function setUp(options: Partial<Parameters<typeof createLogger>[0]> = {}) {
  const output = collectLines();
  const logger = createLogger({
    service: 'game-service',
    version: '1.2.3',
    environment: 'test',
    destination: output.destination,
    ...options,
  });
  return { output, logger };
}

describe('a line', () => {
  it('bears the service, the time, the level, the message and the fields', () => {
    const { output, logger } = setUp();
    logger.info({ game_type: 'kolkhoz', players: 3 }, 'Creating game session');
    expect(output.last).toEqual({
      level: 'info',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'game-service',
      version: '1.2.3',
      environment: 'test',
      game_type: 'kolkhoz',
      players: 3,
      message: 'Creating game session',
    });
  });

  it('has its timestamp in ms where that is asked for', () => {
    const { output, logger } = setUp({ timestamp: 'ms' });
    logger.warn('late');
    expect(output.last['timestamp']).toBeTypeOf('number');
  });

  it('bears the context in which it was written, and a field of its own before that', () => {
    const { output, logger } = setUp();
    withRequestContext({ requestId: 'request-1', userId: '42', sessionId: 's-1' }, () => {
      logger.info('in it');
      logger.info({ session_id: 's-2' }, 'of another session');
    });
    logger.info('outside');
    expect(output.lines[0]).toMatchObject({ request_id: 'request-1', user_id: '42', session_id: 's-1' });
    expect(output.lines[1]).toMatchObject({ request_id: 'request-1', session_id: 's-2' });
    expect(output.lines[2]).not.toHaveProperty('request_id');
  });

  it('never has a key twice, whatever a field is called', () => {
    const { output, logger } = setUp();
    logger.info({ level: 7, service: 'theirs', message: 'a field' }, 'a message');
    expect(output.last).toMatchObject({
      level: 'info',
      service: 'game-service',
      message: 'a message',
      level_: 7,
      service_: 'theirs',
      message_: 'a field',
    });
    expect(output.text.match(/"service":/g)).toHaveLength(1);
  });

  it('tells of an error by message, type and stack, passed alone, as err or as error', () => {
    const { output, logger } = setUp();
    const error = new TypeError('no such table', { cause: new Error('disk') });
    logger.error(error);
    logger.error({ err: error, table: 'games' }, 'Failed');
    logger.error({ error }, 'Failed');
    for (const line of output.lines) {
      expect(line).toMatchObject({ error: 'no such table', error_type: 'TypeError' });
      expect(line['stack']).toMatch(/TypeError: no such table\n {4}at /);
      expect(line['cause']).toMatchObject({ message: 'disk' });
    }
    expect(output.lines[0]).toMatchObject({ message: 'no such table' });
    expect(output.lines[1]).toMatchObject({ message: 'Failed', table: 'games' });
  });

  it('is not made below the level', () => {
    const { output, logger } = setUp({ level: 'warn' });
    logger.info('no');
    logger.warn('yes');
    expect(output.lines).toHaveLength(1);
  });

  it('fills in what stands behind the message', () => {
    const { output, logger } = setUp();
    logger.info('%s of %d potted %j', 'red', 3, { token: planted.password });
    expect(output.last['message']).toBe('red of 3 potted {"token":"[Filtered]"}');
  });

  it('tells of a request no more than its id, method and path', () => {
    const { output, logger } = setUp();
    logger.info({
      req: {
        id: 'r-1',
        method: 'GET',
        url: `/a?x=${planted.jwt}`,
        headers: { cookie: planted.password },
        ip: planted.address,
      },
      res: { statusCode: 204, headers: {} },
    });
    expect(output.last['req']).toEqual({ id: 'r-1', method: 'GET', path: '/a' });
    expect(output.last['res']).toEqual({ status_code: 204 });
  });
});

describe('secrets', () => {
  it('are in no message, field, error, binding or parameter', () => {
    const { output, logger } = setUp();
    const everything = Object.values(planted).filter(
      (one) => one !== planted.password && one !== planted.address,
    );
    const text = everything.join(' then ');
    logger.info(text);
    logger.info({ text, list: everything, deep: { deeper: { text } } }, text);
    logger.info('of %s and %o', text, { text });
    logger.error(new Error(text, { cause: new Error(text) }), text);
    logger.error({ err: new AggregateError([new Error(text)], text) });
    logger.info({ password: planted.password, authorization: planted.bearer, initData: planted.initData });
    logger.info({ headers: { 'x-forwarded-for': planted.address }, body: { password: planted.password } });
    logger.info(
      { url: `/games?password=${planted.password}` },
      `GET /games?password=${planted.password} done`,
    );
    logger.info(JSON.stringify({ password: planted.password }));
    const child = logger.child({ text, token: planted.password });
    child.setBindings({ cookie: planted.password });
    child.child({ text }).info(text);
    withRequestContext({ userId: planted.email }, () => logger.info('by a user'));
    expect(output.lines).toHaveLength(11);
    expect(leaks(output.text)).toEqual([]);
  });
});

describe('what cannot be logged', () => {
  it('does not throw and still makes a line', () => {
    const { output, logger } = setUp();
    const circular: Record<string, unknown> = { name: 'loop' };
    circular['self'] = circular;
    const throwing = {
      get boom(): never {
        throw new Error('getter');
      },
      fine: 1,
    };
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('keys');
        },
      },
    );
    const badError = new Error('x');
    Object.defineProperty(badError, 'stack', {
      get: () => {
        throw new Error('stack');
      },
    });
    Object.defineProperty(badError, 'message', {
      get: () => {
        throw new Error('message');
      },
    });
    logger.info(circular, 'circular');
    logger.info(throwing, 'throwing');
    logger.info(hostile, 'hostile');
    logger.info({ hostile }, 'hostile inside');
    logger.error(badError, 'bad error');
    logger.info(
      { big: 10n, when: new Date(NaN), map: new Map(), run: () => 1, nothing: undefined, bad: Number.NaN },
      'odd',
    );
    const message: string = '%s %d';
    logger.info({}, message, {
      toString: () => {
        throw new Error('text');
      },
    });
    logger.info(JSON.parse('{"__proto__": {"polluted": 1}}'), 'proto');
    expect(output.lines.map((line) => line['message'])).toEqual([
      'circular',
      'throwing',
      'hostile',
      'hostile inside',
      'bad error',
      'odd',
      expect.any(String),
      'proto',
    ]);
    expect(output.lines[0]).toMatchObject({ name: 'loop', self: '[circular]' });
    expect(output.lines[1]).toMatchObject({ boom: '[unreadable]', fine: 1 });
    expect(output.lines[5]).toMatchObject({ big: '10', when: 'Invalid Date', map: '[Map]' });
  });

  it('is cut: long texts, wide lists and deep trees', () => {
    const { output, logger } = setUp();
    let deep: unknown = 'bottom';
    for (let level = 0; level < 10_000; level++) deep = { deep };
    logger.info(
      {
        text: 'word '.repeat(1_000_000),
        list: Array.from({ length: 100_000 }, (_, index) => ({ index })),
        deep,
      },
      'huge '.repeat(1_000_000),
    );
    expect(output.text.length).toBeLessThan(60_000);
    expect(output.last).toMatchObject({ service: 'game-service' });
  });
});

describe('a listener', () => {
  it('hears of each line with its scrubbed fields and the error itself, and cannot harm the caller', () => {
    const heard: LogLine[] = [];
    const { output, logger } = setUp({
      onLine: (line) => {
        heard.push(line);
        throw new Error('listener');
      },
    });
    const error = new Error('lost');
    logger.child({ room: 1 }).error({ err: error, token: 'x'.repeat(40) }, 'Failed');
    logger.debug('unheard');
    expect(heard).toEqual([
      { level: 'error', message: 'Failed', fields: expect.objectContaining({ token: '[Filtered]' }), error },
    ]);
    expect(output.lines).toHaveLength(1);
  });
});

describe('pretty', () => {
  it('is one line a human reads, with the stack beneath', () => {
    const { output, logger } = setUp({ pretty: true });
    logger.error({ err: new Error('no chalk'), table: 5 }, 'Frame stopped');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
    const plain = output.text.replace(/\u001b\[\d+m/g, '');
    expect(plain).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR Frame stopped .*table=5\nError: no chalk\n {4}at /);
  });
});
