import { createHmac } from 'node:crypto';
import { createKeyring } from './keyring';

/** Makes a player's pseudonym: HMAC-SHA256 of Telegram's id under a key of the tenant, 32 characters of hex. */
export function createSubject(secret: string): (tenant: string, userId: string) => string {
  const keyring = createKeyring(secret);
  return (tenant, userId) =>
    createHmac('sha256', keyring('subject', tenant)).update(`telegram:${userId}`).digest('hex').slice(0, 32);
}
