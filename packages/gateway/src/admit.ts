import type { FastifyRequest } from 'fastify';
import type { OverloadBounds } from './config';
import type { Overload } from './limits/overload';
import type { RateLimits } from './limits/rateLimits';
import { overloaded } from './problem';

/** The bytes that one request holds in memory. */
interface Lease {
  /** Takes some more; throws a 503 problem when all requests together hold too many. */
  hold(bytes: number): void;
  /** Gives them back. */
  end(): void;
}

/** The gate before everything that is sent to the gateway. */
export interface Admission {
  /** Throws the problem of a request that may not come now: 503 when there is too much to do, 429 by its address. */
  admit(request: FastifyRequest): Promise<void>;
  lease(): Lease;
}

export interface AdmissionOptions {
  readonly overload: Pick<Overload, 'admit'>;
  readonly rates: Pick<RateLimits, 'address'>;
  readonly bounds: () => Pick<OverloadBounds, 'bodyBytes'>;
  /** Requests a second from one address. */
  readonly addressRate: () => number;
}

export function createAdmission({ overload, rates, bounds, addressRate }: AdmissionOptions): Admission {
  let held = 0;
  return {
    async admit(request) {
      overload.admit();
      await rates.address(request.ip, addressRate());
    },
    lease() {
      let own = 0;
      return {
        hold(bytes) {
          own += bytes;
          held += bytes;
          if (held > bounds().bodyBytes) throw overloaded('Too many bodies are on their way, come again.');
        },
        end() {
          held -= own;
          own = 0;
        },
      };
    },
  };
}
