/** Text of a body as it went over the wire; gzip is told by its magic bytes (RFC 1952, 2.3.1). */
export async function readBody(body: string | ArrayBuffer): Promise<string> {
  if (typeof body === 'string') return body;
  const [first, second] = new Uint8Array(body, 0, Math.min(2, body.byteLength));
  const sent = new Response(body);
  if (first !== 0x1f || second !== 0x8b || !sent.body) return sent.text();
  return new Response(sent.body.pipeThrough(new DecompressionStream('gzip'))).text();
}
