import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { ISecret } from 'kubernetes-models/v1/Secret';

/** What a pod's volumes are filled from. */
export interface Sources {
  readonly configMaps: readonly IConfigMap[];
  readonly secrets: readonly ISecret[];
}

function secretTexts({ data = {}, stringData = {} }: ISecret): (readonly [key: string, text: string])[] {
  const decoded = Object.entries(data).map(
    ([key, value]) => [key, Buffer.from(value, 'base64').toString()] as const,
  );
  return [...decoded, ...Object.entries(stringData)];
}

/**
 * Lays the files of a pod's projected volumes into `folder`, as the kubelet lays them into a container: those of the
 * mount path `/etc/artel` into `folder/etc/artel`. Throws when a source is not there.
 */
export function mountConfiguration(pod: IPodSpec, { configMaps, secrets }: Sources, folder: string): void {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const { name, mountPath } of pod.containers.flatMap((container) => container.volumeMounts ?? [])) {
    const volume = pod.volumes?.find((one) => one.name === name);
    for (const { configMap, secret } of volume?.projected?.sources ?? []) {
      if (configMap) {
        const found = configMaps.find(({ metadata }) => metadata?.name === configMap.name);
        if (!found) throw new Error(`volume ${name}: there is no ConfigMap ${configMap.name}`);
        for (const [key, text] of Object.entries(found.data ?? {})) put(join(folder, mountPath, key), text);
      }
      if (secret) {
        const found = secrets.find(({ metadata }) => metadata?.name === secret.name);
        if (!found) throw new Error(`volume ${name}: there is no Secret ${secret.name}`);
        for (const [key, text] of secretTexts(found)) put(join(folder, mountPath, key), text);
      }
    }
  }
}
