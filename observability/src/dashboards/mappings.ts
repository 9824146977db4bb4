import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** Values in words and colours, in the order in which a legend shows them. */
function words(entries: Readonly<Record<string, readonly [text: string, color: string]>>): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(entries).map(([value, [text, color]], index) => [value, { text, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}

/** `up`, and the like: 1 and 0. */
export const upOrDown = words({ '1': ['UP', 'green'], '0': ['DOWN', 'red'] });

/** `artel_gateway_redis_up`, and -1 where gateways share nothing. */
export const shared = words({ '1': ['UP', 'green'], '0': ['DOWN', 'red'], '-1': ['NOT USED', 'text'] });

/** `health_check_status`. */
export const health = words({
  '1': ['healthy', 'green'],
  '0.5': ['degraded', 'orange'],
  '0': ['unhealthy', 'red'],
});
