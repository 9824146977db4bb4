import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { publishedOtlp } from './published';
import { strictDecode } from './strictDecode';

const anyValue = publishedOtlp.lookupType('opentelemetry.proto.common.v1.AnyValue');
const keyValue = publishedOtlp.lookupType('opentelemetry.proto.common.v1.KeyValue');
const logRecord = publishedOtlp.lookupType('opentelemetry.proto.logs.v1.LogRecord');

function write(fill: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create();
  fill(writer);
  return writer.finish();
}

describe('the strict decoder', () => {
  it('reads what is right', () => {
    const bytes = write((writer) =>
      writer.uint32(10).string('a').uint32(18).fork().uint32(24).int64(7).ldelim(),
    );
    expect(strictDecode(keyValue, bytes)).toEqual({ key: 'a', value: { intValue: 7n } });
  });

  it.each([
    [
      'a field that the schema does not have',
      logRecord,
      (writer: protobuf.Writer) => writer.uint32(0x68).uint32(1),
      /unknown field 13/,
    ],
    [
      'a wrong wire type',
      logRecord,
      (writer: protobuf.Writer) => writer.uint32(0x08).uint32(1),
      /wire type 0, expected 1/,
    ],
    [
      'a field twice',
      keyValue,
      (writer: protobuf.Writer) => writer.uint32(10).string('a').uint32(10).string('b'),
      /stands twice/,
    ],
    [
      'two of a oneof',
      anyValue,
      (writer: protobuf.Writer) => writer.uint32(10).string('a').uint32(16).bool(true),
      /two of value/,
    ],
    [
      'an enum without a name',
      logRecord,
      (writer: protobuf.Writer) => writer.uint32(0x10).uint32(99),
      /no value 99/,
    ],
    [
      'text that is not UTF-8',
      keyValue,
      (writer: protobuf.Writer) => writer.uint32(10).bytes(Buffer.from([0xed, 0xa0, 0x80])),
      /not UTF-8/,
    ],
    [
      'half a message',
      keyValue,
      (writer: protobuf.Writer) => writer.uint32(10).uint32(200),
      /index out of range/,
    ],
  ])('refuses %s', (_, type, fill, message) => {
    expect(() =>
      strictDecode(
        type,
        write((writer) => void fill(writer)),
      ),
    ).toThrow(message);
  });
});
