import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { requireBuild } from '../fixtures/cli';
import { expectProblem, post, readSample } from '../fixtures/gateway';
import { dial, hostileGateway, residentMiB } from '../fixtures/hostile';

beforeAll(requireBuild);

const MIB = 1_048_576;
const gzip = (text: string | Uint8Array): Uint8Array => new Uint8Array(gzipSync(text, { level: 9 }));
const batch = (point: string): string => `{"metrics":[${point}]}`;
const log = (fields: string): string =>
  `{"metrics":[],"logs":[{"level":"info","message":"m","timestamp":1,${fields}}]}`;
const many = (one: string, count: number): string => new Array(count).fill(one).join(',');
const gigabyte = gzip(Buffer.alloc(1_000_000_000));

type Case = readonly [title: string, body: string | Uint8Array, status: number, detail: RegExp];

const refused: readonly Case[] = [
  ['a gigabyte of zeros in gzip', gigabyte, 413, /inflates to more than 1048576 bytes/],
  ['a gigabyte of zeros, gzipped twice', gzip(gigabyte), 400, /not UTF-8 at byte 1$/],
  ['one byte over in gzip', gzip(' '.repeat(MIB + 1)), 413, /inflates to more than 1048576 bytes/],
  ['gzip of gzip of a batch', gzip(gzip(batch('{"name":"a"}'))), 400, /not UTF-8 at byte 1$/],
  ['fifty thousand empty members of gzip', Buffer.concat(new Array(50_000).fill(gzipSync(''))), 400, /empty/],
  [
    'gzip with bytes behind it that are none',
    Buffer.concat([gzipSync('[]'), gzipSync('x').subarray(0, 9)]),
    400,
    /cannot be inflated/,
  ],
  ['gzip of which two bytes are there', Uint8Array.of(0x1f, 0x8b), 400, /cannot be inflated/],
  ['arrays nested half a million deep', '['.repeat(500_000), 400, /nested deeper than 16/],
  ['objects nested half a million deep', '{"a":'.repeat(200_000), 400, /nested deeper than 16/],
  ['nesting behind a quote in a string', `["\\"",${'['.repeat(20)}`, 400, /nested deeper than 16/],
  [
    'a label nested too deep',
    batch(`{"name":"a","labels":{"l":${'['.repeat(14)}${']'.repeat(14)}}}`),
    400,
    /deeper than 16/,
  ],
  [
    'a hundred thousand empty points',
    batch(many('{}', 100_000)),
    413,
    /metrics: 100000 items, the limit is 1000/,
  ],
  ['half a million numbers for points', batch(many('1', 500_000)), 413, /metrics: 500000 items/],
  ['a hundred thousand logs', `{"metrics":[],"logs":[${many('{}', 100_000)}]}`, 413, /logs: 100000 items/],
  [
    'a hundred thousand values',
    batch(`{"name":"a","values":[${many('1', 100_000)}]}`),
    400,
    /values: 100000 observations, the limit is 2000/,
  ],
  [
    'a hundred thousand labels',
    batch(`{"name":"a","labels":{${Array.from({ length: 80_000 }, (_, at) => `"l${at}":""`).join()}}}`),
    400,
    /labels: 80000 labels, the limit is 16/,
  ],
  [
    'a name of a megabyte',
    batch(`{"name":"${'a'.repeat(1_000_000)}"}`),
    400,
    /name: 1000000 characters, the limit is 128/,
  ],
  [
    'a label name of a megabyte',
    batch(`{"name":"a","labels":{"${'l'.repeat(1_000_000)}":"x"}}`),
    400,
    /labels: 1000000 characters, the limit is 64/,
  ],
  [
    'a key of a megabyte',
    `{"metrics":[],"key":"${'k'.repeat(1_000_000)}"}`,
    400,
    /key: 1000000 characters, the limit is 128/,
  ],
  [
    'a label named __proto__',
    batch('{"name":"a","labels":{"__proto__":"x"}}'),
    400,
    /labels: "__proto__" is reserved/,
  ],
  [
    'labels that are a prototype',
    batch('{"name":"a","labels":{"constructor":{"prototype":{}}}}'),
    400,
    /labels\.constructor: expected a string, got object/,
  ],
  [
    'metrics only in a prototype',
    '{"__proto__":{"metrics":[]}}',
    400,
    /metrics: expected an array, got undefined/,
  ],
  [
    'a point only in a prototype',
    batch('{"__proto__":{"name":"a"}}'),
    400,
    /name: expected a string, got undefined/,
  ],
  [
    'fields named __proto__ that nest',
    log('"fields":{"__proto__":{"a":1}}'),
    400,
    /fields: __proto__: expected a string, number, boolean or null/,
  ],
  ['NaN', batch('{"name":"a","value":NaN}'), 400, /is not JSON: unexpected "N" at position/],
  ['-Infinity', batch('{"name":"a","value":-Infinity}'), 400, /is not JSON: unexpected "-" at position/],
  ['1e999', batch('{"name":"a","value":1e999}'), 400, /value: expected a finite number, got Infinity/],
  [
    '1e999 among values',
    batch('{"name":"a","values":[1,1e999]}'),
    400,
    /values\[1\]: expected a finite number, got Infinity/,
  ],
  ['a time of 1e999', batch('{"name":"a","timestamp":1e999}'), 400, /timestamp: expected a finite number/],
  ['less than nothing', batch('{"name":"a","value":-1}'), 400, /value: -1 is not between 0 and/],
  ['a seq of 1e999', '{"metrics":[],"producer":"p","seq":1e999}', 400, /seq: expected a number/],
  [
    'a number of a million digits',
    batch(`{"name":"a","value":${'9'.repeat(1_000_000)}}`),
    400,
    /got Infinity/,
  ],
  ['a hexadecimal number', batch('{"name":"a","value":0x10}'), 400, /is not JSON: unexpected "x"/],
  ['a lone byte of UTF-8', Uint8Array.of(0x7b, 0x22, 0xc3, 0x22), 400, /not UTF-8 at byte 2/],
  ['an overlong slash', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), 400, /not UTF-8 at byte 1/],
  ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 400, /not UTF-8 at byte 1/],
  [
    'a wrong byte behind a third of a million right ones',
    Buffer.concat([Buffer.from(`"${'\ufffd'.repeat(349_000)}`), Buffer.of(0xff)]),
    400,
    /not UTF-8 at byte 1047001$/,
  ],
  ['UTF-16', Buffer.from('\ufeff{"metrics":[]}', 'utf16le'), 400, /not UTF-8 at byte 0/],
  ['a zero byte', '{"metrics":[]}\u0000', 400, /is not JSON: unexpected "\\u0000" at position 14/],
  ['two bodies', '{"metrics":[]}{"metrics":[]}', 400, /is not JSON: unexpected "{" at position 14/],
  ['a comment', '{"metrics":[]}// hello', 400, /is not JSON: unexpected "\/" at position 14/],
  ['a trailing comma', '{"metrics":[],}', 400, /is not JSON: unexpected "}" at position 14/],
  ['null', 'null', 400, /body: expected an object, got null/],
  ['a name with a lone surrogate', batch('{"name":"a\\ud800"}'), 400, /is not a Prometheus metric name/],
  ['a name with a line feed', batch('{"name":"a 1\\nb"}'), 400, /"a 1\\nb" is not a Prometheus metric name/],
  [
    'a label name with a line feed',
    batch('{"name":"a","labels":{"l\\n1":"x"}}'),
    400,
    /is not a Prometheus label name/,
  ],
];

const taken: readonly (readonly [title: string, body: string | Uint8Array])[] = [
  ['a byte order mark', Buffer.from('\ufeff{"metrics":[{"name":"bom"}]}')],
  ['the last of two names', batch('{"name":"0 bad","name":"twice"}')],
  ['a lone surrogate in a label', batch('{"name":"surrogate","labels":{"l":"\\ud800"}}')],
  ['a label value that ends the line', batch('{"name":"quoted","labels":{"l":"\\"} 1\\nforged 1"}}')],
  [
    'unknown fields by the thousand',
    `{${Array.from({ length: 80_000 }, (_, at) => `"k${at}":1`).join()},"metrics":[{"name":"unknown_fields"}]}`,
  ],
  [
    'a prototype beside the right fields',
    '{"__proto__":{"metrics":5},"constructor":1,"metrics":[{"name":"proto"}]}',
  ],
  ['a log full of prototypes', `${log('"fields":{"__proto__":"x","constructor":"y","toString":"z"}')}`],
  ['gzip in two members', Buffer.concat([gzipSync('{"metrics":'), gzipSync('[{"name":"members"}]}')])],
];

describe('bodies made to harm', () => {
  it('are refused with what is wrong with them, whole or gzipped, and without taking memory', async () => {
    const { url, child } = await hostileGateway('');
    await post(url, batch('{"name":"first"}'));
    const before = residentMiB(child.pid);
    for (const [title, body, status, detail] of refused) {
      const answer = await post(url, body);
      expect(answer.status, title).toBe(status);
      expectProblem(answer, status, detail);
      expect(JSON.stringify(answer.body).length, title).toBeLessThan(2_000);
      const isPlain = typeof body === 'string' || (body[0] !== 0x1f && body.length <= MIB);
      if (isPlain) expectProblem(await post(url, gzip(body)), status, detail);
    }
    expect(await readSample(url, 'artel_gateway_series')).toBe(1);
    const after = residentMiB(child.pid);
    // One body at a time, of a megabyte and what it parses to.
    if (before && after) expect(after.peak - before.now).toBeLessThan(200);
  });

  it('are counted where nothing is wrong with them, and reach no prototype and no other line', async () => {
    const { url } = await hostileGateway('');
    for (const [title, body] of taken) expect((await post(url, body)).status, title).toBe(202);
    const text = await (await fetch(`${url}/metrics`)).text();
    const lines = text
      .split('\n')
      .filter((line) => line.includes('_total') && !/^(?:#|artel_|process_)/.test(line));
    expect(lines.filter((line) => !line.startsWith('telemetry_')).sort()).toEqual([
      'bom_total 1',
      'members_total 1',
      'proto_total 1',
      'quoted_total{l="\\"} 1\\nforged 1"} 1',
      'surrogate_total{l="\ufffd"} 1',
      'twice_total 1',
      'unknown_fields_total 1',
    ]);
  });

  it('that inflate to a thousand times their size take no more memory for coming all at once', async () => {
    // Three hundred of them are under way for as long as the last needs to be.
    const { url, child } = await hostileGateway('connections: { requestSeconds: 600 }');
    await post(url, batch('{"name":"first"}'));
    const before = residentMiB(child.pid);
    const bytes = Buffer.from(gzip(batch('{"name":"shots"}').padEnd(MIB)));
    const peers = await Promise.all(Array.from({ length: 300 }, () => dial(url)));
    const head = `POST /api/metrics HTTP/1.1\r\nHost: gw\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    for (const peer of peers) peer.write(Buffer.concat([Buffer.from(head), bytes.subarray(0, -1)]));
    await sleep(500);
    for (const peer of peers) peer.write(bytes.subarray(-1));
    const statuses = await Promise.all(peers.map(async (peer) => (await peer.answered())[0]?.status ?? 0));
    const counted = statuses.filter((status) => status === 202).length;
    expect(statuses.every((status) => status === 202 || status === 503)).toBe(true);
    expect(await readSample(url, 'shots_total')).toBe(counted);
    const after = residentMiB(child.pid);
    // Inflated together they are 300 MiB.
    if (before && after) expect(after.peak - before.now).toBeLessThan(150);
  });
});
