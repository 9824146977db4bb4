import { type UnpackedPrograms, unpackLaterDebian } from './laterDebian.ts';

/** The variables by which tests find the programs of Prometheus and Alertmanager. */
type ServerVariable = 'PROMETHEUS_PATH' | 'PROMTOOL_PATH' | 'ALERTMANAGER_PATH' | 'AMTOOL_PATH';

/**
 * Prometheus 3 and Alertmanager 0.30 or newer. Debian's Alertmanager reads its default templates from /usr/share, those of
 * the machine's own package; ours name none of them.
 */
export function laterServers(
  say?: (line: string) => void,
): UnpackedPrograms<ServerVariable> | { readonly missing: string } {
  return unpackLaterDebian({
    packages: { prometheus: '3', promtool: '3', 'prometheus-alertmanager': '0.30' },
    programs: {
      PROMETHEUS_PATH: 'usr/bin/prometheus',
      PROMTOOL_PATH: 'usr/bin/promtool',
      ALERTMANAGER_PATH: 'usr/bin/prometheus-alertmanager',
      AMTOOL_PATH: 'usr/bin/amtool',
    },
    ...(say ? { say } : {}),
  });
}
