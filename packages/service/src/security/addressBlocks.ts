import type { AllowList } from './allowList';
import type { MonitorCore } from './monitorCore';
import { SecurityEventType } from './securityEvent';
import type { BlockingOptions } from './securityOptions';
import { toRecord } from './securityRecord';

/** The addresses that are blocked for a while. */
export interface AddressBlocks {
  /**
   * Blocks an address (of IPv6, its /64) for `ms`, and logs why. One that is on the allow-list is not blocked, which is logged
   * too. Rejects with a `RangeError` where `ms` is no number above 0.
   */
  block(address: string, ms: number, reason: string): Promise<void>;
  /** Ends the block of an address, if there is one. */
  unblock(address: string): Promise<void>;
  /** Whether an address is blocked now. */
  isBlocked(address: string): Promise<boolean>;
  /** For how many ms an address is still blocked; 0 where it is not. A promise only where Redis is asked. */
  blockedForMs(address: string): number | Promise<number>;
}

export function createAddressBlocks(core: MonitorCore, isAllowed: AllowList): AddressBlocks {
  const { service, logger, store, hash, addressKey, now, orElse, complain } = core;

  const blockedForMs = (address: string): number | Promise<number> => {
    if (!address || isAllowed(address)) return 0;
    const left = (until: number): number => Math.max(0, until - now());
    try {
      const until = store.blockedUntil(addressKey(address), now());
      return typeof until === 'number' ? left(until) : orElse(() => until, 0).then(left);
    } catch (error) {
      complain(error);
      return 0;
    }
  };

  return {
    blockedForMs,
    async block(address, ms, reason) {
      if (!(ms > 0)) throw new RangeError(`ms: expected a number above 0, got ${ms}`);
      const event = { type: SecurityEventType.SUSPICIOUS_IP, address, details: { reason, blocked_ms: ms } };
      const { category, address_hash, details } = toRecord(event, service, hash, now());
      const fields = { category, service, address_hash, details };
      if (isAllowed(address)) {
        logger.warn(fields, 'An address of the allow-list is not blocked');
        return;
      }
      await orElse(() => store.block(addressKey(address), now() + Math.ceil(ms), now()), undefined);
      logger.warn(fields, 'An address is blocked');
    },
    unblock: (address) => orElse(() => store.unblock(addressKey(address), now()), undefined),
    isBlocked: async (address) => (await blockedForMs(address)) > 0,
  };
}

/** Blocks an address that has been brute force, for longer each time. Answers for how many ms. */
export async function blockOffender(
  core: MonitorCore,
  address: string,
  { firstMs, factor, maxMs, forgetMs }: Required<BlockingOptions>,
): Promise<number> {
  const { store, addressKey, now, orElse } = core;
  const key = addressKey(address);
  const offences = await orElse(() => store.addOffence(key, forgetMs, now()), 1);
  const ms = Math.ceil(Math.min(maxMs, firstMs * factor ** (offences - 1)));
  await orElse(() => store.block(key, now() + ms, now()), undefined);
  return ms;
}
