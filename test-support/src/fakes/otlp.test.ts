import { expect, it } from 'vitest';
import { createOtlpFake, type OtlpFake } from './otlp';
import { publishedOtlp } from './published';

const REQUEST = publishedOtlp.lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest');
const ns = (ms: number) => `${BigInt(ms) * 1_000_000n}`;
const at = Date.now() - 1_000;

const pot = {
  traceId: 'ab'.repeat(16),
  spanId: 'cd'.repeat(8),
  name: 'pot',
  kind: 1,
  startTimeUnixNano: ns(at),
  endTimeUnixNano: ns(at + 20),
  attributes: [{ key: 'ball', value: { intValue: '7' } }],
  status: { code: 2, message: 'lost' },
};

const requestOf = (one: object) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'game' } }] },
      scopeSpans: [{ scope: { name: 'test' }, spans: [one] }],
    },
  ],
});

function post({ url }: OtlpFake, type: string, body: BodyInit): Promise<Response> {
  return fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': `application/${type}` },
    body,
  });
}

const postJson = (fake: OtlpFake, one: object) => post(fake, 'json', JSON.stringify(requestOf(one)));

function postProtobuf(fake: OtlpFake, one: typeof pot) {
  const [traceId, spanId] = [Buffer.from(one.traceId, 'hex'), Buffer.from(one.spanId, 'hex')];
  const request = REQUEST.fromObject(requestOf({ ...one, traceId, spanId }));
  return post(fake, 'x-protobuf', Buffer.from(REQUEST.encode(request).finish()));
}

it('reads a span alike from JSON and from protobuf, and answers in the encoding of the request', async () => {
  const [asJson, asProtobuf] = [await createOtlpFake(), await createOtlpFake()];
  const answers = [await postJson(asJson, pot), await postProtobuf(asProtobuf, pot)];
  expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual([
    'application/json',
    'application/x-protobuf',
  ]);
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['{}', '']);
  expect(asJson.spans).toEqual(asProtobuf.spans);
  expect(asJson.spans).toMatchObject([
    { name: 'pot', startTime: at, endTime: at + 20, attributes: { ball: 7n }, parentSpanId: undefined },
  ]);
});

it('says in JSON too how many spans it left out', async () => {
  const fake = await createOtlpFake({ reject: () => true });
  expect(await (await postJson(fake, pot)).json()).toEqual({
    partialSuccess: { rejectedSpans: '1', errorMessage: 'left out' },
  });
  expect(fake.spans).toEqual([]);
});

it.each([
  ['a key that OTLP does not have', { span_id: pot.spanId }, /unknown key span_id/],
  ['a short id', { traceId: 'abcd' }, /traceId: 2 bytes, expected 16/],
  ['an id in base64', { spanId: Buffer.from(pot.spanId, 'hex').toString('base64') }, /is no bytes/],
  ['a time that lost its precision', { startTimeUnixNano: Number(ns(at)) }, /is no fixed64/],
  ['a kind by its name', { kind: 'SPAN_KIND_SERVER' }, /is no int32/],
  ['a kind that OTLP does not have', { kind: 9 }, /no value 9/],
  ['two values', { attributes: [{ key: 'a', value: { intValue: 1, stringValue: '' } }] }, /two of value/],
  ['an end before the start', { endTimeUnixNano: ns(at - 1) }, /ends before it starts/],
])('refuses %s', async (_what, change, fault) => {
  const fake = await createOtlpFake();
  expect((await postJson(fake, { ...pot, ...change })).status).toBe(400);
  expect(fake.faults).toEqual([expect.stringMatching(fault)]);
  expect(fake.spans).toEqual([]);
});

it('counts a span that comes again in either encoding, and keeps it once', async () => {
  const fake = await createOtlpFake();
  await postJson(fake, pot);
  expect((await postProtobuf(fake, pot)).status).toBe(200);
  expect([fake.spans.length, fake.duplicates, fake.faults]).toEqual([1, 1, []]);
});
