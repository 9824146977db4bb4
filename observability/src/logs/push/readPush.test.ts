import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { readLabelSet } from './labelSet';
import { pushMessage } from './pushMessage';
import { readJsonPush, readProtobufPush } from './readPush';

const entry = {
  labels: { app: 'billiards', level: 'error' },
  nanos: 1_795_603_386_756_000_001n,
  line: 'x is "undefined"\n  at pot',
  metadata: { session: 's-1' },
};
const { labels, line, metadata } = entry;

describe('a push in JSON', () => {
  it('is read with its structured metadata, and without what is empty', () => {
    const values = [
      ['1795603386756000001', line, { ...metadata, empty: '' }],
      ['1795603386756000001', 'bare'],
    ];
    const body = JSON.stringify({ streams: [{ stream: labels, values }] });
    expect(readJsonPush(body)).toEqual([entry, { ...entry, line: 'bare', metadata: {} }]);
  });

  it.each([
    ['{', 'body: is not JSON'],
    ['[]', 'streams: expected a list'],
    ['{"streams":[1]}', 'streams[0]: expected an object'],
    ['{"streams":[{"stream":{},"values":[]}]}', 'streams[0].stream: expected at least one label'],
    ['{"streams":[{"stream":{"a-b":"x"},"values":[]}]}', 'streams[0].stream: "a-b" is no name of a label'],
    ['{"streams":[{"stream":{"a":1},"values":[]}]}', 'streams[0].stream.a: expected a text'],
    [
      '{"streams":[{"stream":{"a":"b"},"values":[[1,"x"]]}]}',
      'streams[0].values[0][0]: expected Unix time in ns',
    ],
    ['{"streams":[{"stream":{"a":"b"},"values":[["1",2]]}]}', 'streams[0].values[0][1]: expected a line'],
    ['{"streams":[{"stream":{"a":"b"},"values":[["1","x",{"m":1}]]}]}', 'values[0][2].m: expected a text'],
    [
      '{"streams":[{"stream":{"a":"b"},"values":[["9223372036854775808","x"]]}]}',
      'values[0][0]: expected Unix time',
    ],
  ])('%s is refused, and told why', (body, message) => {
    expect(() => readJsonPush(body)).toThrow(message);
  });
});

describe('a push in protobuf', () => {
  const encode = (message: object) => compress(pushMessage.encode(pushMessage.fromObject(message)).finish());
  const timestamp = { seconds: 1_795_603_386, nanos: 756_000_001 };
  const structuredMetadata = [{ name: 'session', value: 's-1' }];

  it('is read as the one in JSON', () => {
    const entries = [{ timestamp, line, structuredMetadata }];
    const body = encode({ streams: [{ labels: '{app="billiards", level="error"}', entries }] });
    expect(readProtobufPush(body, 1_000)).toEqual([entry]);
  });

  it.each([
    [Buffer.from('no snappy at all'), 'body: is no push in protobuf and Snappy'],
    [
      encode({ streams: [{ labels: '{app=}', entries: [] }] }),
      'streams[0].labels: expected a quoted value at 5',
    ],
    [encode({ streams: [{ labels: '{}', entries: [] }] }), 'streams[0].labels: expected at least one label'],
    [
      encode({ streams: [{ labels: '{a="b"}', entries: [{ timestamp: { seconds: -1 }, line }] }] }),
      'streams[0].entries[0].timestamp: expected Unix time in ns',
    ],
    [
      encode({ streams: [{ labels: '{a="b"}', entries: [{ line: 'x'.repeat(2_000) }] }] }),
      'body: is no push',
    ],
  ])('is refused where it is none (%#)', (body, message) => {
    expect(() => readProtobufPush(body, 1_000)).toThrow(message);
  });
});

describe('labels as text', () => {
  it('are read with every escape that Go writes', () => {
    expect(readLabelSet('{}')).toEqual({});
    expect(readLabelSet('{a="b",c_1="d, \\"e\\" \\\\ \\n \\u0444 \\x41 \\U0001f3b1 }"}')).toEqual({
      a: 'b',
      c_1: 'd, "e" \\ \n ф A 🎱 }',
    });
  });

  it.each(['', 'a="b"', '{a="b"', '{a="b" c="d"}', '{a="b"}x', '{a="\\q"}', '{1a="b"}', '{a="b'])(
    '%j is none',
    (text) => {
      expect(() => readLabelSet(text)).toThrow();
    },
  );
});
