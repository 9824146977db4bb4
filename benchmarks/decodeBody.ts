import { gunzipSync, inflateSync } from 'node:zlib';

/** The text of a request's body, whichever way a library has packed it: gzip, zlib, form-encoded base64, plain. */
export function decodeBody(body: Buffer): string {
  if (body[0] === 0x1f && body[1] === 0x8b) return gunzipSync(body).toString('utf8');
  if (body[0] === 0x78 && (body[1] === 0x01 || body[1] === 0x9c || body[1] === 0xda)) {
    return inflateSync(body).toString('utf8');
  }
  const text = body.toString('utf8');
  if (!text.startsWith('data=')) return text;
  return Buffer.from(decodeURIComponent(text.slice(5)), 'base64').toString('utf8');
}
