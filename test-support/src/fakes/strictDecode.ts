import { isUtf8 } from 'node:buffer';
import protobuf from 'protobufjs';

/** A decoded message: its set fields by name; 64-bit numbers as bigint, bytes as hex. */
export interface Decoded {
  readonly [field: string]: Value | readonly Value[];
}
type Value = string | number | bigint | boolean | Decoded;

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const wireOf: Readonly<Record<string, number>> = {
  double: WIRE.fixed64,
  float: WIRE.fixed32,
  int32: WIRE.varint,
  uint32: WIRE.varint,
  sint32: WIRE.varint,
  fixed32: WIRE.fixed32,
  sfixed32: WIRE.fixed32,
  int64: WIRE.varint,
  uint64: WIRE.varint,
  sint64: WIRE.varint,
  fixed64: WIRE.fixed64,
  sfixed64: WIRE.fixed64,
  bool: WIRE.varint,
  string: WIRE.bytes,
  bytes: WIRE.bytes,
};

function readScalar(reader: protobuf.Reader, type: string, path: string): Value {
  const long = (value: unknown): bigint => BigInt(String(value));
  switch (type) {
    case 'double':
      return reader.double();
    case 'float':
      return reader.float();
    case 'bool':
      return reader.bool();
    case 'int32':
      return reader.int32();
    case 'uint32':
      return reader.uint32();
    case 'fixed32':
      return reader.fixed32();
    case 'int64':
      return long(reader.int64());
    case 'uint64':
      return long(reader.uint64());
    case 'fixed64':
      return long(reader.fixed64());
    case 'sfixed64':
      return long(reader.sfixed64());
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('hex');
    case 'string': {
      const bytes = reader.bytes();
      if (!isUtf8(bytes)) throw new Error(`${path}: is not UTF-8`);
      return Buffer.from(bytes).toString('utf8');
    }
    default:
      throw new Error(`${path}: no reader for ${type}`);
  }
}

/**
 * Reads a message by its schema and lets nothing pass that a lenient decoder would: a field that the schema does not
 * know, a wrong wire type, a value that stands twice, two of a `oneof`, an enum's value without a name, text that is
 * not UTF-8, bytes left over.
 */
export function strictDecode(type: protobuf.Type, bytes: Uint8Array, path = type.name): Decoded {
  const reader = protobuf.Reader.create(bytes);
  const decoded: Record<string, Value | Value[]> = {};
  const chosen = new Set<protobuf.OneOf>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = type.fieldsById[tag >>> 3];
    if (!field) throw new Error(`${path}: unknown field ${tag >>> 3}`);
    const at = `${path}.${field.name}`;
    const { resolvedType } = field;
    const isEnum = resolvedType instanceof protobuf.Enum;
    const scalar = isEnum ? 'int32' : field.type;
    const wire = resolvedType instanceof protobuf.Type ? WIRE.bytes : wireOf[scalar];
    const packed = field.repeated && wire !== WIRE.bytes && (tag & 7) === WIRE.bytes;
    if ((tag & 7) !== wire && !packed) throw new Error(`${at}: wire type ${tag & 7}, expected ${wire}`);

    const read = (): Value => {
      if (resolvedType instanceof protobuf.Type) return strictDecode(resolvedType, reader.bytes(), at);
      const value = readScalar(reader, scalar, at);
      if (isEnum && resolvedType.valuesById[Number(value)] === undefined)
        throw new Error(`${at}: no value ${value}`);
      return value;
    };
    if (field.repeated) {
      const list = decoded[field.name] ?? [];
      if (!Array.isArray(list)) throw new Error(`${at}: is no list`);
      if (packed) {
        const end = reader.uint32() + reader.pos;
        while (reader.pos < end) list.push(read());
        if (reader.pos !== end) throw new Error(`${at}: packed values run over their end`);
      } else {
        list.push(read());
      }
      decoded[field.name] = list;
    } else {
      if (field.name in decoded) throw new Error(`${at}: stands twice`);
      if (field.partOf && !field.options?.['proto3_optional']) {
        if (chosen.has(field.partOf)) throw new Error(`${path}: two of ${field.partOf.name}`);
        chosen.add(field.partOf);
      }
      decoded[field.name] = read();
    }
  }
  return decoded;
}

/** A 64-bit number in JSON: a decimal string, or a number that JSON can hold without loss. */
function isLong(value: unknown, fit: (bits: number, whole: bigint) => bigint): boolean {
  if (typeof value === 'string' ? !/^-?\d+$/.test(value) : !Number.isSafeInteger(value)) return false;
  const whole = BigInt(String(value));
  return fit(64, whole) === whole;
}

/** How JSON writes each scalar that OTLP has. Of bytes it has ids only, which are hex there and not base64. */
const isJson: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  double: (value) => typeof value === 'number',
  int32: (value) => value === Number(value) >> 0,
  uint32: (value) => value === Number(value) >>> 0,
  fixed32: (value) => value === Number(value) >>> 0,
  int64: (value) => isLong(value, BigInt.asIntN),
  sfixed64: (value) => isLong(value, BigInt.asIntN),
  fixed64: (value) => isLong(value, BigInt.asUintN),
  uint64: (value) => isLong(value, BigInt.asUintN),
  bytes: (value) => typeof value === 'string' && /^(?:[\da-f]{2})+$/.test(value),
};

function fromJson(type: protobuf.Type, json: unknown, path: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error(`${path}: is no object`);
  const entries = Object.entries(json).map(([key, inner]: [string, unknown]) => {
    const field = type.fieldsArray.find(({ name }) => name === key);
    if (!field) throw new Error(`${path}: unknown key ${key}`);
    const at = `${path}.${key}`;
    const { resolvedType } = field;
    const read = (one: unknown): unknown => {
      if (resolvedType instanceof protobuf.Type) return fromJson(resolvedType, one, at);
      const scalar = resolvedType ? 'int32' : field.type;
      if (!isJson[scalar]?.(one)) throw new Error(`${at}: ${JSON.stringify(one)} is no ${scalar}`);
      return scalar === 'bytes' ? Buffer.from(String(one), 'hex') : one;
    };
    if (!field.repeated) return [key, read(inner)];
    if (!Array.isArray(inner)) throw new Error(`${at}: is no list`);
    return [key, inner.map(read)];
  });
  return Object.fromEntries(entries);
}

/**
 * Reads the JSON of a message as strictly, by way of its protobuf.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function strictDecodeJson(type: protobuf.Type, bytes: Uint8Array): Decoded {
  const json: unknown = JSON.parse(Buffer.from(bytes).toString());
  return strictDecode(type, type.encode(type.fromObject(fromJson(type, json, type.name))).finish());
}

/** The messages of a repeated field. */
export function messages(decoded: Decoded, field: string): Decoded[] {
  const list = decoded[field] ?? [];
  if (!Array.isArray(list)) throw new Error(`${field}: is no list`);
  return list.map((one) => {
    if (typeof one !== 'object') throw new Error(`${field}: is no list of messages`);
    return one;
  });
}

/** The message of a field; an empty one where it is not set. */
export function message(decoded: Decoded, field: string): Decoded {
  const one = decoded[field] ?? {};
  if (typeof one !== 'object' || Array.isArray(one)) throw new Error(`${field}: is no message`);
  return one as Decoded;
}
