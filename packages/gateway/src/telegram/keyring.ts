import { hkdfSync } from 'node:crypto';

/** Gives the key of 32 bytes for one purpose and one tenant: what one key makes is worth nothing under another. */
export type Keyring = (purpose: string, tenant: string) => Buffer;

/** Makes the keys that derive from one secret (HKDF, RFC 5869). They are kept: deriving one costs more than its use. */
export function createKeyring(secret: string): Keyring {
  // Purposes are ours and tenants come from the configuration: there are never many.
  const keys = new Map<string, Buffer>();
  return (purpose, tenant) => {
    const info = JSON.stringify(['artel-gateway', purpose, tenant]);
    const key = keys.get(info) ?? Buffer.from(hkdfSync('sha256', secret, '', info, 32));
    keys.set(info, key);
    return key;
  };
}
