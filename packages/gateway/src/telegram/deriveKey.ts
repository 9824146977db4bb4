import { hkdfSync } from 'node:crypto';

/** A key of 32 bytes for one purpose and one tenant: what one key makes is worth nothing under another. */
export function deriveKey(secret: string, purpose: string, tenant: string): Buffer {
  const info = JSON.stringify(['artel-gateway', purpose, tenant]);
  return Buffer.from(hkdfSync('sha256', secret, '', info, 32));
}
